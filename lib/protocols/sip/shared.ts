import '../../wire/buffer.js'
import type { Endpoints } from '../../events/endpoints.js'
import { type CommonOptions, type Context, type Direction, FROM_CLIENT } from '../protocol.js'
import { descriptionIn } from './body.js'
import { Calls } from './calls.js'
import type { SipMessage } from './message.js'

export const counters = {
  malformed: 'datagrams and streams that are not SIP',
  unmatched_requests: 'requests that had no response when transaction_timeout or the capture was over',
  unmatched_responses: 'responses whose request was not captured',
  late_responses: 'responses that were the first to a request, and came after transaction_timeout',
  evicted_requests: 'requests that were forgotten before their final response because there were too many',
  evicted_calls: 'calls that were forgotten before their BYE because there were too many',
  uncorrelated: 'messages with names too long to be remembered, which have no response time',
  long_bodies: 'bodies over TCP that were too long to be kept; their message has its event',
  incomplete_messages: 'messages over TCP whose header was not captured to its end',
}

export interface Options extends CommonOptions {
  parse_authorization: boolean
  parse_body: boolean
  keep_original: boolean
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  context: Context<SipMessage>
  calls: Calls
}

export const share = (options: Options, context: Context<SipMessage>): Shared => ({
  options,
  context,
  calls: new Calls(context),
})

/** Makes events of the messages of one conversation: who sends a message is its source. */
export class Teller {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  #reversed: Endpoints | undefined

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
  }

  /** `time`: packet time of the message's first byte. */
  tell(message: SipMessage, direction: Direction, time: number): void {
    message.start = time
    message.end = time
    this.#shared.calls.take(message)
    this.#shared.context.emit(this.#from(direction), message)
  }

  #from(direction: Direction): Endpoints {
    if (direction === FROM_CLIENT) return this.#endpoints
    this.#reversed ??= this.#endpoints.reversed()
    return this.#reversed
  }
}

/** Where a message stands in `bytes`: indices of it. */
export interface Extent {
  start: number
  body: number
  bodyEnd: number
  end: number
}

/** Adds what the options want of a message that is at hand; `text` is all of it. */
export function complete(
  message: SipMessage,
  text: string,
  bytes: Buffer,
  { start, body, bodyEnd, end }: Extent,
  { keep_original, parse_body }: Options,
): void {
  if (keep_original) message.original = text
  if (!parse_body || message.contentType === '' || bodyEnd === body) return
  // Where each character is a byte, a part of the text is there without another copy.
  const isPlain = text.length === end - start
  const described = isPlain ? text.slice(body - start, bodyEnd - start) : bytes.utf8Slice(body, bodyEnd)
  message.sdp = descriptionIn(message.contentType, described)
}
