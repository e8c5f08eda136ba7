import { crc32 } from 'node:zlib'
import { readAt } from './files.js'
import { FRAME_HEADER, type FrameHead, MARK, readHead } from './frame.js'

// Large enough that small batches cost few reads, small enough to be of no weight.
const WINDOW = 256 * 1024

/** What stands in a segment file from `offset` to `end`. */
export type Found =
  | { kind: 'batch'; offset: number; end: number; count: number; text: Buffer }
  /** Not readable. `count`: events of a batch whose header is whole; 0 where nobody knows. */
  | { kind: 'damage'; offset: number; end: number; count: number }

/** Goes through a segment file, batch by batch. What is damaged is passed over up to the next mark that is right. */
export class SegmentReader {
  offset: number
  readonly #fd: number
  readonly #window = Buffer.allocUnsafe(WINDOW)
  #start = 0
  #filled = 0

  constructor(fd: number, offset: number) {
    this.#fd = fd
    this.offset = offset
  }

  /**
   * The next one before `end`; undefined: there is none. `skim`: the text of a batch is left empty and not checked.
   * @throws {Error} of the system, when it cannot read.
   */
  async next(end: number, skim = false): Promise<Found | undefined> {
    const { offset } = this
    if (offset >= end) return undefined
    const head = await this.#head(offset, end)
    if (head === undefined) {
      this.offset = await this.#search(offset + 1, end)
      return { kind: 'damage', offset, end: this.offset, count: 0 }
    }
    const from = offset + FRAME_HEADER
    const text = skim ? MARK.subarray(0, 0) : await this.#text(from, head.length, end)
    this.offset = from + head.length
    const place = { offset, end: this.offset, count: head.count }
    if (!skim && (text.length < head.length || crc32(text) !== head.crc)) return { kind: 'damage', ...place }
    return { kind: 'batch', ...place, text }
  }

  async #head(offset: number, end: number): Promise<FrameHead | undefined> {
    if (end - offset < FRAME_HEADER || !(await this.#holds(offset, FRAME_HEADER, end))) return undefined
    const head = readHead(this.#window, offset - this.#start)
    return head !== undefined && head.length <= end - offset - FRAME_HEADER ? head : undefined
  }

  async #text(from: number, length: number, end: number): Promise<Buffer> {
    if (length <= WINDOW && (await this.#holds(from, length, end))) {
      const at = from - this.#start
      return Buffer.from(this.#window.subarray(at, at + length))
    }
    const text = Buffer.allocUnsafeSlow(length)
    return text.subarray(0, await readAt(this.#fd, text, from))
  }

  /** Where the next batch begins that has a whole header; `end` without one. */
  async #search(from: number, end: number): Promise<number> {
    let at = from
    while (end - at >= FRAME_HEADER && (await this.#holds(at, FRAME_HEADER, end))) {
      const index = this.#window.subarray(0, this.#filled).indexOf(MARK, at - this.#start)
      // A mark may begin in the last bytes of the window.
      at = index < 0 ? this.#start + this.#filled - (MARK.length - 1) : this.#start + index
      if (index < 0) continue
      if ((await this.#head(at, end)) !== undefined) return at
      at++
    }
    return end
  }

  /** True: the window holds that many bytes from there on. What is behind `end` may be half written: it is not read. */
  async #holds(offset: number, length: number, end: number): Promise<boolean> {
    if (offset >= this.#start && offset + length <= this.#start + this.#filled) return true
    this.#start = offset
    this.#filled = 0
    const window = this.#window.subarray(0, Math.min(WINDOW, end - offset))
    this.#filled = await readAt(this.#fd, window, offset)
    return length <= this.#filled
  }
}
