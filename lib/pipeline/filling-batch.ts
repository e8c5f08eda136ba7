import type { Document } from '../events/writer.js'
import '../wire/buffer.js'
import type { EventBatch } from './batch.js'

// One write of this size costs a file output little more than the copy; larger ones only cost memory.
const AREA = 1024 * 1024
const LINE_END = 10
const NO_HEAD = Buffer.alloc(0)
// What one UTF-16 unit may become in UTF-8.
const WIDEST = 3

/** A batch that takes events until its area is full. Reused, so that events leave no garbage behind but their text. */
export class FillingBatch implements EventBatch {
  count = 0
  length = 0
  bytes: Buffer
  ends: number[] = []
  documents: Document[] = []
  readonly #area: number

  /** `area`: bytes of text it holds; 0 for one that is given documents. */
  constructor(area = AREA) {
    this.#area = area
    this.bytes = Buffer.allocUnsafeSlow(area)
  }

  /** Appends `head`, an event's text and a line end. False: no room, nothing was appended. */
  text(json: string, head: Buffer = NO_HEAD): boolean {
    const { length: headBytes } = head
    if (headBytes + json.length * WIDEST >= this.bytes.length - this.length && !this.#fits(json, headBytes))
      return false
    head.copy(this.bytes, this.length)
    const at = this.length + headBytes
    const end = at + this.bytes.utf8Write(json, at)
    this.bytes[end] = LINE_END
    this.length = end + 1
    this.ends[this.count++] = this.length
    return true
  }

  document(document: Document): void {
    this.documents[this.count++] = document
  }

  /** Only the events of these indexes stay, in their order. */
  keep(indexes: readonly number[]): void {
    let length = 0
    indexes.forEach((from, to) => {
      if (this.documents.length > 0) this.documents[to] = this.documents[from] as Document
      else {
        const start = from === 0 ? 0 : (this.ends[from - 1] as number)
        const end = this.ends[from] as number
        this.bytes.copyWithin(length, start, end)
        length += end - start
        this.ends[to] = length
      }
    })
    this.count = indexes.length
    this.length = length
    if (this.documents.length > 0) this.documents.length = this.count
  }

  /** Empty again, and no larger than at first. */
  clear(): void {
    this.count = 0
    this.length = 0
    this.documents.length = 0
    if (this.bytes.length > this.#area) this.bytes = Buffer.allocUnsafeSlow(this.#area)
  }

  /** The exact answer; an event that is larger than any area gets one of its own while it is alone. */
  #fits(json: string, headBytes: number): boolean {
    const bytes = headBytes + Buffer.byteLength(json) + 1
    if (bytes <= this.bytes.length - this.length) return true
    if (this.count > 0) return false
    this.bytes = Buffer.allocUnsafeSlow(bytes)
    return true
  }
}
