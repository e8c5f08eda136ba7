import { Malformed } from '../../wire/cursor.js'

/** Reads a message that is there as a whole, and no further than its end. Network byte order. */
export class Reader {
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  end = 0

  reset(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes
    this.at = start
    this.end = end
    return this
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.bytes[this.skip(1)] as number
  }

  u16(): number {
    const at = this.skip(2)
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number)
  }

  u24(): number {
    const at = this.skip(3)
    return (this.bytes.readUInt16BE(at) << 8) | (this.bytes[at + 2] as number)
  }

  hex(length: number): string {
    const at = this.skip(length)
    return this.bytes.hexSlice(at, at + length)
  }

  /** Passes over that many bytes; answers where they begin. @throws {Malformed} when there are not that many. */
  skip(length: number): number {
    const { at } = this
    if (at + length > this.end) throw new Malformed(`${length} bytes where ${this.left} are left`, at)
    this.at = at + length
    return at
  }
}
