import { Malformed } from '../../wire/cursor.js'
import { i32 } from './bson.js'

/** Reads what follows the header of a message, from left to right. */
export class Body {
  readonly bytes: Buffer
  at: number
  readonly end: number
  /** False: the message goes on past `end`. */
  readonly whole: boolean
  readonly #start: number

  constructor(bytes: Buffer, start: number, end: number, whole: boolean) {
    this.bytes = bytes
    this.#start = start
    this.at = start
    this.end = end
    this.whole = whole
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.bytes[this.#take(1)] as number
  }

  i32(): number {
    return i32(this.bytes, this.#take(4))
  }

  i64(): bigint {
    return this.bytes.readBigInt64LE(this.#take(8))
  }

  /** Text up to a NUL. */
  text0(): string {
    const { bytes, at, end } = this
    const stop = bytes.indexOf(0, at)
    if (stop < 0 || stop >= end) throw this.malformed('a text without its end')
    this.at = stop + 1
    return bytes.utf8Slice(at, stop)
  }

  /** Goes past a document, or to the end of what is at hand of it. Answers where it begins. */
  document(): number {
    const start = this.at
    const length = this.i32()
    if (length < 5 || (length > this.end - start && this.whole))
      throw this.malformed(`a document of ${length} bytes`)
    this.at = Math.min(this.end, start + length)
    return start
  }

  malformed(what: string): Malformed {
    return new Malformed(what, this.at - this.#start)
  }

  #take(length: number): number {
    const { at } = this
    if (at + length > this.end) throw this.malformed('a message that is too short')
    this.at = at + length
    return at
  }
}
