import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { type Context, type Direction, FROM_CLIENT } from '../protocol.js'
import type { DnsTransaction } from './fields.js'
import { isResponse, type Message, type Sections } from './message.js'
import {
  CUT,
  DUPLICATE,
  INCOMPLETE,
  NO_EDNS,
  NO_QUERY,
  NO_RESPONSE,
  ofResponse,
  TOO_LARGE,
  TOO_MANY,
  UNEXPECTED_EDNS,
} from './notes.js'
import { Transfer } from './transfer.js'

// Bytes of a waiting query beside those of its message, roughly.
const HELD = 600
// RFC 1035 §4.2.1: what a datagram may have without EDNS.
const MAX_DATAGRAM = 512
const UDP = 17

export const counters = {
  malformed: 'datagrams and messages that are not DNS',
  unmatched_requests: 'queries without a response, each reported as an event',
  unmatched_responses: 'responses whose query was not captured, each reported as an event',
  evicted_requests: 'queries reported without their response because too many waited',
  transfer_records_left_out: 'records of zone transfers past the first of each, which are only counted',
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: DnsTransaction['options']
  sections: Sections
  context: Context<DnsTransaction>
  room: WaitingRoom<Pending>
}

/** A query that waits, and whose it is. */
interface Pending extends DnsTransaction {
  exchanges: Exchanges
}

export function share(options: Shared['options'], context: Context<DnsTransaction>): Shared {
  return {
    options,
    sections: {
      authorities: options.include_authorities || options.send_response,
      additionals: options.include_additionals || options.send_response,
    },
    context,
    room: context.waitingRoom((pending) => pending.exchanges.timedOut(pending)),
  }
}

/** Pairs the messages of one conversation by who asks and by their id, in whatever order the answers come. */
export class Exchanges {
  readonly shared: Shared
  readonly #endpoints: Endpoints
  #reversed: Endpoints | undefined
  readonly #waiting: ById<Pending>
  /** Id of the last query of each side; -1: it has sent none. */
  readonly #last = [-1, -1]

  constructor(endpoints: Endpoints, shared: Shared) {
    this.shared = shared
    this.#endpoints = endpoints
    this.#waiting = new ById(shared.room, shared.context.memory)
  }

  /** A message that was read, whoever sent it. */
  take(message: Message, direction: Direction, time: number): void {
    if (isResponse(message.flags)) this.#answered(message, (1 - direction) as Direction, time)
    else this.#asked(message, direction, time)
  }

  timedOut(pending: Pending): void {
    this.#waiting.forget(pending)
    this.#giveUp(pending, NO_RESPONSE)
  }

  /** A response came that cannot be read. `id`: of its query; undefined: the last one. */
  broken(direction: Direction, id: number | undefined, note: string): void {
    const asker = (1 - direction) as Direction
    const pending = this.#waiting.take(id === undefined ? (this.#last[asker] as number) : idOf(id, asker))
    if (pending !== undefined) this.#giveUp(pending, ofResponse(note))
  }

  /** Reports all that still wait. */
  close(): void {
    for (const pending of this.#waiting.drain())
      this.#giveUp(pending, pending.response === undefined ? NO_RESPONSE : ofResponse(INCOMPLETE))
  }

  #asked(query: Message, asker: Direction, start: number): void {
    const { shared } = this
    // One with nothing to ask is legal (RFC 7873 §5.4), but so are twelve bytes of garbage.
    if (query.questions.length === 0) {
      shared.context.count('malformed')
      return
    }
    const pending: Pending = {
      start,
      end: undefined,
      sourceBytes: query.bytes,
      destinationBytes: 0,
      status: 'Error',
      notes: undefined,
      relatedIps: undefined,
      query,
      response: undefined,
      transfer: undefined,
      options: shared.options,
      parts: undefined,
      id: idOf(query.id, asker),
      held: HELD + query.bytes,
      ahead: undefined,
      behind: undefined,
      waits: false,
      exchanges: this,
    }
    if (this.#isDatagram && query.bytes > MAX_DATAGRAM && query.opt === undefined) note(pending, TOO_LARGE)
    if (query.cut) note(pending, CUT)
    this.#last[asker] = pending.id
    const displaced = this.#waiting.add(pending)
    if (displaced === undefined) return
    const again = displaced !== pending && displaced.id === pending.id
    if (!again) shared.context.count('evicted_requests')
    this.#giveUp(displaced, again ? DUPLICATE : TOO_MANY)
  }

  #answered(response: Message, asker: Direction, time: number): void {
    const { context, room } = this.shared
    const id = idOf(response.id, asker)
    const pending = this.#waiting.find(id)
    if (pending?.query === undefined) {
      this.#orphan(response, asker, time)
      return
    }
    pending.end ??= time
    if (pending.transfer !== undefined)
      context.count('transfer_records_left_out', pending.transfer.add(response))
    else {
      pending.response = response
      if (!this.#isDatagram && Transfer.isAskedFor(pending.query))
        pending.transfer = new Transfer(pending.query, response)
    }
    if (pending.transfer?.finished === false) {
      // A zone takes the time it takes: it ends with its last message, or with the connection.
      room.leave(pending)
      return
    }
    this.#waiting.take(id)
    pending.status = response.rcode === 0 ? 'OK' : 'Error'
    this.#emit(pending)
  }

  #orphan(response: Message, asker: Direction, time: number): void {
    const { context, options } = this.shared
    if (response.questions.length === 0) {
      context.count('malformed')
      return
    }
    context.count('unmatched_responses')
    const { bytes } = response
    this.#emit({
      start: time,
      end: time,
      sourceBytes: 0,
      destinationBytes: bytes,
      status: 'Error',
      notes: [NO_QUERY],
      relatedIps: undefined,
      query: undefined,
      response,
      transfer: undefined,
      options,
      parts: undefined,
      id: idOf(response.id, asker),
      held: 0,
    })
  }

  #giveUp(pending: Pending, why: string): void {
    this.shared.context.count('unmatched_requests')
    note(pending, why)
    this.#emit(pending)
  }

  #emit(transaction: DnsTransaction): void {
    const { query, response } = transaction
    if (response !== undefined) {
      transaction.destinationBytes = response.bytes
      transaction.relatedIps = addresses(response)
      if (this.#isDatagram) noteSizes(transaction, query, response)
      if (response.cut) note(transaction, ofResponse(CUT))
    }
    this.shared.context.emit(this.#of(transaction.id), transaction)
  }

  get #isDatagram(): boolean {
    return this.#endpoints.protocol === UDP
  }

  /** The endpoints with the side as source that asked. */
  #of(id: number): Endpoints {
    if (id < FROM_OTHER_SIDE) return this.#endpoints
    this.#reversed ??= this.#endpoints.reversed()
    return this.#reversed
  }
}

// Both sides may ask, and use the same numbers.
const FROM_OTHER_SIDE = 0x10000
const idOf = (id: number, asker: Direction): number => (asker === FROM_CLIENT ? id : id + FROM_OTHER_SIDE)

function note(transaction: DnsTransaction, text: string): void {
  if (transaction.notes === undefined) transaction.notes = [text]
  else transaction.notes.push(text)
}

/** RFC 6891 §6.1.1 and §7: who speaks EDNS, and how long a datagram may then be. */
function noteSizes(transaction: DnsTransaction, query: Message | undefined, response: Message): void {
  if (response.opt === undefined && response.bytes > MAX_DATAGRAM) note(transaction, ofResponse(TOO_LARGE))
  if (query === undefined || (query.opt === undefined) === (response.opt === undefined)) return
  note(transaction, response.opt === undefined ? NO_EDNS : UNEXPECTED_EDNS)
}

function addresses({ answers }: Message): string[] | undefined {
  let found: string[] | undefined
  for (const { type, data } of answers)
    if ((type === 'A' || type === 'AAAA') && data !== '') {
      if (found === undefined) found = [data]
      else found.push(data)
    }
  return found
}
