import { Fifo } from '../../transactions/fifo.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import type { Pending } from './pending.js'

// More than publishers let wait on one channel: RabbitMQ's tutorial waits after each hundred.
const LIMIT = 16_384

/**
 * Messages that were published on a channel and wait for their confirm. Both sides number them alike, from 1 on since
 * confirm.select. Spec: RabbitMQ, "Consumer Acknowledgements and Publisher Confirms".
 */
export class Confirms {
  readonly #room: WaitingRoom<Pending>
  readonly #memory: Memory
  /** In the order of their numbers; those that were confirmed before their elders keep their place. */
  readonly #waiting = new Fifo<Pending>()
  /** The number of the first one. */
  #first = 1
  /** False: the numbers of what is published now are not known. */
  #counting = true

  constructor(room: WaitingRoom<Pending>, memory: Memory) {
    this.#room = room
    this.#memory = memory
  }

  /** Whether a message that is published now can wait. */
  get counting(): boolean {
    return this.#counting
  }

  /** Messages may have been missed: those that wait keep their numbers, those to come have none. */
  stopCounting(): void {
    this.#counting = false
  }

  /**
   * Lets a message wait, whose method and header had that many bytes. Returns the oldest when there are too many.
   * @throws {Malformed} when there is no memory
   */
  push(message: Pending, bytes: number): Pending | undefined {
    if (!this.#memory.take(message.weigh(bytes))) throw new Malformed('no memory left for a message', 0)
    this.#waiting.push(message)
    this.#room.enter(message)
    if (this.#waiting.length <= LIMIT) return undefined
    const oldest = this.#shift()
    this.#trim()
    return oldest
  }

  /** Tells `settled` each message that a confirm is about. Answers how many there are. */
  settle(tag: number, multiple: boolean, settled: (message: Pending) => void): number {
    if (!multiple) {
      const message = this.#waiting.at(tag - this.#first)
      if (tag < this.#first || message === undefined || message.settled) return 0
      message.settled = true
      this.#room.leave(message)
      this.#trim()
      settled(message)
      return 1
    }
    let count = 0
    // 0: all that wait.
    while (this.#waiting.length > 0 && (tag === 0 || this.#first <= tag)) {
      const message = this.#shift() as Pending
      if (message.settled) continue
      count++
      settled(message)
    }
    this.#trim()
    return count
  }

  /** All that wait, the oldest first; none waits afterwards. */
  *drain(): Generator<Pending> {
    for (let message = this.#shift(); message !== undefined; message = this.#shift())
      if (!message.settled) yield message
  }

  #trim(): void {
    while (this.#waiting.peek()?.settled) this.#shift()
  }

  #shift(): Pending | undefined {
    const message = this.#waiting.shift()
    if (message === undefined) return undefined
    this.#first++
    this.#memory.give(message.held)
    this.#room.leave(message)
    return message
  }
}
