import { binding } from '../binding.js'
import type { Clock } from '../events/clock.js'
import { Endpoints } from '../events/endpoints.js'
import type { Owners, Processes } from '../procs/processes.js'
import type { CloseReason, Conversation, Converse, Segment } from '../protocols/protocol.js'
import { Malformed } from '../wire/cursor.js'
import * as row from './rows.js'

/** What the router hands conversations to: one for each entry of `CaptureOptions.protocols`, in its order. */
export interface Route {
  converse: Converse
  /** The bytes were not of the protocol; the conversation was closed. */
  malformed(error: Malformed, endpoints: Endpoints): void
  /** A defect of the decoder; the conversation was closed. */
  failed(error: unknown, endpoints: Endpoints): void
}

export interface RouterOptions {
  clock: Clock
  routes: readonly Route[]
  /** Where the processes of conversations are looked up, if they are. */
  processes?: Pick<Processes, 'owners'> | undefined
  /** Nothing more of that conversation is wanted; see `Capture.enough`. */
  enough(conversation: number, opened: number): void
  /** A flow report, made at packet time `time`: its numbers and texts begin at `start`; on loan during the call. */
  flow(bytes: Buffer, start: number, end: number, time: number): void
  /** Packet time went on to `now`. */
  tick(now: number): void
}

const reasons = Object.fromEntries(
  Object.entries(binding.closeReasons).map(([name, code]) => [code, name as CloseReason]),
)

/** What is in the place of a conversation that has heard enough, for the rows that were on their way. */
const deaf: Conversation = { data: () => {}, gap: () => 'keep' }

/** One conversation's place. `conversation` is made with its first byte, and anew when it was closed or idle. */
interface Slot {
  /** Number of its `open` row. */
  opened: number
  endpoints: Endpoints
  route: Route
  conversation: Conversation | undefined
}

/** Reads batches and tells each conversation what happened to it: the one loop between the rows and the protocols. */
export class Router {
  readonly #options: RouterOptions
  readonly #slots: (Slot | undefined)[] = []
  /** `open` rows so far, as the addon numbers them. */
  #opened = 0
  readonly #segment: Segment = { time: 0, direction: 0, bytes: Buffer.alloc(0), start: 0, end: 0, cut: 0 }
  readonly #tables: Uint32Array[] = []
  readonly #payloads: Buffer[] = []

  constructor(memory: ArrayBuffer, options: RouterOptions) {
    this.#options = options
    for (let start = 0; start < memory.byteLength; start += row.batchBytes) {
      this.#tables.push(new Uint32Array(memory, start, row.rows * row.rowWords))
      this.#payloads.push(Buffer.from(memory, start + row.tableBytes, row.batchBytes - row.tableBytes))
    }
  }

  /** Reads a batch of that many rows. Never throws: what a conversation throws ends it, and nothing else. */
  batch(index: number, rows: number): void {
    const table = this.#tables[index] as Uint32Array
    const payload = this.#payloads[index] as Buffer
    const { clock } = this.#options
    const segment = this.#segment
    segment.bytes = payload
    const end = rows * row.rowWords
    for (let at = 0; at < end; at += row.rowWords) {
      const head = table[at + row.head] as number
      const id = table[at + row.conversation] as number
      const time = clock.time(table[at + row.seconds] as number, table[at + row.nanoseconds] as number)
      const start = table[at + row.offset] as number
      switch (head & 0xff) {
        case row.data: {
          segment.time = time
          segment.direction = ((head >>> 8) & 1) as 0 | 1
          segment.start = start
          segment.end = start + (table[at + row.length] as number)
          segment.cut = table[at + row.a] as number
          this.#data(id, segment)
          break
        }
        case row.open: {
          const text = payload.latin1Slice(start, start + (table[at + row.length] as number))
          this.#open(id, text, table[at + row.a] as number, table[at + row.b] as number)
          break
        }
        case row.close:
          this.#close(id, reasons[(head >>> 16) & 0xff] as CloseReason, time)
          break
        case row.gap:
          this.#gap(id, ((head >>> 8) & 1) as 0 | 1, table[at + row.a] as number, time)
          break
        case row.flow:
          this.#options.flow(payload, start, start + (table[at + row.length] as number), time)
          break
        case row.tick:
          this.#options.tick(time)
          break
      }
    }
  }

  #open(id: number, told: string, ports: number, what: number): void {
    const { clock, routes, processes } = this.#options
    let text = told
    let owners: Owners | undefined
    if (processes !== undefined) {
      const end = told.lastIndexOf('\0')
      text = told.slice(0, end)
      owners = processes.owners(Number(told.slice(end + 1)))
    }
    const [protocol, version] = [(what >>> 8) & 0xff, (what >>> 16) & 0xff]
    const endpoints = new Endpoints(clock, id, text, ports, protocol, version, owners)
    const route = routes[what & 0xff] as Route
    this.#opened = (this.#opened + 1) >>> 0 || 1
    this.#slots[id] = { opened: this.#opened, endpoints, route, conversation: undefined }
  }

  #data(id: number, segment: Segment): void {
    const slot = this.#slots[id] as Slot
    try {
      const conversation = slot.conversation ?? slot.route.converse(slot.endpoints)
      slot.conversation = conversation
      conversation.data(segment)
      if (conversation.idle) slot.conversation = undefined
      else if (conversation.enough) {
        slot.conversation = deaf
        this.#options.enough(id, slot.opened)
        conversation.close?.('enough', segment.time)
      }
    } catch (error) {
      this.#broken(slot, error, segment.time)
    }
  }

  #gap(id: number, direction: 0 | 1, bytes: number, time: number): void {
    const slot = this.#slots[id] as Slot
    const { conversation } = slot
    if (conversation === undefined) return
    try {
      if ((conversation.gap?.(direction, bytes, time) ?? 'drop') === 'keep') return
      slot.conversation = undefined
      conversation.close?.('gap', time)
    } catch (error) {
      this.#broken(slot, error, time)
    }
  }

  #close(id: number, reason: CloseReason, time: number): void {
    const slot = this.#slots[id] as Slot
    this.#slots[id] = undefined
    try {
      slot.conversation?.close?.(reason, time)
    } catch (error) {
      slot.route.failed(error, slot.endpoints)
    }
  }

  /** Ends a conversation that threw, but reports what it knew. The next segment begins another one. */
  #broken(slot: Slot, error: unknown, time: number): void {
    const { conversation, endpoints, route } = slot
    slot.conversation = undefined
    if (error instanceof Malformed) route.malformed(error, endpoints)
    else route.failed(error, endpoints)
    try {
      conversation?.close?.('malformed', time)
    } catch (second) {
      route.failed(second, endpoints)
    }
  }
}
