import { Fifo } from './fifo.js'
import type { Waiting, WaitingRoom } from './waiting.js'

/** A request that is answered after those before it. */
export interface Ordered extends Waiting {
  /** What it counts against the limit while it waits, unless the queue is told to weigh otherwise. */
  sourceBytes: number
  /** `transaction_timeout` is over, and it has been reported. It keeps its place, so that the others find theirs. */
  late: boolean
}

/** What may wait at once on one connection; 0: no limit. */
export interface Limits {
  bytes: number
  messages: number
}

/**
 * Requests of one conversation that are answered in the order they came. Each also waits in the room that all
 * conversations share; what times out there stays here, marked `late` by whom the room tells.
 */
export class InOrder<W extends Ordered> {
  readonly #room: WaitingRoom<W>
  readonly #limits: Limits
  readonly #weigh: (request: W) => number
  readonly #queue = new Fifo<W>()
  #bytes = 0

  /** `weigh`: bytes a request counts; as long as it waits, they change only as `grow` is told. */
  constructor(room: WaitingRoom<W>, limits: Limits, weigh: (request: W) => number = sourceBytes) {
    this.#room = room
    this.#limits = limits
    this.#weigh = weigh
  }

  get length(): number {
    return this.#queue.length
  }

  /** Bytes of the requests that wait. */
  get bytes(): number {
    return this.#bytes
  }

  /** Lets a request wait. Returns the oldest when there are too many: it waits no longer, but its answer still comes first. */
  push(request: W): W | undefined {
    this.#queue.push(request)
    this.#bytes += this.#weigh(request)
    this.#room.enter(request)
    const { bytes, messages } = this.#limits
    const over = (bytes > 0 && this.#bytes > bytes) || (messages > 0 && this.#queue.length > messages)
    return over && this.#queue.length > 1 ? this.shift() : undefined
  }

  /** A request that waits weighs that many bytes more. */
  grow(bytes: number): void {
    this.#bytes += bytes
  }

  /** The one that is answered next. */
  peek(): W | undefined {
    return this.#queue.peek()
  }

  /** The one that is answered after that many others. */
  at(place: number): W | undefined {
    return this.#queue.at(place)
  }

  /** The one that came last. */
  last(): W | undefined {
    return this.#queue.last()
  }

  /** Takes the one that is answered next; it waits no longer. */
  shift(): W | undefined {
    const request = this.#queue.shift()
    if (request === undefined) return undefined
    this.#bytes -= this.#weigh(request)
    this.#room.leave(request)
    return request
  }

  /** Takes all, the oldest first; those that were reported before are left out. */
  *drain(): Generator<W> {
    for (let request = this.shift(); request !== undefined; request = this.shift())
      if (!request.late) yield request
  }
}

const sourceBytes = (request: Ordered): number => request.sourceBytes
