import type { Endpoints } from '../../events/endpoints.js'
import { InOrder } from '../../transactions/in-order.js'
import { LATE_RESPONSE, TOO_MANY_REQUESTS, UNMATCHED_REQUEST } from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Messages } from '../../wire/messages.js'
import type { CommonOptions, Context, Conversation, Segment } from '../protocol.js'
import { FROM_CLIENT } from '../protocol.js'
import { isSubscription, named } from './commands.js'
import type { RedisTransaction } from './fields.js'
import { type Command, command, type Resp, RespError, RespPush, reply } from './parser.js'

export const counters = {
  unmatched_requests: 'commands without an answer, each reported as an event',
  unmatched_responses: 'answers to commands that were not captured',
  evicted_requests: 'commands reported without their answer because too many waited (queue_max_*)',
  late_responses: 'answers that came after transaction_timeout; the event tells',
  monitor_lines: 'lines of MONITOR output, which repeat what other connections did',
  replication_bytes: 'bytes between a primary and its replica, which are not decoded',
}

interface Options extends CommonOptions {
  queue_max_bytes: number
  queue_max_messages: number
}

/** What all conversations of one configured entry have in common. */
interface Shared {
  options: Options
  context: Context<RedisTransaction>
  room: WaitingRoom<Pending>
}

/** A command that waits, and whose it is. */
interface Pending extends RedisTransaction {
  conversation: RedisConversation
}

/**
 * One connection: commands are answered in their order. Beside that a server speaks unasked, to subscribers and to
 * MONITOR, and a client may ask for silence.
 */
export class RedisConversation implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #commands: Messages<Command>
  readonly #replies: Messages<Resp>
  readonly #waiting: InOrder<Pending>
  /** Answers still to come to commands that were evicted; they come before all others. */
  #owed = 0
  /** Channels and patterns subscribed to, by the server's own count. */
  #subscriptions = 0
  #mode: 'commands' | 'monitor' | 'replica' = 'commands'
  /** CLIENT REPLY: `skip` silences one command. */
  #silent: 'no' | 'skip' | 'off' = 'no'

  static shared(options: Options, context: Context<RedisTransaction>): Shared {
    return {
      options,
      context,
      room: context.waitingRoom((pending) => pending.conversation.#timedOut(pending)),
    }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    this.#commands = new Messages(command, shared.context.memory)
    this.#replies = new Messages(reply, shared.context.memory)
    const { queue_max_bytes: bytes, queue_max_messages: messages } = shared.options
    this.#waiting = new InOrder(shared.room, { bytes, messages })
  }

  data(segment: Segment): void {
    if (this.#mode === 'replica') this.#shared.context.count('replication_bytes', segment.end - segment.start)
    else if (segment.direction === FROM_CLIENT) this.#commands.feed(segment, this.#asked)
    else this.#replies.feed(segment, this.#answered)
  }

  close(): void {
    this.#commands.discard()
    this.#replies.discard()
    for (const pending of this.#waiting.drain()) this.#giveUp(pending, UNMATCHED_REQUEST)
  }

  readonly #asked = (words: Command, start: number, bytes: number): void => {
    if (words.length === 0) return // an empty line keeps a connection alive, and is not answered
    const { options, context } = this.#shared
    const pending: Pending = {
      start,
      end: undefined,
      sourceBytes: bytes,
      destinationBytes: 0,
      status: 'OK',
      notes: undefined,
      words,
      reply: undefined,
      expected: 1,
      late: false,
      withRequest: options.send_request,
      withResponse: options.send_response,
      ahead: undefined,
      behind: undefined,
      waits: false,
      conversation: this,
    }
    if (words.length > 1 && isSubscription((words[0] as string).toUpperCase()))
      pending.expected = words.length - 1
    if (this.#isSilent(words)) {
      context.emit(this.#endpoints, pending)
      return
    }
    const evicted = this.#waiting.push(pending)
    if (evicted === undefined) return
    // Its answers are still expected, so that the others find theirs.
    this.#owed += evicted.expected
    context.count('evicted_requests')
    if (!evicted.late) this.#giveUp(evicted, TOO_MANY_REQUESTS)
  }

  readonly #answered = (value: Resp, time: number, bytes: number): void => {
    if (this.#mode === 'monitor' && typeof value === 'string' && /^\d+\.\d+ \[/.test(value)) {
      this.#shared.context.count('monitor_lines')
      return
    }
    if (this.#isPushed(value)) {
      this.#pushed(value, time, bytes)
      return
    }
    const pending = this.#waiting.peek()
    if (this.#owed > 0 || pending === undefined) {
      if (this.#owed > 0) this.#owed--
      this.#shared.context.count('unmatched_responses')
      return
    }
    this.#subscribed(pending, value)
    pending.end ??= time
    pending.destinationBytes += bytes
    pending.reply = pending.reply === undefined ? value : several(pending.reply, value)
    if (--pending.expected > 0 && !(value instanceof RespError)) return
    this.#waiting.shift()
    this.#finish(pending)
  }

  #finish(pending: Pending): void {
    const { context } = this.#shared
    if (pending.late) {
      context.count('late_responses')
      pending.notes = [LATE_RESPONSE]
    } else pending.notes = undefined
    pending.status = pending.reply instanceof RespError ? 'Error' : 'OK'
    const { method } = named(pending.words)
    if (pending.status === 'OK') {
      if (method === 'MONITOR') this.#mode = 'monitor'
      else if (method === 'RESET' || method === 'QUIT') this.#mode = 'commands'
      else if (method === 'PSYNC' || method === 'SYNC') this.#mode = 'replica'
    }
    context.emit(this.#endpoints, pending)
  }

  #timedOut(pending: Pending): void {
    pending.late = true
    this.#giveUp(pending, UNMATCHED_REQUEST)
  }

  #giveUp(pending: Pending, note: string): void {
    const { context } = this.#shared
    context.count('unmatched_requests')
    pending.status = 'Error'
    pending.notes = [note]
    context.emit(this.#endpoints, pending)
  }

  // --- what is not one command, one answer --------------------------------------------------------------------------

  #isSilent(words: Command): boolean {
    const was = this.#silent
    if (was === 'skip') this.#silent = 'no'
    if (words.length === 3 && /^client$/i.test(words[0] as string) && /^reply$/i.test(words[1] as string)) {
      const wanted = (words[2] as string).toLowerCase()
      this.#silent = wanted === 'off' ? 'off' : wanted === 'skip' ? 'skip' : 'no'
      return this.#silent !== 'no'
    }
    return was !== 'no'
  }

  #isPushed(value: Resp): value is Resp[] {
    if (!Array.isArray(value)) return false
    const kind = value[0]
    if (typeof kind !== 'string') return false
    if (value instanceof RespPush) return !isSubscription(kind.toUpperCase())
    return (
      this.#subscriptions > 0 && /^[ps]?message$/.test(kind) && value.length === (kind === 'pmessage' ? 4 : 3)
    )
  }

  /** A message to a subscriber: an event of its own, the server's bytes without a request. */
  #pushed(value: Resp[], start: number, bytes: number): void {
    const { options, context } = this.#shared
    context.emit(this.#endpoints, {
      start,
      sourceBytes: 0,
      destinationBytes: bytes,
      status: 'OK',
      words: value.map((word) => (typeof word === 'string' ? word : '')),
      reply: undefined,
      expected: 0,
      late: false,
      withRequest: false,
      withResponse: options.send_response,
    })
  }

  #subscribed(pending: Pending, value: Resp): void {
    if (!Array.isArray(value) || value.length !== 3 || !isSubscription(String(value[0]).toUpperCase())) return
    // UNSUBSCRIBE without names is answered once for each subscription there was, at least once.
    if (pending.words.length === 1 && pending.reply === undefined)
      pending.expected = Math.max(1, this.#subscriptions)
    this.#subscriptions = Number(value[2]) || 0
    if (pending.words.length === 1 && this.#subscriptions === 0) pending.expected = 1
  }
}

/** Answers to a subscription to several channels, as a list. */
const several = (before: Resp, next: Resp): Resp =>
  Array.isArray(before) && Array.isArray(before[0]) ? [...before, next] : [before, next]
