import type { z } from 'zod'
import type { Clock } from '../events/clock.js'
import type { Endpoints } from '../events/endpoints.js'
import type { Fields, Transaction } from '../events/fields.js'
import type { Constants } from '../events/writer.js'
import type { Waiting, WaitingRoom } from '../transactions/waiting.js'
import type { Memory } from '../wire/memory.js'

/** Who sent a segment. */
export type Direction = 0 | 1
/** From the side that asks. */
export const FROM_CLIENT = 0
/** From the side that answers. */
export const FROM_SERVER = 1

/**
 * Bytes of one direction of a conversation: `bytes` from `start` to `end`. For TCP the next ones in order, for UDP one
 * datagram, for ICMP one message. On loan until the call returns, and the object itself is reused: copy what you keep.
 */
export interface Segment {
  /** Packet time: nanoseconds since the capture's `Clock.origin`. */
  time: number
  direction: Direction
  /** Of many segments. Those of this one: `bytes.subarray(start, end)`. */
  bytes: Buffer
  start: number
  end: number
  /** Bytes the datagram had on the wire when the snap length cut it, else 0. */
  cut: number
}

/**
 * - `fin`, `reset`: the hosts ended it. `idle`: no packet for the idle time. `end`: the capture ended.
 * - `evicted`: there were too many. `replaced`: the same ports began anew.
 * - `enough`: it said so itself.
 * - `gap`, `malformed`: its bytes could not be followed; the next segment begins another conversation.
 */
export type CloseReason =
  | 'fin'
  | 'reset'
  | 'idle'
  | 'evicted'
  | 'replaced'
  | 'end'
  | 'enough'
  | 'gap'
  | 'malformed'

/**
 * What a protocol does with one conversation, in the four moments it can have; the fourth is `WaitingRoom`'s. All of it
 * happens while a batch of packets is read: nothing may wait, and nothing may answer a promise.
 */
export interface Conversation {
  /**
   * Takes the next bytes of one direction.
   * @throws {Malformed} when they are not of the protocol: the conversation is then closed.
   */
  data(segment: Segment): void
  /** `bytes` were lost in that direction. 'drop' closes the conversation. Left out: 'drop'. */
  gap?(direction: Direction, bytes: number, time: number): 'keep' | 'drop'
  /**
   * True when there is nothing to remember: every message was whole, every request answered. It is then forgotten, without
   * `close`, and the next segment begins another conversation, so that a quiet connection costs nothing. Left out: never.
   */
  readonly idle?: boolean
  /**
   * True when nothing further of it is of interest, such as what follows a TLS handshake, and there is nothing to report
   * any more. It is then closed, and its bytes stay on the native side. Left out: never.
   */
  readonly enough?: boolean
  /** Reports what is still unpaired. `time`: packet time. */
  close?(reason: CloseReason, time: number): void
}

/** What a protocol is given when it starts: one for each entry of the configuration and each capture. */
export interface Context<T extends Transaction> {
  /** Packet time: `Segment.time` as a date, or as milliseconds. */
  clock: Clock
  /** What all conversations of the capture may hold together; for `Messages`, `ById` and `Statements`. */
  memory: Memory
  /** Publishes a transaction, finished or given up. It is written at once: it may be changed afterwards. */
  emit(endpoints: Endpoints, transaction: T): void
  /** Adds to the counter `<protocol>.<name>`, one of `Protocol.counters`, such as `redis.unmatched_responses`. Left out, `by` is 1. */
  count(name: string, by?: number): void
  /** A room for requests that wait for their answer at most `timeout`, in nanoseconds; left out, `transaction_timeout`. */
  waitingRoom<W extends Waiting>(timedOut: (request: W) => void, timeout?: number): WaitingRoom<W>
}

/** Makes a conversation of what two endpoints say to each other. */
export type Converse = (endpoints: Endpoints) => Conversation

/** A protocol as `defineProtocol` takes it: an entry of `packetbeat.protocols`. */
export interface Protocol<Schema extends z.ZodObject = z.ZodObject, T extends Transaction = Transaction> {
  /** The `type` of its events and of its entry in `packetbeat.protocols`: lower-case letters, digits and `_`. */
  name: string
  /** One line for people. */
  title: string
  transports: readonly ('tcp' | 'udp' | 'icmp')[]
  /** Ports watched when there is no configuration at all. */
  ports: readonly number[]
  /** Its own options, each with `.describe()`; `ports`, `CommonOptions` and what else all protocols share are added. */
  options: Schema
  /** Its counters, with what they count; see `Context.count`. */
  counters: Readonly<Record<string, string>>
  fields: Fields<T>
  /**
   * By full field name, what all its events have, over the usual: `type`, `event.dataset` and `network.protocol` are its
   * name, `event.type` is connection and protocol, unless `fields` has a field of that name. undefined takes one away.
   */
  constants?: Constants
  /**
   * Begins a capture, and answers what makes its conversations: called with the first bytes of each, and anew after it was
   * closed or idle. @throws {UserError} 'ERR_CONFIG_…' for options that make no sense.
   */
  start(options: z.output<Schema> & CommonOptions, context: Context<T>): Converse
}

/** What every protocol can be told. */
export interface CommonOptions {
  /** Events are to have the request as it was sent, in a field `request`. */
  send_request: boolean
  /** The same of the response, in a field `response`. */
  send_response: boolean
  /** Nanoseconds that a request waits for its response. */
  transaction_timeout: number
}

/** Checks a protocol's shape and keeps its types. */
export const defineProtocol = <Schema extends z.ZodObject, T extends Transaction>(
  protocol: Protocol<Schema, T>,
): Protocol<Schema, T> => protocol
