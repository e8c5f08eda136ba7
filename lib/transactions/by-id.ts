import type { Memory } from '../wire/memory.js'
import type { Waiting, WaitingRoom } from './waiting.js'

/** A request whose answer carries the same id. */
export interface Identified extends Waiting {
  /** Unique among the requests that wait in one conversation. */
  id: number
  /** Bytes it takes while it waits, roughly. */
  held: number
}

// More than any client has under way on one connection; past that it is a flood.
const LIMIT = 16_384

/**
 * Requests of one conversation that are answered in any order, each found by its id. Every one of them also waits in
 * the room that all conversations share; what times out there must be told to `forget`.
 */
export class ById<W extends Identified> {
  readonly #room: WaitingRoom<W>
  readonly #memory: Memory
  readonly #limit: number
  // Most conversations have one request at a time: a table is made with the second.
  #only: W | undefined
  #more: Map<number, W> | undefined

  /** `limit`: requests that may wait at once. */
  constructor(room: WaitingRoom<W>, memory: Memory, limit = LIMIT) {
    this.#room = room
    this.#memory = memory
    this.#limit = limit
  }

  get size(): number {
    return (this.#only === undefined ? 0 : 1) + (this.#more?.size ?? 0)
  }

  /**
   * Lets a request wait. Returns the one that no longer does: an earlier one of the same id, the oldest when there are
   * too many, or the request itself when there is no memory for it.
   */
  add(request: W): W | undefined {
    if (!this.#memory.take(request.held)) return request
    const displaced = this.take(request.id) ?? (this.size < this.#limit ? undefined : this.#oldest())
    if (this.#only === undefined) this.#only = request
    else {
      this.#more ??= new Map()
      this.#more.set(request.id, request)
    }
    this.#room.enter(request)
    return displaced
  }

  find(id: number): W | undefined {
    return this.#only?.id === id ? this.#only : this.#more?.get(id)
  }

  /** The request that is answered; it waits no longer. */
  take(id: number): W | undefined {
    const request = this.find(id)
    if (request === undefined) return undefined
    this.forget(request)
    this.#room.leave(request)
    return request
  }

  /** A request that left the room. */
  forget(request: W): void {
    if (this.#only === request) this.#only = undefined
    else if (this.#more?.get(request.id) === request) this.#more.delete(request.id)
    else return
    this.#memory.give(request.held)
  }

  /** All that wait, the oldest first; none waits afterwards. */
  drain(): W[] {
    const all = this.#only === undefined ? [] : [this.#only]
    if (this.#more !== undefined) all.push(...this.#more.values())
    for (const request of all) this.take(request.id)
    return all.sort((one, other) => one.start - other.start)
  }

  #oldest(): W | undefined {
    // The table keeps their order; the single one may be older than all in it, or have come later.
    const [first] = this.#more?.values() ?? []
    const oldest =
      first === undefined || (this.#only !== undefined && this.#only.start <= first.start)
        ? this.#only
        : first
    return oldest === undefined ? undefined : this.take(oldest.id)
  }
}
