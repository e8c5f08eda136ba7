import type { Endpoints } from '../../events/endpoints.js'
import { LOSS_IN_RESPONSE, TOO_MANY_REQUESTS } from '../../transactions/notes.js'
import { Malformed } from '../../wire/cursor.js'
import type { Segment } from '../protocol.js'
import { FROM_SERVER } from '../protocol.js'
import { binaryValue } from './binary.js'
import { requestHead, responseHead } from './heads.js'
import type { Request, Response } from './message.js'
import { Pairing } from './pairing.js'
import { Reader } from './reader.js'
import type { Shared } from './shared.js'

// An answer may have 65,535 datagrams, but memcached refuses items of more than 1 GiB, and a client has long given up.
const MAX_DATAGRAMS = 8192

/** What is said under one request id: a datagram of requests, and an answer of one or more, which come in any order. */
export class Exchange {
  readonly #shared: Shared
  readonly #pairing: Pairing
  readonly #requests: Reader<Request>
  readonly #responses: Reader<Response>
  readonly #over: () => void
  /** Datagrams of the answer that have come, by their number. */
  #parts: (Buffer | undefined)[] = []
  #come = 0
  #total = 0
  /** When the first one came. */
  #time = 0

  /** `over` is told when nothing more is to be expected. */
  constructor(endpoints: Endpoints, shared: Shared, over: () => void) {
    const { memory } = shared.context
    this.#shared = shared
    this.#over = over
    this.#pairing = new Pairing(endpoints, shared, shared.datagrams, () => this.#late())
    const { asked, answered } = this.#pairing
    this.#requests = new Reader((cursor) => requestHead(shared, cursor), memory, asked, false)
    this.#responses = new Reader(
      (cursor) => responseHead(shared, cursor),
      memory,
      (response, time, bytes) => {
        binaryValue(response)
        answered(response, time, bytes)
      },
      true,
    )
  }

  /** Takes a datagram of requests. @throws {Malformed} */
  ask(segment: Segment): void {
    this.#feed(this.#requests, segment)
  }

  /** Takes one of the datagrams of the answer. @throws {Malformed} */
  answer(segment: Segment, number: number, total: number): void {
    if (total === 1) {
      this.#feed(this.#responses, segment)
      if (this.#pairing.isEmpty) this.#over()
      return
    }
    if (total > MAX_DATAGRAMS || (this.#total !== 0 && total !== this.#total))
      throw new Malformed(`an answer of ${total} datagrams`, 4)
    const { bytes, start, end, time } = segment
    if (this.#parts[number] !== undefined || !this.#shared.context.memory.take(end - start)) return
    this.#total = total
    this.#parts[number] = Buffer.from(bytes.subarray(start, end))
    if (number === 0) this.#time = time
    if (++this.#come === total) {
      this.#join()
      if (this.#pairing.isEmpty) this.#over()
    }
  }

  /** Nothing more will come. `tooMany`: because others came. */
  end(tooMany = false): void {
    if (!this.#late()) this.#pairing.end(tooMany ? TOO_MANY_REQUESTS : undefined)
  }

  /** Feeds what came in time of an answer that is not whole. False: nothing of it has come. */
  #late(): boolean {
    if (this.#come === 0) return false
    this.#shared.context.count('lost_datagrams', this.#total - this.#come)
    try {
      this.#join()
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.#shared.context.count('malformed')
    }
    this.#pairing.end(LOSS_IN_RESPONSE)
    this.#over()
    return true
  }

  /** Reads the answer up to the first datagram that is missing. */
  #join(): void {
    const parts = this.#parts
    let first = 0
    while (parts[first] !== undefined) first++
    const bytes = Buffer.concat(parts.slice(0, first) as Buffer[])
    this.#shared.context.memory.give(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0))
    this.#parts = []
    this.#come = 0
    const segment: Segment = {
      time: this.#time,
      direction: FROM_SERVER,
      bytes,
      start: 0,
      end: bytes.length,
      cut: first < this.#total ? bytes.length + 1 : 0,
    }
    if (bytes.length > 0) this.#feed(this.#responses, segment)
  }

  #feed<M extends Request | Response>(reader: Reader<M>, segment: Segment): void {
    try {
      reader.feed(segment)
      // The snap length, or a datagram that is missing, cut the end off.
      if (segment.cut > 0) reader.loseRest()
      if (reader.discard()) throw new Malformed('a message that goes on past its datagram', 0)
    } catch (error) {
      reader.discard()
      throw error
    }
  }
}
