import type { Memory } from '../wire/memory.js'
import type { Waiting, WaitingRoom } from './waiting.js'

/** A request whose answer carries the same id. */
export interface Identified<Id = number> extends Waiting {
  /** Unique among the requests that wait in one conversation. */
  id: Id
  /** Bytes it takes while it waits, roughly. */
  held: number
}

// More than any client has under way on one connection; past that it is a flood.
const LIMIT = 16_384

// Up to that many are found sooner in a list than in a table. And a table that requests come to and leave all the time
// is made anew again and again, each time leaving garbage that only a full collection takes away.
const FEW = 32

/**
 * Requests of one conversation that are answered in any order, each found by its id. Every one of them also waits in
 * the room that all conversations share; what times out there must be told to `forget`.
 */
export class ById<W extends Identified<unknown>> {
  readonly #room: WaitingRoom<W>
  readonly #memory: Memory
  readonly #limit: number
  /** In the order they came, unless there is a table of `#many`. */
  readonly #few: W[] = []
  #many: Map<W['id'], W> | undefined

  /** `limit`: requests that may wait at once. */
  constructor(room: WaitingRoom<W>, memory: Memory, limit = LIMIT) {
    this.#room = room
    this.#memory = memory
    this.#limit = limit
  }

  get size(): number {
    return this.#many?.size ?? this.#few.length
  }

  /**
   * Lets a request wait. Returns the one that no longer does: an earlier one of the same id, the oldest when there are
   * too many, or the request itself when there is no memory for it.
   */
  add(request: W): W | undefined {
    if (!this.#memory.take(request.held)) return request
    const displaced = this.take(request.id) ?? (this.size < this.#limit ? undefined : this.#oldest())
    if (this.#many === undefined && this.#few.length === FEW) {
      this.#many = new Map(this.#few.map((one) => [one.id, one]))
      this.#few.length = 0
    }
    if (this.#many === undefined) this.#few.push(request)
    else this.#many.set(request.id, request)
    this.#room.enter(request)
    return displaced
  }

  find(id: W['id']): W | undefined {
    if (this.#many !== undefined) return this.#many.get(id)
    for (const request of this.#few) if (request.id === id) return request
    return undefined
  }

  /** The request that is answered; it waits no longer. */
  take(id: W['id']): W | undefined {
    const request = this.find(id)
    if (request === undefined) return undefined
    this.forget(request)
    this.#room.leave(request)
    return request
  }

  /** A request that left the room. */
  forget(request: W): void {
    if (this.#many !== undefined) {
      if (this.#many.get(request.id) !== request) return
      this.#many.delete(request.id)
      if (this.#many.size === 0) this.#many = undefined
    } else {
      const at = this.#few.indexOf(request)
      if (at < 0) return
      this.#few.splice(at, 1)
    }
    this.#memory.give(request.held)
  }

  /** All that wait, the oldest first; none waits afterwards. */
  drain(): W[] {
    const all = [...(this.#many?.values() ?? this.#few)]
    for (const request of all) this.take(request.id)
    return all
  }

  #oldest(): W | undefined {
    const [oldest] = this.#many?.values() ?? this.#few
    return oldest === undefined ? undefined : this.take(oldest.id)
  }
}
