import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import { Kept } from './kept.js'
import { CR } from './lines.js'

// Servers stop at 8 to 64 KiB.
const MAX_HEAD = 256 * 1024
// What tells whether the bytes can be a head at all: a method and the space after it.
const TELLING = 65
const LF = 0x0a

/** A head that goes on past its segment. Only its new bytes are searched for the empty line that ends it. */
export class PartialHead {
  /** Packet time of its first byte. */
  readonly start: number
  readonly #kind: 'request' | 'response'
  readonly #kept: Kept
  /** Where its last line begins. */
  #line = 0
  complete = false

  constructor(kind: 'request' | 'response', start: number, memory: Memory) {
    this.#kind = kind
    this.start = start
    this.#kept = new Kept(memory, MAX_HEAD)
  }

  /** Takes bytes up to the head's end; answers where it stopped. @throws {Malformed} */
  take(bytes: Buffer, start: number, end: number): number {
    const before = this.#kept.length
    const stop = this.#search(bytes, start, end)
    this.#kept.append(bytes, start, stop)
    if (this.#kept.cut) throw this.#refused(`a head of more than ${MAX_HEAD} bytes, or no memory left for it`)
    if (before < TELLING && !promising(this.#kind, this.text(TELLING)))
      throw this.#refused(`no ${this.#kind}`)
    return stop
  }

  /** What there is of it, at most that many bytes. */
  text(limit = MAX_HEAD): string {
    const { bytes, length } = this.#kept
    return bytes.latin1Slice(0, Math.min(length, limit))
  }

  release(): void {
    this.#kept.release()
  }

  #search(bytes: Buffer, start: number, end: number): number {
    const { bytes: kept, length: before } = this.#kept
    for (let at = start; at < end; at++) {
      if (bytes[at] !== LF) continue
      const length = before + at - start - this.#line
      const last = at > start ? bytes[at - 1] : kept[before - 1]
      this.#line += length + 1
      if (length > 1 || (length === 1 && last !== CR)) continue
      this.complete = true
      return at + 1
    }
    return end
  }

  #refused(why: string): Malformed {
    this.release()
    return new Malformed(why, 0)
  }
}

const promising = (kind: 'request' | 'response', text: string): boolean =>
  kind === 'request'
    ? /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}(?: |$)/.test(text)
    : 'HTTP/'.startsWith(text.slice(0, 5))
