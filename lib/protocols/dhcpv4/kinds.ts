import type { Field, Value } from '../../events/fields.js'
import type { DnsWire } from '../../wire/dns.js'

/** How the data of an option are read and shown. */
export interface Kind extends Pick<Field<never>, 'type' | 'list' | 'plain'> {
  /** Bytes of a value; left out, it is of any length. Where there is a list, it has as many values as fit. */
  size?: number
  /** Reads all that is left. @throws {Malformed} when it is not that. */
  read(wire: DnsWire): Value
}

/** Whether data of that many bytes can be right. */
export const fits = ({ size, list }: Kind, length: number): boolean =>
  size === undefined || (list === undefined ? length === size : length > 0 && length % size === 0)

// Nobody sends more in one option, which has 255 bytes unless it is split; but names that point into each other can be
// a thousand times as long as their datagram.
const MAX_VALUES = 256

/** Values up to the end of the option. */
export function several<V>(wire: DnsWire, one: (wire: DnsWire) => V): V[] {
  const values: V[] = []
  while (wire.left > 0) {
    if (values.length === MAX_VALUES) throw wire.malformed(`more than ${MAX_VALUES} values`)
    values.push(one(wire))
  }
  return values
}

/** Text without the NUL that some put behind it. Bytes that are not UTF-8 become U+FFFD. */
export const textOf = (wire: DnsWire, length = wire.left): string => wire.utf8(length).replace(/\0+$/, '')

/** Whether a text can be one for people. */
export const isPrintable = (text: string): boolean => /^[ -~]+$/.test(text)

/** What is opaque, but meant for people more often than not: as text if it is, else in hexadecimal. */
export function readable(wire: DnsWire, length = wire.left): string {
  const { at } = wire
  const text = wire.utf8(length)
  if (isPrintable(text)) return text
  wire.at = at
  return wire.hex(length)
}

const nonEmpty = (text: string): string | undefined => (text === '' ? undefined : text)

export const address: Kind = { type: 'ip', size: 4, read: (wire) => wire.ipv4() }
export const addresses: Kind = {
  type: 'ip',
  list: true,
  size: 4,
  read: (wire) => several(wire, (inner) => inner.ipv4()),
}
/** Upstream has one, so one is no list. */
export const addressOrMore: Kind = {
  type: 'ip',
  list: 'or one',
  size: 4,
  read: (wire) => (wire.left === 4 ? wire.ipv4() : several(wire, (inner) => inner.ipv4())),
}
export const byte: Kind = { type: 'long', size: 1, read: (wire) => wire.u8() }
export const word: Kind = { type: 'long', size: 2, read: (wire) => wire.u16() }
export const words: Kind = {
  type: 'long',
  list: true,
  size: 2,
  read: (wire) => several(wire, (inner) => inner.u16()),
}
export const number: Kind = { type: 'long', size: 4, read: (wire) => wire.u32() }
export const signed: Kind = { type: 'long', size: 4, read: (wire) => wire.u32() | 0 }
export const flag: Kind = { type: 'boolean', size: 1, read: (wire) => wire.u8() !== 0 }
/** An option that says what matters by being there. */
export const present: Kind = {
  type: 'boolean',
  read(wire) {
    wire.skip(wire.left)
    return true
  },
}
export const text: Kind = { type: 'keyword', read: (wire) => nonEmpty(textOf(wire)) }
/** For the words of people. */
export const prose: Kind = { ...text, type: 'text' }
export const hex: Kind = { type: 'keyword', plain: true, read: (wire) => nonEmpty(wire.hex(wire.left)) }
/** Texts with spaces between them. */
export const spaced: Kind = {
  type: 'keyword',
  list: true,
  read: (wire) => textOf(wire).split(' ').filter(Boolean),
}
/** A domain name. */
export const name: Kind = { type: 'keyword', read: (wire) => wire.name() }
/** Domain names, whose pointers count from the option's first byte: RFC 3397 §2. */
export const names: Kind = {
  type: 'keyword',
  list: true,
  read: (wire) => several(wire, (inner) => inner.name()),
}
/** One of a few numbers that have names. */
export const named = (nameOf: (code: number) => string, size: 1 | 2 = 1): Kind => ({
  type: 'keyword',
  size,
  read: (wire) => nameOf(size === 1 ? wire.u8() : wire.u16()),
})
/** Several of them. */
export const allNamed = (nameOf: (code: number) => string, size: 1 | 2): Kind => ({
  type: 'keyword',
  list: true,
  size,
  read: (wire) => several(wire, (inner) => nameOf(size === 1 ? inner.u8() : inner.u16())),
})
