import type { Document } from '../events/writer.js'
import type { FillingBatch } from './filling-batch.js'

/** What a queue tells of itself that nobody asked for. */
export interface QueueEvents {
  /** There may be a batch to take. */
  ready(): void
  /** Its load has become less. */
  room(): void
}

/**
 * Batches between the ones who publish and the ones who deliver: one is being filled, others wait in order, others are
 * under way. None leaves before `remove`.
 */
export interface Queue {
  /** The form in which it is given events. */
  readonly wants: 'text' | 'document'
  /** True: the next run delivers what this one does not; events must not stay in the filling batch. */
  readonly durable: boolean
  /** The batch that new events are put into. */
  readonly filling: FillingBatch
  /** No further event fits into the filling batch, however small. */
  readonly filled: boolean
  /** Batches that nobody has taken. */
  readonly waiting: number
  /** Events in it that the output does not have yet. */
  readonly events: number
  /** Share of the room that is taken: full at 1, and beyond when the events of a capture file must be kept. */
  readonly load: number
  /** Events that outlive the process: those of a queue on disk. The others are lost when it ends. */
  readonly kept: number
  /** Counters of its own, by full name; empty for a queue that has none. */
  counters(): Record<string, number>
  /** Appends an event. False: the filling batch has no room for it and must be moved on first. */
  text(json: string, head?: Buffer): boolean
  document(document: Document): void
  /** Ends the filling batch; it waits, and another is filled. */
  moveOn(): void
  /** The batch that waits longest; it is under way from now on. */
  take(): FillingBatch | undefined
  /** It is the next to be taken again: what is left in it was not delivered. */
  giveBack(batch: FillingBatch): void
  /** Its events are accounted for, delivered or given up. */
  remove(batch: FillingBatch): void
  /** Once, before all others, for a queue that has something to tell. */
  attach?(on: QueueEvents): void
  /** Resolves when there is a batch to take; with false when there will be none unless more events come. */
  more?(): Promise<boolean>
  /** Keeps what can be kept of what is left, when nothing is delivered any more. */
  settle?(): Promise<void>
  /** Forgets what would not outlive the process. */
  clear(): void
  /** After the last call of all others. */
  close(): Promise<void>
}
