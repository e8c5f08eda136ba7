import { Clock } from '../../lib/events/clock.js'
import { commonFields } from '../../lib/events/common.js'
import { Endpoints } from '../../lib/events/endpoints.js'
import type { Transaction } from '../../lib/events/fields.js'
import { compileWriter } from '../../lib/events/writer.js'
import type { CloseReason, Conversation, Direction, Protocol } from '../../lib/protocols/protocol.js'
import { type Waiting, WaitingRoom } from '../../lib/transactions/waiting.js'
import { Malformed } from '../../lib/wire/cursor.js'
import { Memory } from '../../lib/wire/memory.js'

/** What happens to a conversation, in its order. */
export type Step =
  | { kind: 'data'; direction: Direction; time: number; bytes: Buffer; cut: number }
  | { kind: 'gap'; direction: Direction; time: number; length: number }
  | { kind: 'close'; reason: CloseReason; time: number }

/** A conversation of a capture, as the engine hands it to its protocol. */
export interface Stream {
  protocol: string
  /** The protocol's own, with those that all share. */
  options: Record<string, unknown>
  endpoints: { text: string; ports: number; protocol: number; ipVersion: number }
  steps: Step[]
}

/** A protocol that decodes nothing and notes what it is told. */
export const recording = (protocol: Protocol, note: (stream: Stream) => void): Protocol => ({
  ...protocol,
  start: (options) => (endpoints) => {
    const { sourceIp, destinationIp, communityId, sourcePort, destinationPort, ipVersion } = endpoints
    const stream: Stream = {
      protocol: protocol.name,
      options: options as unknown as Record<string, unknown>,
      endpoints: {
        text: `${sourceIp}\0${destinationIp}\0${communityId}`,
        ports: ((sourcePort << 16) | destinationPort) >>> 0,
        protocol: endpoints.protocol,
        ipVersion,
      },
      steps: [],
    }
    note(stream)
    return {
      data: ({ direction, time, bytes, start, end, cut }) =>
        void stream.steps.push({
          kind: 'data',
          direction,
          time,
          bytes: Buffer.from(bytes.subarray(start, end)),
          cut,
        }),
      gap: (direction, length, time) => {
        stream.steps.push({ kind: 'gap', direction, time, length })
        return 'keep'
      },
      close: (reason, time) => void stream.steps.push({ kind: 'close', reason, time }),
    }
  },
})

/** What came of a replay. */
export interface Replayed {
  /** The text of each event. */
  events: string[]
  malformed: number
  /** Bytes held at the worst moment, and when all was over: the latter must be 0. */
  most: number
  held: number
}

/** Feeds a protocol with what a stream's steps say, as the router does. @throws what no protocol may throw */
export class Replay {
  readonly #protocol: Protocol
  readonly #writer: ReturnType<typeof compileWriter<Transaction, Endpoints>>

  constructor(protocol: Protocol) {
    this.#protocol = protocol
    this.#writer = compileWriter<Transaction, Endpoints>(
      { ...commonFields(() => 'unknown'), ...protocol.fields },
      { type: protocol.name },
    )
  }

  run(stream: Pick<Stream, 'options' | 'endpoints'>, steps: readonly Step[]): Replayed {
    const clock = new Clock()
    clock.time(1_700_000_000, 0)
    const { text, ports, protocol, ipVersion } = stream.endpoints
    const endpoints = new Endpoints(clock, 0, text, ports, protocol, ipVersion)
    const memory = new Memory()
    const rooms: WaitingRoom<Waiting>[] = []
    const result: Replayed = { events: [], malformed: 0, most: 0, held: 0 }
    const converse = this.#protocol.start(stream.options as never, {
      clock,
      memory,
      emit: (origin, transaction: Transaction) =>
        void result.events.push(this.#writer.text(transaction, origin)),
      count: (name) => {
        if (!(name in this.#protocol.counters)) throw new Error(`no counter ${name}`)
      },
      waitingRoom: (timedOut, timeout = stream.options.transaction_timeout as number) => {
        const room = new WaitingRoom(timeout, timedOut)
        rooms.push(room as unknown as WaitingRoom<Waiting>)
        return room
      },
    })
    let conversation: Conversation | undefined
    let enough = false
    const end = (reason: CloseReason, time: number) => {
      const ended = conversation
      conversation = undefined
      ended?.close?.(reason, time)
    }
    let now = 0
    for (const step of steps) {
      now = step.time
      for (const room of rooms) room.tick(now)
      if (step.kind === 'close') end(step.reason, now)
      else if (step.kind === 'gap') {
        if ((conversation?.gap?.(step.direction, step.length, now) ?? 'drop') === 'drop') end('gap', now)
      } else if (!enough) {
        conversation ??= converse(endpoints)
        const { direction, time, cut } = step
        // On loan: it is overwritten afterwards.
        const bytes = Buffer.from(step.bytes)
        try {
          conversation.data({ direction, time, bytes, start: 0, end: bytes.length, cut })
          if (conversation.idle) conversation = undefined
          else if (conversation.enough) {
            enough = true
            end('enough', now)
          }
        } catch (error) {
          if (!(error instanceof Malformed)) throw error
          result.malformed++
          end('malformed', now)
        }
        bytes.fill(0xdb)
      }
      result.most = Math.max(result.most, memory.held)
    }
    end('end', now)
    result.held = memory.held
    return result
  }
}
