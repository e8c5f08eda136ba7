import type { WaitingRoom } from '../../transactions/waiting.js'
import { Memory } from '../../wire/memory.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { Reading } from './parser.js'
import type { Pending } from './pending.js'
import { Tables } from './table.js'
import type { AmqpTransaction } from './transaction.js'

export const counters = {
  unmatched_requests:
    'calls without an answer, and published messages without their confirm, each reported as an event',
  unmatched_responses: 'answers and confirms of what was not captured',
  evicted_requests: 'calls and messages reported without their answer because too many waited',
  late_responses: 'answers and confirms that came after transaction_timeout; the event tells',
  incomplete_messages: 'messages of which a part is missing, each reported as an event',
  evicted_channels: 'channels that were forgotten because a connection had too many',
  forgotten_consumers: 'consumers whose queue was forgotten because there were too many',
  omitted_values: 'values in arguments and headers that were left out because there were too many',
  unknown_methods: 'methods that are neither of AMQP 0-9-1 nor of RabbitMQ’s extensions',
  passed_bytes: 'bytes after a gap or at the begin of a capture that were passed over up to the next method',
  undecoded_connections: 'connections with TLS or AMQP 1.0, which are not decoded',
}

export interface Options extends CommonOptions {
  max_body_length: number
  parse_headers: boolean
  parse_arguments: boolean
  hide_connection_information: boolean
}

// Bytes of the queues of consumers and of where deliveries came from, of all connections together: apart from what waits, since
// they stay as long as their channel.
const REMEMBERED = 16 * 1024 * 1024

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  context: Context<AmqpTransaction>
  room: WaitingRoom<Pending>
  reading: Reading
  /** For what is known of consumers and deliveries; without it they tell less. */
  remembered: Memory
}

export function shared(options: Options, context: Context<AmqpTransaction>): Shared {
  return {
    options,
    context,
    room: context.waitingRoom((pending) => pending.report.timedOut(pending)),
    reading: {
      arguments: new Tables(options.parse_arguments),
      headers: new Tables(options.parse_headers),
    },
    remembered: new Memory(REMEMBERED),
  }
}

/** Whether a transaction that went well is left out. */
export const isHidden = ({ options }: Shared, { method }: AmqpTransaction): boolean =>
  method.hidden && options.hide_connection_information
