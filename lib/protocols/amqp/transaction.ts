import type { Transaction } from '../../events/fields.js'
import type { Arguments } from './arguments.js'
import type { Method } from './methods.js'
import type { Properties } from './properties.js'

/** What is known of a connection. */
export interface Session {
  user: string | undefined
  virtualHost: string | undefined
}

/** A call and its answer, a message that was sent or delivered, or a notice. */
export interface AmqpTransaction extends Transaction {
  session: Session
  method: Method
  arguments: Arguments
  /** Of the answer, or of the close that was the answer. */
  answer: Arguments | undefined
  /** How the answer is called where `response` is asked for; undefined: none came. */
  outcome: string | undefined
  properties: Properties | undefined
  /** Of the message, as people read it, where it is asked for. */
  body: string | undefined
  /** A basic.get found nothing. */
  empty: boolean
  withRequest: boolean
  withResponse: boolean
}
