import type { Chunks } from './chunks.js'
import type { Head } from './head.js'
import type { Kept } from './kept.js'

/** A request or a response, as far as it has been read. */
export class Message {
  readonly head: Head
  /** Packet time of its first byte. */
  readonly start: number
  /** Bytes on the wire so far: head, body, and the framing of chunks. */
  bytes: number
  /** Bytes of the body so far, without the framing of chunks. */
  bodyBytes = 0
  /** The body, when it is wanted and not decoded yet. */
  kept: Kept | undefined = undefined
  chunks: Chunks | undefined = undefined
  /** All of it was read, or all there will be. */
  complete = false
  /** The event shows the body. */
  shown = false
  /** The decoded body, when the event shows it. */
  content: string | undefined = undefined
  /** The decoded body of a form, a character a byte. */
  form: string | undefined = undefined
  /** Bytes that the event shows as the body's, when they are not those that the head announces. */
  contentBytes: number | undefined = undefined
  /** What went wrong with it, for `error.message`. */
  notes: string[] | undefined = undefined

  constructor(head: Head, start: number) {
    this.head = head
    this.start = start
    this.bytes = head.bytes
  }

  note(text: string): void {
    if (this.notes === undefined) this.notes = [text]
    else if (!this.notes.includes(text)) this.notes.push(text)
  }

  /** What the head announces; else what was counted. */
  get contentLength(): number {
    const { contentLength } = this.head
    return this.chunks === undefined && contentLength !== undefined && contentLength >= 0
      ? contentLength
      : this.bodyBytes
  }
}
