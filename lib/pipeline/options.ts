import type { Delivery, Output } from '../outputs/output.js'
import type { Retries } from './deliver.js'

export interface PipelineOptions {
  output: Output
  wants: 'text' | 'document'
  /** `queue.mem`, with its time in nanoseconds as in config/settings.ts. */
  queue: { events: number; flush: { min_events: number; timeout: number } }
  /** What the output's plugin says of its delivery. */
  delivery?: Delivery | undefined
  log: { info(message: string): void; warn(message: string): void }
  /** Told of each event that the output refused for good, as JSON text. */
  rejected?: ((event: string, reason: string) => void) | undefined
  /** Called once, when the output takes nothing any more: with why, or with nothing when its reader has gone. */
  ended(failure: Error | undefined): void
}

/** Events in a batch at most: of the queue's room for two at least, so that one fills while the other is under way. */
export function batchEvents({ queue, delivery }: PipelineOptions): number {
  const most = delivery?.batchEvents ?? Number.POSITIVE_INFINITY
  return Math.max(1, Math.min(queue.flush.min_events, most, Math.ceil(queue.events / 2)))
}

// Longer ones are not long: Node takes them for 1.
const LONGEST_TIMER = 2 ** 31 - 1

/** Milliseconds that an event waits for a fuller batch. */
export const maxDelay = ({ queue, delivery }: PipelineOptions): number =>
  Math.min(queue.flush.timeout / 1e6, delivery?.maxDelay ?? LONGEST_TIMER, LONGEST_TIMER)

export const retries = ({ delivery = {} }: PipelineOptions): Partial<Retries> => ({
  ...(delivery.maxRetries === undefined ? {} : { max: delivery.maxRetries }),
  ...(delivery.backoff === undefined ? {} : { init: delivery.backoff.init, longest: delivery.backoff.max }),
})
