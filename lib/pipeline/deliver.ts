import { isUserError } from '../errors.js'
import { type Lane, type Leftover, NoAnswer, type Output, OutputEnded } from '../outputs/output.js'
import { lineOf } from './batch.js'
import type { PipelineCounters } from './counters.js'
import type { FillingBatch } from './filling-batch.js'
import { Pause } from './pause.js'
import type { Queue } from './queue.js'

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
// At the end of a run nobody waits long for an output that takes nothing: some ten seconds, in which a server can restart.
const LAST: Retries = { max: 6, init: 250, longest: 5e3 }

export interface DeliveryOptions {
  output: Output
  queue: Pick<Queue, 'giveBack' | 'remove' | 'durable'>
  counters: PipelineCounters
  retries?: Partial<Retries>
  /** The batch to deliver next. */
  next(): FillingBatch | undefined
  /** A batch has left the queue. */
  settled(): void
  /** The output has ended; nothing is sent any more. */
  ended(reason: unknown): void
  warn(message: string): void
  rejected?: ((event: string, reason: string) => void) | undefined
}

/** A lane and how it fares. */
interface Road {
  lane: Lane
  /** Failures in a row. */
  failures: number
  /** By `performance.now()`: no batch before. */
  until: number
}

/** One batch at a time over a lane; as many of them as the lane may have batches under way. */
interface Carrier {
  road: Road
  pause: Pause
  busy: boolean
}

/** Brings batches to an output over its lanes, at least once. A batch that one lane could not deliver is any lane's. */
export class Delivery {
  readonly #options: DeliveryOptions
  readonly #roads: readonly Road[]
  readonly #carriers: readonly Carrier[]
  readonly #abort = new AbortController()
  readonly #tries = new Map<FillingBatch, { epoch: number; count: number }>()
  #retries: Retries
  /** Goes on with `hurry`, when the tries of every batch are counted anew. */
  #epoch = 0
  /** The road that is used, where only one is. */
  #chosen = 0
  #closing = false
  #idle: (() => void) | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#retries = { ...ENDLESS, ...options.retries }
    const { lanes, window = 1, balanced = true } = options.output
    this.#roads = lanes.map((lane) => ({ lane, failures: 0, until: 0 }))
    this.#carriers = this.#roads.flatMap((road) =>
      Array.from({ length: window }, () => ({ road, pause: new Pause(), busy: false })),
    )
    // By chance, so that many agents do not all use the first of their hosts.
    if (!balanced) this.#chosen = Math.floor(Math.random() * lanes.length)
  }

  /** True: no carrier is free to take a batch. */
  get busy(): boolean {
    return this.#carriers.every((carrier) => carrier.busy || !this.#used(carrier))
  }

  /** There may be a batch to take. */
  wake(): void {
    for (const carrier of this.#carriers) if (!carrier.busy && this.#used(carrier)) void this.#carry(carrier)
  }

  /** The run ends: what waits is sent now, and an output that keeps failing is given up soon. */
  hurry(): void {
    const { max, init, longest } = this.#retries
    this.#retries = {
      max: Math.min(max, LAST.max),
      init: Math.min(init, LAST.init),
      longest: Math.min(longest, LAST.longest),
    }
    this.#closing = true
    this.#epoch++
    for (const road of this.#roads) Object.assign(road, { failures: 0, until: 0 })
    for (const { pause } of this.#carriers) pause.cut()
    this.wake()
  }

  /** Gives up what is under way. */
  abort(): void {
    this.#abort.abort()
    for (const { pause } of this.#carriers) pause.cut()
  }

  /** Aborted: nothing is sent any more. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#carriers.some(({ busy }) => busy))
      await new Promise<void>((resolve) => (this.#idle = resolve))
  }

  /** For an output with `sendNow`. False: something of the batch is left, to be sent another way. */
  now(batch: FillingBatch): boolean {
    return this.#settle(batch, this.#options.output.sendNow?.(batch) as Leftover)
  }

  #used({ road }: Carrier): boolean {
    return this.#options.output.balanced !== false || road === this.#roads[this.#chosen]
  }

  async #carry(carrier: Carrier): Promise<void> {
    carrier.busy = true
    // The sink that began this is still in the middle of a capture's batch.
    await undefined
    const { road, pause } = carrier
    while (!this.#abort.signal.aborted && this.#used(carrier)) {
      const wait = road.until - performance.now()
      if (wait > 0) {
        await pause.wait(wait)
        continue
      }
      const batch = this.#options.next()
      if (batch === undefined) break
      if (!(await this.#deliver(batch, road))) break
    }
    carrier.busy = false
    this.#idle?.()
    // Another road may have become the one that is used while this carrier was on its way.
    if (!this.#abort.signal.aborted && !this.#used(carrier)) this.wake()
  }

  /** One try. False: the output has ended. */
  async #deliver(batch: FillingBatch, road: Road): Promise<boolean> {
    const { counters, queue, warn, settled } = this.#options
    let progress = false
    let hopeless = false
    try {
      const { count } = batch
      const done = this.#settle(batch, await road.lane.send(batch, this.#abort.signal))
      progress = batch.count < count
      if (done) {
        Object.assign(road, { failures: 0, until: 0 })
        this.#leave(batch)
        return true
      }
    } catch (error) {
      if (endsOutput(error)) {
        queue.giveBack(batch)
        this.#options.ended(error)
        this.abort()
        return false
      }
      if (this.#abort.signal.aborted) {
        queue.giveBack(batch)
        return false
      }
      counters.failures++
      const to = this.#roads.length > 1 ? ` at ${road.lane.name}` : ''
      warn(`the output${to} took nothing of ${batch.count} events: ${told(error)}`)
      // At the end nobody waits for that again.
      hopeless = this.#closing && error instanceof NoAnswer
    }
    if (this.#count(batch, road) <= this.#retries.max && !hopeless) {
      counters.retried += batch.count
      queue.giveBack(batch)
      this.#slow(road, progress)
      this.wake()
    } else if (this.#closing && queue.durable) {
      // The next run has more time for it.
      queue.giveBack(batch)
      this.abort()
    } else {
      counters.abandoned += batch.count
      this.#leave(batch)
      // An output that failed a whole batch at the end of the run will not take the others either.
      if (this.#closing) this.abort()
    }
    settled()
    return true
  }

  /** The tries of a batch so far; without those over a road that fails while another does not: they say nothing of it. */
  #count(batch: FillingBatch, road: Road): number {
    const tries = this.#tries.get(batch)
    const before = tries?.epoch === this.#epoch ? tries.count : 0
    const blameless = road.failures > 0 && this.#roads.some(({ failures }) => failures === 0)
    const count = blameless ? before : before + 1
    this.#tries.set(batch, { epoch: this.#epoch, count })
    return count
  }

  /** A road that failed is left alone for a while. Where one is used at a time, the next one is tried at once. */
  #slow(road: Road, progress: boolean): void {
    const { init, longest } = this.#retries
    if (progress) road.failures = 0
    // Half of it by chance, so that many agents do not come back at the same moment.
    const pause = Math.min(init * 2 ** Math.min(road.failures++, 30), longest) * (0.5 + Math.random() / 2)
    road.until = performance.now() + pause
    if (!progress && road === this.#roads[this.#chosen])
      this.#chosen = (this.#chosen + 1) % this.#roads.length
  }

  #leave(batch: FillingBatch): void {
    this.#tries.delete(batch)
    this.#options.queue.remove(batch)
    this.#options.settled()
  }

  /** True: nothing is left of the batch. */
  #settle(batch: FillingBatch, { retry, rejected }: Leftover): boolean {
    const { counters, warn } = this.#options
    counters.batches++
    counters.acked += batch.count - retry.length - rejected.length
    counters.rejected += rejected.length
    const first = rejected[0]
    if (first !== undefined)
      warn(`the output refused ${rejected.length} events for good; of the first it says: ${first.reason}`)
    for (const { index, reason } of rejected) this.#options.rejected?.(textOf(batch, index), reason)
    batch.keep(retry)
    return batch.count === 0
  }
}

const textOf = (batch: FillingBatch, index: number): string =>
  batch.documents.length > 0
    ? JSON.stringify(batch.documents[index])
    : lineOf(batch, index).toString().trimEnd()

/** An error that another try would not mend. */
export const endsOutput = (error: unknown): boolean => isUserError(error) || error instanceof OutputEnded

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error))
