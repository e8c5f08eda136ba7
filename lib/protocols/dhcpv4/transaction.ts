import type { Transaction } from '../../events/fields.js'
import type { Message } from './message.js'

/** One message, and what is known of its partner. */
export interface DhcpTransaction extends Transaction {
  message: Message
  /** Of an answer: nanoseconds since its request; undefined: that was not seen. */
  responseTime: number | undefined
}
