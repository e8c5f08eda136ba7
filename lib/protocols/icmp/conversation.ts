import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Malformed } from '../../wire/cursor.js'
import { type Context, type Conversation, type Direction, FROM_CLIENT, type Segment } from '../protocol.js'
import type { IcmpTransaction } from './fields.js'
import { type Message, message } from './message.js'
import { icmp4, icmp6, roleOf, type Version } from './types.js'

export const counters = {
  malformed: 'messages of less than a header',
  unmatched_requests: 'requests without a reply, each reported as an event',
  unmatched_responses: 'replies whose request was not captured, each reported as an event',
  duplicate_requests: 'requests that were sent again with the same identifier and sequence number',
  evicted_requests: 'requests reported without their reply because too many waited',
}

// What `error.message` says; upstream's wording, which dashboards and alerts look for.
const DUPLICATE =
  'Another request with the same Id and Seq was received so this request was closed without receiving a response.'
const NO_REPLY = 'Request was received without an associated response.'
const NO_REQUEST = 'Response was received without an associated request.'
/** Ours. */
const TOO_MANY = 'Too many requests without a response.'

// Bytes of a waiting request, roughly.
const HELD = 400

/** What all conversations of one configured entry have in common. */
export interface Shared {
  context: Context<IcmpTransaction>
  room: WaitingRoom<Pending>
}

/** A request that waits, and whose it is. */
interface Pending extends IcmpTransaction {
  conversation: IcmpConversation
}

/** What two hosts tell each other with one kind of message and its answers. */
export class IcmpConversation implements Conversation {
  readonly #endpoints: Endpoints
  #reversed: Endpoints | undefined
  readonly #shared: Shared
  readonly #version: Version
  /** Requests of both sides: they may use the same numbers. */
  readonly #waiting: readonly [ById<Pending>, ById<Pending>]

  static shared(context: Context<IcmpTransaction>): Shared {
    return { context, room: context.waitingRoom((pending) => pending.conversation.#timedOut(pending)) }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    this.#version = endpoints.ipVersion === 6 ? icmp6 : icmp4
    const { context, room } = shared
    this.#waiting = [new ById(room, context.memory), new ById(room, context.memory)]
  }

  data({ bytes, start, end, cut, direction, time }: Segment): void {
    let read: Message
    try {
      read = message(bytes, start, end, cut === 0 ? end - start : cut)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      // No reason to give up the requests that wait.
      this.#shared.context.count('malformed')
      return
    }
    const role = roleOf(this.#version, read.type)
    if (role === 'reply') this.#answered(read, (1 - direction) as Direction, time)
    else if (role === 'request') this.#asked(read, direction, time)
    else this.#emit(direction, { ...this.#transaction(read, time), status: role === 'error' ? 'Error' : 'OK' })
  }

  close(): void {
    for (const side of this.#waiting) for (const pending of side.drain()) this.#giveUp(pending, NO_REPLY)
  }

  #asked(request: Message, asker: Direction, start: number): void {
    const pending: Pending = { ...this.#transaction(request, start), asker, conversation: this }
    const displaced = this.#waiting[asker].add(pending)
    if (displaced === undefined) return
    const again = displaced !== pending && displaced.id === pending.id
    this.#shared.context.count(again ? 'duplicate_requests' : 'evicted_requests')
    this.#giveUp(displaced, again ? DUPLICATE : TOO_MANY)
  }
}
