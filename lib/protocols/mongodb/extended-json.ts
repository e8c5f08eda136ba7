import { quoted } from '../../events/json.js'
import { Malformed } from '../../wire/cursor.js'
import * as bson from './bson.js'
import { Elements, i32 } from './bson.js'
import { decimal128 } from './decimal128.js'

// MongoDB itself refuses documents that are nested deeper (BSONDepth).
const MAX_DEPTH = 200

// What a walk over a document needs at each depth.
const walks: Elements[] = []

/**
 * BSON as MongoDB's relaxed Extended JSON, version 2, straight from bytes to text. UUIDs are written as its short form
 * $uuid. Spec: the MongoDB specifications' "Extended JSON", section "Conversion table".
 *
 * Texts grow past `limit` only by little: what would follow is left out, and `clipped` makes of it what people see.
 */
export function documentText(bytes: Buffer, start: number, end: number, limit: number, how = ALL): string {
  return nested('', bytes, start, end, bson.DOCUMENT, limit, 0, how)
}

/** What of a document is written. */
export interface How {
  /** False: it may go on past the bytes at hand. */
  whole: boolean
  /** Elements that are left out. */
  without?: (name: string) => boolean
}

const ALL: How = { whole: true }
const PART: How = { whole: false }

/** The value that `elements` stands on, added to `out`. */
export function withValue(out: string, elements: Elements, limit: number): string {
  return value(out, elements, limit, 0)
}

/** At most `limit` characters of a text, and a sign that there were more. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text
  // Never half of a character that takes two places.
  const last = text.charCodeAt(limit - 1)
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit)} ...`
}

function nested(
  out: string,
  bytes: Buffer,
  start: number,
  end: number,
  type: number,
  limit: number,
  depth: number,
  { whole, without }: How,
): string {
  if (depth > MAX_DEPTH) throw new Malformed(`a document in ${depth} others`, 0)
  const isArray = type === bson.ARRAY
  let walk = walks[depth]
  if (walk === undefined) {
    walk = new Elements()
    walks[depth] = walk
  }
  walk.enter(bytes, start, end, whole)
  let text = out + (isArray ? '[' : '{')
  let first = true
  while (text.length <= limit && walk.step()) {
    if (!isArray) {
      const { name } = walk
      if (without?.(name.text)) continue
      text += first ? name.json : `,${name.json}`
    } else if (!first) text += ','
    first = false
    text = value(text, walk, limit, depth + 1)
  }
  if (walk.cut && text.length <= limit) {
    if (!first) text += ','
    // Of an element that goes on past the bytes at hand what is there is written.
    const isText = walk.nests || walk.type === bson.STRING
    if (walk.isPart && isText && !without?.(walk.name.text))
      text = value(isArray ? text : text + walk.name.json, walk, limit, depth + 1)
    else text += '...'
  }
  return text + (isArray ? ']' : '}')
}

function value(out: string, walk: Elements, limit: number, depth: number): string {
  const { bytes, at, next } = walk
  switch (walk.type) {
    case bson.STRING:
      // A character is at most four bytes.
      return out + quoted(bytes.utf8Slice(at + 4, Math.min(next - 1, at + 4 + 4 * room(out, limit))))
    case bson.INT32:
      return out + i32(bytes, at)
    case bson.DOUBLE:
      return out + double(bytes.readDoubleLE(at))
    case bson.INT64:
      return out + int64(bytes, at)
    case bson.BOOLEAN:
      return out + (bytes[at] === 0 ? 'false' : 'true')
    case bson.NULL:
      return `${out}null`
    case bson.OBJECT_ID:
      return `${out}{"$oid":"${bytes.hexSlice(at, next)}"}`
    case bson.DATE:
      return `${out}{"$date":${date(bytes, at)}}`
    case bson.DOCUMENT:
    case bson.ARRAY:
      return nested(out, bytes, at, next, walk.type, limit, depth, walk.beyond > next ? PART : ALL)
    default:
      return out + rare(walk, room(out, limit), depth)
  }
}

/** Characters that are left to write, one at least. */
const room = (out: string, limit: number): number => Math.max(1, limit - out.length + 1)

/** Types that few documents have. */
function rare({ bytes, type, at, next }: Elements, room: number, depth: number): string {
  const text = (start: number, end: number) => quoted(bytes.utf8Slice(start, Math.min(end, start + 4 * room)))
  switch (type) {
    case bson.BINARY:
      return binary(bytes, at, next, room)
    case bson.TIMESTAMP:
      return `{"$timestamp":{"t":${i32(bytes, at + 4) >>> 0},"i":${i32(bytes, at) >>> 0}}}`
    case bson.DECIMAL128:
      return `{"$numberDecimal":"${decimal128(bytes, at)}"}`
    case bson.REGULAR_EXPRESSION: {
      const middle = bytes.indexOf(0, at)
      return `{"$regularExpression":{"pattern":${text(at, middle)},"options":${text(middle + 1, next - 1)}}}`
    }
    case bson.CODE:
      return `{"$code":${text(at + 4, next - 1)}}`
    case bson.SYMBOL:
      return `{"$symbol":${text(at + 4, next - 1)}}`
    case bson.CODE_WITH_SCOPE: {
      // Its own length, the code with its length, and the scope.
      const length = i32(bytes, at + 4)
      const scope = at + 8 + length
      if (length < 1 || scope > next) throw new Malformed(`code of ${length} bytes`, 0)
      return `{"$code":${text(at + 8, scope - 1)},"$scope":${nested('', bytes, scope, next, bson.DOCUMENT, room, depth, ALL)}}`
    }
    case bson.DB_POINTER:
      return `{"$dbPointer":{"$ref":${text(at + 4, next - 13)},"$id":{"$oid":"${bytes.hexSlice(next - 12, next)}"}}}`
    case bson.MIN_KEY:
      return '{"$minKey":1}'
    case bson.MAX_KEY:
      return '{"$maxKey":1}'
    default:
      return '{"$undefined":true}'
  }
}

const UUID = 4

function binary(bytes: Buffer, at: number, next: number, room: number): string {
  const subtype = bytes[at + 4] as number
  const start = at + 5
  if (subtype === UUID && next - start === 16) {
    const hex = bytes.hexSlice(start, next)
    return `{"$uuid":"${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}"}`
  }
  const data = bytes.base64Slice(start, Math.min(next, start + room))
  return `{"$binary":{"base64":"${data}","subType":"${subtype.toString(16).padStart(2, '0')}"}}`
}

const double = (number: number): string =>
  Number.isFinite(number) ? String(number) : `{"$numberDouble":"${number}"}`

function int64(bytes: Buffer, at: number): string {
  const low = i32(bytes, at)
  // Most are small.
  return i32(bytes, at + 4) === low >> 31 ? String(low) : String(bytes.readBigInt64LE(at))
}

// The first moment of the year 10000; ISO 8601 has no year after that, nor Extended JSON one before 1970.
const YEAR_10000 = 253402300800000

function date(bytes: Buffer, at: number): string {
  const milliseconds = Number(bytes.readBigInt64LE(at))
  if (milliseconds < 0 || milliseconds >= YEAR_10000) return `{"$numberLong":"${bytes.readBigInt64LE(at)}"}`
  const iso = new Date(milliseconds).toISOString()
  return `"${iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso}"`
}
