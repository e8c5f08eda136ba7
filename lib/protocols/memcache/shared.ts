import type { z } from 'zod'
import type { WaitingRoom } from '../../transactions/waiting.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { MemcacheTransaction } from './fields.js'
import type { options } from './index.js'
import type { Pairing } from './pairing.js'

export const counters = {
  malformed: 'datagrams that are not of memcached',
  unmatched_requests: 'requests without an answer, each reported as an event',
  unmatched_responses: 'answers to requests that were not captured, each reported as an event',
  evicted_requests: 'requests reported without their answer because too many waited',
  late_responses: 'answers that came after transaction_timeout; the event tells',
  lost_value_bytes: 'bytes of values that were not captured; the event tells',
  cut_lists:
    'answers and requests with more keys, values or statistics than an event lists, or than there was memory for',
  log_lines: 'lines that a server sent to watchers of its log, which repeat what other connections did',
  lost_datagrams: 'datagrams of answers over UDP that were not captured',
}

type Options = z.output<typeof options> & CommonOptions

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  /** Bytes that are kept of each value. */
  keep: number
  context: Context<MemcacheTransaction>
  /** Where requests over TCP wait, and those over UDP. */
  streams: WaitingRoom<Pending>
  datagrams: WaitingRoom<Pending>
}

/** A request that waits, and where. */
export interface Pending extends MemcacheTransaction {
  pairing: Pairing
  /** Bytes of the memory that all share. */
  held: number
}

// memcached's own limit of an item, unless told otherwise (-I); who wants to see more of a value wants a capture file.
const MAX_KEPT = 1024 * 1024

export function share(options: Options, context: Context<MemcacheTransaction>): Shared {
  const timedOut = (pending: Pending) => pending.pairing.timedOut(pending)
  return {
    options,
    keep: options.maxvalues === 0 ? 0 : Math.min(options.maxbytespervalue ?? MAX_KEPT, MAX_KEPT),
    context,
    streams: context.waitingRoom(timedOut),
    datagrams: context.waitingRoom(timedOut, options.udptransactiontimeout),
  }
}
