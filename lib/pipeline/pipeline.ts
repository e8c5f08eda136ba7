import { type Output, OutputEnded } from '../outputs/output.js'
import { PipelineCounters } from './counters.js'
import { Delivery } from './deliver.js'
import type { FillingBatch } from './filling-batch.js'
import { MemoryQueue } from './memory-queue.js'
import { batchEvents, maxDelay, type PipelineOptions, retries } from './options.js'
import type { Queue } from './queue.js'
import type { Sink } from './sink.js'

// Captures pause when that share of the queue is taken, and go on when that little is left.
const HIGH = 0.75
const LOW = 0.4

/** The way of events from the captures to the output: queue, delivery and the counters of both. */
export class Pipeline {
  readonly #output: Output
  readonly #queue: Queue
  readonly #delivery: Delivery
  readonly #counters = new PipelineCounters()
  /** What moves on may go to `sendNow` of the output. */
  readonly #atOnce: boolean
  readonly #ended: PipelineOptions['ended']
  /** Milliseconds that an event waits for a fuller batch. */
  readonly #maxDelay: number
  #timed = false
  #flushTimer: NodeJS.Timeout | undefined
  // The filling batch has waited long enough. It goes on growing while the output is busy with another: an area for each
  // few events would cost more memory than the events.
  #due = false
  #drained: { promise: Promise<void>; resolve: () => void } | undefined
  #letting = false
  #end: { failure: Error | undefined } | undefined

  constructor(options: PipelineOptions) {
    const { output, wants, queue, disk, log, ended } = options
    this.#output = output
    this.#ended = ended
    this.#maxDelay = maxDelay(options)
    this.#queue = disk ?? new MemoryQueue(wants, queue.events, batchEvents(options))
    // A queue on disk holds text, whatever the output wants.
    this.#atOnce = output.sendNow !== undefined && this.#queue.wants === wants
    this.#delivery = new Delivery({
      output,
      queue: this.#queue,
      counters: this.#counters,
      retries: retries(options),
      next: () => this.#next(),
      settled: () => this.#tellDrained(),
      ended: (reason) => this.#stop(reason),
      warn: (message) => log.warn(message),
      rejected: options.rejected,
    })
    this.#queue.attach?.({ ready: () => this.#delivery.wake(), room: () => this.#tellDrained() })
  }

  /**
   * An entrance for one capture. `wait`: every event is taken, and the capture is to pause while there is `pressure`;
   * `drop`: events that find the queue full are dropped and counted.
   */
  sink(full: 'wait' | 'drop'): Sink {
    const drops = full === 'drop'
    return {
      wants: this.#queue.wants,
      full,
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
    return this.#queue.load >= HIGH && this.#waits
  }

  /** Resolves when there is room again, or nothing to wait for. */
  drained(): Promise<void> {
    if (this.#queue.load <= LOW || !this.#waits) return Promise.resolve()
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

  /**
   * The captures are to end: none of them waits for room any more, for an output that takes nothing would never let them.
   * What they have read already is taken, however much the queue holds.
   */
  letCapturesEnd(): void {
    this.#letting = true
    this.#tellDrained()
  }

  /** Hands over what has come so far; while the output is busy, as soon as it is not. */
  flush(): void {
    if (!this.#queue.durable && (this.#queue.waiting > 0 || this.#delivery.busy)) this.#due = true
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
      ...this.#queue.counters(),
      ...this.#output.counters?.(),
    }
  }

  /**
   * Ends the pipeline: everything taken is written and acknowledged before it resolves, or counted as abandoned, or kept
   * for the next run by a queue on disk.
   * `longest`: milliseconds that this may take; 0: as long as the output makes progress.
   * Rejects with what ended the output, if that was a failure.
   */
  async close(longest = 0): Promise<void> {
    if (this.#queue.filling.count > 0 && this.#end === undefined) this.#moveOn()
    this.#delivery.hurry()
    const timer = longest > 0 ? setTimeout(() => this.#delivery.abort(), longest) : undefined
    do await this.#delivery.idle()
    while (await this.#goesOn())
    clearTimeout(timer)
    // It would keep all that belongs to the run for as long as it waits.
    clearTimeout(this.#flushTimer)
    this.#end ??= { failure: undefined }
    await this.#queue.settle?.()
    this.#forget()
    await this.#output.close()
    await this.#queue.close()
    if (this.#end.failure !== undefined) throw this.#end.failure
  }

  /** True: a queue that has to look for them has found more batches, and they are on their way. */
  async #goesOn(): Promise<boolean> {
    const { signal } = this.#delivery
    if (this.#end !== undefined || this.#queue.more === undefined || signal.aborted) return false
    const aborted = new Promise<false>((resolve) =>
      signal.addEventListener('abort', () => resolve(false), { once: true }),
    )
    if (!(await Promise.race([aborted, this.#queue.more()])) || signal.aborted) return false
    this.#delivery.wake()
    return true
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
    if (this.#atOnce && this.#queue.waiting === 0 && !this.#delivery.busy) {
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
    this.#delivery.wake()
  }

  /** What a lane delivers next: when nothing waits, what has come so far if that is due. */
  #next(): FillingBatch | undefined {
    if (this.#end !== undefined) return undefined
    if (this.#due && this.#queue.waiting === 0) {
      this.#due = false
      if (this.#queue.filling.count > 0) this.#queue.moveOn()
    }
    return this.#queue.take()
  }

  /** Captures may be made to wait. */
  get #waits(): boolean {
    return this.#end === undefined && !this.#letting
  }

  #tellDrained(): void {
    if (this.#queue.load > LOW && this.#waits) return
    this.#drained?.resolve()
    this.#drained = undefined
  }

  #stop(reason: unknown): void {
    if (this.#end !== undefined) return
    const failure = reason instanceof OutputEnded ? undefined : (reason as Error)
    this.#end = { failure }
    if (!this.#queue.durable) this.#forget(failure === undefined ? 'unread' : 'abandoned')
    this.#tellDrained()
    this.#ended(failure)
  }

  /** What is still in the queue is given up, but for what a queue on disk keeps. */
  #forget(how: 'abandoned' | 'unread' = 'abandoned'): void {
    this.#counters[how] += this.#queue.events - this.#queue.kept
    this.#queue.clear()
  }
}
