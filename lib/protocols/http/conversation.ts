import type { Endpoints } from '../../events/endpoints.js'
import {
  LATE_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
  UNMATCHED_RESPONSE,
} from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import {
  type CloseReason,
  type Context,
  type Conversation,
  type Direction,
  FROM_CLIENT,
  type Segment,
} from '../protocol.js'
import { describe } from './describe.js'
import { Exchange, type Timer } from './exchange.js'
import { Exchanges } from './exchanges.js'
import { closes, opensTunnel, requestBody, responseBody } from './framing.js'
import { Kept } from './kept.js'
import type { Message } from './message.js'
import { cutOff, incomplete, lossIn } from './notes.js'
import type { Settings } from './options.js'
import { type Listener, Reader } from './reader.js'
import { isForm } from './unpack.js'

// Requests that wait on one connection. Browsers pipeline none, programs some dozens; what is more is a capture that
// sees one side only.
const MAX_WAITING = 1000

/** What all conversations of one configured entry have in common. */
export interface Shared {
  settings: Settings
  context: Context<Exchange>
  room: WaitingRoom<Timer>
  /** Time of the segment that is being read. */
  now: number
  /** Who reads, or read last. */
  reader: Reader | undefined
}

/** One connection: requests are answered in their order, and some wait for their response while others are sent. */
export class HttpConversation implements Conversation, Listener {
  readonly #shared: Shared
  #endpoints: Endpoints
  #requests: Reader | undefined
  #responses: Reader | undefined
  /** The client is whom the capture took for the server. */
  #turned = false
  /** Made by the first request. */
  #open: Exchanges | undefined
  /** Whose request, and whose response, is being read. */
  #asking: Exchange | undefined
  #answering: Exchange | undefined

  static shared(settings: Settings, context: Context<Exchange>): Shared {
    const room = context.waitingRoom<Timer>(({ exchange }) => exchange.conversation.#timedOut(exchange))
    return { settings, context, room, now: 0, reader: undefined }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
  }

  data(segment: Segment): void {
    const shared = this.#shared
    const { settings, context } = shared
    shared.now = segment.time
    if (this.#requests === undefined && this.#responses === undefined) this.#look(segment)
    if ((segment.direction === FROM_CLIENT) !== this.#turned) {
      this.#requests ??= new Reader('request')
      shared.reader = this.#requests
      if (this.#asking !== undefined) this.#isRefused(this.#asking, segment)
      this.#requests.feed(segment, settings.requestHead, context.memory, this)
    } else {
      this.#responses ??= new Reader('response')
      shared.reader = this.#responses
      if (this.#responses.untilClose) this.#isNextResponse(this.#responses, segment)
      this.#responses.feed(segment, settings.responseHead, context.memory, this)
    }
  }

  get idle(): boolean {
    const open = this.#open
    return (
      (open === undefined || (open.length === 0 && open.owed === 0)) &&
      this.#asking === undefined &&
      this.#answering === undefined &&
      !this.#turned &&
      this.#requests?.idle !== false &&
      this.#responses?.idle !== false
    )
  }

  gap(direction: Direction, bytes: number, time: number): 'keep' | 'drop' {
    this.#shared.now = time
    const fromClient = (direction === FROM_CLIENT) !== this.#turned
    const reader = fromClient ? this.#requests : this.#responses
    const note = lossIn(fromClient ? 'request' : 'response')
    this.#shared.reader = reader
    if (reader !== undefined) {
      if (reader.passing) return 'keep'
      reader.message?.note(note)
      if (reader.message !== undefined) return reader.skip(bytes, this) ? 'keep' : 'drop'
    }
    // The loss is where a message begins: nothing tells how many there were.
    if (!fromClient) this.#open?.unanswered?.remark(note)
    return 'drop'
  }

  close(reason: CloseReason): void {
    const { settings, room } = this.#shared
    for (const reader of [this.#requests, this.#responses]) {
      if (reader === undefined) continue
      const { message } = reader
      if (message !== undefined) {
        this.#cut(message, reader, reason, !reader.untilClose)
        reader.finish(this)
      } else {
        const parser = reader.kind === 'request' ? settings.requestHead : settings.responseHead
        this.#begun(reader.abandon(parser), reader, reason)
      }
    }
    for (let exchange = this.#open?.shift(); exchange !== undefined; exchange = this.#open?.shift()) {
      room.leave(exchange.timer)
      if (!exchange.late)
        this.#giveUp(exchange, exchange.remarks === undefined ? UNMATCHED_REQUEST : undefined)
    }
  }

  // --- what the readers find ------------------------------------------------------------------------------------------

  begun(message: Message, reader: Reader): number {
    return reader.kind === 'request' ? this.#asked(message) : this.#answered(message)
  }

  ended(message: Message, reader: Reader): void {
    if (reader.kind === 'request') this.#askedAll(message, reader)
    else this.#answeredAll(message)
  }

  passed(bytes: number): void {
    this.#shared.context.count('passed_bytes', bytes)
  }

  #asked(message: Message): number {
    const { settings, context } = this.#shared
    const { head } = message
    if (!head.version.startsWith('1.')) {
      this.#pass()
      return 0
    }
    // Nobody asks again before the response is over: one without a length was over where it stopped.
    const responses = this.#responses
    if (responses?.untilClose && this.#open?.length === 1 && !closes((responses.message as Message).head))
      responses.finish(this)
    const exchange = new Exchange(this, message, message.start)
    this.#asking = exchange
    this.#push(exchange)
    const length = requestBody(head)
    if (length === 0) return 0
    message.shown = includes(settings.requestBodies, head.contentType)
    if (message.shown || isForm(head.contentType)) message.kept = this.#keep(head.bytes, context)
    return length
  }

  #askedAll(message: Message, reader: Reader): void {
    const exchange = this.#asking
    if (exchange === undefined) return
    this.#asking = undefined
    // What follows is the tunnel's, unless the response refuses it.
    if (message.head.method === 'CONNECT') reader.passing = true
    const { room, now } = this.#shared
    if (exchange.response?.complete) this.#finish(exchange)
    else if (exchange.response === undefined) {
      if (now !== exchange.start) exchange.timer = { start: now, exchange }
      room.enter(exchange.timer)
    }
  }

  #answered(message: Message): number {
    const { settings, context, room } = this.#shared
    const { head } = message
    if (head.code >= 100 && head.code < 200 && head.code !== 101) {
      context.count('informational_responses')
      return 0
    }
    const exchange = this.#open?.unanswered ?? new Exchange(this, undefined, message.start)
    this.#answering = exchange
    exchange.response = message
    if (exchange.request !== undefined) {
      exchange.end = message.start
      room.leave(exchange.timer)
    }
    const method = exchange.request?.head.method
    if (opensTunnel(head, method)) {
      this.#pass()
      return 0
    }
    if (method === 'CONNECT' && this.#requests !== undefined) this.#requests.passing = false
    const length = responseBody(head, method)
    if (length !== 0 && includes(settings.responseBodies, head.contentType)) {
      message.shown = true
      message.kept = this.#keep(head.bytes, context)
    }
    return length
  }

  #answeredAll(message: Message): void {
    const exchange = this.#answering
    if (exchange === undefined || exchange.response !== message) return
    this.#answering = undefined
    if (exchange.request === undefined) {
      const open = this.#open
      if (open !== undefined && open.owed > 0) open.owed--
      this.#shared.context.count('unmatched_responses')
      exchange.remark(UNMATCHED_RESPONSE)
      this.#emit(exchange)
    } else if (exchange.request.complete) this.#finish(exchange)
  }

  // --- pairing --------------------------------------------------------------------------------------------------------

  #push(exchange: Exchange): void {
    this.#open ??= new Exchanges()
    const open = this.#open
    open.push(exchange)
    if (open.length <= MAX_WAITING || open.front?.response !== undefined) return
    const oldest = open.shift() as Exchange
    open.owed++
    this.#shared.context.count('evicted_requests')
    this.#shared.room.leave(oldest.timer)
    if (!oldest.late) this.#giveUp(oldest, TOO_MANY_REQUESTS)
  }

  /** Both messages are complete. Only the oldest can be: a response comes after those before it. */
  #finish(exchange: Exchange): void {
    this.#open?.shift()
    if (exchange.late) {
      this.#shared.context.count('late_responses')
      exchange.remarks = [LATE_RESPONSE]
    }
    this.#emit(exchange)
  }

  #timedOut(exchange: Exchange): void {
    exchange.late = true
    this.#giveUp(exchange, UNMATCHED_REQUEST)
  }

  #giveUp(exchange: Exchange, note: string | undefined): void {
    this.#shared.context.count('unmatched_requests')
    if (note !== undefined) exchange.remark(note)
    this.#emit(exchange)
  }

  #emit(exchange: Exchange): void {
    const { settings, context } = this.#shared
    // Upstream shows a response without a request as sent by its source: the server.
    const endpoints = exchange.request === undefined ? this.#endpoints.reversed() : this.#endpoints
    describe(exchange, settings, endpoints)
    context.emit(endpoints, exchange)
  }

  // --- what is not one request, one response --------------------------------------------------------------------------

  /** A capture that began in the middle may have taken one side for the other; the first bytes tell. */
  #look({ bytes, start, end, direction }: Segment): void {
    const text = bytes.latin1Slice(start, Math.min(end, start + 16))
    const turned = direction === FROM_CLIENT ? text.startsWith('HTTP/1.') : /^[A-Z]{3,10} \//.test(text)
    if (!turned) return
    this.#turned = true
    this.#endpoints = this.#endpoints.reversed()
  }

  /** From here on the connection is left alone. */
  #pass(): void {
    this.#requests ??= new Reader('request')
    this.#responses ??= new Reader('response')
    this.#requests.passing = true
    this.#responses.passing = true
  }

  /** A client that asked whether to send a body, and was refused, may go on with another request (RFC 9110 §10.1.1). */
  #isRefused({ request, response }: Exchange, { bytes, start, end }: Segment): void {
    if (request === undefined || !response?.complete || request.bodyBytes > 0) return
    if (!/100-continue/i.test(request.head.expect)) return
    if (/^[A-Z]{3,16} [/*h]/.test(bytes.latin1Slice(start, Math.min(end, start + 32))))
      this.#requests?.finish(this)
  }

  /** A response without a length that is followed by another one did not go on until the connection closes. */
  #isNextResponse(reader: Reader, { bytes, start, end }: Segment): void {
    if (closes((reader.message as Message).head) || this.#open?.unanswered === undefined) return
    if (bytes.latin1Slice(start, Math.min(end, start + 7)) === 'HTTP/1.') reader.finish(this)
  }

  #keep(headBytes: number, { memory }: Context<Exchange>): Kept {
    return new Kept(memory, Math.max(0, this.#shared.settings.maxMessageSize - headBytes))
  }

  /** A head that was not read to its end, at the end of the connection. */
  #begun(message: Message | undefined, reader: Reader, reason: CloseReason): void {
    if (message === undefined) return
    this.begun(message, reader)
    this.#cut(message, reader, reason, false)
    if (message.notes === undefined) message.note(incomplete(reader.kind))
    message.complete = true
    this.ended(message, reader)
  }

  /** Notes why a message ends before its end. `short`: its body is known to be longer. */
  #cut(message: Message, reader: Reader, reason: CloseReason, short: boolean): void {
    const { kind } = reader
    const note = cutOff(kind, reason, this.#shared.reader === reader, short)
    if (note === undefined) return
    message.note(note)
    // The size is what came, not what was announced.
    if (short && message.contentLength > message.bodyBytes) message.contentBytes = message.bodyBytes
    const exchange = kind === 'request' ? this.#asking : this.#answering
    if (exchange !== undefined && failing.has(reason)) exchange.failed = true
  }
}

// A gap loses bytes, not the transaction; a message that stops short was answered all the same.
const failing: ReadonlySet<CloseReason> = new Set(['reset', 'idle', 'evicted', 'replaced', 'malformed'])

const includes = (bodies: readonly string[], contentType: string): boolean => {
  if (bodies.length === 0 || contentType === '') return false
  const type = contentType.toLowerCase()
  return bodies.some((body) => type.includes(body))
}
