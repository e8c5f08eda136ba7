import type { Document } from '../events/writer.js'
import { FillingBatch } from './filling-batch.js'

// Events may be large: however many the queue may hold, it never holds more text than this. Bytes.
const MOST_BYTES = 64 * 1024 * 1024
// More than these are only needed while an output is slow, and then given back.
const SPARE = 3

/** Batches between the ones who publish and the one who delivers: one is being filled, others wait in order. */
export class Queue {
  /** The batch that new events are put into. */
  filling: FillingBatch
  readonly #waiting: FillingBatch[] = []
  readonly #spare: FillingBatch[] = []
  readonly #area: number | undefined
  readonly #limit: number
  readonly #batchEvents: number
  // Of the waiting batches, those under way included.
  #events = 0
  #bytes = 0

  /** `limit`: events it holds; `batchEvents`: events of one batch at most. */
  constructor(wants: 'text' | 'document', limit: number, batchEvents: number) {
    this.#area = wants === 'text' ? undefined : 0
    this.#limit = limit
    this.#batchEvents = batchEvents
    this.filling = new FillingBatch(this.#area)
  }

  /** Events in it that the output has not taken yet. */
  get events(): number {
    return this.#waiting.reduce((sum, batch) => sum + batch.count, this.filling.count)
  }

  /** Share of the room that is taken: full at 1, and beyond when the events of a capture file must be kept. */
  get load(): number {
    return Math.max((this.#events + this.filling.count) / this.#limit, this.#bytes / MOST_BYTES)
  }

  /** No further event fits into the filling batch, however small. */
  get filled(): boolean {
    return this.filling.count >= this.#batchEvents
  }

  /** Appends an event. False: the filling batch has no room for it and must be moved on first. */
  text(json: string, head?: Buffer): boolean {
    return this.filling.text(json, head)
  }

  document(document: Document): void {
    this.filling.document(document)
  }

  /** Ends the filling batch; it waits, and another is filled. */
  moveOn(): void {
    this.#events += this.filling.count
    this.#bytes += this.filling.bytes.length
    this.#waiting.push(this.filling)
    this.filling = this.#spare.pop() ?? new FillingBatch(this.#area)
  }

  /** The batch that waits longest. */
  get first(): FillingBatch | undefined {
    return this.#waiting[0]
  }

  /** Takes the first one away: its events are accounted for. `events`: how many it had when it moved on. */
  remove(events: number): void {
    const batch = this.#waiting.shift() as FillingBatch
    this.#events -= events
    this.#bytes -= batch.bytes.length
    batch.clear()
    if (this.#spare.length < SPARE) this.#spare.push(batch)
  }

  clear(): void {
    this.#waiting.length = 0
    this.#events = 0
    this.#bytes = 0
    this.filling.clear()
  }
}
