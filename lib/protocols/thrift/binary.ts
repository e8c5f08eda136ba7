import { Encoding } from './encoding.js'
import { BOOL, DOUBLE, I8, I16, I32, I64, LIST, MAP, SET, STOP, STRING, STRUCT, UUID } from './types.js'

const VERSION = 0x8001

const widths = new Uint8Array(256)
for (const [type, width] of [
  [BOOL, 1],
  [I8, 1],
  [I16, 2],
  [I32, 4],
  [I64, 8],
  [DOUBLE, 8],
  [UUID, 16],
] as const)
  widths[type] = width

const known = new Set([BOOL, I8, DOUBLE, I16, I32, I64, STRING, STRUCT, MAP, SET, LIST, UUID])

// A number of that many times 2^32 and more has no exact double.
const EXACT = 2 ** 21

/** Fixed widths, the highest byte first. Spec: thrift-binary-protocol.md. */
export class BinaryEncoding extends Encoding {
  head(): void {
    const { cursor } = this
    const first = cursor.i32()
    if (first < 0) {
      if (first >>> 16 !== VERSION) throw cursor.malformed(`version ${first >>> 16}`)
      this.messageType = first & 0xff
      this.name = this.nameOf(cursor.i32())
      this.seqid = cursor.i32()
      return
    }
    // Without a version, as before Thrift 0.2: "old encoding".
    this.name = this.nameOf(first)
    this.messageType = cursor.u8()
    this.seqid = cursor.i32()
  }

  field(): boolean {
    const { cursor } = this
    const type = cursor.u8()
    if (type === STOP) return false
    this.type = this.#known(type)
    this.id = cursor.i16()
    return true
  }

  list(): void {
    const element = this.cursor.u8()
    this.#sized()
    this.element = this.size === 0 ? element : this.#known(element)
  }

  map(): void {
    const { cursor } = this
    const key = cursor.u8()
    const element = cursor.u8()
    this.#sized()
    this.key = this.size === 0 ? key : this.#known(key)
    this.element = this.size === 0 ? element : this.#known(element)
  }

  bool(): boolean {
    return this.cursor.u8() !== 0
  }

  i16(): number {
    return this.cursor.i16()
  }

  i32(): number {
    return this.cursor.i32()
  }

  i64(): string {
    const { cursor } = this
    cursor.want(8)
    const high = cursor.i32()
    const low = cursor.u32()
    if (high >= -EXACT && high < EXACT) return String(high * 2 ** 32 + low)
    return String((BigInt(high) << 32n) | BigInt(low))
  }

  double(): number {
    const { cursor } = this
    const { at } = cursor
    cursor.skip(8)
    return cursor.bytes.readDoubleBE(at)
  }

  length(): number {
    const length = this.cursor.i32()
    if (length < 0) throw this.cursor.malformed(`a text of ${length} bytes`)
    return length
  }

  skipInteger(type: number): void {
    this.cursor.skip(widths[type] as number)
  }

  width(type: number): number {
    return widths[type] as number
  }

  #known(type: number): number {
    if (!known.has(type)) throw this.cursor.malformed(`type ${type}`)
    return type
  }

  #sized(): void {
    this.size = this.cursor.i32()
    if (this.size < 0) throw this.cursor.malformed(`a collection of ${this.size}`)
  }
}
