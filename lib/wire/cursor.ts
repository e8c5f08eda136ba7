import './buffer.js'

/** Thrown (one shared instance, no stack) when a message goes on past the bytes at hand. */
export class Incomplete extends Error {
  static readonly signal: Incomplete = Object.assign(new Incomplete('incomplete'), { stack: '' })
  /** Bytes wanted, counted from the start of the message, before another try can get further. */
  need = 0
}

/** Bytes that cannot be a message of the protocol. `offset` counts from the message's first byte. */
export class Malformed extends Error {
  // A plug-in may have a copy of this package, and with it a class of its own.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Error[Symbol.hasInstance](value) && (value as Error).name === 'Malformed'
  }

  readonly offset: number
  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`)
    this.name = 'Malformed'
    this.offset = offset
  }
}

const NUL = 0x00
const CR = 0x0d
const LF = 0x0a
const MINUS = 0x2d
const ZERO = 0x30

/**
 * Reads one message from left to right. Network byte order, but for what ends in `le`: the lowest byte first. Lengths and
 * offsets in bytes.
 * A cursor is reused for message after message: what it returns are copies, never views.
 */
export class Cursor {
  /** What is read; on loan from the capture, so only a parser's callee may look at it, and only during the call. */
  bytes: Buffer = Buffer.alloc(0)
  /** What a parser wants to find again when its message is tried anew with more bytes; forgotten after the message. */
  progress: unknown
  #start = 0
  #at = 0
  #end = 0

  /** Starts at a message that begins at `start`; reads no further than `end`. */
  reset(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes
    this.#start = start
    this.#at = start
    this.#end = end
    this.progress = undefined
    return this
  }

  /** Goes on at that many bytes after the message's first; for a parser that finds its `progress`. */
  resume(used: number): void {
    this.#at = this.#start + used
  }

  /** Where the next read starts, an index of `bytes`. */
  get at(): number {
    return this.#at
  }

  /** Bytes read of this message. */
  get used(): number {
    return this.#at - this.#start
  }

  /** Bytes at hand after the last one read. */
  get left(): number {
    return this.#end - this.#at
  }

  u8(): number {
    return this.bytes[this.#take(1)] as number
  }

  u16(): number {
    return this.bytes.readUInt16BE(this.#take(2))
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.#take(4))
  }

  u64(): bigint {
    return this.bytes.readBigUInt64BE(this.#take(8))
  }

  i16(): number {
    return this.bytes.readInt16BE(this.#take(2))
  }

  i32(): number {
    return this.bytes.readInt32BE(this.#take(4))
  }

  i64(): bigint {
    return this.bytes.readBigInt64BE(this.#take(8))
  }

  u16le(): number {
    const at = this.#take(2)
    return (this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8)
  }

  u24le(): number {
    const at = this.#take(3)
    const { bytes } = this
    return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
  }

  u32le(): number {
    return this.bytes.readUInt32LE(this.#take(4))
  }

  u64le(): bigint {
    return this.bytes.readBigUInt64LE(this.#take(8))
  }

  i32le(): number {
    return this.bytes.readInt32LE(this.#take(4))
  }

  i64le(): bigint {
    return this.bytes.readBigInt64LE(this.#take(8))
  }

  f32le(): number {
    return this.bytes.readFloatLE(this.#take(4))
  }

  f64le(): number {
    return this.bytes.readDoubleLE(this.#take(8))
  }

  /** The next byte, which is read again. */
  peek(): number {
    const at = this.#take(1)
    this.#at = at
    return this.bytes[at] as number
  }

  /** Bytes of one's own. */
  copy(length: number): Buffer {
    const start = this.#take(length)
    return Buffer.from(this.bytes.subarray(start, start + length))
  }

  /** Text of that many bytes; what is not UTF-8 becomes U+FFFD. */
  utf8(length: number): string {
    const start = this.#take(length)
    return this.bytes.utf8Slice(start, start + length)
  }

  latin1(length: number): string {
    const start = this.#take(length)
    return this.bytes.latin1Slice(start, start + length)
  }

  skip(length: number): void {
    this.#take(length)
  }

  /** Makes sure that many bytes are at hand, so that a long message is waited for once and not read again and again. */
  want(length: number): void {
    if (this.#at + length > this.#end) throw this.#incomplete(this.#at + length)
  }

  /** Text up to CRLF, which is consumed but not returned. `limit`: bytes a line may have. */
  line(limit = 65_536): string {
    const end = this.#lineEnd(limit)
    const text = this.bytes.utf8Slice(this.#at, end)
    this.#at = end + 2
    return text
  }

  /** Text up to LF, without it and a CR before it: what tolerant servers take for a line. */
  anyLine(limit = 65_536): string {
    const end = this.#find(LF, limit)
    const text = this.bytes.utf8Slice(this.#at, this.bytes[end - 1] === CR && end > this.#at ? end - 1 : end)
    this.#at = end + 1
    return text
  }

  /** Text up to a NUL, which is consumed but not returned. */
  text0(limit = 65_536): string {
    const end = this.#find(NUL, limit)
    const text = this.bytes.utf8Slice(this.#at, end)
    this.#at = end + 1
    return text
  }

  /** A line that is a whole decimal number, as RESP writes its lengths. */
  decimal(): number {
    const { bytes } = this
    let at = this.#at
    const negative = at < this.#end && bytes[at] === MINUS
    if (negative) at++
    const first = at
    let value = 0
    for (; at < this.#end; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at - first > 15) throw this.malformed('a number of more than 15 digits')
    if (at + 2 > this.#end) throw this.#incomplete(at + 2)
    if (at === first || bytes[at] !== CR || bytes[at + 1] !== LF) throw this.malformed('not a number')
    this.#at = at + 2
    return negative ? -value : value
  }

  malformed(what: string): Malformed {
    return new Malformed(what, this.#at - this.#start)
  }

  #lineEnd(limit: number): number {
    const { bytes } = this
    const stop = Math.min(this.#end, this.#at + limit)
    for (let at = this.#at; at + 1 < stop; at++) if (bytes[at] === CR && bytes[at + 1] === LF) return at
    throw this.#noEnd(stop, limit)
  }

  #find(byte: number, limit: number): number {
    const { bytes } = this
    const stop = Math.min(this.#end, this.#at + limit)
    for (let at = this.#at; at < stop; at++) if (bytes[at] === byte) return at
    throw this.#noEnd(stop, limit)
  }

  #noEnd(stop: number, limit: number): Error {
    if (stop < this.#end) return this.malformed(`a line of more than ${limit} bytes`)
    return this.#incomplete(this.#end + 1)
  }

  #incomplete(need: number): Incomplete {
    Incomplete.signal.need = need - this.#start
    return Incomplete.signal
  }

  #take(length: number): number {
    if (!(length >= 0)) throw this.malformed(`length ${length}`)
    const start = this.#at
    if (start + length > this.#end) throw this.#incomplete(start + length)
    this.#at = start + length
    return start
  }
}
