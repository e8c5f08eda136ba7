import type { Endpoints } from '../../events/endpoints.js'
import { ById, type Identified } from '../../transactions/by-id.js'
import { TOO_MANY_REQUESTS, UNMATCHED_REQUEST } from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import type { Context } from '../protocol.js'
import type { DhcpConversation } from './conversation.js'
import type { Message } from './message.js'
import { idOf, requestTypes } from './pairing.js'
import type { DhcpTransaction } from './transaction.js'

export const counters = {
  malformed: 'datagrams that are neither DHCP nor BOOTP',
  unmatched_requests:
    'requests without an answer; those whose answer should have been seen say so in their event',
  unmatched_responses: 'answers whose request was not captured',
  evicted_requests: 'requests reported without waiting for their answer because too many waited',
  broken_options: 'messages whose last option goes on past their end; the event tells',
  shortened_options: 'options nobody can read of which only the first bytes are shown',
}

/** A request that may still be answered, and by whom it was sent. */
export interface Pending extends Identified<string> {
  /** undefined: it was answered, and reported; other servers may answer it, too. */
  request: DhcpTransaction | undefined
  /** The same was asked before, in vain. */
  repeated: boolean
  endpoints: Endpoints
  conversation: DhcpConversation
}

// Bytes of a request that waits, roughly: what it takes whatever it says, and times its bytes on the wire.
const HELD = 2000
const FACTOR = 4
// Of one that was answered.
const ANSWERED = 400

// What a large network asks in the time an answer may take. Past that somebody tries out all addresses.
const LIMIT = 8192

// Nobody asks again within half a second (RFC 2131 §4.1: after four); the same packet may be seen at two devices.
const COPIED = 0.5e9

const EVERYBODY = '255.255.255.255'
const CLIENT_PORT = 68

/**
 * Pairs the messages of all conversations: a client without an address speaks in one, and is answered in another.
 * A request is reported with its first answer, or when there was none in time.
 */
export class Exchanges {
  readonly context: Context<DhcpTransaction>
  readonly #waiting: ById<Pending>

  constructor(context: Context<DhcpTransaction>) {
    this.context = context
    const room: WaitingRoom<Pending> = context.waitingRoom((pending) => {
      this.#waiting.forget(pending)
      this.#missed(pending)
    })
    this.#waiting = new ById(room, context.memory, LIMIT)
  }

  /** Lets a request wait for its answers. */
  asked(request: DhcpTransaction, endpoints: Endpoints, conversation: DhcpConversation): void {
    const { message } = request
    const pending: Pending = {
      start: request.start,
      id: idOf(message, message.type, message.relayIp !== ''),
      held: HELD + FACTOR * message.bytes,
      ahead: undefined,
      behind: undefined,
      waits: false,
      request,
      repeated: false,
      endpoints,
      conversation,
    }
    conversation.requests.add(pending)
    const displaced = this.#waiting.add(pending)
    if (displaced === undefined) return
    if (displaced === pending || displaced.id !== pending.id) this.#evicted(displaced)
    else this.#askedAgain(displaced, pending, message)
  }

  /** Finds the request of an answer, and reports it. Answers the nanoseconds since then; undefined: there is none. */
  answered(message: Message, endpoints: Endpoints, time: number): number | undefined {
    const types = requestTypes(message)
    if (types === undefined) return undefined
    const relayed = message.relayIp !== '' && endpoints.destinationPort !== CLIENT_PORT
    for (const type of types) {
      const pending = this.#waiting.find(idOf(message, type, relayed))
      if (pending === undefined) continue
      this.#first(pending, time)
      return Math.max(0, time - pending.start)
    }
    this.context.count('unmatched_responses')
    return undefined
  }

  /** The conversation of a request ends. */
  closed(pending: Pending): void {
    this.#waiting.take(pending.id)
    this.#missed(pending)
  }

  /** The first answer came. What is left waits for those of other servers. */
  #first(pending: Pending, time: number): void {
    const { request } = pending
    if (request === undefined) return
    this.context.memory.give(pending.held - ANSWERED)
    pending.held = ANSWERED
    pending.request = undefined
    this.#report(pending, request, time)
  }

  #report({ endpoints }: Pending, request: DhcpTransaction, end?: number): void {
    request.end = end
    this.context.emit(endpoints, request)
  }

  #missed(pending: Pending): void {
    const { request } = pending
    pending.conversation.requests.delete(pending)
    if (request === undefined) return
    this.context.count('unmatched_requests')
    if (wouldBeSeen(pending, request.message)) failed(request, UNMATCHED_REQUEST)
    this.#report(pending, request)
  }

  #evicted(pending: Pending): void {
    const { request } = pending
    pending.conversation.requests.delete(pending)
    if (request === undefined) return
    this.context.count('evicted_requests')
    failed(request, TOO_MANY_REQUESTS)
    this.#report(pending, request)
  }

  /** A packet that was seen twice, or passed on by another relay agent, is no sign that nobody answers. */
  #askedAgain(before: Pending, now: Pending, { hops }: Message): void {
    const { request } = before
    if (request !== undefined && (now.start - before.start < COPIED || request.message.hops !== hops)) {
      before.conversation.requests.delete(before)
      this.#report(before, request)
      return
    }
    before.repeated = request !== undefined
    now.repeated = before.repeated
    this.#missed(before)
  }
}

/**
 * Whether an answer would have come by here. The answer to a broadcast may go to the client alone, past everybody else; but
 * a client that asks again had none.
 */
const wouldBeSeen = ({ repeated, endpoints }: Pending, { broadcast }: Message): boolean =>
  repeated || broadcast || endpoints.destinationIp !== EVERYBODY

function failed(request: DhcpTransaction, note: string): void {
  request.status = 'Error'
  if (request.notes === undefined) request.notes = [note]
  else request.notes.push(note)
}
