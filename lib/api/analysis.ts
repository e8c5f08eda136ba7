import type { Event } from './events.js'

/**
 * Events as they are captured, for one reader: `for await (const event of analyze(…))`. The capture begins when the first
 * one is asked for; leaving the loop ends it.
 */
export interface Analysis extends AsyncIterable<Event> {
  /** Events one by one. @throws {UserError} 'ERR_ITERATED' when it is or was read already. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Event>
  /**
   * Events as they come, some hundreds at once: faster where each is looked at for a moment only.
   * @throws {UserError} 'ERR_ITERATED' when it is or was read already.
   */
  batches(): AsyncIterableIterator<Event[]>
  /** Ends the capture. What was read so far is still decoded, paired and handed over; then the loop ends. */
  stop(): void
  /** The counters of docs/metrics.md by name, at any time; after the end those of the whole run. Empty before it began. */
  statistics(): Record<string, number>
}

/** Who is told what the command writes to its log, such as `console`. */
export interface Log {
  debug?(message: string): void
  info?(message: string): void
  warn?(message: string): void
}
