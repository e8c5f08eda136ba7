import { Malformed } from '../../wire/cursor.js'

const SIZE = 0
const EXTENSION = 1
const DATA = 2
const AFTER_DATA = 3
const TRAILER = 4
const DONE = 5

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09

// Past these it is no longer the framing of a body but an attack on who reads it; servers stop at much less.
const MAX_EXTENSION = 16 * 1024
const MAX_TRAILERS = 64 * 1024
const MAX_DIGITS = 12

/**
 * Follows the chunks of a body byte by byte, holding none. Extensions and trailers are passed over. RFC 9112 §7.1; lines
 * may end with LF alone.
 */
export class Chunks {
  /** Bytes of data still to come in this chunk. */
  left = 0
  #state = SIZE
  #digits = 0
  /** Bytes of the extension, or of all trailers. */
  #passed = 0
  #lineIsEmpty = true

  get done(): boolean {
    return this.#state === DONE
  }

  /** The next bytes are data, `left` of them. */
  get inData(): boolean {
    return this.#state === DATA
  }

  /** That many bytes of data were read, or lost. */
  took(bytes: number): void {
    this.left -= bytes
    if (this.left === 0) this.#state = AFTER_DATA
  }

  /** Reads framing up to the next data, the end of the body, or `end`; answers where it stopped. @throws {Malformed} */
  frame(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && this.#state !== DATA && this.#state !== DONE) {
      const byte = bytes[at++] as number
      switch (this.#state) {
        case SIZE:
          this.#size(byte)
          break
        case EXTENSION:
          if (++this.#passed > MAX_EXTENSION) throw new Malformed('a chunk extension without end', 0)
          if (byte === LF) this.#sized()
          break
        case AFTER_DATA:
          if (byte === LF) this.#state = SIZE
          else if (byte !== CR) throw new Malformed('a chunk longer than its size', 0)
          break
        case TRAILER:
          this.#trailer(byte)
          break
      }
    }
    return at
  }

  #size(byte: number): void {
    const letter = byte | 0x20
    const digit =
      byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
    if (digit >= 0) {
      if (++this.#digits > MAX_DIGITS) throw new Malformed('a chunk size of too many digits', 0)
      this.left = this.left * 16 + digit
    } else if (this.#digits === 0) {
      throw new Malformed('a chunk size that is no number', 0)
    } else if (byte === LF) {
      this.#sized()
    } else if (byte === CR || byte === SPACE || byte === TAB || byte === 0x3b /* ; */) {
      this.#passed = 0
      this.#state = EXTENSION
    } else throw new Malformed('a chunk size that is no number', 0)
  }

  #sized(): void {
    this.#digits = 0
    this.#passed = 0
    this.#lineIsEmpty = true
    this.#state = this.left === 0 ? TRAILER : DATA
  }

  #trailer(byte: number): void {
    if (++this.#passed > MAX_TRAILERS) throw new Malformed('trailers without end', 0)
    if (byte !== LF) {
      if (byte !== CR) this.#lineIsEmpty = false
    } else if (this.#lineIsEmpty) this.#state = DONE
    else this.#lineIsEmpty = true
  }
}
