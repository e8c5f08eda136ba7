import { isIP } from 'node:net'
import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import { type Direction, FROM_CLIENT, FROM_SERVER } from '../protocol.js'
import { isResponse, type Message } from './message.js'
import {
  DUPLICATE,
  INCOMPLETE,
  NO_QUERY,
  NO_RESPONSE,
  note,
  noteQuery,
  noteResponse,
  ofResponse,
  TOO_MANY,
} from './notes.js'
import type { Pending, Shared } from './shared.js'
import type { DnsTransaction } from './transaction.js'
import { Transfer } from './transfer.js'

// Bytes of a waiting query beside those of its message, roughly.
const HELD = 600
const UDP = 17
// A record takes that much more in memory than on the wire, roughly.
const RECORD_FACTOR = 8

/** Pairs the messages of one conversation by who asks and by their id, in whatever order the answers come. */
export class Exchanges {
  readonly shared: Shared
  readonly #endpoints: Endpoints
  #reversed: Endpoints | undefined
  readonly #waiting: ById<Pending>
  /** The last query; -1: there was none. */
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
    const pending = this.#waiting.find(id === undefined ? this.#last : idOf(id, asker))
    if (pending === undefined || askerOf(pending.id) !== asker) return
    this.#waiting.take(pending.id)
    this.#giveUp(pending, ofResponse(note))
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
    noteQuery(pending, query, this.#isDatagram)
    this.#last = pending.id
    const displaced = this.#waiting.add(pending)
    if (displaced === undefined) return
    const again = displaced !== pending && displaced.id === pending.id
    if (!again) shared.context.count('evicted_requests')
    this.#giveUp(displaced, again ? DUPLICATE : TOO_MANY)
  }

  #answered(response: Message, asker: Direction, time: number): void {
    const { room } = this.shared
    const id = idOf(response.id, asker)
    const pending = this.#waiting.find(id)
    if (pending?.query === undefined) {
      this.#orphan(response, asker, time)
      return
    }
    pending.end ??= time
    if (pending.transfer === undefined) pending.response = response
    if (!this.#isDatagram && Transfer.isAskedFor(pending.query)) {
      pending.transfer ??= new Transfer(pending.query, response)
      this.#transferred(pending, pending.transfer, response)
      if (!pending.transfer.finished) {
        // A zone takes the time it takes: it ends with its last message, or with the connection.
        room.leave(pending)
        return
      }
    }
    this.#waiting.take(id)
    pending.status = response.rcode === 0 ? 'OK' : 'Error'
    this.#emit(pending)
  }

  /** Adds a message of a zone, while there is memory for its records. */
  #transferred(pending: Pending, transfer: Transfer, response: Message): void {
    const { context } = this.shared
    const bytes = RECORD_FACTOR * response.bytes
    const keep = context.memory.take(bytes)
    if (keep) pending.held += bytes
    context.count('transfer_records_left_out', transfer.add(response, keep))
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
      noteResponse(transaction, query, response, this.#isDatagram)
    }
    this.shared.context.emit(this.#of(transaction.id), transaction)
  }

  get #isDatagram(): boolean {
    return this.#endpoints.protocol === UDP
  }

  /** The endpoints with the side as source that asked. */
  #of(id: number): Endpoints {
    if (askerOf(id) === FROM_CLIENT) return this.#endpoints
    this.#reversed ??= this.#endpoints.reversed()
    return this.#reversed
  }
}

// Both sides may ask, and use the same numbers.
const FROM_OTHER_SIDE = 0x10000
const idOf = (id: number, asker: Direction): number => (asker === FROM_CLIENT ? id : id + FROM_OTHER_SIDE)
const askerOf = (id: number): Direction => (id < FROM_OTHER_SIDE ? FROM_CLIENT : FROM_SERVER)

function addresses({ answers }: Message): string[] | undefined {
  let found: string[] | undefined
  // What is no address would make the whole event unfit for an index.
  for (const { type, data } of answers)
    if ((type === 'A' || type === 'AAAA') && isIP(data) !== 0) {
      if (found === undefined) found = [data]
      else found.push(data)
    }
  return found
}
