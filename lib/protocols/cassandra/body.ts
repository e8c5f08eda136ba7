import '../../wire/buffer.js'
import { Malformed } from '../../wire/cursor.js'

/** Thrown (one shared instance, no stack) when a body goes on past the bytes that are at hand of it. */
export class Short extends Error {
  static readonly signal: Short = Object.assign(new Short('short'), { stack: '' })
}

/**
 * Reads a frame's body from left to right: the notations of native_protocol_v5.spec §3. What it returns are copies, but
 * for positions in `bytes`, which are on loan. Reads never go past the body: that is `Malformed`, or `Short` when only
 * its begin is at hand.
 */
export class Body {
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  end = 0
  #start = 0
  #whole = true

  /** From `start` to `end` of `bytes`. `whole`: it ends there, and not only what is at hand of it. */
  reset(bytes: Buffer, start: number, end: number, whole: boolean): this {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.#start = start
    this.#whole = whole
    return this
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.bytes[this.take(1)] as number
  }

  u16(): number {
    const at = this.take(2)
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number)
  }

  i32(): number {
    const at = this.take(4)
    const { bytes } = this
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    )
  }

  i64(): bigint {
    return this.bytes.readBigInt64BE(this.take(8))
  }

  /** A [string]. */
  string(): string {
    return this.#text(this.u16())
  }

  /** A [long string]. */
  longString(): string {
    return this.#text(this.count())
  }

  /** A [string list]; at most `most` of it are kept. */
  stringList(most: number): string[] {
    const list: string[] = []
    for (let left = this.u16(); left > 0; left--)
      if (list.length < most) list.push(this.string())
      else this.skip(this.u16())
    return list
  }

  /** A [uuid]. */
  uuid(): string {
    return uuidText(this.bytes, this.take(16))
  }

  /** [short bytes] as hexadecimal digits. */
  shortHex(): string {
    const length = this.u16()
    const at = this.take(length)
    return this.bytes.hexSlice(at, at + length)
  }

  /** [bytes] as hexadecimal digits; undefined when they are null. */
  hex(): string | undefined {
    const length = this.i32()
    if (length < 0) return undefined
    const at = this.take(length)
    return this.bytes.hexSlice(at, at + length)
  }

  /** Passes over [bytes]. */
  skipBytes(): void {
    const length = this.i32()
    if (length > 0) this.skip(length)
  }

  /** An [int] that counts what follows, or its bytes. */
  count(): number {
    const count = this.i32()
    if (count < 0) throw this.malformed(`a count of ${count}`)
    return count
  }

  skip(length: number): void {
    this.take(length)
  }

  /** Where the next `length` bytes begin, which are read. */
  take(length: number): number {
    const { at } = this
    if (at + length > this.end) throw this.#whole ? this.malformed('a body that ends too soon') : Short.signal
    this.at = at + length
    return at
  }

  malformed(what: string): Malformed {
    return new Malformed(what, this.at - this.#start)
  }

  #text(length: number): string {
    const at = this.take(length)
    return this.bytes.utf8Slice(at, at + length)
  }
}

/** The 16 bytes from `at` on as text: RFC 9562 §4. */
export function uuidText(bytes: Buffer, at: number): string {
  const hex = bytes.hexSlice(at, at + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
