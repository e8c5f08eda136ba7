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

/** Datagrams that are numbered together. */
interface Group {
  total: number
  come: number
  /** Time of the first one. */
  time: number
  /** By their number. */
  parts: (Buffer | undefined)[]
}

/**
 * What is said under one request id: a datagram of requests, and an answer of one or more groups of datagrams:
 * memcached 1.6 numbers those of each item anew. Within a group they come in any order.
 */
export class Exchange {
  readonly #shared: Shared
  readonly #pairing: Pairing
  readonly #requests: Reader<Request>
  readonly #responses: Reader<Response>
  readonly #over: () => void
  /** What has come of groups of datagrams that are not whole, or whose turn it is not yet. */
  readonly #groups: Group[] = []

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
    if (total > MAX_DATAGRAMS) throw new Malformed(`an answer of ${total} datagrams`, 4)
    if (total === 1 && this.#groups.length === 0) this.#feed(this.#responses, segment)
    else {
      this.#keep(segment, number, total)
      this.#readWhole()
    }
    if (this.#pairing.isEmpty) this.end()
  }

  /** Nothing more will come. `tooMany`: because others came. */
  end(tooMany = false): void {
    if (!this.#late()) this.#pairing.end(tooMany ? TOO_MANY_REQUESTS : undefined)
    this.#over()
  }

  /** Keeps a datagram with others of its group: the first that lacks it. */
  #keep({ bytes, start, end, time }: Segment, number: number, total: number): void {
    if (!this.#shared.context.memory.take(end - start)) return
    let group = this.#groups.find((one) => one.total === total && one.parts[number] === undefined)
    if (group === undefined) {
      group = { total, come: 0, time, parts: [] }
      this.#groups.push(group)
    }
    group.parts[number] = Buffer.from(bytes.subarray(start, end))
    group.come++
    if (number === 0) group.time = time
  }

  /** Reads the groups that are whole, up to the first that is not. */
  #readWhole(): void {
    for (;;) {
      const [group] = this.#groups
      if (group === undefined || group.come < group.total) return
      this.#groups.shift()
      this.#read(this.#join(group), group)
    }
  }

  /** Reads what came in time of an answer that is not whole. False: nothing of it has come, or is expected. */
  #late(): boolean {
    const groups = this.#groups.splice(0)
    const isLost = !this.#pairing.isEmpty && (groups.length > 0 || this.#pairing.isBeingAnswered)
    try {
      for (const group of groups) {
        const bytes = this.#join(group)
        if (!isLost) continue
        this.#shared.context.count('lost_datagrams', group.total - group.come)
        this.#read(bytes, group)
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.#shared.context.count('malformed')
    }
    if (isLost) this.#pairing.end(LOSS_IN_RESPONSE)
    return isLost
  }

  /** The bytes of a group up to the first datagram that is missing; it is kept no longer. */
  #join({ parts }: Group): Buffer {
    let whole = 0
    while (parts[whole] !== undefined) whole++
    this.#shared.context.memory.give(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0))
    return Buffer.concat(parts.slice(0, whole) as Buffer[])
  }

  #read(bytes: Buffer, { come, total, time }: Group): void {
    const cut = come < total ? bytes.length + 1 : 0
    if (bytes.length > 0)
      this.#feed(this.#responses, { time, direction: FROM_SERVER, bytes, start: 0, end: bytes.length, cut })
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
