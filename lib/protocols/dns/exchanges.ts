import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import type { Context, Direction, Segment } from '../protocol.js'
import type { DnsTransaction } from './fields.js'
import { isResponse, type Message, type Sections } from './message.js'
import {
  CUT,
  DUPLICATE,
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

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: DnsTransaction['options']
  /** Of responses; of queries all sections are read. */
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
  /** Id of the last query of each side. */
  #last = -1

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
    const pending = this.#waiting.take(id === undefined ? this.#last : idOf(id, asker))
    if (pending !== undefined) this.#giveUp(pending, ofResponse(note))
  }

  /** Reports all that still wait. */
  close(note = NO_RESPONSE): void {
    for (const pending of this.#waiting.drain()) this.#giveUp(pending, note)
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
    if (this.#isDatagrams && query.bytes > MAX_DATAGRAM && query.opt === undefined) note(pending, TOO_LARGE)
    if (query.cut) note(pending, CUT)
    this.#last = pending.id
    const displaced = this.#waiting.add(pending)
    if (displaced !== undefined) this.#giveUp(displaced, displaced.id === pending.id && displaced !== pending ? DUPLICATE : TOO_MANY)
  }

  #answered(response: Message, asker: Direction, time: number): void {
    const { context, options, room } = this.shared
    const id = idOf(response.id, asker)
    const pending = this.#waiting.find(id)
    if (pending?.query === undefined) {
      this.#orphan(response, asker, time)
      return
    }
    pending.end ??= time
    if (!this.#isDatagrams && Transfer.isAskedFor(pending.query)) {
      if (pending.transfer === undefined) pending.transfer = new Transfer(pending.query, (pending.response = response))
      else context.count('transfer_records_left_out', pending.transfer.add(response))
      if (!pending.transfer.finished) {
        // It takes the time it takes: it ends with its last message, or with the connection.
        room.leave(pending)
        return
      }
    } else pending.response = response
    this.#waiting.take(id)
    this.#describe(pending, pending.query)
    pending.status = response.rcode === 0 ? 'OK' : 'Error'
    context.emit(this.#of(asker), pending)
  }
}
