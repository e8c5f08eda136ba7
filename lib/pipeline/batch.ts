import type { Document } from '../events/writer.js'

/**
 * Events on their way to the output. For an output that wants text: `bytes` up to `length`, one JSON document a line,
 * event `i` from `ends[i - 1]` to `ends[i]`, its line end included. For one that wants documents: `documents`.
 * `ends` may be longer than `count`: it is reused.
 */
export interface EventBatch {
  readonly count: number
  readonly bytes: Buffer
  readonly length: number
  readonly ends: readonly number[]
  readonly documents: readonly Document[]
}

/** An event's whole text, its line end included. */
export const lineOf = (batch: EventBatch, index: number): Buffer =>
  batch.bytes.subarray(index === 0 ? 0 : batch.ends[index - 1], batch.ends[index])
