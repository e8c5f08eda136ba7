import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { MAX_TEXT } from './command.js'
import { MongodbConversation } from './conversation.js'
import { fields } from './fields.js'
import { counters, share } from './shared.js'

const whole = (value: number, description: string) =>
  z.coerce.number().int().min(0).default(value).describe(description)

export const mongodb = defineProtocol({
  name: 'mongodb',
  title: 'MongoDB: OP_MSG, compressed messages and the operations before them',
  transports: ['tcp'],
  ports: [27017],
  options: z.strictObject({
    max_docs: whole(10, 'Documents of a list that are written; 0: all.'),
    max_doc_length: whole(5000, 'Characters of a document that are written; 0: all.'),
  }),
  counters,
  fields,
  start(options, context) {
    const limits = {
      documents: options.max_docs || Number.POSITIVE_INFINITY,
      length: Math.min(options.max_doc_length || MAX_TEXT, MAX_TEXT),
    }
    const shared = share(options, limits, context)
    return (endpoints) => new MongodbConversation(endpoints, shared)
  },
})
