import type { Memory } from '../../wire/memory.js'
import { Messages } from '../../wire/messages.js'
import type { Direction, Segment } from '../protocol.js'
import { type Handshake, handshake, MAX_MESSAGE, ssl2Hello } from './parser.js'
import * as records from './records.js'

/** What a side's records tell its conversation. */
export interface Listener {
  readonly done: boolean
  /** A record began. True: its content is wanted. */
  record(side: Side, type: number, length: number): boolean
  /** Content of a handshake begins. False: it is not one, or not its begin; nothing is read any more. */
  begins(side: Side, type: number, byte: number): boolean
  message(side: Side, message: Handshake): void
  alert(side: Side, level: number, code: number): void
}

// One serves all: a piece of a record's content, as if it were a segment.
const piece: Segment = { time: 0, direction: 0, bytes: Buffer.alloc(0), start: 0, end: 0, cut: 0 }

/** What one side sends: records, and in them handshake messages and alerts, each cut anywhere. */
export class Side implements records.Sink {
  readonly direction: Direction
  /** Bytes of the records of the handshake. */
  bytes = 0
  /** It sent ChangeCipherSpec. */
  changed = false
  readonly #listener: Listener
  readonly #records = new records.Records()
  readonly #messages: Messages<Handshake>
  #ssl2: Messages<Handshake> | undefined
  readonly #memory: Memory
  /** The first byte of an alert whose second is still to come. */
  #level: number | undefined

  constructor(direction: Direction, listener: Listener, memory: Memory) {
    this.direction = direction
    this.#listener = listener
    this.#memory = memory
    this.#messages = new Messages(handshake, memory, MAX_MESSAGE + 4)
  }

  get done(): boolean {
    return this.#listener.done
  }

  /** @throws {Malformed} */
  feed({ bytes, start, end }: Segment): void {
    this.#records.feed(bytes, start, end, this)
  }

  /** True when what was lost is of no interest. */
  gap(bytes: number): boolean {
    return this.#records.gap(bytes)
  }

  /** Gives back what is held of an unfinished message. */
  discard(): void {
    this.#messages.discard()
    this.#ssl2?.discard()
  }

  record(type: number, length: number): boolean {
    return this.#listener.record(this, type, length)
  }

  content(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === records.ALERT) {
      this.#alerts(bytes, start, end)
      return
    }
    if (!this.#listener.begins(this, type, bytes[start] as number)) return
    piece.bytes = bytes
    piece.start = start
    piece.end = end
    if (type === records.SSL2_HELLO) {
      this.#ssl2 ??= new Messages(ssl2Hello, this.#memory, MAX_MESSAGE)
      this.#ssl2.feed(piece, this.#take)
    } else this.#messages.feed(piece, this.#take)
  }

  readonly #take = (message: Handshake): void => {
    if (!this.done) this.#listener.message(this, message)
  }

  #alerts(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end && !this.done; at++) {
      const level = this.#level
      this.#level = level === undefined ? bytes[at] : undefined
      if (level !== undefined) this.#listener.alert(this, level, bytes[at] as number)
    }
  }
}
