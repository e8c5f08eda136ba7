import type { Dialogue } from '../../support/dialogue.js'

/** A value as the text protocol sends it. */
export const put = (head: string, value: string, tail = '') =>
  `${head} ${Buffer.byteLength(value)}${tail}\r\n${value}\r\n`

export const value = (key: string, text: string, cas = '') =>
  `VALUE ${key} 0 ${Buffer.byteLength(text)}${cas}\r\n${text}\r\n`

interface Binary {
  key?: string
  extras?: Buffer
  value?: string | Buffer
  opaque?: number
  cas?: bigint
  /** Of a response; of a request the vbucket. */
  status?: number
}

function message(magic: number, opcode: number, of: Binary): Buffer {
  const key = Buffer.from(of.key ?? '')
  const extras = of.extras ?? Buffer.alloc(0)
  const value = Buffer.from(of.value ?? '')
  const head = Buffer.alloc(24)
  head[0] = magic
  head[1] = opcode
  head.writeUInt16BE(key.length, 2)
  head[4] = extras.length
  head.writeUInt16BE(of.status ?? 0, 6)
  head.writeUInt32BE(extras.length + key.length + value.length, 8)
  head.writeUInt32BE(of.opaque ?? 0, 12)
  head.writeBigUInt64BE(of.cas ?? 0n, 16)
  return Buffer.concat([head, extras, key, value])
}

export const request = (opcode: number, of: Binary = {}): Buffer => message(0x80, opcode, of)
export const response = (opcode: number, of: Binary = {}): Buffer => message(0x81, opcode, of)

export const u32 = (...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * index)
  return bytes
}

export const u64 = (...numbers: bigint[]): Buffer => {
  const bytes = Buffer.alloc(8 * numbers.length)
  for (const [index, number] of numbers.entries()) bytes.writeBigUInt64BE(number, 8 * index)
  return bytes
}

/** A datagram: request id, its number, how many there are. */
export const datagram = (id: number, number: number, total: number, said: string | Buffer = ''): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(id, 0)
  head.writeUInt16BE(number, 2)
  head.writeUInt16BE(total, 4)
  return Buffer.concat([head, Buffer.from(said)])
}

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
type Seen = any

/** What was said: of each event the request and the response. */
export const pairs = ({ events }: Dialogue): [Seen, Seen][] =>
  events.map(({ memcache }: Seen) => [memcache.request, memcache.response])

/** In short: command and first key, what it was answered, status. */
export const short = ({ events }: Dialogue): unknown[][] =>
  events.map(({ memcache: { request, response }, status }: Seen) => [
    [request?.command, request?.keys?.[0]].filter(Boolean).join(' '),
    response?.status ?? response?.command ?? null,
    status,
  ])

/** `error.message` of each event. */
export const notes = ({ events }: Dialogue): unknown[] => events.map(({ error }: Seen) => error?.message)
