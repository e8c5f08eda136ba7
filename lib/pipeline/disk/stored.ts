import type { Segment } from './segment.js'

/** A batch that is kept: its text in memory, and where it stands on disk as soon as it does. */
export interface StoredBatch {
  readonly count: number
  /** One document a line, and where each line ends; `ends` may be longer than `count`. */
  readonly bytes: Buffer
  readonly ends: readonly number[]
  /** undefined: not written yet. */
  segment: Segment | undefined
  offset: number
  end: number
  /** Batches under way that have events of it, and one for those nobody has taken. */
  holders: number
}

export const storedBatch = (count: number, bytes: Buffer, ends: readonly number[]): StoredBatch => ({
  count,
  bytes,
  ends,
  segment: undefined,
  offset: 0,
  end: 0,
  holders: 1,
})
