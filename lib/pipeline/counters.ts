/**
 * What became of the events handed to the pipeline. At any time
 * `published = acked + rejected + abandoned + unread + those still in the queue`; `dropped` ones were never taken.
 */
export class PipelineCounters {
  /** Taken into the queue. */
  published = 0
  /** Refused: the queue of a live capture was full, or the output had ended. */
  dropped = 0
  /** The output has them. */
  acked = 0
  /** Sent once more, each time. */
  retried = 0
  /** The output will never take them. */
  rejected = 0
  /** Given up after the last retry, or at a shutdown that could not wait. */
  abandoned = 0
  /** Left when nobody read the output any more. */
  unread = 0
  /** Batches that the output took, whole or in part. */
  batches = 0
  /** Times that the output took nothing of a batch. */
  failures = 0
}
