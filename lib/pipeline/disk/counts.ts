/** What is told of a queue on disk, beside what is in it; `queue.disk.…` in docs/metrics.md. */
export class DiskCounts {
  /** Of an earlier run, found when it was opened. */
  'events.recovered' = 0
  /** Of batches that could not be read back, as far as their headers tell. */
  'events.lost' = 0
  /** Each too large for `max_size`. */
  'events.too_large' = 0
  /** Damaged stretches, mostly one batch each. */
  'damaged.batches' = 0
  'damaged.bytes' = 0
  /** Bytes at the ends of files that were being written when an earlier run was cut off. */
  'damaged.torn_bytes' = 0
  /** Entries of lists of what is acknowledged: those batches are sent again. */
  'damaged.acks' = 0
  /** Batches read back. */
  'batches.read' = 0
  'batches.written' = 0
  'failures.write' = 0
  'failures.read' = 0
  'failures.sync' = 0
  /** Files that could not be removed. */
  'failures.remove' = 0
}
