import type { Endpoints } from '../../events/endpoints.js'
import { InOrder } from '../../transactions/in-order.js'
import {
  INCOMPLETE_RESPONSE,
  LATE_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import type { Context } from '../protocol.js'
import type { ServerMessage } from './errors.js'
import { LEFT, NO_RESULT, NOT_RUN, REFUSED } from './notes.js'
import type { Session } from './session.js'
import type { PreparedStatements } from './statements.js'
import { type Kind, PARSED, PgsqlTransaction, READY, RESULT } from './transaction.js'

// Requests that may wait on one connection, by number and by what they take: more than the buffers of both hosts hold.
const LIMITS = { messages: 20_000, bytes: 8 * 1024 * 1024 }

/**
 * Requests of a connection in the order of their answers. They come in series: all up to a Sync, or the statements of a
 * Query message. The server answers a series with one ReadyForQuery, whatever else it says; so whatever goes wrong in one,
 * the next finds its answers. A request that has its result stays until the next one's begins or the series is over, since
 * only then it is known that no error follows.
 */
export class Pairing {
  /** Number of the series that the client is sending, and of the one that the server is answering. */
  asking = 0
  answering = 0
  /** The request whose data are copied now. */
  copying: PgsqlTransaction | undefined = undefined
  /** The client has said CopyDone or CopyFail. */
  copied = false
  readonly endpoints: Endpoints
  readonly session: Session
  readonly context: Context<PgsqlTransaction>
  readonly #room: WaitingRoom<PgsqlTransaction>
  readonly #waiting: InOrder<PgsqlTransaction>
  readonly #statements: PreparedStatements
  /** An error was sent: what is left of the series is not run. */
  #failed = false
  /** The series whose requests had to go. */
  #evicted = -1

  constructor(
    endpoints: Endpoints,
    session: Session,
    context: Context<PgsqlTransaction>,
    room: WaitingRoom<PgsqlTransaction>,
    statements: PreparedStatements,
  ) {
    this.endpoints = endpoints
    this.session = session
    this.context = context
    this.#room = room
    this.#waiting = new InOrder(room, LIMITS, weight)
    this.#statements = statements
  }

  /** Makes a request of the series that is being sent, and lets it wait; see `PgsqlTransaction`. */
  ask(
    kind: Kind,
    method: string,
    sql: string | undefined,
    time: number,
    bytes: number,
    expects: number,
  ): PgsqlTransaction {
    const request = new PgsqlTransaction(this, kind, method, sql, time, bytes, expects)
    this.#push(request)
    return request
  }

  /** When too many wait, the oldest go with all of their series. */
  #push(request: PgsqlTransaction): void {
    if (request.series === this.#evicted) {
      this.#evict(request)
      return
    }
    const oldest = this.#waiting.push(request)
    if (oldest === undefined) return
    this.#evicted = oldest.series
    this.#evict(oldest)
    while (this.#waiting.peek()?.series === this.#evicted) this.#evict(this.#shift())
  }

  /** A request that waits takes that many bytes more. */
  grow(request: PgsqlTransaction, bytes: number): void {
    request.weight += bytes
    if (request.series !== this.#evicted) this.#waiting.grow(bytes)
  }

  /** The last request of the series that the client is sending. */
  last(): PgsqlTransaction | undefined {
    const last = this.#waiting.last()
    return last?.series === this.asking ? last : undefined
  }

  /** The request that the server answers now. */
  head(): PgsqlTransaction | undefined {
    const head = this.#waiting.peek()
    return head?.series === this.answering ? head : undefined
  }

  /** The request that expects `what`, which was just sent; those before it have all that they asked for. */
  awaiting(what: number): PgsqlTransaction | undefined {
    for (let head = this.head(); head !== undefined; head = this.head()) {
      if ((head.expects & what) !== 0) return head
      if (!head.complete) return undefined
      this.#finish(this.#shift())
    }
    return undefined
  }

  /** The request whose Describe is answered now. */
  described(): PgsqlTransaction | undefined {
    for (let head = this.head(); head !== undefined; head = this.head()) {
      if (head.describes > 0 || (head.expects & RESULT) !== 0) return head
      if (!head.complete) return undefined
      this.#finish(this.#shift())
    }
    return undefined
  }

  /** A request that had all that it had asked for asks for more. `start`: its time starts anew. */
  again(request: PgsqlTransaction, start: number): void {
    this.#room.leave(request)
    request.start = start
    request.end = undefined
    if (!request.reported) this.#room.enter(request)
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** The request in front is over. */
  done(): void {
    if (this.#waiting.length > 0) this.#finish(this.#shift())
  }

  /** An ErrorResponse of that many bytes. Answers whose it was; undefined: nobody's. */
  failed(error: ServerMessage, time: number, bytes: number): PgsqlTransaction | undefined {
    this.#failed = true
    this.copying = undefined
    let head = this.head()
    // The whole string is parsed before any of it is run: an error there may be in a later statement.
    while (head?.kind === 'statement' && !head.answered && head.sqlEnd > 0 && error.position > head.sqlEnd) {
      this.#notRun(this.#shift())
      head = this.head()
    }
    while (head?.complete) {
      const before = this.#shift()
      head = this.head()
      if (head === undefined) {
        // It came when all was done: what is checked at the end of a transaction failed.
        this.#fail(before, error, time, bytes)
        this.#finish(before)
        return before
      }
      this.#finish(before)
    }
    if (head === undefined) return undefined
    this.#fail(head, error, time, bytes)
    if (error.fatal) this.#finish(this.#shift())
    return head
  }

  #fail(request: PgsqlTransaction, error: ServerMessage, time: number, bytes: number): void {
    request.destinationBytes += bytes
    request.error = error
    request.answered = true
    request.end ??= time
  }

  /** A ReadyForQuery: the series is over. False when no series waits for one. */
  ready(state: number): boolean {
    if (this.answering === this.asking) return false
    for (let head = this.head(); head !== undefined; head = this.head()) {
      head.state = state
      head.expects &= ~READY
      if (head.answered || head.complete) this.#finish(this.#shift())
      else this.#notRun(this.#shift())
    }
    this.answering++
    this.#failed = false
    this.copying = undefined
    return true
  }

  /** Gives up all that waits: no answers come, or none that could be paired. `note` says why. */
  drop(note: string): void {
    for (const request of this.#waiting.drain()) {
      if (request.reported) continue
      if (request.answered || (request.complete && request.kind !== 'login')) this.#finish(request)
      else this.#giveUp(request, note === UNMATCHED_REQUEST ? whyUnanswered(request) : note)
    }
    this.answering = this.asking
    this.#failed = false
    this.copying = undefined
  }

  timedOut(request: PgsqlTransaction): void {
    if (request.answered) this.report(request)
    // A cursor that nobody reads on, or an answer under way: there is nothing to complain of yet.
    else if (request.complete || request.end !== undefined) return
    else {
      request.late = true
      this.#giveUp(request, UNMATCHED_REQUEST)
    }
  }

  /** Writes a request before its series is over. */
  report(request: PgsqlTransaction): void {
    this.#room.leave(request)
    this.#finish(request)
    request.reported = true
  }

  #shift(): PgsqlTransaction {
    return this.#waiting.shift() as PgsqlTransaction
  }

  #finish(request: PgsqlTransaction): void {
    if ((request.expects & PARSED) !== 0) this.#statements.undo(request)
    if (request.reported) return
    request.status = request.error === undefined ? 'OK' : 'Error'
    if (request.late) this.context.count('late_responses')
    if (request.kind !== 'quiet' || request.error !== undefined || request.late)
      this.#write(request, request.late ? LATE_RESPONSE : undefined)
  }

  #notRun(request: PgsqlTransaction): void {
    if ((request.expects & PARSED) !== 0) this.#statements.undo(request)
    if (request.reported || request.kind === 'quiet') return
    this.context.count(this.#failed ? 'not_run' : 'unmatched_requests')
    request.status = 'Error'
    this.#write(request, this.#failed ? NOT_RUN : NO_RESULT)
  }

  #giveUp(request: PgsqlTransaction, note: string): void {
    this.context.count('unmatched_requests')
    request.status = 'Error'
    this.#write(request, note)
  }

  #evict(request: PgsqlTransaction): void {
    this.context.count('evicted_requests')
    if (!request.late && !request.reported) this.#giveUp(request, TOO_MANY_REQUESTS)
    request.reported = true
  }

  #write(request: PgsqlTransaction, note: string | undefined): void {
    const { remark } = request
    if (note === undefined) request.notes = remark === undefined ? undefined : [remark]
    else request.notes = remark === undefined ? [note] : [remark, note]
    this.context.emit(this.endpoints, request)
  }
}

/** Why a request has no answer at the end of its connection. */
function whyUnanswered({ kind, complete, authentication, end }: PgsqlTransaction): string {
  if (kind === 'login' && complete) return REFUSED
  // psql does so to ask for a password, and comes back.
  if (kind === 'login' && authentication !== undefined) return LEFT
  return end === undefined ? UNMATCHED_REQUEST : INCOMPLETE_RESPONSE
}

const weight = (request: PgsqlTransaction): number => request.weight
