import type { WaitingRoom } from '../../transactions/waiting.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { Limits } from './command.js'
import type { MongodbTransaction } from './fields.js'
import { UNREAD } from './request.js'

export const counters = {
  unmatched_requests: 'requests without a reply, each reported as an event',
  unmatched_responses: 'replies to requests that were not captured',
  evicted_requests: 'requests reported without their reply because too many waited, or for want of memory',
  late_responses: 'replies that came after transaction_timeout; the event tells',
  undecoded_messages: 'compressed messages that could not be expanded; the event tells',
  unknown_operations: 'messages whose operation is not known, left out',
  encrypted_connections: 'connections with TLS, which is not decoded',
}

export interface Options extends CommonOptions {
  max_docs: number
  max_doc_length: number
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  limits: Limits
  context: Context<MongodbTransaction>
  room: WaitingRoom<Pending>
}

/** A request that waits for its reply; or a reply that came before its request. */
export interface Pending extends MongodbTransaction {
  conversation: Owner
  /** `transaction_timeout` is over, and it has been reported. */
  late: boolean
  /** The reply came first: TCP's two directions may be captured out of step. */
  early: boolean
  /** It was answered, and more replies are to come. */
  streams: boolean
}

// Bytes of a waiting request beside its texts, roughly.
const HELD = 400

/** A conversation, as those that wait for it know it. */
interface Owner {
  timedOut(pending: Pending): void
}

/** One that begins to wait. */
export const pendingOf = (conversation: Owner, id: number, start: number): Pending => ({
  start,
  end: undefined,
  sourceBytes: 0,
  destinationBytes: 0,
  status: 'OK',
  notes: undefined,
  request: UNREAD,
  reply: undefined,
  user: undefined,
  compressor: undefined,
  id,
  held: HELD,
  ahead: undefined,
  behind: undefined,
  waits: false,
  conversation,
  late: false,
  early: false,
  streams: false,
})

export function share(options: Options, limits: Limits, context: Context<MongodbTransaction>): Shared {
  const room = context.waitingRoom<Pending>((pending) => pending.conversation.timedOut(pending))
  return { options, limits, context, room }
}
