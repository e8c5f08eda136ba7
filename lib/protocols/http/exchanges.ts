import type { Exchange } from './exchange.js'

/** The exchanges of one connection that are not complete, the oldest first; each knows the next. */
export class Exchanges {
  /** The oldest one. */
  front: Exchange | undefined
  length = 0
  /** Responses still to come to requests that were evicted; they come before all others. */
  owed = 0
  #back: Exchange | undefined

  push(exchange: Exchange): void {
    if (this.#back === undefined) this.front = exchange
    else this.#back.next = exchange
    this.#back = exchange
    this.length++
  }

  shift(): Exchange | undefined {
    const { front } = this
    if (front === undefined) return undefined
    this.front = front.next
    if (this.front === undefined) this.#back = undefined
    this.length--
    return front
  }

  /** The one that the next response belongs to. */
  get unanswered(): Exchange | undefined {
    if (this.owed > 0) return undefined
    let exchange = this.front
    while (exchange?.response !== undefined) exchange = exchange.next
    return exchange
  }
}
