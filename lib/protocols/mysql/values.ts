import type { Cursor } from '../../wire/cursor.js'
import { count } from './encoding.js'

/** Types of columns and parameters. Spec: "field_types.h". */
export const TYPE = {
  DECIMAL: 0,
  TINY: 1,
  SHORT: 2,
  LONG: 3,
  FLOAT: 4,
  DOUBLE: 5,
  NULL: 6,
  TIMESTAMP: 7,
  LONGLONG: 8,
  INT24: 9,
  DATE: 10,
  TIME: 11,
  DATETIME: 12,
  YEAR: 13,
  VARCHAR: 15,
  BIT: 16,
  VECTOR: 242,
  JSON: 245,
  NEWDECIMAL: 246,
  ENUM: 247,
  SET: 248,
  TINY_BLOB: 249,
  MEDIUM_BLOB: 250,
  LONG_BLOB: 251,
  BLOB: 252,
  VAR_STRING: 253,
  STRING: 254,
  GEOMETRY: 255,
} as const

/** How dates are written: in results as the server writes them, in parameters as Packetbeat does, 2017/7/28 0:0:0. */
export type DateStyle = 'result' | 'parameter'

/** A value of the binary protocol as text. Spec: "Binary Protocol Value". */
export function value(cursor: Cursor, type: number, unsigned: boolean, style: DateStyle): string {
  switch (type) {
    case TYPE.TINY: {
      const byte = cursor.u8()
      return String(unsigned ? byte : (byte << 24) >> 24)
    }
    case TYPE.SHORT:
    case TYPE.YEAR: {
      const short = cursor.u16le()
      return String(unsigned ? short : (short << 16) >> 16)
    }
    case TYPE.LONG:
    case TYPE.INT24:
      return String(unsigned ? cursor.u32le() : cursor.i32le())
    case TYPE.LONGLONG:
      return String(unsigned ? cursor.u64le() : cursor.i64le())
    case TYPE.FLOAT:
      return float(cursor.f32le())
    case TYPE.DOUBLE:
      return String(cursor.f64le())
    case TYPE.DATE:
    case TYPE.DATETIME:
    case TYPE.TIMESTAMP:
      return date(cursor, type === TYPE.DATE, style)
    case TYPE.TIME:
      return time(cursor)
    case TYPE.NULL:
      return 'TYPE_NULL'
    case TYPE.DECIMAL:
    case TYPE.VARCHAR:
    case TYPE.BIT:
    case TYPE.GEOMETRY:
      return characters(cursor)
    default:
      if (type >= TYPE.VECTOR) return characters(cursor)
      throw cursor.malformed(`a value of type ${type}`)
  }
}

/** A length-encoded string; of one that goes on past what was kept of its packet, the beginning. */
export const characters = (cursor: Cursor): string =>
  cursor.utf8(Math.min(Math.max(0, count(cursor)), cursor.left))

/** With no more digits than tell it from its neighbours: 0.1, not 0.10000000149011612. */
function float(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(Number(value.toPrecision(9)))
}

const padded = (value: number, length = 2): string => String(value).padStart(length, '0')

const microseconds = (value: number): string => (value === 0 ? '' : `.${padded(value, 6)}`)

function date(cursor: Cursor, isDate: boolean, style: DateStyle): string {
  const length = cursor.u8()
  if (length !== 0 && length !== 4 && length !== 7 && length !== 11)
    throw cursor.malformed(`a date of ${length} bytes`)
  const year = length > 0 ? cursor.u16le() : 0
  const month = length > 0 ? cursor.u8() : 0
  const day = length > 0 ? cursor.u8() : 0
  const hours = length > 4 ? cursor.u8() : 0
  const minutes = length > 4 ? cursor.u8() : 0
  const seconds = length > 4 ? cursor.u8() : 0
  const fraction = microseconds(length > 7 ? cursor.u32le() : 0)
  if (style === 'parameter') return `${year}/${month}/${day} ${hours}:${minutes}:${seconds}${fraction}`
  const day8601 = `${padded(year, 4)}-${padded(month)}-${padded(day)}`
  return isDate ? day8601 : `${day8601} ${padded(hours)}:${padded(minutes)}:${padded(seconds)}${fraction}`
}

function time(cursor: Cursor): string {
  const length = cursor.u8()
  if (length === 0) return '00:00:00'
  if (length !== 8 && length !== 12) throw cursor.malformed(`a time of ${length} bytes`)
  const sign = cursor.u8() === 1 ? '-' : ''
  const hours = cursor.u32le() * 24 + cursor.u8()
  const minutes = cursor.u8()
  const seconds = cursor.u8()
  const fraction = microseconds(length === 12 ? cursor.u32le() : 0)
  return `${sign}${padded(hours)}:${padded(minutes)}:${padded(seconds)}${fraction}`
}
