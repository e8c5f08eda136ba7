import '../../wire/buffer.js'
import { uuidText } from './body.js'
import {
  bigint,
  date,
  decimal,
  duration,
  float,
  hex,
  inet,
  MAX_BYTES,
  MORE,
  time,
  timestamp,
  varint,
} from './scalars.js'
import { LIST, MAP, SET, TUPLE, type Type, UDT, VECTOR } from './types.js'

// A collection is shown up to that many elements.
const MAX_ELEMENTS = 100

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
