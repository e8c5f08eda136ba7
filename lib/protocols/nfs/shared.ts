import type { Identified } from '../../transactions/by-id.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Memory } from '../../wire/memory.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { Exchanges } from './exchanges.js'
import type { NfsTransaction } from './transaction.js'

export const counters = {
  malformed_messages: 'messages that are not ONC RPC',
  unmatched_requests: 'calls without a reply, each reported as an event',
  unmatched_responses: 'replies to calls that were not captured',
  evicted_requests: 'calls reported without their reply because too many waited',
  late_responses: 'replies that came after transaction_timeout; the event tells',
  retransmitted_calls: 'calls that were sent again; they are one transaction',
  duplicate_responses: 'further replies to a call that was sent again',
  unread_messages: 'calls and replies of which only a part could be read; the event has that part',
  passed_bytes:
    'bytes after a gap, or at the begin of a capture, that were passed over up to the next record',
  truncated_records: 'records of which only the first 256 KiB were read, but for the data of READ and WRITE',
  forgotten_names: 'paths of file handles that were forgotten because there were too many',
  encrypted_connections: 'connections that went on to TLS, which is not decoded',
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: CommonOptions
  context: Context<NfsTransaction>
  room: WaitingRoom<Pending>
  /** What the names of files take. */
  nameMemory: Memory
}

// A quarter of what all protocols may hold, some 80,000 names: they are the last thing to want memory for.
const NAMES = 16 * 1024 * 1024

/** A part of a memory that may not grow beyond its limit. */
class Part extends Memory {
  readonly #whole: Memory

  constructor(whole: Memory, limit: number) {
    super(limit)
    this.#whole = whole
  }

  override take(bytes: number): boolean {
    if (!super.take(bytes)) return false
    if (this.#whole.take(bytes)) return true
    super.give(bytes)
    return false
  }

  override give(bytes: number): void {
    super.give(bytes)
    this.#whole.give(bytes)
  }
}

/** A call that waits, and whose it is. */
export interface Pending extends NfsTransaction, Identified {
  /** The server called the client. */
  fromServer: boolean
  /** Bytes it takes while it waits, roughly. */
  held: number
  /** `transaction_timeout` is over, and it has been reported. */
  late: boolean
  exchanges: Exchanges
}

export const share = (options: CommonOptions, context: Context<NfsTransaction>): Shared => ({
  options,
  context,
  room: context.waitingRoom((pending) => pending.exchanges.timedOut(pending)),
  nameMemory: new Part(context.memory, NAMES),
})
