import type { Memory } from '../../wire/memory.js'
import type { Arguments } from './arguments.js'

/** Deliveries one after the other that differ in their number alone. */
interface Run {
  /** Delivery tag of the first; the next run begins where it ends. */
  first: number
  exchange: string | undefined
  routingKey: string | undefined
  queue: string | undefined
  consumerTag: string | undefined
  held: number
}

// A work queue has one run; of a topic exchange each message may be another, and few wait for their acknowledgement.
const LIMIT = 256

/** Where the messages of one channel came from, so that what became of them can be told by more than a number. */
export class Deliveries {
  readonly #memory: Memory
  readonly #runs: Run[] = []
  /** The last tag that was seen. */
  #last = 0

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** `queue`: undefined where it is not known. */
  add(tag: number, { exchange, routingKey, consumerTag }: Arguments, queue: string | undefined): void {
    // Tags are counted up from 1; one that was there before is of another count.
    if (tag <= this.#last) this.forget()
    // Those between are not acknowledged, or were not captured.
    else if (tag > this.#last + 1) this.#begin(this.#last + 1, undefined, undefined, undefined, undefined)
    this.#last = tag
    const run = this.#runs[this.#runs.length - 1]
    if (
      run === undefined ||
      run.routingKey !== routingKey ||
      run.exchange !== exchange ||
      run.consumerTag !== consumerTag ||
      run.queue !== queue
    )
      this.#begin(tag, exchange, routingKey, queue, consumerTag)
  }

  #begin(
    first: number,
    exchange: string | undefined,
    routingKey: string | undefined,
    queue: string | undefined,
    consumerTag: string | undefined,
  ): void {
    const length = [exchange, routingKey, queue, consumerTag].reduce(
      (sum, text) => sum + (text?.length ?? 0),
      0,
    )
    const held = 100 + 2 * length
    if (!this.#memory.take(held)) {
      this.forget()
      return
    }
    this.#runs.push({ first, exchange, routingKey, queue, consumerTag, held })
    if (this.#runs.length > LIMIT) this.#memory.give((this.#runs.shift() as Run).held)
  }

  /** Completes what a client says of a delivery with where that came from. */
  describe(notice: Arguments): void {
    const { deliveryTag: tag = 0 } = notice
    if (tag > this.#last) return
    let [low, high] = [0, this.#runs.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#runs[middle] as Run).first <= tag) low = middle + 1
      else high = middle
    }
    const run = this.#runs[low - 1]
    if (run?.exchange === undefined) return
    notice.exchange = run.exchange
    notice.routingKey = run.routingKey
    notice.queue = run.queue
    notice.consumerTag = run.consumerTag
  }

  forget(): void {
    for (const { held } of this.#runs) this.#memory.give(held)
    this.#runs.length = 0
  }
}
