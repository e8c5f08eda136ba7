// Frames of the native protocol, as clients and servers build them: native_protocol_v5.spec §3 and §4.
import { crc24, payloadCrc } from '../../../lib/protocols/cassandra/segment.js'

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff])

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value & 0xffff)
  return bytes
}

export function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function i64(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export const join = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))

export const string = (text: string): Buffer => join(u16(Buffer.byteLength(text)), text)
export const longString = (text: string): Buffer => join(i32(Buffer.byteLength(text)), text)
export const shortBytes = (bytes: Buffer | string): Buffer => join(u16(bytes.length), bytes)
/** undefined: null. */
export const bytes = (value: Buffer | string | undefined): Buffer =>
  value === undefined ? i32(-1) : join(i32(Buffer.byteLength(value)), value)
export const stringList = (...texts: string[]): Buffer => join(u16(texts.length), ...texts.map(string))
export const stringMap = (map: Readonly<Record<string, string>>): Buffer =>
  join(u16(Object.keys(map).length), ...Object.entries(map).flat().map(string))

export const opcodes = {
  ERROR: 0x00,
  STARTUP: 0x01,
  READY: 0x02,
  AUTHENTICATE: 0x03,
  CREDENTIALS: 0x04,
  OPTIONS: 0x05,
  SUPPORTED: 0x06,
  QUERY: 0x07,
  RESULT: 0x08,
  PREPARE: 0x09,
  EXECUTE: 0x0a,
  REGISTER: 0x0b,
  EVENT: 0x0c,
  BATCH: 0x0d,
  AUTH_CHALLENGE: 0x0e,
  AUTH_RESPONSE: 0x0f,
  AUTH_SUCCESS: 0x10,
}

export interface Framed {
  version?: number
  stream?: number
  flags?: number
}

function frame(first: number, operation: keyof typeof opcodes, body: Buffer, how: Framed): Buffer {
  const { version = 4, stream = 1, flags = 0 } = how
  const head = [
    u8(version | first),
    u8(flags),
    version < 3 ? u8(stream) : u16(stream),
    u8(opcodes[operation]),
  ]
  return join(...head, i32(body.length), body)
}

export const request = (operation: keyof typeof opcodes, body = join(), how: Framed = {}): Buffer =>
  frame(0, operation, body, how)

export const response = (operation: keyof typeof opcodes, body = join(), how: Framed = {}): Buffer =>
  frame(0x80, operation, body, how)

/** Consistency ONE, and bound values where there are some. */
export function parameters(values: readonly (Buffer | string | undefined)[] = [], version = 4): Buffer {
  const flags = values.length > 0 ? 1 : 0
  const list = values.length > 0 ? [u16(values.length), ...values.map(bytes)] : []
  return join(u16(1), version >= 5 ? i32(flags) : u8(flags), ...list)
}

export const query = (cql: string, how: Framed = {}): Buffer =>
  request('QUERY', join(longString(cql), parameters([], how.version)), how)

export const prepare = (cql: string, how: Framed = {}): Buffer =>
  request('PREPARE', join(longString(cql), ...((how.version ?? 4) >= 5 ? [i32(0)] : [])), how)

export const execute = (
  id: Buffer | string,
  values: readonly (Buffer | string | undefined)[],
  how: Framed = {},
): Buffer => {
  const { version = 4 } = how
  const result = version >= 5 ? [shortBytes('result-id')] : []
  return request('EXECUTE', join(shortBytes(id), ...result, parameters(values, version)), how)
}

export const result = (kind: number, body = join(), how: Framed = {}): Buffer =>
  response('RESULT', join(i32(kind), body), how)

export const nothing = (how: Framed = {}): Buffer => result(1, join(), how)

/** A column's or a value's type: its number, and what follows it. */
export type TypeOf = number | Buffer
const typeOf = (type: TypeOf) => (typeof type === 'number' ? u16(type) : type)

const columns = (types: readonly TypeOf[]) =>
  join(...types.map((type, index) => join(string(`c${index}`), typeOf(type))))

/** Rows of the table ks.t. */
export const rows = (types: readonly TypeOf[], values: readonly Buffer[][], how: Framed = {}): Buffer =>
  result(
    2,
    join(
      i32(1),
      i32(types.length),
      string('ks'),
      string('t'),
      columns(types),
      i32(values.length),
      Buffer.concat(values.flat().map(bytes)),
    ),
    how,
  )

/** A statement on the table ks.t, with values of these types to be bound. */
export const prepared = (id: string, types: readonly TypeOf[], how: Framed = {}): Buffer => {
  const { version = 4 } = how
  return result(
    4,
    join(
      shortBytes(id),
      ...(version >= 5 ? [shortBytes('result-id')] : []),
      i32(1),
      i32(types.length),
      ...(version >= 4 ? [i32(1), u16(0)] : []),
      string('ks'),
      string('t'),
      columns(types),
      ...(version >= 2 ? [i32(4), i32(0)] : []),
    ),
    how,
  )
}

export const error = (code: number, message: string, details = join(), how: Framed = {}): Buffer =>
  response('ERROR', join(i32(code), string(message), details), how)

function little(value: number, length: number): Buffer {
  const written = Buffer.alloc(length)
  written.writeUIntLE(value, 0, length)
  return written
}

/** A segment of version 5, not compressed. */
export function segment(payload: Buffer, whole = true): Buffer {
  const head = little(payload.length | (whole ? 1 << 17 : 0), 3)
  return sealed(head, payload)
}

/** A segment of version 5 whose payload was compressed to `block`; with `uncompressed` 0 it was not worth while. */
export function compressedSegment(block: Buffer, uncompressed: number): Buffer {
  const head = little(block.length + uncompressed * 2 ** 17 + 2 ** 34, 5)
  return sealed(head, block)
}

function sealed(head: Buffer, payload: Buffer): Buffer {
  return join(
    head,
    little(crc24(head, 0, head.length), 3),
    payload,
    little(payloadCrc(payload, 0, payload.length), 4),
  )
}
