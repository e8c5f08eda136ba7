import { FillingBatch } from '../filling-batch.js'
import type { ReadAhead } from './read-ahead.js'
import type { StoredBatch } from './stored.js'
import { documents, joined, part, type Text } from './text.js'
import type { Writer } from './writer.js'

// Small batches are handed over together, as long as they are no larger than that. Bytes.
const TOGETHER = 1024 * 1024

export interface OutgoingOptions {
  ahead: ReadAhead
  writer: Writer
  /** Events of one batch at most. */
  batchEvents: number
  /** What the output wants. */
  gives: 'text' | 'document'
  /** Nothing that is under way is made of it any more: everything in it was delivered. */
  delivered(batch: StoredBatch): void
}

/** Makes batches for the output of what was stored, and knows until they are delivered what each is made of. */
export class Outgoing {
  readonly #options: OutgoingOptions
  /** What of a stored batch nobody has taken, from that event on: one that is larger than a batch may be. */
  #rest: { batch: StoredBatch; from: number } | undefined
  readonly #made = new Map<FillingBatch, readonly StoredBatch[]>()

  constructor(options: OutgoingOptions) {
    this.#options = options
  }

  /** Something is left of a stored batch that was handed over in part. */
  get hasRest(): boolean {
    return this.#rest !== undefined
  }

  /** Events under way, and of what is left. */
  get events(): number {
    let events = this.#rest === undefined ? 0 : this.#rest.batch.count - this.#rest.from
    for (const { count } of this.#made.keys()) events += count
    return events
  }

  /** Events under way whose batch is not on disk, at least in part. */
  get unwritten(): number {
    let events = 0
    for (const [{ count }, parts] of this.#made) if (parts.some(isUnwritten)) events += count
    return events
  }

  /** Stored batches under way that are not on disk. */
  unwrittenParts(): StoredBatch[] {
    return [...this.#made.values()].flat().filter(isUnwritten)
  }

  holds(batch: StoredBatch): boolean {
    return [...this.#made.values()].some((parts) => parts.includes(batch))
  }

  /** A batch for the output: what is next, as much of it as a batch may have. */
  make(): FillingBatch | undefined {
    const { ahead, batchEvents } = this.#options
    const first = this.#rest?.batch ?? this.#next()
    if (first === undefined) return undefined
    const from = this.#rest?.from ?? 0
    const left = first.count - from
    this.#rest = undefined
    if (left > batchEvents || from > 0) {
      const to = Math.min(first.count, from + batchEvents)
      if (to < first.count) {
        first.holders++
        this.#rest = { batch: first, from: to }
      }
      return this.#batchOf([first], part(first, from, to))
    }
    const parts = [first]
    let count = first.count
    let bytes = first.bytes.length
    for (let next = ahead.ready[0]; next !== undefined; next = ahead.ready[0]) {
      count += next.count
      bytes += next.bytes.length
      if (count > batchEvents || bytes > TOGETHER) break
      parts.push(ahead.shift() as StoredBatch)
    }
    return this.#batchOf(parts, parts.length === 1 ? part(first, 0, first.count) : joined(parts))
  }

  /** It was delivered, or given up. */
  remove(batch: FillingBatch): void {
    for (const part of this.#made.get(batch) ?? []) if (--part.holders <= 0) this.#options.delivered(part)
    this.#made.delete(batch)
  }

  /** What is under way and not on disk is given up. */
  forgetUnwritten(): void {
    for (const [batch, parts] of this.#made) if (parts.some(isUnwritten)) this.#made.delete(batch)
  }

  #next(): StoredBatch | undefined {
    const { ahead, writer } = this.#options
    return ahead.shift() ?? (ahead.behind ? undefined : writer.steal())
  }

  #batchOf(parts: readonly StoredBatch[], { bytes, ends }: Text): FillingBatch {
    const batch = new FillingBatch(0)
    batch.count = ends.length
    if (this.#options.gives === 'document') batch.documents = documents(bytes, ends)
    else {
      batch.bytes = bytes
      batch.length = bytes.length
      batch.ends = ends
    }
    this.#made.set(batch, parts)
    return batch
  }
}

const isUnwritten = ({ segment }: StoredBatch): boolean => segment === undefined
