/** A request that waits for its answer. The room keeps its place in the request itself: waiting allocates nothing. */
export interface Waiting {
  /** Packet time of the request's first byte, see `Segment.time`. */
  start: number
  /** Owned by the room. */
  ahead?: Waiting | undefined
  /** Owned by the room. */
  behind?: Waiting | undefined
  /** Owned by the room: false once it left. */
  waits?: boolean
}

/**
 * Requests in the order they came. All wait the same time, so the one in front is the next to time out, and
 * entering, leaving and looking for the late are each a few assignments.
 */
export class WaitingRoom<W extends Waiting> {
  #front: W | undefined
  #back: W | undefined
  readonly #timeout: number
  readonly #timedOut: (request: W) => void

  /** `timeout` in nanoseconds. `timedOut` is called after the request left. */
  constructor(timeout: number, timedOut: (request: W) => void) {
    this.#timeout = timeout
    this.#timedOut = timedOut
  }

  /** The one that came first of those that wait. */
  get oldest(): W | undefined {
    return this.#front
  }

  enter(request: W): void {
    request.waits = true
    request.ahead = this.#back
    request.behind = undefined
    if (this.#back === undefined) this.#front = request
    else this.#back.behind = request
    this.#back = request
  }

  leave(request: W): void {
    if (!request.waits) return
    request.waits = false
    const ahead = request.ahead as W | undefined
    const behind = request.behind as W | undefined
    if (ahead === undefined) this.#front = behind
    else ahead.behind = behind
    if (behind === undefined) this.#back = ahead
    else behind.ahead = ahead
    request.ahead = undefined
    request.behind = undefined
  }

  /** Lets those go that have waited too long at `now`, packet time. */
  tick(now: number): void {
    for (let front = this.#front; front !== undefined; front = this.#front) {
      if (now - front.start < this.#timeout) return
      this.leave(front)
      this.#timedOut(front)
    }
  }
}
