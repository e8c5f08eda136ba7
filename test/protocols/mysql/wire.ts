// What the sides of a connection say, in words.
import { deflateSync } from 'node:zlib'
import type { Document } from '../../../lib/events/writer.js'
import { mysql } from '../../../lib/protocols/mysql/index.js'
import { Dialogue } from '../../support/dialogue.js'

type Part = Buffer | string | number

/** Bytes of parts: a number is a byte. */
export const bytes = (...parts: Part[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part as string))),
  )

export const u16 = (value: number): Buffer => bytes(value & 0xff, value >>> 8)
export const u24 = (value: number): Buffer => bytes(value & 0xff, (value >>> 8) & 0xff, value >>> 16)
export const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
export const u64 = (value: bigint): Buffer => Buffer.from(BigInt64Array.of(value).buffer)

/** A length-encoded string; null: NULL. */
export const text = (value: string | Buffer | null): Buffer => {
  if (value === null) return bytes(0xfb)
  const content = Buffer.from(value as string)
  return bytes(content.length < 251 ? bytes(content.length) : bytes(0xfc, u16(content.length)), content)
}

export const packet = (sequence: number, ...parts: Part[]): Buffer => {
  const payload = bytes(...parts)
  return bytes(u24(payload.length), sequence & 0xff, payload)
}

/** Packets numbered from `first` on. */
export const packets = (first: number, ...payloads: Buffer[]): Buffer =>
  bytes(...payloads.map((payload, at) => packet(first + at, payload)))

export const query = (sql: string): Buffer => packet(0, 3, sql)

export const MORE = 8
export const CURSOR = 0x40

export const ok = ({ affected = 0, id = bytes(0), status = 2, first = 0, more = bytes() } = {}): Buffer =>
  bytes(first, affected, id, u16(status), u16(0), more)

export const eof = (status = 2): Buffer => bytes(0xfe, u16(0), u16(status))

export const err = (code: number, message: string, state = '42000'): Buffer =>
  bytes(0xff, u16(code), `#${state}`, message)

/** A column of a table; `type` as in values.ts. */
export const column = (
  name: string,
  { table = 'shop.item', type = 253, flags = 0, extended = bytes() } = {},
) => {
  const [schema = '', original = ''] = table.split('.')
  const names = bytes(text('def'), text(schema), text(original), text(original), text(name), text(name))
  return bytes(names, extended, 0x0c, u16(33), u32(255), type, u16(flags), 0, 0, 0)
}

/** A text result as servers with EOF packets send it, or as those without. */
export function result(
  columns: Buffer[],
  rows: (string | null)[][],
  { classic = true, status = 2, first = 1 } = {},
): Buffer {
  const end = classic ? eof(status) : ok({ first: 0xfe, status })
  return packets(
    first,
    bytes(columns.length),
    ...columns,
    ...(classic ? [eof(status & ~MORE)] : []),
    ...rows.map((row) => bytes(...row.map(text))),
    end,
  )
}

export const TODAY = 0x0fff_f7ff & ~0x20 & ~(1 << 26) & ~(1 << 27)

/** What the server says first. */
export const greeting = ({ version = '8.4.2', capabilities = TODAY } = {}): Buffer =>
  packet(
    0,
    bytes(
      10,
      `${version}\0`,
      u32(7),
      '12345678\0',
      u16(capabilities & 0xffff),
      33,
      u16(2),
      u16(capabilities >>> 16),
    ),
    bytes(21, Buffer.alloc(10), '123456789012\0', 'caching_sha2_password\0'),
  )

export const login = ({ user = 'anna', database = 'shop', capabilities = TODAY } = {}): Buffer => {
  const attributes = bytes(text('program_name'), text('till'))
  return packet(
    1,
    bytes(u32(capabilities), u32(1 << 24), 45, Buffer.alloc(23), `${user}\0`, text(Buffer.alloc(32, 1))),
    bytes(`${database}\0`, 'caching_sha2_password\0', text(attributes)),
    capabilities & (1 << 26) ? bytes(3) : bytes(),
  )
}

/** A connection whose login went well. */
export const connected = (options: Record<string, unknown> = {}, capabilities = TODAY): Dialogue =>
  new Dialogue(mysql, options)
    .server(greeting({ capabilities: capabilities | 0x800 }))
    .client(login({ capabilities }))
    .server(packet(2, ok()))

export const prepare = (sql: string): Buffer => packet(0, 0x16, sql)

export const prepared = (id: number, parameters: Buffer[], columns: Buffer[], classic = false): Buffer =>
  packets(
    1,
    bytes(0, u32(id), u16(columns.length), u16(parameters.length), 0, u16(0)),
    ...parameters,
    ...(classic && parameters.length > 0 ? [eof()] : []),
    ...columns,
    ...(classic && columns.length > 0 ? [eof()] : []),
  )

/** An execution that binds its parameters: of each the type, with 0x8000 for unsigned, and its bytes; null: NULL. */
export const execute = (id: number, parameters: [number, Buffer | null][], flags = 0): Buffer => {
  const bitmap = Buffer.alloc((parameters.length + 7) >>> 3)
  for (const [at, [, value]] of parameters.entries())
    if (value === null) bitmap[at >>> 3] = (bitmap[at >>> 3] as number) | (1 << (at & 7))
  const bound = parameters.length === 0 ? bytes() : bytes(bitmap, 1, ...parameters.map(([type]) => u16(type)))
  return packet(0, 0x17, u32(id), flags, u32(1), bound, ...parameters.map(([, value]) => value ?? bytes()))
}

/** A compressed packet; without `compress` it is carried as it is. */
export const carried = (
  sequence: number,
  content: Buffer,
  compress?: (content: Buffer) => Buffer,
): Buffer => {
  const payload = compress?.(content) ?? content
  return bytes(u24(payload.length), sequence, u24(compress === undefined ? 0 : content.length), payload)
}

export const zlib = (content: Buffer): Buffer => deflateSync(content)

/** What a test usually wants to see of events: query, rows or affected rows or error code, status. */
export const seen = ({ events }: Dialogue): unknown[] =>
  events.map(({ query, mysql, status }) => {
    const { num_rows, affected_rows, error_code } = mysql as Record<string, number>
    return [query, error_code ?? (num_rows || affected_rows), status]
  })

/** A group of an event's fields, such as `mysql`. */
export const of = (event: Document | undefined, group: string): Record<string, unknown> =>
  event?.[group] as Record<string, unknown>
