import {
  LOSS_IN_REQUEST,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_RESPONSE,
} from '../../transactions/notes.js'
import { Malformed } from '../../wire/cursor.js'
import { type Direction, FROM_CLIENT } from '../protocol.js'
import { Body } from './body.js'
import type { Channel, Content } from './channel.js'
import type { Frame } from './frame.js'
import { basicAck, basicPublish, basicReturn } from './methods.js'
import { note, type Pending } from './pending.js'
import type { Report } from './report.js'

const INCOMPLETE = 'The message is incomplete'
const NOT_TAKEN = 'The server has not taken the message'

/** Messages with their properties and bodies, and what becomes of those that were published. */
export class Messages {
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  /** A message begins on a channel: with a method of its own, or as the answer to a call. */
  begin(channel: Channel, direction: Direction, pending: Pending): void {
    const { options, context } = this.#report.shared
    const wanted = direction === FROM_CLIENT ? options.send_request : options.send_response
    channel.contents[direction] = {
      pending,
      size: undefined,
      left: 0,
      headed: 0,
      body: wanted ? new Body(context.memory, options.max_body_length) : undefined,
      lost: false,
    }
  }

  /** @throws {Malformed} */
  header(channel: Channel, direction: Direction, { bodySize, properties }: Frame, bytes: number): void {
    const content = channel.contents[direction]
    if (content === undefined) return // it began before the capture, or in a gap
    if (content.size !== undefined) throw new Malformed('a second header of a message', 0)
    content.size = bodySize
    content.left = bodySize
    content.headed = bytes
    content.pending.properties = properties
    if (bodySize === 0) this.#whole(channel, direction, content)
  }

  /** @throws {Malformed} */
  body(channel: Channel, direction: Direction, { bytes, start, end }: Frame): void {
    const content = channel.contents[direction]
    if (content === undefined) return
    const length = end - start
    if (length > content.left) throw new Malformed('more of a body than its header tells', 0)
    if (content.body?.add(bytes, start, end) === false) throw new Malformed('no memory left for a body', 0)
    content.left -= length
    if (content.left === 0 && length > 0) this.#whole(channel, direction, content)
  }

  /** That many bytes of a body were lost. @throws {Malformed} */
  lost(channel: Channel, direction: Direction, bytes: number): void {
    const content = channel.contents[direction]
    if (content === undefined) return
    if (bytes > content.left) throw new Malformed('more of a body than its header tells', 0)
    content.lost = true
    content.left -= bytes
    if (content.left === 0) this.#whole(channel, direction, content)
  }

  /** Nothing more of it will come. `loss`: bytes were lost. */
  breakOff(channel: Channel, direction: Direction, loss: boolean): void {
    const content = channel.contents[direction]
    if (content === undefined) return
    channel.contents[direction] = undefined
    const { pending, size, left } = content
    pending.status = 'Error'
    note(pending, loss ? lossIn(direction) : INCOMPLETE)
    this.#report.count('incomplete_messages')
    this.#fill(content, direction, (size ?? 0) - left)
    this.#emit(pending)
  }

  /** A confirm, or that a message was not taken. */
  confirm(channel: Channel, confirm: Pending): void {
    const { arguments: given, method, start: time } = confirm
    const taken = method === basicAck
    const settled = (message: Pending): void => {
      if (!taken) {
        message.status = 'Error'
        note(message, NOT_TAKEN)
      }
      this.#report.answered(message, undefined, time, taken ? 'OK' : 'nack')
    }
    const multiple = given.flags?.multiple === true
    const count = channel.confirms?.settle(given.deliveryTag as number, multiple, settled) ?? 0
    if (count > 0) return
    this.#report.count('unmatched_responses')
    note(confirm, UNMATCHED_RESPONSE)
    this.#report.emit(confirm)
  }

  #whole(channel: Channel, direction: Direction, content: Content): void {
    channel.contents[direction] = undefined
    const { pending, size = 0, headed, lost } = content
    this.#fill(content, direction, size)
    const { method } = pending
    if (lost) note(pending, lossIn(direction))
    if (method === basicReturn) pending.status = 'Error'
    if (method !== basicPublish || !channel.confirms?.counting) {
      this.#emit(pending)
      return
    }
    const evicted = channel.confirms.push(pending, headed)
    if (evicted === undefined) return
    this.#report.count('evicted_requests')
    this.#report.giveUp(evicted, TOO_MANY_REQUESTS)
  }

  /** What was got is an answer; a message is not. */
  #emit(pending: Pending): void {
    const { answer, end } = pending
    if (end === undefined) this.#report.emit(pending)
    else this.#report.answered(pending, answer, end, 'OK')
  }

  #fill({ pending, body, size }: Content, direction: Direction, bytes: number): void {
    if (direction === FROM_CLIENT) pending.sourceBytes = bytes
    else pending.destinationBytes = bytes
    if (body === undefined) return
    pending.body = body.text(size ?? 0, pending.properties)
    body.discard()
  }
}

const lossIn = (direction: Direction): string =>
  direction === FROM_CLIENT ? LOSS_IN_REQUEST : LOSS_IN_RESPONSE
