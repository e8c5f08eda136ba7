/** Thrown (one shared instance, no stack) when an item goes on past the bytes at hand, or has a length it cannot have. */
export class Unreadable extends Error {
  static readonly signal: Unreadable = Object.assign(new Unreadable('unreadable'), { stack: '' })
}

/** A part of a record that was not kept: the payload of a READ or WRITE. */
export interface Hole {
  /** Where it stands, in bytes kept before it. */
  at: number
  /** Bytes left out. */
  length: number
}

const padded = (length: number): number => length + (-length & 3)

/**
 * Reads XDR (RFC 4506): big-endian words of four bytes, everything padded to them. A reader is reused for record after
 * record; its bytes are on loan. All methods throw `Unreadable`.
 */
export class Xdr {
  bytes: Buffer = Buffer.alloc(0)
  /** Where the next item begins, an index of `bytes`. */
  at = 0
  end = 0
  #start = 0
  #hole: Hole | undefined
  /** Where the payload stands that goes on past the bytes at hand; -1: none did. */
  #payloadAt = -1
  #payloadLength = 0

  reset(bytes: Buffer, start: number, end: number, hole?: Hole | undefined): this {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.#start = start
    this.#hole = hole
    this.#payloadAt = -1
    return this
  }

  /** Bytes at hand after the last one read. */
  get left(): number {
    return this.end - this.at
  }

  u32(): number {
    const { at, bytes } = this
    if (at + 4 > this.end) throw Unreadable.signal
    this.at = at + 4
    return (
      (((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number)) >>>
      0
    )
  }

  /** Beyond 2^53 the nearest number that there is. */
  u64(): number {
    return this.u32() * 0x1_0000_0000 + this.u32()
  }

  skip(length: number): void {
    if (length > this.end - this.at) throw Unreadable.signal
    this.at += length
  }

  /** A text of at most `limit` bytes; what is not UTF-8 becomes U+FFFD. */
  text(limit: number): string {
    const start = this.#counted(limit)
    return this.bytes.utf8Slice(start, start + this.#length)
  }

  /** Opaque bytes, at most `limit`, each as the character of its number. */
  latin1(limit: number): string {
    const start = this.#counted(limit)
    return this.bytes.latin1Slice(start, start + this.#length)
  }

  /** Opaque bytes of a fixed length. */
  fixed(length: number): string {
    const start = this.at
    this.skip(length)
    return this.bytes.latin1Slice(start, start + length)
  }

  skipOpaque(): void {
    this.skip(padded(this.u32()))
  }

  /** Skips that many bytes that a READ or WRITE carries. They need not have been kept, nor be at hand; see `missing`. */
  skipPayload(length: number): void {
    const size = padded(length)
    if (this.at - this.#start === this.#hole?.at) {
      this.skip(Math.max(0, size - this.#hole.length))
      return
    }
    if (size > this.left) {
      this.#payloadAt = this.at - this.#start
      this.#payloadLength = size
      // What stands behind it is missed by whom it is wanted.
      this.at = this.end
      return
    }
    this.at += size
  }

  /** The payload that was not at hand, to be left out when the rest of the record comes. */
  get missing(): Hole | undefined {
    return this.#payloadAt < 0 ? undefined : { at: this.#payloadAt, length: this.#payloadLength }
  }

  #length = 0

  #counted(limit: number): number {
    const length = this.u32()
    if (length > limit) throw Unreadable.signal
    const start = this.at
    this.skip(padded(length))
    this.#length = length
    return start
  }
}
