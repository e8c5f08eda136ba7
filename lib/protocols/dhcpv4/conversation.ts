import type { Endpoints } from '../../events/endpoints.js'
import { Malformed } from '../../wire/cursor.js'
import { type Conversation, type Direction, FROM_CLIENT, type Segment } from '../protocol.js'
import type { Exchanges, Pending } from './exchanges.js'
import { type Message, message } from './message.js'
import { notesOf, statusOf } from './notes.js'
import { valueAt } from './option.js'
import { codes } from './options.js'
import { isAsked } from './pairing.js'
import type { DhcpTransaction } from './transaction.js'

/** What two ports of two addresses send each other: each datagram is one message, and one event. */
export class DhcpConversation implements Conversation {
  /** Its requests that may still be answered. */
  readonly requests: Set<Pending> = new Set()
  readonly #endpoints: Endpoints
  #reversed: Endpoints | undefined
  readonly #exchanges: Exchanges

  constructor(endpoints: Endpoints, exchanges: Exchanges) {
    this.#endpoints = endpoints
    this.#exchanges = exchanges
  }

  get idle(): boolean {
    return this.requests.size === 0
  }

  data({ bytes, start, end, cut, direction, time }: Segment): void {
    try {
      this.#take(message(bytes, start, end, cut === 0 ? end - start : cut), direction, time)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      // Anyone can send anything to a port: it is no reason to give up the requests that wait.
      this.#exchanges.context.count('malformed')
    }
  }

  close(): void {
    for (const pending of this.requests) this.#exchanges.closed(pending)
  }

  #take(read: Message, direction: Direction, time: number): void {
    const { context } = this.#exchanges
    const { options } = read
    if (options !== undefined) {
      if (options.broken) context.count('broken_options')
      if (options.shortened > 0) context.count('shortened_options', options.shortened)
    }
    const endpoints = this.#from(direction)
    const transaction: DhcpTransaction = {
      start: time,
      end: undefined,
      sourceBytes: read.bytes,
      destinationBytes: 0,
      status: statusOf(read),
      notes: notesOf(read),
      relatedIps: addressesIn(read),
      message: read,
      responseTime: undefined,
    }
    if (isAsked(read)) {
      this.#exchanges.asked(transaction, endpoints, this)
      return
    }
    transaction.responseTime = this.#exchanges.answered(read, endpoints, time)
    context.emit(endpoints, transaction)
  }

  /** The endpoints with the sender as source. */
  #from(direction: Direction): Endpoints {
    if (direction === FROM_CLIENT) return this.#endpoints
    this.#reversed ??= this.#endpoints.reversed()
    return this.#reversed
  }
}

/** The addresses of those who take part: upstream's, then those that only options and siaddr tell. */
function addressesIn({ clientIp, assignedIp, relayIp, serverIp, options }: Message): string[] | undefined {
  let found: string[] | undefined
  const add = (address: string | undefined) => {
    if (address === undefined || address === '' || address === '0.0.0.0') return
    if (found === undefined) found = [address]
    else found.push(address)
  }
  add(clientIp)
  add(assignedIp)
  add(relayIp)
  add(serverIp)
  add(valueAt(options?.values, codes.REQUESTED_IP) as string | undefined)
  add(valueAt(options?.values, codes.SERVER_IDENTIFIER) as string | undefined)
  return found
}
