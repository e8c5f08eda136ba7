import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { EventBatch } from '../../pipeline/batch.js'
import { authority } from '../hosts.js'
import { type Lane, type Leftover, NOTHING_LEFT, type OutputContext } from '../output.js'
import { dial, type Route } from '../socket/dial.js'
import { Connection, type Outcome } from './connection.js'
import { escapeHtml } from './escape-html.js'
import { compressedHeader, framesLength, type Opening, windowHeader, writeFrames } from './frames.js'
import type { WindowSize } from './window-size.js'

const compress = promisify(deflate)

// Larger areas were made for an event larger than any batch; they are not kept.
const LARGEST_KEPT = 4 * 1024 * 1024
// An area is used for a batch of another length, too.
const SPARE_ROOM = 64 * 1024
// Deflated batches are smaller than that as a rule. Each further piece costs a way to another thread and back.
const DEFLATED = 256 * 1024

export interface LaneOptions {
  route: Route
  /** Strength of zlib, 0 to 9; 0: none. */
  compression: number
  /** Milliseconds that a connection is used; 0: as long as it lasts. */
  ttl: number
  escapeHtml: boolean
  opening: Opening | undefined
  size: WindowSize
  log: OutputContext['log']
}

/** One connection to one host, made when there is something to send. */
export class LogstashLane implements Lane {
  readonly name: string
  readonly #options: LaneOptions
  #connection: Connection | undefined
  #opening: Promise<Connection> | undefined
  /** By `performance.now()`: the connection is not used for another batch. */
  #until = Number.POSITIVE_INFINITY
  #spare: Buffer | undefined
  readonly #closing = new AbortController()

  constructor(options: LaneOptions) {
    this.#options = options
    this.name = authority(options.route.host)
  }

  async send(batch: EventBatch, signal: AbortSignal): Promise<Leftover> {
    const events = this.#options.escapeHtml ? escapeHtml(batch) : batch
    const { size, log } = this.#options
    for (let first = 0; first < batch.count; ) {
      const last = Math.min(batch.count, first + size.events)
      const { acked, failure } = await this.#window(events, first, last, signal)
      first += acked
      if (failure === undefined) {
        size.grow()
        continue
      }
      size.shrink()
      if (first === 0) throw failure
      log.warn(
        `output.logstash: ${this.name} acknowledged ${first} of ${batch.count} events: ${failure.message}`,
      )
      return { retry: Array.from({ length: batch.count - first }, (_, index) => first + index), rejected: [] }
    }
    return NOTHING_LEFT
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#opening?.catch(() => undefined)
    this.#connection?.retire()
    this.#connection = undefined
  }

  async #window(batch: EventBatch, first: number, last: number, signal: AbortSignal): Promise<Outcome> {
    const connection = await this.#connected(signal)
    const { compression, opening } = this.#options
    const events = last - first
    const area = this.#area(framesLength(batch, first, last, opening))
    const frames = area.subarray(0, writeFrames(area, batch, first, last, opening))
    if (compression === 0)
      return connection.send(events, [windowHeader(events), frames], () => this.#giveBack(area))
    const deflated = await compress(frames, { level: compression, chunkSize: DEFLATED })
    this.#giveBack(area)
    return connection.send(events, [windowHeader(events), compressedHeader(deflated.length), deflated])
  }

  #area(bytes: number): Buffer {
    const spare = this.#spare
    this.#spare = undefined
    return spare !== undefined && spare.length >= bytes ? spare : Buffer.allocUnsafeSlow(bytes + SPARE_ROOM)
  }

  #giveBack(area: Buffer): void {
    if (area.length <= LARGEST_KEPT) this.#spare = area
  }

  async #connected(signal: AbortSignal): Promise<Connection> {
    const connection = this.#connection
    if (connection?.usable) {
      if (performance.now() < this.#until) return connection
      // What it still has to acknowledge it may, while the next batch goes another way.
      this.#connection = undefined
      connection.retire()
    }
    this.#opening ??= this.#open(signal).finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const { route, ttl, log } = this.#options
    const socket = await dial(route, AbortSignal.any([signal, this.#closing.signal]))
    const abort = () => connection.destroy(new Error('the run has ended'))
    const connection = new Connection(socket, route.timeout, (reason) => {
      if (this.#connection === connection) this.#connection = undefined
      log.debug(`output.logstash: the connection to ${this.name} ended: ${reason.message}`)
    })
    signal.addEventListener('abort', abort)
    socket.once('close', () => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
    this.#connection = connection
    this.#until = ttl === 0 ? Number.POSITIVE_INFINITY : performance.now() + ttl
    log.debug(`output.logstash: connected to ${this.name}`)
    return connection
  }
}
