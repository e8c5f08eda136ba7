import { type Output, OutputEnded } from '../outputs/output.js'
import { PipelineCounters } from './counters.js'
import { Delivery } from './deliver.js'
import type { FillingBatch } from './filling-batch.js'
import { batchEvents, maxDelay, type PipelineOptions, retries } from './options.js'
import { Queue } from './queue.js'
import type { Sink } from './sink.js'

// Captures pause when that share of the queue is taken, and go on when that little is left.
const HIGH = 0.75
const LOW = 0.4

/** The way of events from the captures to the output: queue, delivery and the counters of both. */
export class Pipeline {
  readonly #output: Output
  readonly #wants: 'text' | 'document'
  readonly #queue: Queue
  readonly #delivery: Delivery
  readonly #counters = new PipelineCounters()
  readonly #ended: PipelineOptions['ended']
  /** Milliseconds that an event waits for a fuller batch. */
  readonly #maxDelay: number
  #timed = false
  #flushTimer: NodeJS.Timeout | undefined
  // The filling batch has waited long enough. It goes on growing while the output is busy with another: an area for each
  // few events would cost more memory than the events.
  #due = false
  #sending: Promise<void> | undefined
  #drained: { promise: Promise<void>; resolve: () => void } | undefined
  #end: { failure: Error | undefined } | undefined
  #closing = false

  constructor(options: PipelineOptions) {
    const { output, wants, queue, log, ended } = options
    this.#output = output
    this.#wants = wants
    this.#ended = ended
    this.#maxDelay = maxDelay(options)
    this.#queue = new Queue(wants, queue.events, batchEvents(options))
    const warn = (message: string) => log.warn(message)
    this.#delivery = new Delivery({ output, counters: this.#counters, retries: retries(options), warn })
  }

  /**
   * An entrance for one capture. `wait`: every event is taken, and the capture is to pause while there is `pressure`;
   * `drop`: events that find the queue full are dropped and counted.
   */
  sink(full: 'wait' | 'drop'): Sink {
    const drops = full === 'drop'
    return {
      wants: this.#wants,
      text: (json, head) => {
        if (!this.#admits(drops)) return false
        return this.#queue.text(json, head) || (this.#makeRoom() && this.#queue.text(json, head))
          ? this.#admitted()
          : false
      },
      document: (document) => {
        if (!this.#admits(drops)) return false
        this.#queue.document(document)
        return this.#admitted()
      },
    }
  }

  /** True: the queue is nearly full; a capture that can wait should, until `drained`. */
  pressure(): boolean {
    return this.#queue.load >= HIGH && this.#end === undefined
  }

  /** Resolves when there is room again, or nothing to wait for. */
  drained(): Promise<void> {
    if (this.#queue.load <= LOW || this.#end !== undefined) return Promise.resolve()
    // Whoever waits for room does not wait for a fuller batch.
    this.flush()
    if (this.#drained === undefined) {
      let resolve = (): void => undefined
      const promise = new Promise<void>((done) => (resolve = done))
      this.#drained = { promise, resolve }
      this.#tellDrained()
    }
    return this.#drained?.promise ?? Promise.resolve()
  }

  /** Hands over what has come so far; while the output is busy, as soon as it is not. */
  flush(): void {
    if (this.#queue.first !== undefined) this.#due = true
    else if (this.#queue.filling.count > 0) this.#moveOn()
  }

  /** By full name; `pipeline.queue.events` is what is in the queue now. */
  counters(): Record<string, number> {
    const { batches, failures, ...events } = this.#counters
    const counts = Object.entries(events).map(([name, count]) => [`pipeline.events.${name}`, count])
    return {
      ...Object.fromEntries(counts),
      'pipeline.queue.events': this.#queue.events,
      'output.batches': batches,
      'output.failures': failures,
    }
  }

  /**
   * Ends the pipeline: everything taken is written and acknowledged before it resolves, or counted as abandoned.
   * `longest`: milliseconds that this may take; 0: as long as the output makes progress.
   * Rejects with what ended the output, if that was a failure.
   */
  async close(longest = 0): Promise<void> {
    this.#closing = true
    this.flush()
    this.#delivery.hurry()
    const timer = longest > 0 ? setTimeout(() => this.#delivery.abort(), longest) : undefined
    while (this.#sending !== undefined) await this.#sending
    clearTimeout(timer)
    // It would keep all that belongs to the run for as long as it waits.
    clearTimeout(this.#flushTimer)
    this.#end ??= { failure: undefined }
    await this.#output.close()
    if (this.#end.failure !== undefined) throw this.#end.failure
  }

  #admits(drops: boolean): boolean {
    if (this.#end === undefined && !(drops && this.#queue.load >= 1)) return true
    this.#counters.dropped++
    return false
  }

  /** False: the output has just ended. */
  #makeRoom(): boolean {
    this.#moveOn()
    if (this.#end === undefined) return true
    this.#counters.dropped++
    return false
  }

  #admitted(): true {
    this.#counters.published++
    if (this.#queue.filled) this.#moveOn()
    else if (this.#queue.filling.count === 1 && !this.#timed) this.#timeFlush()
    return true
  }

  // One timer for many batches: it may come early for the batch it finds, never late.
  #timeFlush(): void {
    this.#timed = true
    const flush = () => {
      this.#timed = false
      this.flush()
    }
    if (this.#maxDelay >= 1) this.#flushTimer = setTimeout(flush, this.#maxDelay).unref()
    else setImmediate(flush)
  }

  /** The filling batch is on its way: at once where the output can, else in its turn. */
  #moveOn(): void {
    const batch = this.#queue.filling
    if (this.#output.sendNow !== undefined && this.#queue.first === undefined) {
      try {
        if (this.#delivery.now(batch)) {
          batch.clear()
          return
        }
      } catch (error) {
        this.#stop(error)
        return
      }
    }
    this.#queue.moveOn()
    this.#sending ??= this.#send()
  }

  async #send(): Promise<void> {
    // The sink that began this is still in the middle of a capture's batch.
    await undefined
    for (
      let batch = this.#queue.first;
      batch !== undefined && this.#end === undefined;
      batch = this.#queue.first
    ) {
      const { count } = batch
      try {
        if (!(await this.#delivery.send(batch))) this.#abandon(batch)
      } catch (error) {
        this.#stop(error)
        break
      }
      this.#queue.remove(count)
      if (this.#due && this.#queue.first === undefined) {
        this.#due = false
        if (this.#queue.filling.count > 0) this.#queue.moveOn()
      }
      this.#tellDrained()
    }
    this.#sending = undefined
  }

  #abandon(batch: FillingBatch): void {
    this.#counters.abandoned += batch.count
    // An output that failed a whole batch at the end of the run will not take the others either.
    if (this.#closing) this.#delivery.abort()
  }

  #tellDrained(): void {
    if (this.#queue.load > LOW && this.#end === undefined) return
    this.#drained?.resolve()
    this.#drained = undefined
  }

  #stop(reason: unknown): void {
    if (this.#end !== undefined) return
    const failure = reason instanceof OutputEnded ? undefined : (reason as Error)
    this.#end = { failure }
    this.#counters.abandoned += this.#queue.events
    this.#queue.clear()
    this.#tellDrained()
    this.#ended(failure)
  }
}
