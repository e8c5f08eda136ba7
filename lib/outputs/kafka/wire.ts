/** What a broker sent that is not of the protocol: the connection is of no use any more. */
export class MalformedAnswer extends Error {
  constructor() {
    super('the broker sent an answer that is not of the Kafka protocol')
  }
}

/** Writes the types of the protocol, big-endian. Spec: kafka.apache.org/protocol, "Protocol Primitive Types". */
export class RequestWriter {
  #bytes = Buffer.allocUnsafe(256)
  #length = 0
  /** What was written so far, in pieces, so that large ones are not copied. */
  readonly #parts: Buffer[] = []

  int16(value: number): this {
    this.#room(2)
    this.#length = this.#bytes.writeInt16BE(value, this.#length)
    return this
  }

  int32(value: number): this {
    this.#room(4)
    this.#length = this.#bytes.writeInt32BE(value, this.#length)
    return this
  }

  boolean(value: boolean): this {
    this.#room(1)
    this.#length = this.#bytes.writeUInt8(value ? 1 : 0, this.#length)
    return this
  }

  string(text: string | null): this {
    if (text === null) return this.int16(-1)
    const length = Buffer.byteLength(text)
    this.int16(length).#room(length)
    this.#length += this.#bytes.write(text, this.#length)
    return this
  }

  /** Not copied: they must stay as they are until the request is sent. */
  bytes(bytes: Buffer): this {
    this.int32(bytes.length).#cut()
    this.#parts.push(bytes)
    return this
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }

  /** Everything written, in its order. */
  parts(): readonly Buffer[] {
    this.#cut()
    return this.#parts
  }

  #cut(): void {
    this.#parts.push(this.#bytes.subarray(0, this.#length))
    this.#bytes = this.#bytes.subarray(this.#length)
    this.#length = 0
  }

  #room(bytes: number): void {
    if (this.#bytes.length - this.#length >= bytes) return
    this.#cut()
    this.#bytes = Buffer.allocUnsafe(Math.max(256, bytes))
  }
}

/** Reads the types of the protocol. @throws {MalformedAnswer} past the end of the answer */
export class ResponseReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4))
  }

  /** Exact up to 2^53. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#take(8)))
  }

  boolean(): boolean {
    return this.#bytes[this.#take(1)] !== 0
  }

  string(): string {
    return this.nullableString() ?? ''
  }

  nullableString(): string | null {
    const length = this.int16()
    if (length < 0) return null
    const at = this.#take(length)
    return this.#bytes.toString('utf8', at, at + length)
  }

  bytes(): Buffer {
    const length = Math.max(0, this.int32())
    const at = this.#take(length)
    return this.#bytes.subarray(at, at + length)
  }

  array<T>(read: (reader: this) => T): T[] {
    const count = this.int32()
    const items: T[] = []
    // Each item has a byte at least, so that a wrong count ends at the end of the answer.
    for (let index = 0; index < count; index++) {
      if (this.#at >= this.#bytes.length) throw new MalformedAnswer()
      items.push(read(this))
    }
    return items
  }

  #take(bytes: number): number {
    const at = this.#at
    if (this.#bytes.length - at < bytes) throw new MalformedAnswer()
    this.#at = at + bytes
    return at
  }
}
