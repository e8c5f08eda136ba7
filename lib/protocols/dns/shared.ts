import type { WaitingRoom } from '../../transactions/waiting.js'
import type { Context } from '../protocol.js'
import type { Exchanges } from './exchanges.js'
import type { Sections } from './message.js'
import type { DnsTransaction } from './transaction.js'

export const counters = {
  malformed: 'datagrams and messages that are not DNS',
  unmatched_requests: 'queries without a response, each reported as an event',
  unmatched_responses: 'responses whose query was not captured, each reported as an event',
  evicted_requests: 'queries reported without their response because too many waited',
  transfer_records_left_out: 'records of zone transfers past the first of each, which are only counted',
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: DnsTransaction['options']
  sections: Sections
  context: Context<DnsTransaction>
  room: WaitingRoom<Pending>
}

/** A query that waits, and whose it is. */
export interface Pending extends DnsTransaction {
  exchanges: Exchanges
}

export function share(options: Shared['options'], context: Context<DnsTransaction>): Shared {
  return {
    options,
    sections: {
      authorities: options.include_authorities || options.send_response,
      additionals: options.include_additionals || options.send_response,
    },
    context,
    room: context.waitingRoom((pending) => pending.exchanges.timedOut(pending)),
  }
}
