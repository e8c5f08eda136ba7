import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import type { Segment } from '../protocol.js'
import { Chunks } from './chunks.js'
import type { Head, HeadParser } from './head.js'
import { Kept } from './kept.js'
import { Message } from './message.js'

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
// Bytes of a head. Servers stop at 8 to 64 KiB.
const MAX_HEAD = 256 * 1024

const LF = 0x0a
const CR = 0x0d

/** Cuts one direction of a connection into messages, and holds no byte of it but a head in several packets. */
export class Reader {
  /** Left alone: the bytes are not HTTP, or not any more. */
  passing = false
  readonly kind: 'request' | 'response'
  #message: Message | undefined
  #left = 0
  #head: Kept | undefined
  /** Of the head that is held: its packet time, and where its last line begins, so that no byte is looked at twice. */
  #start = 0
  #line = 0

  constructor(kind: 'request' | 'response') {
    this.kind = kind
  }

  /** The message that is being read: its head has been. */
  get message(): Message | undefined {
    return this.#message
  }

  /** A head has begun. */
  get inHead(): boolean {
    return this.#head !== undefined
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
    const held = this.#head
    if (held === undefined) return undefined
    const text = held.bytes.latin1Slice(0, held.length)
    this.#release()
    try {
      const head = parser.parse(`${text.slice(0, text.lastIndexOf('\n') + 1)}\n`)
      if (head === undefined) return undefined
      head.bytes = text.length
      if (head.text !== undefined) head.text = text
      return new Message(head, this.#start)
    } catch {
      return undefined
    }
  }

  // --- the head -------------------------------------------------------------------------------------------------------

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
    if (this.#head === undefined) {
      // Empty lines before a message are passed over (RFC 9112 §2.2).
      while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++
      if (at === end) return end
      const head = parser.parse(bytes.latin1Slice(at, Math.min(end, at + WINDOW)))
      if (head !== undefined) {
        this.#begin(head, time, listener)
        return at + head.bytes
      }
      this.#head = new Kept(memory, MAX_HEAD)
      this.#start = time
      this.#line = 0
    }
    return this.#readMore(this.#head, bytes, at, end, parser, listener)
  }

  /** A head in several packets: only its new bytes are searched for the empty line that ends it. */
  #readMore(
    held: Kept,
    bytes: Buffer,
    start: number,
    end: number,
    parser: HeadParser,
    listener: Listener,
  ): number {
    const before = held.length
    for (let at = start; at < end; at++) {
      if (bytes[at] !== LF) continue
      const length = before + at - start - this.#line
      const empty =
        length === 0 || (length === 1 && (at > start ? bytes[at - 1] : held.bytes[before - 1]) === CR)
      this.#line += length + 1
      if (!empty) continue
      held.append(bytes, start, at + 1)
      const text = held.bytes.latin1Slice(0, held.length)
      const tooLong = held.cut
      this.#release()
      const head = tooLong ? undefined : parser.parse(text)
      if (head === undefined) throw new Malformed('a head that is none', 0)
      this.#begin(head, this.#start, listener)
      return at + 1
    }
    held.append(bytes, start, end)
    if (held.cut) {
      this.#release()
      throw new Malformed(`a head of more than ${MAX_HEAD} bytes, or no memory left for it`, 0)
    }
    if (before === 0 && !promising(this.kind, held.bytes.latin1Slice(0, Math.min(held.length, 65)))) {
      this.#release()
      throw new Malformed(`no ${this.kind}`, 0)
    }
    return end
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

  #release(): void {
    this.#head?.release()
    this.#head = undefined
  }

  // --- the body -------------------------------------------------------------------------------------------------------

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

/** Whether these first bytes can go on to be a head: what is not HTTP is to be known at once. */
const promising = (kind: 'request' | 'response', text: string): boolean =>
  kind === 'request'
    ? /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}(?: |$)/.test(text)
    : 'HTTP/'.startsWith(text.slice(0, 5)) || text.startsWith('HTTP/')
