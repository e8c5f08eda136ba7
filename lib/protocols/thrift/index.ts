import { existsSync } from 'node:fs'
import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { ThriftConversation } from './conversation.js'
import { fields } from './fields.js'
import { readInterfaces } from './idl/load.js'
import { Parser } from './parser.js'
import { counters, share } from './shared.js'

const whole = (value: number, description: string) =>
  z.coerce.number().int().min(0).default(value).describe(description)

/** Interface files are read where their path is checked, so that `test config` says what is wrong with one. */
const interfaceFile = z.string().superRefine((path, context) => {
  const problem = existsSync(path) ? readInterfaces([path]).problem : `is a file that does not exist, ${path}`
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

export const thrift = defineProtocol({
  name: 'thrift',
  title: 'Apache Thrift: binary and compact protocols, framed or not, THeader, SASL',
  transports: ['tcp'],
  ports: [9090],
  options: z.strictObject({
    transport_type: z
      .enum(['socket', 'framed'])
      .default('socket')
      .describe('Taken for compatibility: how each message is carried is told from its first bytes.'),
    protocol_type: z
      .enum(['binary'])
      .default('binary')
      .describe('Taken for compatibility: how each message is written is told from its first bytes.'),
    idl_files: z.array(interfaceFile).default([]).describe('Interface files, for names instead of numbers.'),
    string_max_size: whole(200, 'Bytes of a text that are shown.'),
    collection_max_size: whole(15, 'Elements of a collection, and fields of a structure, that are shown.'),
    drop_after_n_struct_fields: whole(500, 'Fields of a structure that are shown at most.'),
    capture_reply: z.boolean().default(true).describe('Show what is returned.'),
    obfuscate_strings: z.boolean().default(false).describe('Show all texts as "*".'),
  }),
  counters,
  fields,
  start(options, context) {
    const { interfaces, problem } = readInterfaces(options.idl_files)
    if (problem !== undefined) throw new Error(`idl_files ${problem}`) // it was changed since it was checked
    const parser = new Parser({
      limits: {
        text: options.string_max_size,
        elements: options.collection_max_size,
        fields: options.drop_after_n_struct_fields,
        obfuscate: options.obfuscate_strings,
      },
      interfaces,
      replies: options.capture_reply,
    })
    const shared = share(options, context, parser)
    return (endpoints) => new ThriftConversation(endpoints, shared)
  },
})
