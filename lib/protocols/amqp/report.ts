import type { Endpoints } from '../../events/endpoints.js'
import { LATE_RESPONSE, LOSS_IN_RESPONSE, UNMATCHED_REQUEST } from '../../transactions/notes.js'
import { type Direction, FROM_SERVER } from '../protocol.js'
import type { Arguments } from './arguments.js'
import { note, type Pending } from './pending.js'
import { isHidden, type Shared } from './shared.js'
import type { Session } from './transaction.js'

/** Upstream's wording. */
const NO_CLOSE_OK = 'Close-ok method not received by sender'

/** What one connection's events have in common, and how they end. */
export class Report {
  readonly shared: Shared
  readonly session: Session = { user: undefined, virtualHost: undefined }
  readonly #endpoints: Endpoints
  #reversed: Endpoints | undefined
  /** By direction, when bytes were last lost. */
  readonly #lost = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.shared = shared
  }

  count(name: string, by?: number): void {
    this.shared.context.count(name, by)
  }

  lost(direction: Direction, time: number): void {
    this.#lost[direction] = time
  }

  emit(pending: Pending): void {
    const isMessage = pending.method.kind === 'message'
    if (pending.direction === FROM_SERVER && !isMessage) {
      // A server asks: it is the source.
      this.#reversed ??= this.#endpoints.reversed()
      this.shared.context.emit(this.#reversed, pending)
    } else this.shared.context.emit(this.#endpoints, pending)
  }

  /** The answer has come. `outcome`: how it is called. */
  answered(pending: Pending, answer: Arguments | undefined, time: number, outcome: string): void {
    pending.answer = answer
    pending.end = time
    pending.outcome = outcome
    if (pending.late) {
      this.count('late_responses')
      note(pending, LATE_RESPONSE)
    } else if (pending.status === 'OK' && isHidden(this.shared, pending)) return
    this.emit(pending)
  }

  /** The channel or the connection was closed for an error, which is the answer to all that waits. */
  refused(pending: Pending, close: Arguments, time: number): void {
    if (pending.method.login) return // it is told by the login as a whole
    pending.status = 'Error'
    this.answered(pending, close, time, `${close.replyCode} ${close.replyText}`)
  }

  /** It will not be answered, or nobody can tell any more. */
  giveUp(pending: Pending, why = this.#why(pending)): void {
    if (pending.late || pending.method.login) return
    this.count('unmatched_requests')
    const { status, notes } = pending
    pending.status = 'Error'
    note(pending, why)
    this.emit(pending)
    // Should an answer come late, this does not hold for its event.
    pending.status = status
    pending.notes = notes
  }

  #why({ method, direction, start }: Pending): string {
    if (method.closes) return NO_CLOSE_OK
    return start <= (this.#lost[1 - direction] as number) ? LOSS_IN_RESPONSE : UNMATCHED_REQUEST
  }

  timedOut(pending: Pending): void {
    this.giveUp(pending)
    pending.late = true
  }
}
