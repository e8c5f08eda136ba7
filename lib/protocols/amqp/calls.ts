import { InOrder } from '../../transactions/in-order.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import type { Method } from './methods.js'
import type { Pending } from './pending.js'

// A client waits for the answer to its call, or it sends a handful at once to set up a channel.
const LIMIT = 1024

/** Calls of one side on one channel: they are answered in their order. */
export class Calls {
  readonly #waiting: InOrder<Pending>
  readonly #memory: Memory
  /** Answers still to come to calls that were evicted; they come before all others. */
  #owed = 0

  constructor(room: WaitingRoom<Pending>, memory: Memory) {
    this.#waiting = new InOrder(room, { bytes: 0, messages: LIMIT }, ({ held }) => held)
    this.#memory = memory
  }

  /** Lets a call wait. Returns the oldest when there are too many. @throws {Malformed} when there is no memory. */
  push(call: Pending): Pending | undefined {
    if (!this.#memory.take(call.weigh(call.sourceBytes))) throw new Malformed('no memory left for a call', 0)
    const evicted = this.#waiting.push(call)
    if (evicted === undefined) return undefined
    this.#owed++
    this.#memory.give(evicted.held)
    return evicted
  }

  /** The first call of that method, which is answered. Those before it never will be: `skipped` is told. */
  take(method: Method, skipped: (call: Pending) => void): Pending | undefined {
    if (this.#owed > 0) {
      this.#owed--
      return undefined
    }
    let place = 0
    while (place < this.#waiting.length && this.#waiting.at(place)?.method !== method) place++
    if (place === this.#waiting.length) return undefined
    for (; place > 0; place--) skipped(this.#shift() as Pending)
    return this.#shift()
  }

  /** All that wait, the oldest first; none waits afterwards. */
  *drain(): Generator<Pending> {
    this.#owed = 0
    for (let call = this.#shift(); call !== undefined; call = this.#shift()) yield call
  }

  #shift(): Pending | undefined {
    const call = this.#waiting.shift()
    if (call !== undefined) this.#memory.give(call.held)
    return call
  }
}
