import { Encoding } from './encoding.js'
import { BOOL, DOUBLE, I8, I16, I32, I64, LIST, MAP, SET, STRING, STRUCT, UUID } from './types.js'

const PROTOCOL = 0x82
const VERSION = 1

/** Our types by the numbers of this protocol; 0: there is none. */
const types: readonly number[] = [
  0,
  BOOL, // a field that is true
  BOOL, // a field that is false
  I8,
  I16,
  I32,
  I64,
  DOUBLE,
  STRING,
  LIST,
  SET,
  MAP,
  STRUCT,
  UUID,
]

const TRUE = 1

/** A field's value that stands in its head. */
const UNSAID = 0
const SAID_TRUE = 1
const SAID_FALSE = 2

/** Numbers of varying width, seven bits a byte, the lowest first. Spec: thrift-compact-protocol.md. */
export class CompactEncoding extends Encoding {
  #said = UNSAID

  head(): void {
    const { cursor } = this
    if (cursor.u8() !== PROTOCOL) throw cursor.malformed('not the compact protocol')
    const second = cursor.u8()
    if ((second & 0x1f) !== VERSION) throw cursor.malformed(`version ${second & 0x1f}`)
    this.messageType = second >>> 5
    this.seqid = this.#unsigned() | 0
    this.name = this.nameOf(this.#unsigned())
    this.#said = UNSAID
  }

  field(last: number): boolean {
    const { cursor } = this
    const head = cursor.u8()
    if (head === 0) return false
    const type = head & 0x0f
    const delta = head >>> 4
    this.type = this.#known(type)
    this.id = delta === 0 ? this.i16() : last + delta
    if (this.type === BOOL) this.#said = type === TRUE ? SAID_TRUE : SAID_FALSE
    return true
  }

  list(): void {
    const head = this.cursor.u8()
    const size = head >>> 4
    this.size = size === 15 ? this.#unsigned() : size
    this.element = this.size === 0 ? 0 : this.#known(head & 0x0f)
  }

  map(): void {
    this.size = this.#unsigned()
    const both = this.size === 0 ? 0 : this.cursor.u8()
    this.key = this.size === 0 ? 0 : this.#known(both >>> 4)
    this.element = this.size === 0 ? 0 : this.#known(both & 0x0f)
  }

  bool(): boolean {
    const said = this.#said
    this.#said = UNSAID
    return said === UNSAID ? this.cursor.u8() === TRUE : said === SAID_TRUE
  }

  i16(): number {
    return this.i32()
  }

  i32(): number {
    const value = this.#unsigned()
    return (value >>> 1) ^ -(value & 1)
  }

  i64(): string {
    const { cursor } = this
    let value = 0
    let factor = 1
    // As long as a double is exact.
    for (let count = 0; count < 7; count++) {
      const byte = cursor.u8()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return String(value % 2 === 0 ? value / 2 : -(value + 1) / 2)
      factor *= 128
    }
    let large = BigInt(value)
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = cursor.u8()
      large |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return String(BigInt.asIntN(64, (large >> 1n) ^ -(large & 1n)))
    }
    throw cursor.malformed('a number of more than 64 bits')
  }

  double(): number {
    return this.cursor.f64le()
  }

  length(): number {
    return this.#unsigned()
  }

  skipInteger(): void {
    const { cursor } = this
    for (let count = 0; count < 10; count++) if (cursor.u8() < 0x80) return
    throw cursor.malformed('a number of more than 64 bits')
  }

  width(type: number): number {
    return type === BOOL || type === I8 ? 1 : type === DOUBLE ? 8 : type === UUID ? 16 : 0
  }

  /** 32 bits. */
  #unsigned(): number {
    const { cursor } = this
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = cursor.u8()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw cursor.malformed('a number of more than 32 bits')
  }

  #known(type: number): number {
    const known = types[type] ?? 0
    if (known === 0) throw this.cursor.malformed(`type ${type}`)
    return known
  }
}
