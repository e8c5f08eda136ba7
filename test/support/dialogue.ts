import type { z } from 'zod'
import { Clock } from '../../lib/events/clock.js'
import { commonFields } from '../../lib/events/common.js'
import { Endpoints } from '../../lib/events/endpoints.js'
import type { Transaction } from '../../lib/events/fields.js'
import { compileWriter, type Document } from '../../lib/events/writer.js'
import { protocols } from '../../lib/protocols/index.js'
import type {
  CloseReason,
  Conversation,
  Converse,
  Direction,
  Protocol,
} from '../../lib/protocols/protocol.js'
import { type Waiting, WaitingRoom } from '../../lib/transactions/waiting.js'
import { Malformed } from '../../lib/wire/cursor.js'
import { Memory } from '../../lib/wire/memory.js'
import { misfits } from './event-shape.js'

const SECOND = 1e9

/** A conversation without a network: a test says what each side sends, and reads the documents. */
export class Dialogue {
  /** What was emitted, in order. */
  readonly events: Document[] = []
  readonly counts: Record<string, number> = {}
  readonly memory = new Memory()
  readonly #converse: Converse
  #endpoints: Endpoints
  /** Conversations that nobody talks in now, by who talked. */
  readonly #others = new Map<string, Conversation | undefined>()
  readonly #rooms: WaitingRoom<Waiting>[] = []
  #conversation: Conversation | undefined
  /** The conversation wants no more: what is said does not reach it. */
  enough = false
  /** Packet time, in nanoseconds. */
  now: number

  constructor(
    protocol: Protocol,
    options: Record<string, unknown> = {},
    { transport = 6, ipVersion = 4, ports = [40000, protocol.ports[0] ?? 0] } = {},
  ) {
    const clock = new Clock()
    this.now = clock.time(1_700_000_000, 0)
    const text = ipVersion === 4 ? '10.0.0.1\x0010.0.0.2\x001:id' : '2001:db8::1\x002001:db8::2\x001:id'
    const packed = (((ports[0] as number) << 16) | (ports[1] as number)) >>> 0
    this.#endpoints = new Endpoints(clock, 0, text, packed, transport, ipVersion)
    const writer = compileWriter(
      { ...commonFields(() => 'unknown'), ...protocol.fields },
      { type: protocol.name },
    )
    // What all protocols can be told stands beside what is a protocol's own, unless it knows better defaults.
    const common = { send_request: false, send_response: false, transaction_timeout: 10 * SECOND }
    const given = Object.entries(options)
    const isOwn = ([name]: [string, unknown]) => name in protocol.options.shape || !(name in common)
    const all = {
      ...common,
      ...Object.fromEntries(given.filter((option) => !isOwn(option))),
      ...(protocol.options.parse(Object.fromEntries(given.filter(isOwn))) as object),
    }
    const { transaction_timeout } = all
    // Of one that a test made up there are no types.
    const isOurs = protocols.some(({ name }) => name === protocol.name)
    this.#converse = protocol.start(all as z.output<z.ZodObject> & never, {
      clock,
      memory: this.memory,
      emit: (endpoints, transaction: Transaction) => {
        const document = writer.object(transaction, endpoints)
        // Both forms must be the same: every test of every protocol checks it.
        const text = JSON.stringify(JSON.parse(writer.text(transaction, endpoints)))
        if (text !== JSON.stringify(sorted(JSON.parse(text), document)))
          throw new Error(`${text} is not the object`)
        const wrong = isOurs ? misfits(document) : []
        if (wrong.length > 0)
          throw new Error(`the types of lib/api/events.ts say otherwise: ${wrong.join('; ')}`)
        this.events.push(document)
      },
      count: (name, by = 1) => {
        if (!(name in protocol.counters)) throw new Error(`${protocol.name} has no counter ${name}`)
        this.counts[name] = (this.counts[name] ?? 0) + by
      },
      waitingRoom: (timedOut, timeout = transaction_timeout) => {
        const room = new WaitingRoom(timeout, timedOut)
        this.#rooms.push(room as unknown as WaitingRoom<Waiting>)
        return room
      },
    })
  }

  /** From now on these two talk, each as ADDRESS:PORT: in a conversation of their own, or in the one they had. */
  between(source: string, destination: string): this {
    const [from = '', to = ''] = [source, destination].map((side) => side.slice(0, side.lastIndexOf(':')))
    const [fromPort = 0, toPort = 0] = [source, destination].map((side) => Number(side.split(':').at(-1)))
    const { clock, place, protocol, ipVersion, sourceIp, sourcePort, destinationIp, destinationPort } =
      this.#endpoints
    this.#others.set(`${sourceIp}:${sourcePort} ${destinationIp}:${destinationPort}`, this.#conversation)
    const ports = ((fromPort << 16) | toPort) >>> 0
    this.#endpoints = new Endpoints(clock, place, `${from}\0${to}\x001:id`, ports, protocol, ipVersion)
    const key = `${source} ${destination}`
    this.#conversation = this.#others.get(key)
    this.#others.delete(key)
    this.enough = false
    return this
  }

  /** The capture ends, and with it all conversations. */
  end(): this {
    this.close('end')
    for (const conversation of this.#others.values()) conversation?.close?.('end', this.now)
    this.#others.clear()
    return this
  }

  client(...chunks: (string | Uint8Array)[]): this {
    return this.#say(0, chunks)
  }

  server(...chunks: (string | Uint8Array)[]): this {
    return this.#say(1, chunks)
  }

  /** A hole in the stream of one side. */
  gap(direction: Direction, bytes: number): this {
    if (this.enough) return this
    if ((this.#conversation?.gap?.(direction, bytes, this.now) ?? 'drop') === 'drop') this.close('gap')
    return this
  }

  /** Time goes by. */
  wait(seconds: number): this {
    this.now += seconds * SECOND
    for (const room of this.#rooms) room.tick(this.now)
    return this
  }

  close(reason: CloseReason = 'fin'): this {
    this.#conversation?.close?.(reason, this.now)
    this.#conversation = undefined
    this.enough = false
    return this
  }

  /** Each chunk is a segment, a millisecond after the one before. Malformed bytes close the conversation, as live. */
  #say(direction: Direction, chunks: (string | Uint8Array)[]): this {
    for (const chunk of chunks) {
      this.now += 1e6
      if (this.enough) continue
      const bytes = Buffer.from(chunk)
      this.#conversation ??= this.#converse(this.#endpoints)
      try {
        this.#conversation.data({ time: this.now, direction, bytes, start: 0, end: bytes.length, cut: 0 })
        if (this.#conversation.idle) this.#conversation = undefined
        else if (this.#conversation.enough) {
          this.close('enough')
          this.enough = true
        }
      } catch (error) {
        if (!(error instanceof Malformed)) throw error
        this.counts.malformed = (this.counts.malformed ?? 0) + 1
        this.close('malformed')
      }
      bytes.fill(0xdb) // the segment was on loan
    }
    return this
  }
}

/** `document` with the keys in the order they have in `like`. */
function sorted(like: unknown, document: unknown): unknown {
  if (typeof like !== 'object' || like === null || Array.isArray(like)) return document
  const entries = Object.entries(document as object)
  const order = Object.keys(like)
  return Object.fromEntries(
    entries
      .sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))
      .map(([key, value]) => [key, sorted((like as Record<string, unknown>)[key], value)]),
  )
}
