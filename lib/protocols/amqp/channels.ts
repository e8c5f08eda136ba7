import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'
import { Channel } from './channel.js'
import type { Report } from './report.js'

// As many as RabbitMQ lets a connection have (channel_max).
const LIMIT = 2048

// What the objects of a channel take, roughly.
const WEIGHT = 250

/** The channels of one connection on which something was seen. */
export class Channels {
  readonly #report: Report
  readonly #memory: Memory
  readonly #evicted: (channel: Channel) => void
  readonly #table = new Map<number, Channel>()
  /** The one that was asked for last: the frames of a message follow one another. */
  #number = -1
  #channel: Channel | undefined

  /** `evicted` is told of a channel that is forgotten because there are too many. */
  constructor(report: Report, evicted: (channel: Channel) => void) {
    this.#report = report
    this.#memory = report.shared.context.memory
    this.#evicted = evicted
  }

  find(number: number): Channel | undefined {
    if (number !== this.#number) {
      this.#number = number
      this.#channel = this.#table.get(number)
    }
    return this.#channel
  }

  /** The channel of that number, which is made when there is none. @throws {Malformed} when there is no memory */
  get(number: number): Channel {
    return this.find(number) ?? this.#make(number)
  }

  /** Takes it away. */
  remove(number: number): Channel | undefined {
    const channel = this.find(number)
    if (channel === undefined) return undefined
    this.#table.delete(number)
    this.#memory.give(WEIGHT)
    this.#number = -1
    return channel
  }

  [Symbol.iterator](): Iterator<Channel> {
    return this.#table.values()
  }

  /** Takes all away. */
  *drain(): Generator<Channel> {
    for (const number of this.#table.keys()) yield this.remove(number) as Channel
  }

  #make(number: number): Channel {
    if (this.#table.size >= LIMIT) this.#evict()
    if (!this.#memory.take(WEIGHT)) throw new Malformed('no memory left for a channel', 0)
    const channel = new Channel(this.#report.shared)
    this.#table.set(number, channel)
    this.#channel = channel
    return channel
  }

  /** The oldest, but for the connection itself. */
  #evict(): void {
    for (const number of this.#table.keys()) {
      if (number === 0) continue
      this.#report.count('evicted_channels')
      this.#evicted(this.remove(number) as Channel)
      return
    }
  }
}
