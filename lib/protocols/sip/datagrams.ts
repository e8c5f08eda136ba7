import type { Endpoints } from '../../events/endpoints.js'
import { Malformed } from '../../wire/cursor.js'
import type { CloseReason, Conversation, Segment } from '../protocol.js'
import type { SipMessage } from './message.js'
import { BAD_LENGTH, CUT, INCOMPLETE_BODY, INCOMPLETE_HEAD } from './notes.js'
import { head, headEnd, skipLineEnds, textHeadEnd } from './parser.js'
import { complete, type Shared, Teller } from './shared.js'

/** SIP over UDP: each datagram is one message. RFC 3261 §18. */
export class SipDatagrams implements Conversation {
  readonly #shared: Shared
  readonly #teller: Teller

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#shared = shared
    this.#teller = new Teller(endpoints, shared)
  }

  data(segment: Segment): void {
    const start = skipLineEnds(segment.bytes, segment.start, segment.end)
    if (isKeepAlive(segment.bytes, start, segment.end)) return
    try {
      this.#teller.tell(this.#read(segment, start), segment.direction, segment.time)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      // Anyone can send anything to a port: it is no reason to end the conversation.
      this.#shared.context.count('malformed')
    }
  }

  close(reason: CloseReason): void {
    if (reason === 'end') this.#shared.calls.end()
  }

  #read({ bytes, end, cut }: Segment, start: number): SipMessage {
    const { options } = this.#shared
    const text = bytes.utf8Slice(start, end)
    const isPlain = text.length === end - start
    const body = isPlain ? start + textHeadEnd(text) : headEnd(bytes, start, start, end)
    if (body < start) return this.#headOnly(text, cut > 0)
    const headText = isPlain ? text.slice(0, body - start) : bytes.utf8Slice(start, body)
    const message = head(headText, options.parse_authorization)
    const { contentLength } = message
    if (contentLength === -1) message.broken(BAD_LENGTH)
    // RFC 3261 §18.3: what is beyond the length is no part of the body; without a length all of it is.
    const bodyEnd = contentLength === undefined || contentLength < 0 ? end : body + contentLength
    if (cut > 0) message.note(CUT)
    else if (bodyEnd > end) message.broken(INCOMPLETE_BODY)
    complete(message, text, bytes, { start, body, bodyEnd: Math.min(bodyEnd, end), end }, options)
    return message
  }

  #headOnly(all: string, isCut: boolean): SipMessage {
    const { parse_authorization, keep_original } = this.#shared.options
    // Of a line that was cut off nobody knows how it went on.
    const text = isCut ? all.slice(0, all.lastIndexOf('\n') + 1) : all
    const message = head(text, parse_authorization)
    if (isCut) message.note(CUT)
    else message.broken(INCOMPLETE_HEAD)
    if (keep_original) message.original = text
    return message
  }
}

const STUN_COOKIE = 0x2112a442

/** Nothing, up to four bytes of anything as phones send them, or STUN (RFC 5626 §4.4.2, RFC 8489 §5). */
const isKeepAlive = (bytes: Buffer, start: number, end: number): boolean =>
  end - start <= 4 ||
  (end - start >= 20 && (bytes[start] as number) < 4 && bytes.readUInt32BE(start + 4) === STUN_COOKIE)
