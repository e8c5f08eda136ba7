import type { Endpoints } from '../../events/endpoints.js'
import { LOSS_IN_REQUEST, LOSS_IN_RESPONSE } from '../../transactions/notes.js'
import type { Cursor } from '../../wire/cursor.js'
import { Messages } from '../../wire/messages.js'
import {
  type CloseReason,
  type Conversation,
  type Direction,
  FROM_CLIENT,
  FROM_SERVER,
  type Segment,
} from '../protocol.js'
import type { SipMessage } from './message.js'
import { BAD_LENGTH, INCOMPLETE_BODY, LONG_BODY } from './notes.js'
import { canBegin, head, headEnd, MAX_HEAD, skipLineEnds, startsMessage } from './parser.js'
import { complete, type Shared, Teller } from './shared.js'

// Of a body that is longer no part is kept: over UDP none can be.
const MAX_BODY = 65_536

/** One direction of a stream. */
class Side {
  readonly messages: Messages<SipMessage | undefined>
  /** Its head was read; its body has not come to its end. */
  begun: SipMessage | undefined = undefined
  /** The first line of a head that is not complete is a start line. */
  started = false
  /** Where that body begins, in bytes of the message. */
  body = 0
  /** Packet time of the first byte of what has begun. */
  time = 0
  /** Bytes still to come of a body that is not kept. */
  unread = 0

  constructor(parse: (cursor: Cursor) => SipMessage | undefined, shared: Shared) {
    this.messages = new Messages(parse, shared.context.memory, MAX_HEAD + MAX_BODY)
  }
}

/** SIP over TCP: messages one after the other, each as long as its Content-Length says. RFC 3261 §18.3. */
export class SipStream implements Conversation {
  readonly #shared: Shared
  readonly #teller: Teller
  readonly #sides: readonly [Side, Side]
  /** Of the segment that is being read. */
  #direction: Direction = FROM_CLIENT
  #now = 0

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#shared = shared
    this.#teller = new Teller(endpoints, shared)
    this.#sides = [new Side(this.#parse, shared), new Side(this.#parse, shared)]
  }

  data(segment: Segment): void {
    const side = this.#sides[segment.direction]
    this.#direction = segment.direction
    this.#now = segment.time
    if (side.unread > 0) {
      const skipped = Math.min(side.unread, segment.end - segment.start)
      side.unread -= skipped
      segment.start += skipped
    }
    side.messages.feed(segment, this.#take)
  }

  gap(direction: Direction): 'drop' {
    this.#end(direction, this.#sides[direction].begun?.isRequest ? LOSS_IN_REQUEST : LOSS_IN_RESPONSE)
    return 'drop'
  }

  close(reason: CloseReason): void {
    this.#end(FROM_CLIENT, INCOMPLETE_BODY)
    this.#end(FROM_SERVER, INCOMPLETE_BODY)
    if (reason === 'end') this.#shared.calls.end()
  }

  /** A message, or what stands between messages. */
  readonly #parse = (cursor: Cursor): SipMessage | undefined => {
    const side = this.#sides[this.#direction]
    const { bytes, at: start, left } = cursor
    if (side.begun === undefined) {
      const first = skipLineEnds(bytes, start, start + left)
      if (first > start) {
        cursor.skip(first - start)
        return undefined
      }
      side.begun = this.#begin(cursor, side)
    }
    const { begun: message, body } = side
    const length = message.contentLength ?? 0
    if (length > MAX_BODY) return this.#long(cursor, side, message)
    cursor.skip(body + length)
    side.begun = undefined
    const end = cursor.at
    const text = bytes.utf8Slice(start, end)
    complete(message, text, bytes, { start, body: start + body, bodyEnd: end, end }, this.#shared.options)
    return message
  }

  /** Reads the head. A stream can only be followed by lengths: without one there is no body. */
  #begin(cursor: Cursor, side: Side): SipMessage {
    const { bytes, at: start, left } = cursor
    const { parse_authorization, keep_original } = this.#shared.options
    const seen = (cursor.progress as number | undefined) ?? 0
    if (seen === 0) {
      side.time = this.#now
      side.started = false
      if (!canBegin(bytes[start] as number)) throw cursor.malformed('no start line')
    }
    const end = headEnd(bytes, start, start + seen, start + left)
    if (end < 0) {
      if (left >= MAX_HEAD) throw cursor.malformed(`a header of more than ${MAX_HEAD} bytes`)
      // Told at once: in the midst of a body the next message must not be taken for more of this one.
      side.started ||= startsMessage(bytes, start, start + left)
      cursor.progress = left
      cursor.want(left + 1)
    }
    const text = bytes.utf8Slice(start, end)
    const message = head(text, parse_authorization)
    // Until the body is there, should it never come.
    if (keep_original) message.original = text
    if (message.contentLength === -1) {
      message.broken(BAD_LENGTH)
      message.contentLength = undefined
    }
    side.body = end - start
    return message
  }

  #long(cursor: Cursor, side: Side, message: SipMessage): SipMessage {
    const length = side.body + (message.contentLength ?? 0)
    const here = Math.min(cursor.left, length)
    cursor.skip(here)
    side.unread = length - here
    side.begun = undefined
    message.note(LONG_BODY)
    this.#shared.context.count('long_bodies')
    return message
  }

  readonly #take = (message: SipMessage | undefined, time: number): void => {
    if (message !== undefined) this.#teller.tell(message, this.#direction, time)
  }

  /** Tells of a message of which nothing more will come. */
  #end(direction: Direction, why: string): void {
    const side = this.#sides[direction]
    const { begun } = side
    if (!side.messages.discard()) return
    side.begun = undefined
    if (begun === undefined) {
      this.#shared.context.count('incomplete_messages')
      return
    }
    begun.broken(why)
    this.#teller.tell(begun, direction, side.time)
  }
}
