import '../../wire/buffer.js'
import { uuidText } from './body.js'
import { LIST, MAP, SET, TUPLE, type Type, UDT, VECTOR } from './types.js'

// How much of a value is shown: a text or blob that many bytes, a collection that many elements. What was bound is told
// apart by less, and a photograph in an event helps nobody.
const MAX_BYTES = 1024
const MAX_ELEMENTS = 100
const MORE = '…'

/**
 * A value as cqlsh would show it: `bytes` from `at` to `end`. Of an unknown type it is a text when it reads as one, else
 * hexadecimal digits; so is a value that cannot be of its type. `wide`: lengths in collections have four bytes, since
 * version 3. Spec: native_protocol_v5.spec §6.
 */
export function valueText(
  type: Type | undefined,
  bytes: Buffer,
  at: number,
  end: number,
  wide: boolean,
): string {
  if (type === undefined) return guessed(bytes, at, end)
  const length = end - at
  switch (type.id) {
    case 0x01: // ascii
    case 0x0a: // text, before version 3
    case 0x0d: // varchar
      return cutText(bytes, at, end)
    case 0x02: // bigint
    case 0x05: // counter
      return length === 8 ? bigint(bytes, at) : hex(bytes, at, end)
    case 0x04: // boolean
      return length === 1 ? String(bytes[at] !== 0) : hex(bytes, at, end)
    case 0x06: // decimal
      return decimal(bytes, at, end)
    case 0x07: // double
      return length === 8 ? String(bytes.readDoubleBE(at)) : hex(bytes, at, end)
    case 0x08: // float
      return length === 4 ? float(bytes.readFloatBE(at)) : hex(bytes, at, end)
    case 0x09: // int
      return length === 4 ? String(bytes.readInt32BE(at)) : hex(bytes, at, end)
    case 0x0b: // timestamp
      return length === 8 ? timestamp(bytes.readBigInt64BE(at)) : hex(bytes, at, end)
    case 0x0c: // uuid
    case 0x0f: // timeuuid
      return length === 16 ? uuidText(bytes, at) : hex(bytes, at, end)
    case 0x0e: // varint
      return varint(bytes, at, end)
    case 0x10:
      return inet(bytes, at, end)
    case 0x11: // date: days, 2^31 is 1970-01-01
      return length === 4 ? date(bytes.readUInt32BE(at) - 2 ** 31) : hex(bytes, at, end)
    case 0x12: // time: nanoseconds of the day
      return length === 8 ? time(bytes.readBigInt64BE(at)) : hex(bytes, at, end)
    case 0x13: // smallint
      return length === 2 ? String(bytes.readInt16BE(at)) : hex(bytes, at, end)
    case 0x14: // tinyint
      return length === 1 ? String(bytes.readInt8(at)) : hex(bytes, at, end)
    case 0x15:
      return duration(bytes, at, end)
    case LIST:
    case SET:
    case MAP:
      return collection(type, bytes, at, end, wide)
    case UDT:
    case TUPLE:
      return fields(type, bytes, at, end, wide)
    case VECTOR:
      return vector(type.dimension, bytes, at, end)
    default: // blob, and types of one's own
      return hex(bytes, at, end)
  }
}

function hex(bytes: Buffer, at: number, end: number): string {
  const stop = Math.min(end, at + MAX_BYTES)
  return `0x${bytes.hexSlice(at, stop)}${stop < end ? MORE : ''}`
}

function cutText(bytes: Buffer, at: number, end: number): string {
  let stop = end
  if (end - at > MAX_BYTES) {
    stop = at + MAX_BYTES
    while (stop > at && ((bytes[stop] as number) & 0xc0) === 0x80) stop-- // not within a character
  }
  const text = bytes.utf8Slice(at, stop)
  return stop < end ? text + MORE : text
}

function guessed(bytes: Buffer, at: number, end: number): string {
  const text = cutText(bytes, at, end)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a text that is shown has none.
  return /[\x00-\x08\x0e-\x1f\x7f\ufffd]/.test(text) ? hex(bytes, at, end) : text
}

function bigint(bytes: Buffer, at: number): string {
  const high = bytes.readInt32BE(at)
  // What a double holds exactly needs no BigInt.
  return high >= -0x200000 && high < 0x200000
    ? String(high * 2 ** 32 + bytes.readUInt32BE(at + 4))
    : String(bytes.readBigInt64BE(at))
}

/** The shortest text that reads as the same float. */
function float(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(value)
}

// Digits of a larger number take time that grows with their square; and nobody reads them.
const MAX_NUMBER = 64

function unscaled(bytes: Buffer, at: number, end: number): bigint | undefined {
  if (end === at || end - at > MAX_NUMBER) return undefined
  const value = BigInt(`0x${bytes.hexSlice(at, end)}`)
  return BigInt.asIntN(8 * (end - at), value)
}

function varint(bytes: Buffer, at: number, end: number): string {
  return unscaled(bytes, at, end)?.toString() ?? hex(bytes, at, end)
}

// More zeros than that are written as an exponent, as Java's BigDecimal does.
const MAX_ZEROS = 40

function decimal(bytes: Buffer, at: number, end: number): string {
  const value = end - at > 4 ? unscaled(bytes, at + 4, end) : undefined
  if (value === undefined) return hex(bytes, at, end)
  const scale = bytes.readInt32BE(at)
  const digits = String(value < 0n ? -value : value)
  const sign = value < 0n ? '-' : ''
  if (scale === 0) return sign + digits
  if (scale < 0 || scale > digits.length + MAX_ZEROS)
    return `${sign}${digits}E${scale < 0 ? '+' : ''}${-scale}`
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

function timestamp(milliseconds: bigint): string {
  const value = new Date(Number(milliseconds))
  return Number.isNaN(value.getTime()) ? String(milliseconds) : value.toISOString()
}

function date(days: number): string {
  const value = new Date(days * 86_400_000)
  return Number.isNaN(value.getTime()) ? `${days} days` : (value.toISOString().split('T')[0] as string)
}

const DAY = 86_400_000_000_000n

function time(nanoseconds: bigint): string {
  if (nanoseconds < 0n || nanoseconds >= DAY) return String(nanoseconds)
  const seconds = Number(nanoseconds / 1_000_000_000n)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = String(nanoseconds % 1_000_000_000n).padStart(9, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`
}

/** An address as text: RFC 5952, but without `::`, for what is neither. */
export function inet(bytes: Buffer, at: number, end: number): string {
  if (end - at === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
  if (end - at !== 16) return hex(bytes, at, end)
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(at + 2 * i).toString(16)).join(':')
  const zeros = [...groups.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].map(([run]) => run)
  const longest = zeros.sort((one, other) => other.length - one.length)[0]
  if (longest === undefined) return groups
  const where = groups.search(new RegExp(`(?<![^:])${longest}(?![^:])`))
  return `${groups.slice(0, where).replace(/:$/, '')}::${groups.slice(where + longest.length).replace(/^:/, '')}`
}

/** Months, days and nanoseconds, each a [vint]: §3 and §6.7. */
function duration(bytes: Buffer, at: number, end: number): string {
  const parts: bigint[] = []
  let next = at
  while (parts.length < 3 && next < end) {
    const extra = Math.clz32(~((bytes[next] as number) << 24))
    if (next + 1 + extra > end) break
    let value = extra > 7 ? 0n : BigInt((bytes[next] as number) & (0xff >> extra))
    for (let index = 1; index <= extra; index++) value = (value << 8n) | BigInt(bytes[next + index] as number)
    parts.push((value >> 1n) ^ -(value & 1n)) // zigzag
    next += 1 + extra
  }
  if (parts.length < 3 || next !== end) return hex(bytes, at, end)
  const [months, days, nanoseconds] = parts
  return `${months}mo${days}d${nanoseconds}ns`
}

function collection(type: Type, bytes: Buffer, at: number, end: number, wide: boolean): string {
  const size = wide ? 4 : 2
  if (end - at < size) return hex(bytes, at, end)
  const count = wide ? bytes.readInt32BE(at) : bytes.readUInt16BE(at)
  const isMap = type.id === MAP
  const brackets = type.id === LIST ? '[]' : '{}'
  const values = isMap ? 2 * count : count
  let out = brackets[0] as string
  let next = at + size
  for (let index = 0; index < values && next + size <= end; index++) {
    if (index >= MAX_ELEMENTS) {
      out += `, ${MORE}`
      break
    }
    const length = wide ? bytes.readInt32BE(next) : bytes.readUInt16BE(next)
    next += size
    if (length > end - next) return hex(bytes, at, end)
    const second = isMap && index % 2 === 1
    out += second ? ': ' : index === 0 ? '' : ', '
    out += length < 0 ? 'null' : literal(type.of[second ? 1 : 0], bytes, next, next + length, wide)
    if (length > 0) next += length
  }
  return out + brackets[1]
}

/** A user-defined type as {name: value, …}, a tuple as (value, …). */
function fields(type: Type, bytes: Buffer, at: number, end: number, wide: boolean): string {
  const named = type.id === UDT
  let out = ''
  let next = at
  // A value may have fewer fields than its type: those that were added to it later.
  for (let index = 0; index < type.of.length && next + 4 <= end; index++) {
    if (index >= MAX_ELEMENTS) {
      out += `, ${MORE}`
      break
    }
    const length = bytes.readInt32BE(next)
    next += 4
    if (length > end - next) return hex(bytes, at, end)
    if (out !== '') out += ', '
    if (named) out += `${type.names[index]}: `
    out += length < 0 ? 'null' : literal(type.of[index], bytes, next, next + length, wide)
    if (length > 0) next += length
  }
  return named ? `{${out}}` : `(${out})`
}

/** A value within another: a text is in quotes, as CQL writes it. */
function literal(type: Type | undefined, bytes: Buffer, at: number, end: number, wide: boolean): string {
  const text = valueText(type, bytes, at, end, wide)
  const isText = type?.id === 0x01 || type?.id === 0x0a || type?.id === 0x0d
  return isText ? `'${text.replaceAll("'", "''")}'` : text
}

function vector(dimension: number, bytes: Buffer, at: number, end: number): string {
  if (end - at !== 4 * dimension) return hex(bytes, at, end)
  const shown = Math.min(dimension, MAX_ELEMENTS)
  const numbers = Array.from({ length: shown }, (_, index) => float(bytes.readFloatBE(at + 4 * index)))
  return `[${numbers.join(', ')}${shown < dimension ? `, ${MORE}` : ''}]`
}
