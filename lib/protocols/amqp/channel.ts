import { Statements } from '../../transactions/statements.js'
import type { Direction } from '../protocol.js'
import type { Arguments } from './arguments.js'
import type { Body } from './body.js'
import { Calls } from './calls.js'
import type { Confirms } from './confirms.js'
import { Deliveries } from './deliveries.js'
import type { Pending } from './pending.js'
import type { Shared } from './shared.js'

/** A message of which more is to come. */
export interface Content {
  pending: Pending
  /** Bytes of the body; undefined: its header is still to come. */
  size: number | undefined
  /** Bytes of the body to come. */
  left: number
  /** undefined: nobody asks for it. */
  body: Body | undefined
  /** Bytes of its header frame. */
  headed: number
  /** A part of the body was not captured. */
  lost: boolean
}

interface Consumer {
  queue: string
  /** Nothing is acknowledged. */
  noAck: boolean
  held: number
}

// Consumers of one channel whose queue is known; most channels have one.
const CONSUMERS = 1024

/** What is under way on one channel; channel 0 is the connection. */
export class Channel {
  readonly #shared: Shared
  /** By the direction of who asks. */
  readonly #calls: [Calls | undefined, Calls | undefined] = [undefined, undefined]
  /** By direction. */
  readonly contents: [Content | undefined, Content | undefined] = [undefined, undefined]
  confirms: Confirms | undefined
  /** What a method means that names no queue: the one declared last. */
  queue: string | undefined
  #consumers: Statements<string, Consumer> | undefined
  #deliveries: Deliveries | undefined

  constructor(shared: Shared) {
    this.#shared = shared
  }

  /** Calls of one side. */
  calls(direction: Direction): Calls {
    const { room, context } = this.#shared
    const calls = this.#calls[direction] ?? new Calls(room, context.memory)
    this.#calls[direction] = calls
    return calls
  }

  /** All calls of one side, which wait no longer. */
  waiting(direction: Direction): Iterable<Pending> {
    return this.#calls[direction]?.drain() ?? []
  }

  /** All messages that were not confirmed, which wait no longer. */
  unconfirmed(): Iterable<Pending> {
    return this.confirms?.drain() ?? []
  }

  consume(tag: string, queue: string, noAck: boolean): void {
    const { remembered, context } = this.#shared
    this.#consumers ??= new Statements(remembered, () => context.count('forgotten_consumers'), CONSUMERS)
    this.#consumers.set(tag, { queue, noAck, held: 100 + 2 * (tag.length + queue.length) })
  }

  cancel(tag: string): void {
    this.#consumers?.delete(tag)
  }

  /** A message is delivered; its queue is completed, if that is known. */
  delivered(given: Arguments): void {
    const consumer = this.#consumers?.get(given.consumerTag as string)
    given.queue = consumer?.queue
    if (consumer?.noAck !== true) this.got(given, given.queue)
  }

  /** A message has come that is to be acknowledged. */
  got(given: Arguments, queue: string | undefined): void {
    this.#deliveries ??= new Deliveries(this.#shared.remembered)
    this.#deliveries.add(given.deliveryTag as number, given, queue)
  }

  /** A client says what became of a message: it is completed with where that came from. */
  describe(notice: Arguments): void {
    this.#deliveries?.describe(notice)
  }

  /** Gives back what it remembers; what waits has been taken before. */
  forget(): void {
    this.#consumers?.clear()
    this.#deliveries?.forget()
  }
}
