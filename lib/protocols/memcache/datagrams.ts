import type { Endpoints } from '../../events/endpoints.js'
import { Malformed } from '../../wire/cursor.js'
import type { Conversation, Segment } from '../protocol.js'
import { FROM_CLIENT } from '../protocol.js'
import { Exchange } from './exchange.js'
import type { Shared } from './shared.js'

const HEADER = 8
// Requests of one port that are remembered, answered or not: a client has few under way, and then takes the next number.
const MAX_EXCHANGES = 1024

/**
 * memcached over UDP: before each datagram stand a request id, which the answer repeats, the datagram's number and how
 * many there are (memcached, doc/protocol.txt, "UDP protocol"). Every id is a small stream of its own.
 */
export class MemcacheDatagrams implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #exchanges = new Map<number, Exchange>()

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
  }

  data(segment: Segment): void {
    try {
      this.#datagram(segment)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      // Anyone can send anything to a port: it is no reason to give up the requests that wait.
      this.#shared.context.count('malformed')
    }
  }

  close(): void {
    for (const exchange of this.#exchanges.values()) exchange.end()
    this.#exchanges.clear()
  }

  #datagram(segment: Segment): void {
    const { bytes, start, end } = segment
    if (end - start < HEADER) throw new Malformed('a datagram without its header', end - start)
    const id = bytes.readUInt16BE(start)
    const number = bytes.readUInt16BE(start + 2)
    const total = bytes.readUInt16BE(start + 4)
    // memcached 1.6 sends one of these for some of the keys that it does not find.
    if (total === 0 && end - start === HEADER) return
    if (number >= total) throw new Malformed(`datagram ${number} of ${total}`, 2)
    segment.start += HEADER
    if (segment.cut > 0) segment.cut -= HEADER
    if (segment.direction === FROM_CLIENT) {
      // memcached refuses requests of more than one datagram; what it says then answers the first.
      if (number === 0) this.#begun(id).ask(segment)
    } else (this.#exchanges.get(id) ?? this.#begun(id)).answer(segment, number, total)
  }

  /** A request takes the place of an earlier one of its id. */
  #begun(id: number): Exchange {
    this.#forget(id)
    if (this.#exchanges.size >= MAX_EXCHANGES) {
      const [oldest] = this.#exchanges.keys()
      this.#forget(oldest as number, true)
    }
    const exchange: Exchange = new Exchange(this.#endpoints, this.#shared, () => {
      if (this.#exchanges.get(id) === exchange) this.#exchanges.delete(id)
    })
    this.#exchanges.set(id, exchange)
    return exchange
  }

  #forget(id: number, tooMany = false): void {
    const exchange = this.#exchanges.get(id)
    this.#exchanges.delete(id)
    exchange?.end(tooMany)
  }
}
