import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import type { Segment } from '../protocol.js'
import { Chunks } from './chunks.js'
import type { Head, HeadParser } from './head.js'
import { CR } from './lines.js'
import { Message } from './message.js'
import { PartialHead } from './partial-head.js'

/** How long a body is: a number of bytes, or one of these. */
export const CHUNKED = -1
export const UNTIL_CLOSE = Number.POSITIVE_INFINITY

/** Whom a reader tells what it found. */
export interface Listener {
  /** A head was read. Answers how long the body is; gives the message a `kept` when the body is wanted. */
  begun(message: Message, reader: Reader): number
  /** The message is complete. */
  ended(message: Message, reader: Reader): void
  /** Bytes of another protocol, after an upgrade or in a tunnel. */
  passed(bytes: number): void
}

// What is tried at first for a head, so that a large segment of a body is not copied; enough for nearly all heads.
const WINDOW = 4096

const LF = 0x0a

/** Cuts one direction of a connection into messages, and holds no byte of it but a head in several packets. */
export class Reader {
  /** Left alone: the bytes are not HTTP, or not any more. */
  passing = false
  readonly kind: 'request' | 'response'
  #message: Message | undefined
  #left = 0
  #head: PartialHead | undefined

  constructor(kind: 'request' | 'response') {
    this.kind = kind
  }

  /** The message that is being read: its head has been. */
  get message(): Message | undefined {
    return this.#message
  }

  /** Between two messages. */
  get idle(): boolean {
    return this.#message === undefined && this.#head === undefined && !this.passing
  }

  /** The body goes on until the connection is closed. */
  get untilClose(): boolean {
    return this.#message !== undefined && this.#left === UNTIL_CLOSE
  }

  /** @throws {Malformed} */
  feed(segment: Segment, parser: HeadParser, memory: Memory, listener: Listener): void {
    const { bytes, end, time } = segment
    for (let at = segment.start; at < end; ) {
      if (this.passing) {
        listener.passed(end - at)
        return
      }
      const message = this.#message
      if (message === undefined) at = this.#readHead(bytes, at, end, time, parser, memory, listener)
      else if (message.chunks !== undefined)
        at = this.#readChunks(message, message.chunks, bytes, at, end, listener)
      else at = this.#readBody(message, bytes, at, end, listener)
    }
  }

  /** `bytes` are missing. False: it cannot be told where the next message begins. */
  skip(bytes: number, listener: Listener): boolean {
    const message = this.#message
    if (this.passing) return true
    if (message === undefined) return false
    const { chunks } = message
    if (chunks !== undefined) {
      if (!chunks.inData || bytes > chunks.left) return false
      chunks.took(bytes)
      return true
    }
    const inside = bytes <= this.#left
    this.#left = Math.max(0, this.#left - bytes)
    if (this.#left === 0) this.finish(listener)
    return inside
  }

  /** Takes the message for complete as it is. */
  finish(listener: Listener): void {
    const message = this.#message
    if (message === undefined) return
    this.#message = undefined
    this.#left = 0
    message.complete = true
    listener.ended(message, this)
  }

  /** Forgets a head that has begun; answers what it says so far, when at least its first line is there. */
  abandon(parser: HeadParser): Message | undefined {
    const partial = this.#head
    if (partial === undefined) return undefined
    const text = partial.text()
    partial.release()
    this.#head = undefined
    try {
      const head = parser.parse(`${text.slice(0, text.lastIndexOf('\n') + 1)}\n`)
      if (head === undefined) return undefined
      head.bytes = text.length
      if (head.text !== undefined) head.text = text
      return new Message(head, partial.start)
    } catch {
      return undefined
    }
  }

  #readHead(
    bytes: Buffer,
    start: number,
    end: number,
    time: number,
    parser: HeadParser,
    memory: Memory,
    listener: Listener,
  ): number {
    let at = start
    let partial = this.#head
    if (partial === undefined) {
      // Empty lines before a message are passed over (RFC 9112 §2.2).
      while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++
      if (at === end) return end
      const head = parser.parse(bytes.latin1Slice(at, Math.min(end, at + WINDOW)))
      if (head !== undefined) {
        this.#begin(head, time, listener)
        return at + head.bytes
      }
      partial = this.#head = new PartialHead(this.kind, time, memory)
    }
    at = partial.take(bytes, at, end)
    if (!partial.complete) return at
    const text = partial.text()
    partial.release()
    this.#head = undefined
    const head = parser.parse(text)
    if (head === undefined) throw new Malformed('a head without an end', text.length)
    this.#begin(head, partial.start, listener)
    return at
  }

  #begin(head: Head, time: number, listener: Listener): void {
    const message = new Message(head, time)
    this.#message = message
    const length = listener.begun(message, this)
    if (length === CHUNKED) message.chunks = new Chunks()
    else {
      this.#left = length
      if (length === 0) this.finish(listener)
    }
  }

  #readBody(message: Message, bytes: Buffer, at: number, end: number, listener: Listener): number {
    const length = Math.min(this.#left, end - at)
    message.bytes += length
    message.bodyBytes += length
    message.kept?.append(bytes, at, at + length)
    this.#left -= length
    if (this.#left === 0) this.finish(listener)
    return at + length
  }

  #readChunks(
    message: Message,
    chunks: Chunks,
    bytes: Buffer,
    start: number,
    end: number,
    listener: Listener,
  ): number {
    let at = start
    try {
      while (at < end && !chunks.done) {
        if (chunks.inData) {
          const length = Math.min(chunks.left, end - at)
          message.bodyBytes += length
          message.kept?.append(bytes, at, at + length)
          chunks.took(length)
          at += length
        } else at = chunks.frame(bytes, at, end)
      }
    } finally {
      message.bytes += at - start
    }
    if (chunks.done) this.finish(listener)
    return at
  }
}
