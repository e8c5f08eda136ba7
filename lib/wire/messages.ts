import type { Segment } from '../protocols/protocol.js'
import { Cursor, Incomplete, Malformed } from './cursor.js'
import type { Memory } from './memory.js'

/** Reads one message; throws `Incomplete` when it goes on past the bytes at hand, `Malformed` when it is none. */
export type Parse<Message> = (cursor: Cursor) => Message

/** Takes a message: the time of its first byte (see `Segment.time`) and its length in bytes. */
export type Take<Message> = (message: Message, time: number, bytes: number) => void

// One cursor serves all: parsing is synchronous and never nested.
const cursor = new Cursor()

/** A message that began in an earlier segment. */
interface Held {
  bytes: Buffer
  length: number
  /** Bytes wanted before another try. */
  need: number
  /** Time of the first byte. */
  time: number
  /** `Cursor.progress` of the last try. */
  progress: unknown
}

/**
 * Cuts one direction of a TCP stream into messages. Parses in place; copies only what goes on past a segment, into a
 * buffer that doubles at least, and tries again when all that is known to be missing has come (`Incomplete.need`).
 * So the time a byte takes is bounded, however TCP cuts the stream.
 */
export class Messages<Message> {
  #held: Held | undefined
  readonly #parse: Parse<Message>
  readonly #memory: Memory
  readonly #limit: number

  /** `limit`: bytes one message may have; upstream's bound for one direction of a stream. */
  constructor(parse: Parse<Message>, memory: Memory, limit = 10 * 1024 * 1024) {
    this.#parse = parse
    this.#memory = memory
    this.#limit = limit
  }

  /** @throws {Malformed} from the parser, or when a message outgrows `limit` or the memory that all share. */
  feed(segment: Segment, take: Take<Message>): void {
    const held = this.#held
    if (held === undefined) {
      this.#read(segment.bytes, segment.start, segment.end, segment.time, segment.time, undefined, take)
      return
    }
    this.#append(held, segment.bytes, segment.start, segment.end)
    if (held.length < held.need) return
    this.#held = undefined
    this.#memory.give(held.bytes.length)
    this.#read(held.bytes, 0, held.length, held.time, segment.time, held, take)
  }

  /** Forgets a message that has begun. True when there was one. */
  discard(): boolean {
    if (this.#held === undefined) return false
    this.#memory.give(this.#held.bytes.length)
    this.#held = undefined
    return true
  }

  /** `first`: time of the first message here; `later`: of those after it. `tried`: what the first one was held in. */
  #read(
    bytes: Buffer,
    start: number,
    end: number,
    first: number,
    later: number,
    tried: Held | undefined,
    take: Take<Message>,
  ): void {
    let time = first
    let progress = tried?.progress
    for (let at = start; at < end; ) {
      cursor.reset(bytes, at, end)
      cursor.progress = progress
      let message: Message
      try {
        message = this.#parse(cursor)
      } catch (error) {
        if (error !== Incomplete.signal) throw error
        this.#hold(bytes, at, end, time, tried)
        return
      }
      const { used } = cursor
      // The same bytes would be read for ever.
      if (!(used > 0)) throw new Malformed('a message of no bytes', 0)
      at += used
      take(message, time, used)
      time = later
      progress = undefined
    }
  }

  #hold(bytes: Buffer, at: number, end: number, time: number, tried: Held | undefined): void {
    const { need } = Incomplete.signal
    if (need > this.#limit) throw new Malformed(`a message of ${need} bytes or more`, 0)
    if (tried !== undefined && at === 0) {
      // The same message again: it stays where it is.
      if (!this.#memory.take(tried.bytes.length)) throw noMemory(tried.length)
      tried.need = need
      tried.progress = cursor.progress
      this.#held = tried
      return
    }
    const held: Held = { bytes: NOTHING, length: 0, need, time, progress: cursor.progress }
    this.#append(held, bytes, at, end)
    this.#held = held
  }

  #append(held: Held, bytes: Buffer, start: number, end: number): void {
    const length = held.length + end - start
    if (length > held.bytes.length) {
      // What is known to be needed at once, but not on the mere word of a peer: much more only as more has come.
      const wanted = Math.min(held.need, this.#limit, Math.max(GENEROUS, 4 * length))
      const capacity = Math.max(length, wanted, 2 * held.bytes.length)
      if (!this.#memory.take(capacity - held.bytes.length)) {
        this.discard()
        throw noMemory(held.length)
      }
      const grown = Buffer.allocUnsafeSlow(capacity)
      held.bytes.copy(grown, 0, 0, held.length)
      held.bytes = grown
    }
    bytes.copy(held.bytes, held.length, start, end)
    held.length = length
  }
}

// Bytes set aside for a message that has hardly begun: what most are at most.
const GENEROUS = 65_536

const NOTHING = Buffer.alloc(0)

const noMemory = (held: number): Malformed => new Malformed('no memory left to hold a message', held)
