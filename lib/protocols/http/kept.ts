import type { Memory } from '../../wire/memory.js'

/** Bytes of a message that are kept until it is complete: a head in several packets, or a body that is wanted. */
export class Kept {
  bytes: Buffer = NOTHING
  length = 0
  /** There was more than `limit`, or than the memory that all conversations share. */
  cut = false
  readonly #memory: Memory
  readonly #limit: number

  constructor(memory: Memory, limit: number) {
    this.#memory = memory
    this.#limit = limit
  }

  append(bytes: Buffer, start: number, end: number): void {
    let length = end - start
    if (this.length + length > this.#limit) {
      length = this.#limit - this.length
      this.cut = true
    }
    if (length <= 0 || !this.#room(this.length + length)) return
    bytes.copy(this.bytes, this.length, start, start + length)
    this.length += length
  }

  /** Gives the memory back. */
  release(): void {
    this.#memory.give(this.bytes.length)
    this.bytes = NOTHING
    this.length = 0
  }

  #room(length: number): boolean {
    if (length <= this.bytes.length) return true
    const capacity = Math.min(Math.max(length, 2 * this.bytes.length, 256), this.#limit)
    if (!this.#memory.take(capacity - this.bytes.length)) {
      this.cut = true
      return false
    }
    const grown = Buffer.allocUnsafeSlow(capacity)
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
    return true
  }
}

const NOTHING = Buffer.alloc(0)
