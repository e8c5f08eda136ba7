import type { Endpoints } from '../../events/endpoints.js'
import { InOrder } from '../../transactions/in-order.js'
import {
  LATE_RESPONSE,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNKNOWN_STATEMENT,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import type { Pending } from './pending.js'
import type { Shared } from './shared.js'

// What may wait on one connection: drivers that send ahead have some hundreds under way.
const WAITING = { bytes: 10 * 1024 * 1024, messages: 20_000 }

// What is kept of an execution until its statement is known.
const LONGEST_DEFERRED = 16_384

/** What is under way on one connection, and what is said of it when it is over. */
export class Transactions {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #waiting: InOrder<Pending>

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    this.#waiting = new InOrder(shared.room, WAITING)
  }

  /** The one that is answered next. */
  get head(): Pending | undefined {
    return this.#waiting.peek()
  }

  get areNone(): boolean {
    return this.#waiting.length === 0
  }

  /** Lets a command wait. False: there were so many that all others have been given up. */
  push(pending: Pending): boolean {
    const evicted = this.#waiting.push(pending)
    if (evicted === undefined) return true
    for (const each of [evicted, ...this.#all()]) {
      if (each === pending) continue
      this.release(each)
      this.#shared.context.count('evicted_requests')
      if (!each.late) this.giveUp(each, TOO_MANY_REQUESTS)
    }
    this.#waiting.push(pending)
    return false
  }

  *#all(): Generator<Pending> {
    for (let pending = this.#waiting.shift(); pending !== undefined; pending = this.#waiting.shift())
      yield pending
  }

  /** What has begun to be answered waits no longer, however long all of it takes. */
  begun(pending: Pending): void {
    if (pending.waits) this.#shared.room.leave(pending)
  }

  /** The first one was answered. */
  finish(pending: Pending): void {
    this.#waiting.shift()
    if (pending.late) this.#shared.context.count('late_responses')
    pending.status = pending.errorCode === 0 ? 'OK' : 'Error'
    this.emit(pending, pending.late ? LATE_RESPONSE : undefined)
  }

  timedOut(pending: Pending): void {
    pending.late = true
    this.giveUp(pending, UNMATCHED_REQUEST)
  }

  /** None will be answered any more. `lost`: what is said of an answer that has begun. */
  giveUpAll(lost: string): void {
    for (const pending of this.#all()) {
      this.release(pending)
      if (pending.late) continue
      const hasBegun = pending.end !== undefined
      this.giveUp(pending, hasBegun || lost === LOSS_IN_RESPONSE ? lost : UNMATCHED_REQUEST)
    }
  }

  giveUp(pending: Pending, note: string): void {
    this.#shared.context.count('unmatched_requests')
    // As upstream has it: a result of which some rows were lost was none the less a success.
    if (pending.end === undefined || note !== LOSS_IN_RESPONSE) pending.status = 'Error'
    this.emit(pending, note)
  }

  emit(pending: Pending, note?: string): void {
    pending.sourceBytes += pending.sentLater
    pending.sentLater = 0
    pending.notes = undefined
    if (pending.isUnknown) pending.notes = [UNKNOWN_STATEMENT]
    if (note !== undefined) pending.notes = [...(pending.notes ?? []), note]
    this.#shared.context.emit(this.#endpoints, pending)
  }

  /** Keeps the packet of an execution until its statement is known; without room for it there are no parameters. */
  defer(pending: Pending, bytes: Buffer, start: number, end: number): void {
    const length = end - start
    if (length <= LONGEST_DEFERRED && this.#shared.context.memory.take(length))
      pending.deferred = Buffer.from(bytes.subarray(start, end))
  }

  /** The packet that was kept of an execution, which is then forgotten. */
  release(pending: Pending): Buffer | undefined {
    const { deferred } = pending
    if (deferred !== undefined) this.#shared.context.memory.give(deferred.length)
    pending.deferred = undefined
    return deferred
  }
}
