// Values in PostgreSQL's binary formats as the text that PostgreSQL would write for them. The formats are those of the
// types' send functions (src/backend/utils/adt); the numbers of types are those of pg_type.dat, which never change.

const DAY = 86_400_000_000n // microseconds
// Days and microseconds count from 2000-01-01.
const EPOCH = 946_684_800_000n // milliseconds

const NUMERIC_NAN = 0xc000
const NUMERIC_INFINITY = 0xd000
const NUMERIC_MINUS_INFINITY = 0xf000
const NUMERIC_NEGATIVE = 0x4000

// A numeric has at most 16,383 digits after the point and 131,072 before it; nobody reads that many.
const MAX_NUMERIC_DIGITS = 1024

/** What lies in `bytes` from `start` to `end` as text; of types that are not known, and of bytea, in hexadecimal. */
export function binaryText(type: number, bytes: Buffer, start: number, end: number): string {
  const length = end - start
  switch (type) {
    case 16: // bool
      if (length === 1) return bytes[start] === 0 ? 'f' : 't'
      break
    case 20: // int8
      if (length === 8) return String(bytes.readBigInt64BE(start))
      break
    case 21: // int2
      if (length === 2) return String(bytes.readInt16BE(start))
      break
    case 23: // int4
      if (length === 4) return String(bytes.readInt32BE(start))
      break
    case 26: // oid
    case 28: // xid
      if (length === 4) return String(bytes.readUInt32BE(start))
      break
    case 700: // float4
      if (length === 4) return float(bytes.readFloatBE(start), true)
      break
    case 701: // float8
      if (length === 8) return float(bytes.readDoubleBE(start), false)
      break
    case 18: // char
    case 19: // name
    case 25: // text
    case 114: // json
    case 142: // xml
    case 705: // unknown
    case 1042: // bpchar
    case 1043: // varchar
      return bytes.utf8Slice(start, end)
    case 3802: // jsonb: a version, then its text
      if (length > 0 && bytes[start] === 1) return bytes.utf8Slice(start + 1, end)
      break
    case 2950: // uuid
      if (length === 16) return uuid(bytes.hexSlice(start, end))
      break
    case 1082: // date
      if (length === 4) return date(bytes.readInt32BE(start))
      break
    case 1083: // time
      if (length === 8) return time(bytes.readBigInt64BE(start))
      break
    case 1114: // timestamp
      if (length === 8) return timestamp(bytes.readBigInt64BE(start), '')
      break
    case 1184: // timestamptz
      if (length === 8) return timestamp(bytes.readBigInt64BE(start), '+00')
      break
    case 1700: // numeric
      if (length >= 8) return numeric(bytes, start, end)
      break
  }
  return `\\x${bytes.hexSlice(start, end)}`
}

const float = (value: number, single: boolean): string => {
  if (Number.isFinite(value)) return String(single ? Number(value.toPrecision(8)) : value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

function date(days: number): string {
  if (days === 0x7fffffff) return 'infinity'
  if (days === -0x80000000) return '-infinity'
  return day(BigInt(days))
}

/** Years beyond what JavaScript's Date holds are shown as the number of days. */
function day(days: bigint): string {
  const then = new Date(Number(EPOCH + days * 86_400_000n))
  if (Number.isNaN(then.getTime())) return `2000-01-01 + ${days} days`
  const year = then.getUTCFullYear()
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0')
  return `${shown}${then.toISOString().replace(/^[+-]?\d+(-\d\d-\d\d).*$/, '$1')}${year > 0 ? '' : ' BC'}`
}

function time(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n
  const two = (value: bigint) => String(value).padStart(2, '0')
  const fraction = String(microseconds % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`
  return fraction === '' ? clock : `${clock}.${fraction}`
}

function timestamp(microseconds: bigint, zone: string): string {
  if (microseconds === 0x7fffffffffffffffn) return 'infinity'
  if (microseconds === -0x8000000000000000n) return '-infinity'
  const within = ((microseconds % DAY) + DAY) % DAY
  const [calendar, era = ''] = day((microseconds - within) / DAY).split(/(?= BC$)/)
  return `${calendar} ${time(within)}${zone}${era}`
}

/** Groups of four decimal digits, the first weighing 10000^weight; `scale` digits after the point are shown. */
function numeric(bytes: Buffer, start: number, end: number): string {
  const groups = bytes.readUInt16BE(start)
  const weight = bytes.readInt16BE(start + 2)
  const sign = bytes.readUInt16BE(start + 4)
  const scale = bytes.readUInt16BE(start + 6)
  if (sign === NUMERIC_NAN) return 'NaN'
  if (sign === NUMERIC_INFINITY) return 'Infinity'
  if (sign === NUMERIC_MINUS_INFINITY) return '-Infinity'
  if (start + 8 + 2 * groups > end || Math.max(4 * weight, 0) + scale > MAX_NUMERIC_DIGITS)
    return `\\x${bytes.hexSlice(start, end)}`
  const group = (index: number) =>
    index < 0 || index >= groups ? '0000' : String(bytes.readUInt16BE(start + 8 + 2 * index)).padStart(4, '0')
  let whole = ''
  for (let index = 0; index <= weight; index++) whole += group(index)
  let fraction = ''
  for (let index = weight + 1; fraction.length < scale; index++) fraction += group(index)
  const text = whole.replace(/^0+/, '') || '0'
  const shown = scale === 0 ? text : `${text}.${fraction.slice(0, scale)}`
  return sign === NUMERIC_NEGATIVE ? `-${shown}` : shown
}
