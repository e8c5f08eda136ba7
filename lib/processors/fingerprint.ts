import { createHash } from 'node:crypto'
import { z } from 'zod'
import { field, isObject } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { ignoreMissing, nameList } from './options.js'
import { defineProcessor } from './processor.js'
import { xxhash64 } from './xxhash64.js'

const digest =
  (algorithm: string) =>
  (text: string): Buffer =>
    createHash(algorithm).update(text).digest()

const methods = {
  md5: digest('md5'),
  sha1: digest('sha1'),
  sha256: digest('sha256'),
  sha384: digest('sha384'),
  sha512: digest('sha512'),
  xxhash: (text: string) => xxhash64(Buffer.from(text)),
}

const encodings = {
  hex: (bytes: Buffer) => bytes.toString('hex'),
  base32,
  base64: (bytes: Buffer) => bytes.toString('base64'),
}

const names = <Table extends object>(table: Table) =>
  Object.keys(table) as [keyof Table & string, ...(keyof Table & string)[]]

/** Hashes fields, so that equal events can be told by one value. */
export const fingerprint = defineProcessor({
  name: 'fingerprint',
  title: 'hashes fields',
  options: z.strictObject({
    fields: nameList.min(1).describe('What is hashed; their order does not count.'),
    target_field: z.string().min(1).default('fingerprint').describe('Where the hash is put.'),
    method: z.enum(names(methods)).default('sha256').describe('The hash function; xxhash is XXH64.'),
    encoding: z.enum(names(encodings)).default('hex').describe('How its bytes are written.'),
    ignore_missing: ignoreMissing,
  }),
  create({ fields, target_field, method, encoding, ignore_missing }, context) {
    // Sorted and each once, as upstream: the hash is of this very text.
    const sources = [...new Set(fields)].sort().map(field)
    const target = field(target_field)
    return (event) => {
      const text = source(event)
      if (text === undefined) return event
      const hash = encodings[encoding](methods[method](text))
      if (target.put(event, hash) === undefined)
        context.failed(`a part of ${target_field} is a field that is no object`)
      return event
    }

    function source(event: Document): string | undefined {
      let text = ''
      for (const { name, get } of sources) {
        const value = get(event)
        if (value === undefined && ignore_missing) continue
        const printed = value === undefined ? undefined : print(name, value)
        if (printed === undefined) {
          context.failed(value === undefined ? `there is no field ${name}` : `${name} is an object`)
          return undefined
        }
        text += `|${name}|${printed}`
      }
      return `${text}|`
    }
  },
})

// What upstream keeps as a time and prints as one.
const TIMES = new Set(['@timestamp', 'event.start', 'event.end', 'event.created'])
const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:(\.\d*[1-9])0*|\.0*)?Z$/

/** As Go prints a value, which is what upstream hashes. undefined: an object, or a list with one. */
function print(name: string, value: unknown): string | undefined {
  if (typeof value === 'string') return TIMES.has(name) ? value.replace(ISO, '$1 $2$3 +0000 UTC') : value
  if (typeof value === 'number') return printNumber(value)
  if (value === null) return '<nil>'
  if (Array.isArray(value)) {
    const all = value.map((one) => print('', one))
    return all.includes(undefined) ? undefined : `[${all.join(' ')}]`
  }
  return isObject(value) ? undefined : String(value)
}

/** Go's `%v` writes fractions from a million on with an exponent of two digits. */
function printNumber(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) || (size >= 1e-4 && size < 1e6)) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6, with padding. */
function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31]
  }
  if (bits > 0) text += ALPHABET[(value << (5 - bits)) & 31]
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}
