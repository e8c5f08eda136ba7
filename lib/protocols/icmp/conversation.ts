import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { type Context, type Conversation, type Direction, FROM_CLIENT, type Segment } from '../protocol.js'
import type { IcmpTransaction } from './fields.js'
import { HEADER, type Message, message } from './message.js'
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
  readonly #waiting: ById<Pending>

  static shared(context: Context<IcmpTransaction>): Shared {
    return { context, room: context.waitingRoom((pending) => pending.conversation.#timedOut(pending)) }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    this.#version = endpoints.ipVersion === 6 ? icmp6 : icmp4
    this.#waiting = new ById(shared.room, shared.context.memory)
  }

  data({ bytes, start, end, cut, direction, time }: Segment): void {
    if (end - start < HEADER) {
      this.#shared.context.count('malformed')
      return
    }
    const read = message(bytes, start, cut === 0 ? end - start : cut)
    switch (roleOf(this.#version, read.type)) {
      case 'request':
        this.#asked(read, direction, time)
        return
      case 'reply':
        this.#answered(read, (1 - direction) as Direction, time)
        return
      case 'error':
        this.#emit(this.#told(read, direction, time, 'Error'))
        return
      case 'notice':
        this.#emit(this.#told(read, direction, time, 'OK'))
    }
  }

  close(): void {
    for (const pending of this.#waiting.drain()) this.#giveUp(pending, NO_REPLY)
  }

  #asked(request: Message, asker: Direction, start: number): void {
    const pending = this.#told(request, asker, start, 'Error')
    const displaced = this.#waiting.add(pending)
    if (displaced === undefined) return
    const again = displaced !== pending && displaced.id === pending.id
    this.#shared.context.count(again ? 'duplicate_requests' : 'evicted_requests')
    this.#giveUp(displaced, again ? DUPLICATE : TOO_MANY)
  }

  #answered(response: Message, asker: Direction, time: number): void {
    const pending = this.#waiting.take(idOf(response, asker))
    if (pending === undefined) {
      this.#shared.context.count('unmatched_responses')
      const orphan = this.#told(response, asker, time, 'Error')
      orphan.request = undefined
      orphan.sourceBytes = 0
      orphan.notes = [NO_REQUEST]
      this.#finish(orphan, response, time)
      return
    }
    pending.status = 'OK'
    this.#finish(pending, response, time)
  }

  #finish(transaction: IcmpTransaction, response: Message, time: number): void {
    transaction.end = time
    transaction.response = response
    transaction.destinationBytes = response.bytes
    this.#emit(transaction)
  }

  #timedOut(pending: Pending): void {
    this.#waiting.forget(pending)
    this.#giveUp(pending, NO_REPLY)
  }

  #giveUp(pending: Pending, note: string): void {
    this.#shared.context.count('unmatched_requests')
    pending.notes = [note]
    this.#emit(pending)
  }

  #emit(transaction: IcmpTransaction): void {
    this.#shared.context.emit(this.#of(transaction.id), transaction)
  }

  /** The endpoints with the side as source that asked. */
  #of(id: number): Endpoints {
    if (id < FROM_OTHER_SIDE) return this.#endpoints
    this.#reversed ??= this.#endpoints.reversed()
    return this.#reversed
  }

  #told(request: Message, asker: Direction, start: number, status: 'OK' | 'Error'): Pending {
    return {
      start,
      end: undefined,
      sourceBytes: request.bytes,
      destinationBytes: 0,
      status,
      notes: undefined,
      version: this.#version,
      request,
      response: undefined,
      id: idOf(request, asker),
      held: HELD,
      ahead: undefined,
      behind: undefined,
      waits: false,
      conversation: this,
    }
  }
}

// Both sides may ask, and use the same numbers.
const FROM_OTHER_SIDE = 2 ** 32
const idOf = ({ id }: Message, asker: Direction): number =>
  asker === FROM_CLIENT ? id : id + FROM_OTHER_SIDE
