// As upstream: the first window with slow_start.
const FIRST = 10

/** Events sent before their acknowledgement is waited for. */
export interface WindowSize {
  readonly events: number
  /** A whole window was acknowledged. */
  grow(): void
  /** One was not. */
  shrink(): void
}

/** `slow_start`: begins small, is doubled with each window that is acknowledged and halved with each that is not. */
export function slowStart(): WindowSize {
  let events = FIRST
  return {
    get events() {
      return events
    },
    grow: () => {
      events = Math.min(events * 2, 2 ** 20)
    },
    shrink: () => {
      events = Math.max(1, events >>> 1)
    },
  }
}

/** Whole batches. */
export const unlimited: WindowSize = {
  events: Number.POSITIVE_INFINITY,
  grow: () => undefined,
  shrink: () => undefined,
}
