import type { Cursor } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import { Messages } from '../../wire/messages.js'
import type { Segment } from '../protocol.js'
import type { Item } from './message.js'

const CR = 0x0d
const LF = 0x0a

/**
 * Cuts what one side says into messages. A value is never held: its bytes are passed over as they come, but for the
 * first ones that somebody wants.
 */
export class Reader<M extends Item> {
  readonly #messages: Messages<M | undefined>
  readonly #head: (cursor: Cursor) => M
  readonly #heard: (message: M, time: number, bytes: number) => void
  readonly #memory: Memory
  readonly #strict: boolean
  /** The message whose value has not come as a whole. */
  #current: M | undefined
  #time = 0
  #bytes = 0
  /** Bytes of its value, and of what ends it, still to come. */
  #left = 0
  /** How much is wanted of it, what has come of that, and where it is kept. */
  #wanted = 0
  #length = 0
  #kept = NOTHING

  /**
   * `head` reads a message up to its value. `heard` takes it when the value has come too. `strict`: a value that does not
   * end where it should is malformed; else it is for the other side to complain.
   */
  constructor(
    head: (cursor: Cursor) => M,
    memory: Memory,
    heard: (message: M, time: number, bytes: number) => void,
    strict: boolean,
  ) {
    this.#messages = new Messages(this.#parse, memory)
    this.#head = head
    this.#heard = heard
    this.#memory = memory
    this.#strict = strict
  }

  /** @throws {Malformed} */
  feed(segment: Segment): void {
    this.#messages.feed(segment, this.#take)
  }

  /** Whether that many bytes that were lost are all of a value; the message then says so. */
  lose(bytes: number): boolean {
    const current = this.#current
    if (current === undefined || bytes > this.#left) return false
    current.lost += bytes
    this.#left -= bytes
    this.#wanted = this.#length
    if (this.#left === 0) this.#done(current)
    return true
  }

  /** The rest of a value that has begun is lost. */
  loseRest(): void {
    this.lose(this.#left)
  }

  /** Forgets what has begun. False: nothing has. */
  discard(): boolean {
    const began = this.#messages.discard() || this.#current !== undefined
    this.#memory.give(this.#kept.length)
    this.#kept = NOTHING
    this.#current = undefined
    this.#left = 0
    return began
  }

  readonly #parse = (cursor: Cursor): M | undefined => {
    if (this.#current !== undefined) {
      this.#pass(cursor, this.#current)
      return undefined
    }
    const message = this.#head(cursor)
    this.#length = 0
    if (message.follows + message.ends > 0) {
      this.#left = message.follows + message.ends
      this.#wanted = Math.min(message.keep, message.follows)
      this.#pass(cursor, message)
    }
    return message
  }

  readonly #take = (message: M | undefined, time: number, bytes: number): void => {
    const current = message ?? (this.#current as M)
    if (message === undefined) this.#bytes += bytes
    else {
      this.#time = time
      this.#bytes = bytes
    }
    if (this.#left > 0) this.#current = current
    else this.#done(current)
  }

  #done(message: M): void {
    this.#current = undefined
    const held = this.#kept.length
    if (message.keep > 0) {
      message.kept = this.#kept.subarray(0, this.#length)
      this.#kept = NOTHING
    }
    this.#heard(message, this.#time, this.#bytes)
    // Whoever wants more than a look at the value has made its own of it.
    message.kept = undefined
    this.#memory.give(held)
  }

  /** Reads on in a value, as far as it has come. */
  #pass(cursor: Cursor, message: M): void {
    const { bytes, at } = cursor
    const left = this.#left
    const here = Math.min(left, cursor.left)
    if (this.#length < this.#wanted) this.#keep(bytes, at, here)
    if (message.ends > 0 && this.#strict && left - here < 2) {
      const noEnd =
        (left >= 2 && bytes[at + left - 2] !== CR) || (left === here && bytes[at + left - 1] !== LF)
      if (noEnd) throw cursor.malformed('a value without its end')
    }
    cursor.skip(here)
    this.#left = left - here
  }

  #keep(bytes: Buffer, at: number, here: number): void {
    const length = Math.min(this.#length + here, this.#wanted)
    if (length > this.#kept.length) {
      // Not on the mere word of a peer: as much again as has come, so that a byte is copied a few times at most.
      const capacity = Math.min(this.#wanted, Math.max(length, 2 * this.#length))
      if (!this.#memory.take(capacity - this.#kept.length)) {
        this.#wanted = this.#length
        return
      }
      const grown = Buffer.allocUnsafeSlow(capacity)
      this.#kept.copy(grown, 0, 0, this.#length)
      this.#kept = grown
    }
    bytes.copy(this.#kept, this.#length, at, at + length - this.#length)
    this.#length = length
  }
}

const NOTHING = Buffer.alloc(0)
