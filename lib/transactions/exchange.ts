import type { Endpoints } from '../events/endpoints.js'
import type { Transaction } from '../events/fields.js'
import {
  type Context,
  type Conversation,
  type Converse,
  FROM_CLIENT,
  type Segment,
} from '../protocols/protocol.js'
import { Messages, type Parse } from '../wire/messages.js'
import { InOrder, type Ordered } from './in-order.js'
import { LATE_RESPONSE, TOO_MANY_REQUESTS, UNMATCHED_REQUEST } from './notes.js'
import type { WaitingRoom } from './waiting.js'

/** A request and its answer, as the parsers made them. */
export interface Exchange<Request, Response> extends Transaction {
  request: Request
  /** undefined: there was none in time. */
  response: Response | undefined
}

/** What a protocol says of its requests and their answers; `exchanges` does the rest. */
export interface ExchangeRules<Request, Response> {
  request: Parse<Request>
  response: Parse<Response>
  /** The answer says that what was asked for was not done: the status is Error. */
  failed?(response: Response, request: Request): boolean
  /** Requests of one connection that may wait; 1000 unless given. What is too many is reported without its answer. */
  limit?: number
}

/** What `exchanges` counts: for `Protocol.counters`. */
export const exchangeCounters = {
  unmatched_requests: 'requests without an answer, each reported as an event',
  unmatched_responses: 'answers to requests that were not captured',
  late_responses: 'answers that came after transaction_timeout; a second event tells',
}

/**
 * Conversations of the simplest kind, over TCP: each request has one answer, in the order of the requests. For
 * `Protocol.start`; `Protocol.counters` must have `exchangeCounters`.
 */
export function exchanges<Request, Response>(
  context: Context<Exchange<Request, Response>>,
  rules: ExchangeRules<Request, Response>,
): Converse {
  const room = context.waitingRoom<Pending<Request, Response>>((pending) => {
    pending.late = true
    pending.giveUp(pending, UNMATCHED_REQUEST)
  })
  return (endpoints) => new Exchanges(endpoints, { context, rules, room })
}

interface Pending<Request, Response> extends Exchange<Request, Response>, Ordered {
  giveUp(pending: Pending<Request, Response>, note: string): void
}

interface Shared<Request, Response> {
  context: Context<Exchange<Request, Response>>
  rules: ExchangeRules<Request, Response>
  room: WaitingRoom<Pending<Request, Response>>
}

class Exchanges<Request, Response> implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared<Request, Response>
  readonly #requests: Messages<Request>
  readonly #responses: Messages<Response>
  readonly #waiting: InOrder<Pending<Request, Response>>
  /** Answers still to come to requests that were too many; they come before all others. */
  #owed = 0

  constructor(endpoints: Endpoints, shared: Shared<Request, Response>) {
    const { context, rules, room } = shared
    this.#endpoints = endpoints
    this.#shared = shared
    this.#requests = new Messages(rules.request, context.memory)
    this.#responses = new Messages(rules.response, context.memory)
    this.#waiting = new InOrder(room, { bytes: 0, messages: rules.limit ?? 1000 })
  }

  data(segment: Segment): void {
    if (segment.direction === FROM_CLIENT) this.#requests.feed(segment, this.#asked)
    else this.#responses.feed(segment, this.#answered)
  }

  close(): void {
    this.#requests.discard()
    this.#responses.discard()
    for (const pending of this.#waiting.drain()) this.#giveUp(pending, UNMATCHED_REQUEST)
  }

  readonly #asked = (request: Request, start: number, sourceBytes: number): void => {
    const evicted = this.#waiting.push({
      start,
      sourceBytes,
      destinationBytes: 0,
      status: 'OK',
      request,
      response: undefined,
      late: false,
      giveUp: this.#giveUp,
    })
    if (evicted === undefined) return
    this.#owed++
    if (!evicted.late) this.#giveUp(evicted, TOO_MANY_REQUESTS)
  }

  readonly #answered = (response: Response, end: number, destinationBytes: number): void => {
    const { context, rules } = this.#shared
    const pending = this.#owed > 0 ? undefined : this.#waiting.shift()
    if (pending === undefined) {
      if (this.#owed > 0) this.#owed--
      context.count('unmatched_responses')
      return
    }
    if (pending.late) context.count('late_responses')
    const status = rules.failed?.(response, pending.request) ? 'Error' : 'OK'
    const notes = pending.late ? [LATE_RESPONSE] : undefined
    context.emit(this.#endpoints, Object.assign(pending, { end, destinationBytes, response, status, notes }))
  }

  readonly #giveUp = (pending: Pending<Request, Response>, note: string): void => {
    this.#shared.context.count('unmatched_requests')
    this.#shared.context.emit(this.#endpoints, Object.assign(pending, { status: 'Error', notes: [note] }))
  }
}
