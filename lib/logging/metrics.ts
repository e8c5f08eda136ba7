import type { Logger } from './logger.js'

/** All counters there are, by full name, such as `capture.packets`. */
export type Snapshot = () => Readonly<Record<string, number>>

// What timers can wait, 24 days.
const MAX_PERIOD = 2 ** 31 - 1

/** Logs, every period, the counters that changed and by how much; at the end all totals. */
export class MetricsLog {
  readonly #logger: Logger
  readonly #snapshot: Snapshot
  readonly #timer: NodeJS.Timeout
  readonly #seconds: number
  #last: Readonly<Record<string, number>> = {}

  /** `period`: milliseconds. */
  constructor(logger: Logger, period: number, snapshot: Snapshot) {
    this.#logger = logger
    this.#snapshot = snapshot
    this.#seconds = period / 1000
    this.#timer = setInterval(() => this.#report(), Math.min(period, MAX_PERIOD))
    // Metrics are no reason to stay.
    this.#timer.unref()
  }

  #report(): void {
    const now = this.#snapshot()
    const changes: Record<string, number> = {}
    for (const [name, value] of Object.entries(now)) {
      const change = value - (this.#last[name] ?? 0)
      if (change !== 0) changes[name] = change
    }
    this.#last = now
    const names = Object.keys(changes)
    const message =
      names.length === 0
        ? `Nothing counted in the last ${this.#seconds}s`
        : `Metrics of the last ${this.#seconds}s`
    this.#logger.info(message, names.length === 0 ? undefined : { 'monitoring.metrics': changes })
  }

  /** Stops, and logs the totals that are not zero. `totals`: those to log, when the snapshot has gone. */
  close(totals: Readonly<Record<string, number>> = this.#snapshot()): void {
    clearInterval(this.#timer)
    const counted = Object.fromEntries(Object.entries(totals).filter(([, value]) => value !== 0))
    this.#logger.info('Total metrics', { 'monitoring.metrics': counted })
  }
}
