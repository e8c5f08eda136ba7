import type { Cursor } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import { Messages } from '../../wire/messages.js'
import type { Segment } from '../protocol.js'
import { Frames, HEADER, isFrame, type Reader } from './frame.js'
import { type Framing, framingOf, type Payload, readSegment, TELLING } from './segment.js'

/** Takes a message: the time of its first byte. */
export type Took<Message> = (message: Message, time: number) => void

// What tells a segment from a frame, and either from neither.
const ENOUGH = Math.max(HEADER, TELLING)

// A TLS record with a hello in it: RFC 8446 §4 and §5.1.
const isTls = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0x16 &&
  bytes[at + 1] === 0x03 &&
  (bytes[at + 3] as number) <= 0x40 &&
  (bytes[at + 5] === 1 || bytes[at + 5] === 2)

const SEGMENT = Symbol('a segment was read')
const NOTHING = Buffer.alloc(0)

/**
 * What one side says: frames, or since version 5 segments with frames in them once the connection is set up. Which of
 * them, the bytes tell: a segment's header has a CRC. So a capture may begin anywhere, and go on after a gap.
 */
export class Side<Message extends { unread: string | undefined }> {
  /** undefined: not known yet. */
  framing: 'frames' | Framing | 'tls' | undefined
  /** Something has come, too little to tell the framing. */
  #begun = false
  /** Where in the stream its next byte belongs is not known: a frame or segment at the begin of what comes will tell. */
  #lost = false
  /** The same of the frames in its segments, of which the first that is seen may hold the midst of one. */
  #lostWithin = true
  /** Bytes that were passed over in segments. */
  #passed = 0
  readonly #fromServer: boolean
  readonly #memory: Memory
  readonly #took: Took<Message>
  readonly #frames: Frames<Message>
  readonly #messages: Messages<Message | typeof SEGMENT | undefined>
  #within: Messages<Message | undefined> | undefined
  readonly #payload: Payload = { bytes: NOTHING, start: 0, end: 0 }

  constructor(fromServer: boolean, memory: Memory, reader: Reader<Message>, took: Took<Message>) {
    this.#fromServer = fromServer
    this.#memory = memory
    this.#took = took
    this.#frames = new Frames(fromServer, reader)
    this.#messages = new Messages(this.#parse, memory)
  }

  /**
   * `known`: the conversation is known to be one, so that bytes which cannot be understood are the midst of a frame
   * whose begin was not captured. Answers the bytes that were passed over for that.
   */
  feed(segment: Segment, known: boolean): number {
    if (this.#lost || (known && this.framing === undefined && !this.#begun)) {
      const { bytes, start, end } = segment
      const enough = end - start >= ENOUGH
      if (enough ? !this.#begins(bytes, start) : this.#lost) {
        this.#lost = true
        this.#lostWithin = true
        return end - start
      }
      this.#lost = false
    }
    this.#messages.feed(segment, this.#take)
    this.#begun = this.framing === undefined
    const passed = this.#passed
    this.#passed = 0
    return passed
  }

  /** Bytes of it are missing. True when none of them would have been read. */
  gap(bytes: number): boolean {
    const begun = this.discard()
    if (!begun && this.framing === 'frames' && this.#frames.rest >= bytes) {
      this.#frames.rest -= bytes
      return true
    }
    this.#frames.rest = 0
    this.framing = undefined
    this.#lost = true
    this.#lostWithin = true
    return false
  }

  /** Forgets what has begun. True when there was something. */
  discard(): boolean {
    this.#begun = false
    const outer = this.#messages.discard()
    return this.#within?.discard() || outer
  }

  #begins(bytes: Buffer, at: number): boolean {
    return framingOf(bytes, at) !== undefined || isFrame(bytes, at, this.#fromServer)
  }

  readonly #parse = (cursor: Cursor): Message | typeof SEGMENT | undefined => {
    this.framing ??= this.#decide(cursor)
    if (this.framing === 'frames') return this.#frames.parse(cursor)
    if (this.framing === 'tls') {
      cursor.skip(cursor.left)
      return undefined
    }
    readSegment(cursor, this.framing, this.#payload)
    return SEGMENT
  }

  #decide(cursor: Cursor): 'frames' | Framing | 'tls' {
    cursor.want(ENOUGH)
    const { bytes, at } = cursor
    const framing = framingOf(bytes, at)
    if (framing !== undefined) return framing
    if (isFrame(bytes, at, this.#fromServer)) return 'frames'
    if (isTls(bytes, at)) return 'tls'
    throw cursor.malformed('neither a frame nor a segment')
  }

  readonly #take = (message: Message | typeof SEGMENT | undefined, time: number): void => {
    if (message === SEGMENT) this.#unpack(time)
    else if (message !== undefined) this.#took(message, time)
  }

  #unpack(time: number): void {
    const { bytes, start, end } = this.#payload
    this.#payload.bytes = NOTHING
    if (this.#lostWithin) {
      if (end - start < HEADER || !isFrame(bytes, start, this.#fromServer)) {
        this.#passed += end - start
        return
      }
      this.#lostWithin = false
    }
    this.#within ??= new Messages(this.#frames.parse, this.#memory)
    const segment = { time, direction: this.#fromServer ? 1 : 0, bytes, start, end, cut: 0 } as const
    this.#within.feed(segment, this.#inner)
  }

  readonly #inner = (message: Message | undefined, time: number): void => {
    if (message !== undefined) this.#took(message, time)
  }
}
