import { type Cursor, Malformed } from '../../wire/cursor.js'
import { type Table, type Tables, table } from './table.js'

/** What methods are told apart by; true and false where the method has the flag. Shared: never changed. */
export type Flags = Readonly<Record<FlagName, boolean | undefined>>

const flagNames = [
  'passive',
  'durable',
  'exclusive',
  'auto-delete',
  'internal',
  'no-wait',
  'no-ack',
  'no-local',
  'if-unused',
  'if-empty',
  'redelivered',
  'multiple',
  'requeue',
  'mandatory',
  'immediate',
  'global',
  'active',
  'write',
  'read',
] as const
export type FlagName = (typeof flagNames)[number]

/** Arguments of a method: those of the methods that there are most of, and the others by the name of their field. */
export interface Arguments {
  exchange: string | undefined
  routingKey: string | undefined
  queue: string | undefined
  consumerTag: string | undefined
  deliveryTag: number | undefined
  messageCount: number | undefined
  replyCode: number | undefined
  replyText: string | undefined
  flags: Flags | undefined
  more: Record<string, string | number | boolean | Table> | undefined
}

export const newArguments = (): Arguments => ({
  exchange: undefined,
  routingKey: undefined,
  queue: undefined,
  consumerTag: undefined,
  deliveryTag: undefined,
  messageCount: undefined,
  replyCode: undefined,
  replyText: undefined,
  flags: undefined,
  more: undefined,
})

/** Reads one argument, or the flags that share an octet. Spec: AMQP 0-9-1 §4.2.5. */
export type Read = (cursor: Cursor, into: Arguments, tables: Tables) => void

export const shortText = (cursor: Cursor): string => cursor.utf8(cursor.u8())
export const longText = (cursor: Cursor): string => cursor.utf8(cursor.u32())
/** A long-long: exact up to 2^53, which no broker has counted to. */
export const u64 = (cursor: Cursor): number => cursor.u32() * 2 ** 32 + cursor.u32()

export const exchange: Read = (cursor, into) => {
  into.exchange = shortText(cursor)
}
export const routingKey: Read = (cursor, into) => {
  into.routingKey = shortText(cursor)
}
export const queue: Read = (cursor, into) => {
  into.queue = shortText(cursor)
}
export const consumerTag: Read = (cursor, into) => {
  into.consumerTag = shortText(cursor)
}
export const deliveryTag: Read = (cursor, into) => {
  into.deliveryTag = u64(cursor)
}
export const messageCount: Read = (cursor, into) => {
  into.messageCount = cursor.u32()
}
export const replyCode: Read = (cursor, into) => {
  into.replyCode = cursor.u16()
}
export const replyText: Read = (cursor, into) => {
  into.replyText = shortText(cursor)
}

/** An octet of flags, the first one in its lowest bit. */
export function flags(...names: FlagName[]): Read {
  const all = Array.from({ length: 1 << names.length }, (_, bits) => {
    const entries = flagNames.map((name) => {
      const place = names.indexOf(name)
      return [name, place < 0 ? undefined : (bits & (1 << place)) !== 0]
    })
    return Object.fromEntries(entries) as Flags
  })
  return (cursor, into) => {
    into.flags = all[cursor.u8() & (all.length - 1)]
  }
}

const more =
  (read: (cursor: Cursor) => string | number) =>
  (name: string): Read =>
  (cursor, into) => {
    into.more ??= {}
    into.more[name] = read(cursor)
  }
export const octet = more((cursor) => cursor.u8())
export const short = more((cursor) => cursor.u16())
export const long = more((cursor) => cursor.u32())
export const shortString = more(shortText)
export const longString = more(longText)

/** A table, where it is asked for. */
export const options =
  (name: string): Read =>
  (cursor, into, tables) => {
    if (!tables.wanted) {
      cursor.skip(cursor.u32())
      return
    }
    const read = table(cursor, tables)
    if (Object.keys(read).length === 0) return
    into.more ??= {}
    into.more[name] = read
  }

// What is left out: what the specification reserved, and secrets.
export const noShort: Read = (cursor) => cursor.skip(2)
export const noLongString: Read = (cursor) => cursor.skip(cursor.u32())

/** Who logs in, of all that the client says to prove it. Spec: RFC 4616 §2 (PLAIN); RabbitMQ's AMQPLAIN is a table. */
export const user: Read = (cursor, into) => {
  const length = cursor.u32()
  const start = cursor.at
  cursor.skip(length)
  const mechanism = into.more?.mechanism
  const name =
    mechanism === 'PLAIN'
      ? plainUser(cursor.bytes.utf8Slice(start, start + length))
      : mechanism === 'AMQPLAIN'
        ? amqplainUser(cursor, start, length)
        : undefined
  if (name !== undefined && into.more !== undefined) into.more.user = name
}

/** Only of a response that has all parts, lest a password be taken for it. */
function plainUser(response: string): string | undefined {
  const parts = response.split('\0')
  return parts.length === 3 ? parts[1] : undefined
}

/** The LOGIN of a table without its length: texts by name. */
function amqplainUser(cursor: Cursor, start: number, length: number): string | undefined {
  const { bytes } = cursor
  const end = start + length
  for (let at = start; at < end; ) {
    const name = bytes.latin1Slice(at + 1, Math.min(end, at + 1 + (bytes[at] as number)))
    at += 1 + name.length
    // Both values are long strings.
    if (at + 5 > end || bytes[at] !== 0x53) return undefined
    const value = at + 5
    at = value + bytes.readUInt32BE(at + 1)
    if (at > end) throw new Malformed('a login that goes on past its length', 0)
    if (name === 'LOGIN') return bytes.utf8Slice(value, at)
  }
  return undefined
}
