import type { Waiting, WaitingRoom } from '../../transactions/waiting.js'
import type { Memory } from '../../wire/memory.js'

/** A call that waits for its reply. */
export interface Call extends Waiting {
  seqid: number
  method: string
  /** A later call was answered. */
  isOvertaken: boolean
  /** `transaction_timeout` is over, and it has been reported. */
  late: boolean
  /** Bytes it takes while it waits, roughly. */
  held: number
}

// Clients have some tens under way on one connection; past that it is a flood.
const LIMIT = 1024

/**
 * Calls of one conversation, the oldest first. A reply carries the number and the name of its call, in any order; clients
 * that give all calls the same number have them answered in order. What times out stays, so that its reply finds it.
 */
export class Calls<C extends Call> {
  readonly #room: WaitingRoom<C>
  readonly #memory: Memory
  readonly #calls: C[] = []

  constructor(room: WaitingRoom<C>, memory: Memory) {
    this.#room = room
    this.#memory = memory
  }

  get size(): number {
    return this.#calls.length
  }

  /** Lets a call wait. Returns one that no longer does: the oldest, or the call itself when there is no memory for it. */
  add(call: C): C | undefined {
    if (!this.#memory.take(call.held)) return call
    this.#calls.push(call)
    this.#room.enter(call)
    return this.#calls.length > LIMIT ? this.#take(0) : undefined
  }

  find(seqid: number, method: string): C | undefined {
    return this.#calls[this.#place(seqid, method)]
  }

  /** The call that is answered; it waits no longer. */
  take(seqid: number, method: string): C | undefined {
    const place = this.#place(seqid, method)
    if (place < 0) return undefined
    for (let earlier = 0; earlier < place; earlier++) (this.#calls[earlier] as C).isOvertaken = true
    return this.#take(place)
  }

  /** The calls whose replies may be among bytes that were lost: the oldest, and what cannot be told from it. */
  *takeOldest(): Generator<C> {
    const oldest = this.#calls.find(({ late }) => !late)
    if (oldest === undefined) return
    for (let place = 0; place < this.#calls.length; )
      if (this.#calls[place]?.seqid === oldest.seqid) yield this.#take(place)
      else place++
  }

  /** A call that waits no longer, and never will be answered. */
  forget(call: C): void {
    const place = this.#calls.indexOf(call)
    if (place >= 0) this.#take(place)
  }

  /** All that wait, the oldest first; none waits afterwards. */
  *drain(): Generator<C> {
    while (this.#calls.length > 0) yield this.#take(0)
  }

  /** -1: there is none. */
  #place(seqid: number, method: string): number {
    const calls = this.#calls
    let numbered = -1
    for (let place = 0; place < calls.length; place++) {
      const call = calls[place] as C
      if (call.seqid !== seqid) continue
      if (call.method === method) return place
      if (numbered < 0) numbered = place
    }
    // An exception may name no method, and a server of little care number no reply.
    if (numbered >= 0 || seqid !== 0) return numbered
    return calls.findIndex((call) => call.method === method)
  }

  #take(place: number): C {
    const call = (place === 0 ? this.#calls.shift() : this.#calls.splice(place, 1)[0]) as C
    this.#memory.give(call.held)
    this.#room.leave(call)
    return call
  }
}
