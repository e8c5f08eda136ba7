import type { Endpoints } from '../../events/endpoints.js'
import { TOO_MANY_REQUESTS, UNMATCHED_RESPONSE } from '../../transactions/notes.js'
import { Malformed } from '../../wire/cursor.js'
import { Messages as Stream } from '../../wire/messages.js'
import type { Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT, FROM_SERVER } from '../protocol.js'
import type { Channel } from './channel.js'
import { Channels } from './channels.js'
import { Confirms } from './confirms.js'
import { BODY, FOREIGN, type Frame, HEADER, METHOD, PASSED, PROTOCOL } from './frame.js'
import { Login } from './login.js'
import { Messages } from './messages.js'
import * as known from './methods.js'
import { Frames } from './parser.js'
import { Pending } from './pending.js'
import { Report } from './report.js'
import type { Shared } from './shared.js'

/** One connection: calls and their answers on each channel, and messages in both directions. */
export class AmqpConversation implements Conversation {
  readonly #report: Report
  readonly #channels: Channels
  readonly #messages: Messages
  readonly #login: Login
  /** By direction. */
  readonly #frames: readonly [Frames, Frames]
  readonly #streams: readonly [Stream<Frame>, Stream<Frame>]
  /** The header with which the client began, as far as it says what is spoken. */
  #wanted: string | undefined
  /** Nothing that follows is decoded. */
  #over = false

  constructor(endpoints: Endpoints, shared: Shared) {
    const { memory } = shared.context
    this.#report = new Report(endpoints, shared)
    this.#channels = new Channels(this.#report, (channel) => this.#forget(channel, TOO_MANY_REQUESTS))
    this.#messages = new Messages(this.#report)
    this.#login = new Login(this.#report)
    this.#frames = [new Frames(false, shared.reading), new Frames(true, shared.reading)]
    this.#streams = [
      new Stream(this.#frames[FROM_CLIENT].parse, memory),
      new Stream(this.#frames[FROM_SERVER].parse, memory),
    ]
  }

  data(segment: Segment): void {
    if (this.#over) return
    this.#streams[segment.direction].feed(
      segment,
      segment.direction === FROM_CLIENT ? this.#fromClient : this.#fromServer,
    )
    this.#frames[segment.direction].release()
    this.#countOmitted()
  }

  get enough(): boolean {
    return this.#over
  }

  gap(direction: Direction, bytes: number, time: number): 'keep' {
    if (this.#over) return 'keep'
    const begun = this.#streams[direction].discard()
    const frames = this.#frames[direction]
    if (!begun && frames.bridge(bytes)) {
      const channel = this.#channels.find(frames.frame.channel)
      if (channel !== undefined) this.#messages.lost(channel, direction, bytes)
      return 'keep'
    }
    frames.lose()
    this.#report.lost(direction, time)
    for (const channel of this.#channels) {
      this.#messages.breakOff(channel, direction, true)
      if (direction === FROM_CLIENT) channel.confirms?.stopCounting()
    }
    return 'keep'
  }

  close(): void {
    for (const stream of this.#streams) stream.discard()
    this.#login.end()
    for (const channel of this.#channels.drain()) this.#forget(channel)
  }

  readonly #fromClient = (frame: Frame, time: number, bytes: number): void =>
    this.#took(FROM_CLIENT, frame, time, bytes)
  readonly #fromServer = (frame: Frame, time: number, bytes: number): void =>
    this.#took(FROM_SERVER, frame, time, bytes)

  #took(direction: Direction, frame: Frame, time: number, bytes: number): void {
    switch (frame.kind) {
      case METHOD:
        this.#method(direction, frame, time, bytes)
        return
      case HEADER:
      case BODY: {
        const channel = this.#channels.find(frame.channel)
        if (channel === undefined) return
        if (frame.kind === HEADER) this.#messages.header(channel, direction, frame, bytes)
        else this.#messages.body(channel, direction, frame)
        return
      }
      case PROTOCOL:
        this.#protocol(direction, frame, time)
        return
      case PASSED:
        this.#report.count('passed_bytes', bytes)
        return
      case FOREIGN:
        if (this.#wanted === undefined) this.#giveUpDecoding()
    }
  }

  /** Spec: AMQP 0-9-1 §4.2.2. A server that does not speak what the client wants says what it speaks, and closes. */
  #protocol(direction: Direction, { bytes, start, end }: Frame, time: number): void {
    const header = bytes.latin1Slice(start, end)
    // AMQP 1.0, its SASL and its TLS, unlike all versions before.
    const isNew = header[5] === '\x01' && header[6] === '\0'
    if (direction === FROM_CLIENT) {
      this.#login.begin(time)
      this.#login.add(direction, end - start)
      this.#wanted = header
      this.#frames[FROM_CLIENT].foreign = isNew
      return
    }
    if (isNew && header === this.#wanted) {
      this.#login.forget()
      this.#giveUpDecoding()
      return
    }
    this.#login.add(direction, end - start)
    this.#login.otherVersion(time)
  }

  #giveUpDecoding(): void {
    this.#over = true
    this.#report.count('undecoded_connections')
    this.close()
  }

  #method(direction: Direction, frame: Frame, time: number, bytes: number): void {
    const { method, arguments: given, channel: number } = frame
    if (method === undefined) {
      this.#report.count('unknown_methods')
      return
    }
    if (!method.by[direction]) throw new Malformed(`${method.name} of the wrong side`, 0)
    if (!this.#login.over && number === 0) {
      if (method.login) this.#login.step(given, time)
      this.#login.add(direction, bytes)
    }
    const channel = this.#channels.get(number)
    // A message ends with its last byte, or not at all.
    this.#messages.breakOff(channel, direction, false)
    switch (method.kind) {
      case 'call':
        this.#called(channel, new Pending(this.#report, direction, method, given, time, bytes))
        if (method.closes && direction === FROM_SERVER) this.#closed(channel, frame, time)
        break
      case 'answer':
        this.#answered(channel, direction, frame, time, bytes)
        break
      case 'message':
        if (method === known.basicDeliver) channel.delivered(given)
        this.#messages.begin(channel, direction, new Pending(this.#report, direction, method, given, time, 0))
        break
      case 'notice':
        this.#noticed(channel, new Pending(this.#report, direction, method, given, time, bytes))
    }
  }

  #called(channel: Channel, call: Pending): void {
    const { direction, method } = call
    if (method.closes && (call.arguments.replyCode as number) >= 300) call.status = 'Error'
    if (method === known.basicConsume && call.arguments.queue === '') call.arguments.queue = channel.queue
    if (call.arguments.flags?.['no-wait'] === true) {
      this.#learn(channel, call)
      this.#report.emit(call)
      return
    }
    const evicted = channel.calls(direction).push(call)
    if (evicted === undefined) return
    this.#report.count('evicted_requests')
    this.#report.giveUp(evicted, TOO_MANY_REQUESTS)
  }

  #answered(channel: Channel, direction: Direction, frame: Frame, time: number, bytes: number): void {
    const { method, arguments: given } = frame
    const { of, content } = method as known.Method
    const asker = (1 - direction) as Direction
    let call = channel.calls(asker).take(of as known.Method, (skipped) => this.#report.giveUp(skipped))
    if (call === undefined) {
      this.#report.count('unmatched_responses')
      if (!content) return
      // What was got is shown all the same.
      call = new Pending(this.#report, asker, known.basicGet, given, time, 0)
      call.notes = [UNMATCHED_RESPONSE]
    } else {
      call.answer = given
      call.end = time
      call.destinationBytes = bytes
    }
    if (content) {
      if (call.arguments.flags?.['no-ack'] !== true) channel.got(given, call.arguments.queue)
      this.#messages.begin(channel, direction, call)
      return
    }
    if (method === known.basicGetEmpty) call.empty = true
    this.#learn(channel, call)
    this.#report.answered(call, given, time, 'OK')
    if (call.method === known.connectionOpen) this.#login.succeeded(time)
    if (call.method.closes) this.#closedBoth(call.method, frame.channel, time)
  }

  /** What a call changes for those that follow. */
  #learn(channel: Channel, { method, arguments: given, answer }: Pending): void {
    switch (method) {
      case known.queueDeclare:
        channel.queue = answer?.queue ?? given.queue
        break
      case known.basicConsume:
        channel.consume(
          answer?.consumerTag ?? (given.consumerTag as string),
          given.queue ?? '',
          given.flags?.['no-ack'] === true,
        )
        break
      case known.basicCancel:
        channel.cancel(given.consumerTag as string)
        break
      case known.confirmSelect: {
        const { room, context } = this.#report.shared
        channel.confirms ??= new Confirms(room, context.memory)
      }
    }
  }

  #noticed(channel: Channel, notice: Pending): void {
    const { method, direction } = notice
    const negative = method === known.basicReject || method === known.basicNack
    if (negative) notice.status = 'Error'
    if (direction === FROM_SERVER && (negative || method === known.basicAck)) {
      this.#messages.confirm(channel, notice)
      return
    }
    channel.describe(notice.arguments)
    this.#report.emit(notice)
  }

  /** The server closes a channel or the connection: that is the answer to all that waits on it. */
  #closed(channel: Channel, { method, arguments: close }: Frame, time: number): void {
    const whole = method === known.connectionClose
    if (whole) this.#login.refused(close, time)
    for (const one of whole ? this.#channels : [channel]) {
      // Both sides may close at once, and each then says that it is closed.
      for (const call of [...one.waiting(FROM_CLIENT)])
        if (call.method.closes) one.calls(FROM_CLIENT).push(call)
        else this.#report.refused(call, close, time)
      for (const message of one.unconfirmed()) this.#report.refused(message, close, time)
    }
  }

  /** Both sides have said that a channel or the connection is closed. */
  #closedBoth(method: known.Method, number: number, time: number): void {
    if (method === known.connectionClose) {
      // With the connection all its channels are closed, also one that was just being.
      for (const channel of this.#channels)
        for (const direction of [FROM_CLIENT, FROM_SERVER] as const)
          for (const call of channel.waiting(direction))
            if (call.method.closes) this.#report.answered(call, undefined, time, 'OK')
            else this.#report.giveUp(call)
      this.close()
      this.#over = true
    } else {
      const channel = this.#channels.remove(number)
      if (channel !== undefined) this.#forget(channel)
    }
  }

  #forget(channel: Channel, note?: string): void {
    for (const direction of [FROM_CLIENT, FROM_SERVER] as const) {
      this.#messages.breakOff(channel, direction, false)
      for (const call of channel.waiting(direction)) this.#report.giveUp(call, note)
    }
    for (const message of channel.unconfirmed()) this.#report.giveUp(message, note)
    channel.forget()
  }

  #countOmitted(): void {
    const { arguments: ofMethods, headers } = this.#report.shared.reading
    const omitted = ofMethods.omitted + headers.omitted
    if (omitted === 0) return
    this.#report.count('omitted_values', omitted)
    ofMethods.omitted = 0
    headers.omitted = 0
  }
}
