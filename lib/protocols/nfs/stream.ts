import type { Endpoints } from '../../events/endpoints.js'
import type { Conversation, Direction, Segment } from '../protocol.js'
import { Exchanges } from './exchanges.js'
import { Records } from './records.js'
import type { Shared } from './shared.js'

/** ONC RPC over TCP: a connection that both sides may call each other on. */
export class NfsStream implements Conversation {
  readonly #exchanges: Exchanges
  readonly #sides: readonly [Records, Records]

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#exchanges = new Exchanges(endpoints, shared)
    this.#sides = [new Records(0, this.#exchanges, shared), new Records(1, this.#exchanges, shared)]
  }

  data(segment: Segment): void {
    if (!this.#exchanges.encrypted) this.#sides[segment.direction].feed(segment)
  }

  get enough(): boolean {
    return this.#exchanges.encrypted && this.#exchanges.waiting === 0
  }

  gap(direction: Direction, bytes: number, time: number): 'keep' {
    this.#sides[direction].gap(bytes, time)
    return 'keep'
  }

  close(): void {
    for (const side of this.#sides) side.end()
    this.#exchanges.close()
  }
}
