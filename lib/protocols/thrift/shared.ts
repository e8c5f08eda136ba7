import type { WaitingRoom } from '../../transactions/waiting.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { Call } from './calls.js'
import type { ThriftTransaction } from './fields.js'
import type { Parser } from './parser.js'
import type { Method } from './shapes.js'

export const counters = {
  unmatched_requests: 'calls without a reply, each reported as an event',
  unmatched_responses: 'replies to calls that were not captured',
  evicted_requests: 'calls reported without their reply because too many waited, or for want of memory',
  late_responses: 'replies that came after transaction_timeout; the event tells',
  cut_messages: 'messages of which not all is shown, for they have more than 65,536 characters to show',
  skipped_bytes: 'bytes after a gap up to the beginning of a message, left out',
  encrypted_connections: 'connections that use TLS, which are not decoded',
  undecoded_connections: 'connections that use JSON, HTTP or an unknown transform, which are not decoded',
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: CommonOptions
  context: Context<ThriftTransaction>
  parser: Parser
  room: WaitingRoom<Pending>
}

/** A call that waits for its reply. */
export interface Pending extends ThriftTransaction, Call {
  conversation: Owner
  /** What interface files say of it. */
  definition: Method | undefined
}

/** A conversation, as those that wait for it know it. */
interface Owner {
  timedOut(pending: Pending): void
}

export function share(options: CommonOptions, context: Context<ThriftTransaction>, parser: Parser): Shared {
  return {
    options,
    context,
    parser,
    room: context.waitingRoom((pending) => pending.conversation.timedOut(pending)),
  }
}
