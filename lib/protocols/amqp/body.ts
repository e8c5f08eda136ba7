import { isUtf8 } from 'node:buffer'
import type { Memory } from '../../wire/memory.js'
import type { Properties } from './properties.js'

const MORE = ' [...]'

/** The begin of a message's body, as much of it as is shown. */
export class Body {
  readonly #memory: Memory
  readonly #limit: number
  readonly #pieces: Buffer[] = []
  #length = 0

  /** `limit`: bytes. */
  constructor(memory: Memory, limit: number) {
    this.#memory = memory
    this.#limit = limit
  }

  /** Copies what is wanted of the bytes that have come. False: there is no memory for them. */
  add(bytes: Buffer, start: number, end: number): boolean {
    const length = Math.min(end - start, this.#limit - this.#length)
    if (length <= 0) return true
    if (!this.#memory.take(length)) return false
    this.#length += length
    this.#pieces.push(Buffer.from(bytes.subarray(start, start + length)))
    return true
  }

  /** Forgets it. */
  discard(): void {
    this.#memory.give(this.#length)
    this.#length = 0
    this.#pieces.length = 0
  }

  /** What has come, of `size` bytes. */
  text(size: number, properties: Properties | undefined): string {
    const [first, second] = this.#pieces
    const kept = second === undefined ? (first ?? NOTHING) : Buffer.concat(this.#pieces)
    const cut = size > this.#limit
    return readable(kept, cut, properties) + (cut ? MORE : '')
  }
}

const NOTHING = Buffer.alloc(0)

/** A text as it is, and anything else as upstream shows it: its bytes in decimal. */
function readable(bytes: Buffer, cut: boolean, properties: Properties | undefined): string {
  const { contentType = '', contentEncoding = '' } = properties ?? {}
  const end = cut ? wholeCharacters(bytes) : bytes.length
  // An encoding may be one such as gzip, or `utf-8`, as Celery has it: the bytes tell.
  const isText =
    looksLikeText(bytes.subarray(0, end)) || (contentEncoding === '' && /text|json/i.test(contentType))
  return isText ? bytes.utf8Slice(0, end) : bytes.join(' ')
}

// Tab, line feed and carriage return are found in texts, other control characters are not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const BINARY = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

const looksLikeText = (bytes: Buffer): boolean =>
  isUtf8(bytes) && !BINARY.test(bytes.latin1Slice(0, bytes.length))

/** Where the last whole character ends, if these are UTF-8: the limit may have cut one (RFC 3629 §3). */
function wholeCharacters(bytes: Buffer): number {
  const { length } = bytes
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const needs = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return needs > back ? length - back : length
  }
  return length
}
