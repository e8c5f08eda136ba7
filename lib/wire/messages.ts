import type { Segment } from '../protocols/protocol.js'
import { Cursor, Incomplete, Malformed } from './cursor.js'
import type { Memory } from './memory.js'

/** Reads one message; throws `Incomplete` when it goes on past the bytes at hand, `Malformed` when it is none. */
export type Parse<Message> = (cursor: Cursor) => Message

/** Takes a message: the time of its first byte (see `Segment.time`) and its length in bytes. */
export type Take<Message> = (message: Message, time: number, bytes: number) => void

// One cursor serves all: parsing is synchronous and never nested.
const cursor = new Cursor()

/** What one direction keeps between segments; made when a message first goes on past its segment. */
interface Held {
  parts: Buffer[]
  bytes: number
  /** Bytes wanted before another try. */
  need: number
  /** Time of the first byte. */
  time: number
}

/**
 * Cuts one direction of a TCP stream into messages. Parses in place; copies only what goes on past a segment, and
 * joins it once when all is there (`Incomplete.need`), so that a value in a thousand segments is read once.
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
      this.#read(segment.bytes, segment.start, segment.end, segment.time, segment.time, take)
      return
    }
    this.#hold(held, segment)
    if (held.bytes < held.need) return
    const bytes = held.parts.length === 1 ? (held.parts[0] as Buffer) : Buffer.concat(held.parts, held.bytes)
    this.discard()
    this.#read(bytes, 0, bytes.length, held.time, segment.time, take)
  }

  /** Forgets a message that has begun. True when there was one. */
  discard(): boolean {
    if (this.#held === undefined) return false
    this.#memory.give(this.#held.bytes)
    this.#held = undefined
    return true
  }

  /** `first`: time of the first message here; `later`: of those after it. */
  #read(bytes: Buffer, start: number, end: number, first: number, later: number, take: Take<Message>): void {
    let at = start
    let time = first
    while (at < end) {
      cursor.reset(bytes, at, end)
      let message: Message
      try {
        message = this.#parse(cursor)
      } catch (error) {
        if (error !== Incomplete.signal) throw error
        const { need } = Incomplete.signal
        if (need > this.#limit) throw new Malformed(`a message of ${need} bytes or more`, 0)
        this.#hold((this.#held = { parts: [], bytes: 0, need, time }), { bytes, start: at, end })
        return
      }
      const { used } = cursor
      at += used
      take(message, time, used)
      time = later
    }
  }

  #hold(held: Held, { bytes, start, end }: Pick<Segment, 'bytes' | 'start' | 'end'>): void {
    if (!this.#memory.take(end - start)) throw new Malformed('no memory left to hold a message', held.bytes)
    const copy = Buffer.allocUnsafeSlow(end - start)
    bytes.copy(copy, 0, start, end)
    held.parts.push(copy)
    held.bytes += copy.length
  }
}
