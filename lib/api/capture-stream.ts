import { binding } from '../binding.js'
import { a, b, close, conversation, data, gap, head, length, offset, open } from '../capture/rows.js'
import { Clock } from '../events/clock.js'
import { Endpoints } from '../events/endpoints.js'
import type { Area } from './capture-area.js'
import { type CaptureTime, type Reader, ROW, View, Views } from './capture-batch.js'

/**
 * Who talks: a TCP connection, the datagrams between two UDP ports, or the ICMP messages of one kind between two hosts.
 * The source is the side that asks: the sender of the SYN; where none was seen, the side whose port is none of the
 * option `ports`, or, without that option, the side with the higher port. One object for as long as it lasts, so it
 * serves as the key of a Map; it may be kept.
 */
export interface CapturedConversation {
  /** IPv4 in dotted decimal, IPv6 as RFC 5952 has it. */
  readonly sourceIp: string
  readonly destinationIp: string
  /** 0 for ICMP. */
  readonly sourcePort: number
  readonly destinationPort: number
  /** IP protocol number: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. */
  readonly protocol: number
  /** 4 or 6. */
  readonly ipVersion: number
  /** The hash that network tools share for it: Community ID 1, seed 0. */
  readonly communityId: string
}

/**
 * Why a TCP connection ended. `fin`: both sides closed. `reset`: one side reset it. `idle`: no packet for
 * `limits.idleSeconds`. `evicted`: there were too many. `replaced`: its ports began anew. `end`: the capture ended.
 */
export type ConnectionEnd = 'fin' | 'reset' | 'idle' | 'evicted' | 'replaced' | 'end'

/** What of a conversation's rows points into memory; on loan as the row is. */
interface Carried extends CaptureTime {
  readonly conversation: CapturedConversation
  /** 0 from the source, 1 from the destination. */
  readonly direction: 0 | 1
  /** Memory with the bytes, from `start` (inclusive) to `end` (exclusive). */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** The bytes; a part of `bytes`, made anew at each access. */
  readonly data: Buffer
}

/**
 * What happened to a TCP connection.
 *
 * - `open`: it is seen for the first time to carry anything; a handshake alone is no row.
 * - `data`: bytes of one direction, each once and in its order, however their segments came.
 * - `gap`: `missing` bytes of one direction were not captured; what follows comes after them.
 * - `close`: nothing more comes of it; `reason` says why. Every `open` has one.
 *
 * On loan, as a `Packet` is; only `conversation` may be kept.
 */
export interface TcpSegment extends Carried {
  readonly type: 'open' | 'data' | 'gap' | 'close'
  /** Of a `gap`, in bytes; else 0. */
  readonly missing: number
  /** Of a `close`; else undefined. */
  readonly reason: ConnectionEnd | undefined
  /** The same in memory of its own, which may be kept. */
  copy(): TcpSegment
}

/**
 * What one UDP datagram carried, or one ICMP message from its type byte on, put together of its IP fragments. On loan,
 * as a `Packet` is; only `conversation` may be kept.
 */
export interface Datagram extends Carried {
  /** Bytes on the wire: more than captured where the snap length cut it. */
  readonly wireLength: number
  /** The same in memory of its own, which may be kept. */
  copy(): Datagram
}

const types = Object.keys(binding.rowKinds) as TcpSegment['type'][]
const reasons = Object.keys(binding.closeReasons) as ConnectionEnd[]

/** Any row of a conversation; as a segment and as a datagram. */
class CarriedView extends View {
  conversation: CapturedConversation

  constructor(area: Area, of: CapturedConversation) {
    super(area)
    this.conversation = of
  }

  get type(): TcpSegment['type'] {
    return types[(this.table[this.row + head] as number) & 0xff] as TcpSegment['type']
  }

  get direction(): 0 | 1 {
    return (((this.table[this.row + head] as number) >>> 8) & 1) as 0 | 1
  }

  get start(): number {
    return this.place
  }

  /** The payload of an `open` row is told by its conversation. */
  get end(): number {
    const { start, type } = this
    return type === 'data' ? start + (this.table[this.row + length] as number) : start
  }

  get data(): Buffer {
    return this.bytes.subarray(this.start, this.end)
  }

  get missing(): number {
    return this.type === 'gap' ? (this.table[this.row + a] as number) : 0
  }

  get reason(): ConnectionEnd | undefined {
    if (this.type !== 'close') return undefined
    return reasons[((this.table[this.row + head] as number) >>> 16) & 0xff]
  }

  get wireLength(): number {
    const { table } = this
    return (table[this.row + a] as number) || (table[this.row + length] as number)
  }

  copy(): CarriedView {
    return new CarriedView(this.alone(), this.conversation)
  }
}

/** The rows of a batch that a reader is shown: which they are, and of which conversation each is. */
interface Shown {
  rows: Uint32Array
  conversations: CapturedConversation[]
}

class CarriedViews extends Views<CarriedView> {
  readonly #area: Area
  readonly #shown: Shown

  constructor(area: Area, shown: Shown, length: number, shared: CarriedView | undefined) {
    super(length, shared)
    this.#area = area
    this.#shown = shown
    shared?.enter(area)
  }

  protected make(): CarriedView {
    return new CarriedView(this.#area, this.#shown.conversations[0] as CapturedConversation)
  }

  protected move(view: CarriedView, index: number): void {
    view.move(this.#shown.rows[index] as number)
    view.conversation = this.#shown.conversations[index] as CapturedConversation
  }
}

/** Follows the conversations of a capture from batch to batch. Every batch has to be read, in its order. */
class ConversationReader {
  readonly #isShown: (kind: number) => boolean
  readonly #open: (CapturedConversation | undefined)[] = []
  readonly #clock = new Clock()
  #shown: Shown | undefined
  #shared: CarriedView | undefined

  constructor(isShown: (kind: number) => boolean) {
    this.#isShown = isShown
  }

  /** `kept`: the area is a copy that nobody writes to. */
  read(area: Area, rows: number, kept: boolean): CarriedViews {
    const shown: Shown = (kept ? undefined : this.#shown) ?? {
      rows: new Uint32Array(rows),
      conversations: [],
    }
    if (shown.rows.length < rows) shown.rows = new Uint32Array(rows)
    if (!kept) this.#shown = shown
    const length = this.#fill(area, rows, shown)
    if (kept || length === 0) return new CarriedViews(area, shown, length, undefined)
    this.#shared ??= new CarriedView(area, shown.conversations[0] as CapturedConversation)
    return new CarriedViews(area, shown, length, this.#shared)
  }

  /** Which rows are shown; returns how many. A number is reused within a batch, so each row has its conversation. */
  #fill({ table, bytes }: Area, rows: number, shown: Shown): number {
    let length = 0
    for (let at = 0; at < rows * ROW; at += ROW) {
      const kind = (table[at + head] as number) & 0xff
      const id = table[at + conversation] as number
      if (kind === open) this.#open[id] = this.#opened(table, bytes, at, id)
      if (this.#isShown(kind)) {
        shown.rows[length] = at
        shown.conversations[length++] = this.#open[id] as CapturedConversation
      }
      if (kind === close) this.#open[id] = undefined
    }
    return length
  }

  #opened(table: Uint32Array, bytes: Buffer, at: number, id: number): CapturedConversation {
    const from = table[at + offset] as number
    const text = bytes.latin1Slice(from, from + (table[at + length] as number))
    const what = table[at + b] as number
    return new Endpoints(
      this.#clock,
      id,
      text,
      table[at + a] as number,
      (what >>> 8) & 0xff,
      (what >>> 16) & 0xff,
    )
  }
}

export const segmentReader = (): Reader<TcpSegment> =>
  new ConversationReader((kind) => kind === data || kind === open || kind === close || kind === gap)

export const datagramReader = (): Reader<Datagram> => new ConversationReader((kind) => kind === data)
