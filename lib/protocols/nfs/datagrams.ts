import type { Endpoints } from '../../events/endpoints.js'
import type { Conversation, Segment } from '../protocol.js'
import { Exchanges } from './exchanges.js'
import type { Shared } from './shared.js'

/** ONC RPC over UDP: each datagram is one message. */
export class NfsDatagrams implements Conversation {
  readonly #exchanges: Exchanges

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#exchanges = new Exchanges(endpoints, shared)
  }

  data({ bytes, start, end, cut, direction, time }: Segment): void {
    const size = cut === 0 ? end - start : cut
    this.#exchanges.take({ bytes, start, end, hole: undefined, size, lacks: undefined, time }, direction)
  }

  close(): void {
    this.#exchanges.close()
  }
}
