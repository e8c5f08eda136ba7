import { isUserError } from '../errors.js'
import { type Leftover, type Output, OutputEnded } from '../outputs/output.js'
import type { PipelineCounters } from './counters.js'
import type { FillingBatch } from './filling-batch.js'
import { Pause } from './pause.js'

/** How often and how soon a batch is sent again. */
export interface Retries {
  /** Tries after the first, for each batch; then what is left of it is given up and counted. */
  max: number
  /** Milliseconds before the first of them; doubled each time. */
  init: number
  /** Milliseconds at most. */
  longest: number
}

// Without end, for an output that is down for an hour must not cost an event as long as the queue has room.
const ENDLESS: Retries = { max: Number.POSITIVE_INFINITY, init: 1e3, longest: 60e3 }
// At the end of a run nobody waits for an output that takes nothing.
const LAST: Retries = { max: 3, init: 250, longest: 1e3 }

export interface DeliveryOptions {
  output: Output
  counters: PipelineCounters
  retries?: Partial<Retries>
  warn(message: string): void
}

/** Brings batches to an output, at least once. */
export class Delivery {
  readonly #output: Output
  readonly #counters: PipelineCounters
  readonly #warn: (message: string) => void
  readonly #abort = new AbortController()
  readonly #pause = new Pause()
  #retries: Retries

  constructor({ output, counters, retries, warn }: DeliveryOptions) {
    this.#output = output
    this.#counters = counters
    this.#retries = { ...ENDLESS, ...retries }
    this.#warn = warn
  }

  /** The run ends: a try that waits is made now, and an output that keeps failing is given up soon. */
  hurry(): void {
    const { max, init } = this.#retries
    this.#retries = { ...LAST, max: Math.min(max, LAST.max), init: Math.min(init, LAST.init) }
    this.#pause.cut()
  }

  /** Gives up what is under way. */
  abort(): void {
    this.#abort.abort()
    this.#pause.cut()
  }

  /** For an output with `sendNow`. False: something of the batch is left, to be sent another way. */
  now(batch: FillingBatch): boolean {
    return this.#settle(batch, (this.#output.sendNow as (batch: FillingBatch) => Leftover)(batch))
  }

  /**
   * Sends a batch until nothing of it is left (true), or nothing is left to hope for: what is then in it is lost. Rejects
   * when the output has ended.
   */
  async send(batch: FillingBatch): Promise<boolean> {
    const { signal } = this.#abort
    let retries = this.#retries
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        if (this.#settle(batch, await this.#output.send(batch, signal))) return true
      } catch (error) {
        if (endsOutput(error)) throw error
        if (signal.aborted) break
        this.#counters.failures++
        this.#warn(`the output took nothing of ${batch.count} events: ${told(error)}`)
      }
      // After `hurry` the count begins anew.
      if (retries !== this.#retries) attempt = 1
      retries = this.#retries
      const { max, init, longest } = retries
      if (attempt > max) break
      // Half of it by chance, so that many agents do not come back at the same moment.
      await this.#pause.wait(Math.min(init * 2 ** (attempt - 1), longest) * (0.5 + Math.random() / 2))
      if (!signal.aborted) this.#counters.retried += batch.count
    }
    return false
  }

  /** True: nothing is left of the batch. */
  #settle(batch: FillingBatch, { retry, rejected }: Leftover): boolean {
    this.#counters.batches++
    this.#counters.acked += batch.count - retry.length - rejected.length
    this.#counters.rejected += rejected.length
    const first = rejected[0]
    if (first !== undefined)
      this.#warn(
        `the output refused ${rejected.length} events for good; of the first it says: ${first.reason}`,
      )
    batch.keep(retry)
    return batch.count === 0
  }
}

/** An error that another try would not mend. */
export const endsOutput = (error: unknown): boolean => isUserError(error) || error instanceof OutputEnded

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error))
