import type { Endpoints } from '../../events/endpoints.js'
import { Malformed } from '../../wire/cursor.js'
import type { Conversation, Segment } from '../protocol.js'
import { Exchanges } from './exchanges.js'
import { message } from './message.js'
import type { Shared } from './shared.js'

/** DNS over UDP: each datagram is one message. */
export class DnsDatagrams implements Conversation {
  readonly #exchanges: Exchanges
  readonly #shared: Shared

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#exchanges = new Exchanges(endpoints, shared)
    this.#shared = shared
  }

  data({ bytes, start, end, cut, direction, time }: Segment): void {
    try {
      const read = message(bytes, start, end, cut === 0 ? end - start : cut, this.#shared.sections)
      this.#exchanges.take(read, direction, time)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      // Anyone can send anything to a port: it is no reason to give up the queries that wait.
      this.#shared.context.count('malformed')
    }
  }

  close(): void {
    this.#exchanges.close()
  }
}
