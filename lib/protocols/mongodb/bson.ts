import { Malformed } from '../../wire/cursor.js'
import { type Name, named } from './names.js'

/** Types of BSON elements. Spec: bsonspec.org, version 1.1. */
export const DOUBLE = 0x01
export const STRING = 0x02
export const DOCUMENT = 0x03
export const ARRAY = 0x04
export const BINARY = 0x05
export const UNDEFINED = 0x06
export const OBJECT_ID = 0x07
export const BOOLEAN = 0x08
export const DATE = 0x09
export const NULL = 0x0a
export const REGULAR_EXPRESSION = 0x0b
export const DB_POINTER = 0x0c
export const CODE = 0x0d
export const SYMBOL = 0x0e
export const CODE_WITH_SCOPE = 0x0f
export const INT32 = 0x10
export const TIMESTAMP = 0x11
export const INT64 = 0x12
export const DECIMAL128 = 0x13
export const MIN_KEY = 0xff
export const MAX_KEY = 0x7f

// Kinds of lengths that are no number of bytes.
const TEXT = -1 // four bytes of length, which counts the text and its NUL
const NESTED = -2 // four bytes of length, which counts itself
const BLOB = -3 // four bytes of length and a subtype, which it does not count
const PATTERN = -4 // two texts, each up to its NUL
const POINTER = -5 // a text and an object id
const NONE = -6 // no such type

const lengths = new Int8Array(256).fill(NONE)
for (const [type, length] of [
  [DOUBLE, 8],
  [STRING, TEXT],
  [DOCUMENT, NESTED],
  [ARRAY, NESTED],
  [BINARY, BLOB],
  [UNDEFINED, 0],
  [OBJECT_ID, 12],
  [BOOLEAN, 1],
  [DATE, 8],
  [NULL, 0],
  [REGULAR_EXPRESSION, PATTERN],
  [DB_POINTER, POINTER],
  [CODE, TEXT],
  [SYMBOL, TEXT],
  [CODE_WITH_SCOPE, NESTED],
  [INT32, 4],
  [TIMESTAMP, 8],
  [INT64, 8],
  [DECIMAL128, 16],
  [MIN_KEY, 0],
  [MAX_KEY, 0],
] as const)
  lengths[type] = length

// An empty document: its length and its NUL.
const SHORTEST = 5

export const i32 = (bytes: Buffer, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

/**
 * Walks over the elements of a document, one after the other, where they are; reused for document after document. What
 * it stands on lies within the document, whatever its lengths say.
 */
export class Elements {
  bytes: Buffer = Buffer.alloc(0)
  /** Type of the element. */
  type = 0
  /** Where its value begins, an index of `bytes`, and where the next element does. */
  at = 0
  next = 0
  /** Where it ends, also when that is past the bytes at hand; Infinity: that cannot be known yet. */
  beyond = 0
  /** Where the document begins and ends; `end` stands on its NUL, or where the bytes at hand end. */
  start = 0
  end = 0
  /** The document goes on past the bytes at hand. */
  cut = false
  #name = 0
  #hash = 0

  /**
   * Stands before the first element of the document that begins at `start` and may reach up to `end`. `whole`: false
   * when the bytes end at `end` for want of more; then the walk ends before the first element that is not all there.
   *
   * @throws {Malformed}
   */
  enter(bytes: Buffer, start: number, end: number, whole = true): this {
    this.bytes = bytes
    this.start = start
    this.next = start + 4
    if (start + SHORTEST > end) {
      if (whole) throw this.#malformed('a document without a length')
      this.cut = true
      this.next = end
      this.end = end
      return this
    }
    const length = i32(bytes, start)
    const last = start + length - 1
    this.cut = last >= end
    if (length < SHORTEST || (this.cut && whole)) throw this.#malformed(`a document of ${length} bytes`)
    if (!this.cut && bytes[last] !== 0) throw this.#malformed('a document without its end')
    this.end = this.cut ? end : last
    return this
  }

  /** Stands before an element in the midst of a document, of which `end` is what is at hand. */
  resume(bytes: Buffer, at: number, end: number): this {
    this.bytes = bytes
    this.start = at
    this.next = at
    this.end = end
    this.cut = true
    return this
  }

  /** Goes to the next element; false: there is none. @throws {Malformed} */
  step(): boolean {
    const { bytes, end } = this
    let at = this.next
    if (at >= end) {
      this.beyond = at
      return false
    }
    const type = bytes[at++] as number
    this.#name = at
    let hash = type === 0 ? this.#extra() : 0
    for (let byte = 1; at < end; ) {
      byte = bytes[at++] as number
      if (byte === 0) {
        this.type = type
        this.at = at
        this.#hash = hash
        this.beyond = at + this.#length(type, at)
        if (this.beyond > end && !this.cut) throw this.#malformed(`a value of type ${type} past the document`)
        this.next = Math.min(this.beyond, end)
        return this.beyond <= end
      }
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    if (!this.cut) throw this.#malformed('a name without its end')
    this.next = end
    this.beyond = Number.POSITIVE_INFINITY
    return false
  }

  get name(): Name {
    return named(this.bytes, this.#name, this.at - 1, this.#hash)
  }

  /** After the last step: the element that it did not get to is there in part, with its name and type. */
  get isPart(): boolean {
    return this.beyond > this.end && this.beyond < Number.POSITIVE_INFINITY
  }

  /** Whether its value is a document or an array. */
  get nests(): boolean {
    return this.type === DOCUMENT || this.type === ARRAY
  }

  /** Its value, when it is a text; else ''. `limit`: bytes that are read of it. */
  text(limit = Number.POSITIVE_INFINITY): string {
    if (this.type !== STRING && this.type !== SYMBOL && this.type !== CODE) return ''
    const start = this.at + 4
    return this.bytes.utf8Slice(start, Math.min(this.next - 1, start + limit))
  }

  /** Its value, when it is a number or a truth value, as a whole number; of 64 bits as near as a double comes. */
  number(): number | undefined {
    switch (this.type) {
      case INT32:
        return i32(this.bytes, this.at)
      case DOUBLE: {
        const number = this.bytes.readDoubleLE(this.at)
        return Number.isFinite(number) ? Math.trunc(number) : undefined
      }
      case INT64:
        return Number(this.bytes.readBigInt64LE(this.at))
      case BOOLEAN:
        return this.bytes[this.at]
      default:
        return undefined
    }
  }

  /** Its value, a whole number of 64 bits. */
  digits(): string {
    return String(this.bytes.readBigInt64LE(this.at))
  }

  /** Bytes of a value of this type that begins at `at`. */
  #length(type: number, at: number): number {
    const length = lengths[type] as number
    if (length >= 0) return length
    if (length === NONE) throw this.#malformed(`BSON type ${type}`)
    if (length === PATTERN) return this.#textEnd(this.#textEnd(at)) - at
    if (at + 4 > this.end) return Number.POSITIVE_INFINITY
    const counted = i32(this.bytes, at)
    const least = length === NESTED ? SHORTEST : length === BLOB ? 0 : 1
    if (counted < least) throw this.#malformed(`a value of ${counted} bytes`)
    return counted + (length === NESTED ? 0 : length === BLOB ? 5 : length === POINTER ? 16 : 4)
  }

  /** Where a text that ends with NUL has ended; Infinity, when it does not. */
  #textEnd(at: number): number {
    const { bytes, end } = this
    let stop = at
    while (stop < end && bytes[stop] !== 0) stop++
    return stop < end ? stop + 1 : Number.POSITIVE_INFINITY
  }

  // The NUL of a document stands at its end; an element has no type 0.
  #extra(): never {
    throw this.#malformed('an end before the end')
  }

  #malformed(what: string): Malformed {
    return new Malformed(what, this.next - this.start)
  }
}
