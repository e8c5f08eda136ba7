import type { Document } from '../events/writer.js'
import { FillingBatch } from './filling-batch.js'
import type { Queue } from './queue.js'

// Events may be large: however many the queue may hold, it never holds more text than this. Bytes.
const MOST_BYTES = 64 * 1024 * 1024
// More than these are only needed while an output is slow, and then given back.
const SPARE = 3

/** `queue.mem`: what is in it is lost with the process. */
export class MemoryQueue implements Queue {
  readonly wants: 'text' | 'document'
  readonly durable = false
  readonly kept = 0
  filling: FillingBatch
  readonly #waiting: FillingBatch[] = []
  /** Those under way, with the events they had when they were taken. */
  readonly #taken = new Map<FillingBatch, number>()
  readonly #spare: FillingBatch[] = []
  readonly #area: number | undefined
  readonly #limit: number
  readonly #batchEvents: number
  // Of the waiting batches and those under way.
  #events = 0
  #bytes = 0

  /** `limit`: events it holds; `batchEvents`: events of one batch at most. */
  constructor(wants: 'text' | 'document', limit: number, batchEvents: number) {
    this.wants = wants
    this.#area = wants === 'text' ? undefined : 0
    this.#limit = limit
    this.#batchEvents = batchEvents
    this.filling = new FillingBatch(this.#area)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get events(): number {
    const sum = (batches: Iterable<FillingBatch>) =>
      [...batches].reduce((total, { count }) => total + count, 0)
    return sum(this.#waiting) + sum(this.#taken.keys()) + this.filling.count
  }

  get load(): number {
    return Math.max((this.#events + this.filling.count) / this.#limit, this.#bytes / MOST_BYTES)
  }

  get filled(): boolean {
    return this.filling.count >= this.#batchEvents
  }

  counters(): Record<string, number> {
    return {}
  }

  text(json: string, head?: Buffer): boolean {
    return this.filling.text(json, head)
  }

  document(document: Document): void {
    this.filling.document(document)
  }

  moveOn(): void {
    this.#events += this.filling.count
    this.#bytes += this.filling.bytes.length
    this.#waiting.push(this.filling)
    this.filling = this.#spare.pop() ?? new FillingBatch(this.#area)
  }

  take(): FillingBatch | undefined {
    const batch = this.#waiting.shift()
    if (batch !== undefined) this.#taken.set(batch, batch.count)
    return batch
  }

  giveBack(batch: FillingBatch): void {
    this.#events -= (this.#taken.get(batch) ?? 0) - batch.count
    this.#taken.delete(batch)
    this.#waiting.unshift(batch)
  }

  remove(batch: FillingBatch): void {
    this.#events -= this.#taken.get(batch) ?? 0
    this.#taken.delete(batch)
    this.#bytes -= batch.bytes.length
    batch.clear()
    if (this.#spare.length < SPARE) this.#spare.push(batch)
  }

  clear(): void {
    this.#waiting.length = 0
    this.#taken.clear()
    this.#events = 0
    this.#bytes = 0
    this.filling.clear()
  }

  async close(): Promise<void> {
    this.clear()
  }
}
