import type { Transaction } from '../../events/fields.js'
import type { NameParts } from '../../net/public-suffix.js'
import type { Identified } from '../../transactions/by-id.js'
import type { Message, Question } from './message.js'
import type { Transfer } from './transfer.js'

/** A query and its response; one of them may be missing. */
export interface DnsTransaction extends Transaction, Identified {
  query: Message | undefined
  response: Message | undefined
  /** Of a response that consists of many messages, while it lasts. */
  transfer: Transfer | undefined
  options: {
    send_request: boolean
    send_response: boolean
    include_authorities: boolean
    include_additionals: boolean
  }
  /** Of `dns.question.name`. */
  parts?: NameParts | undefined
}

/** What tells of the outcome: the response, or the query when there is none. */
export const outcome = ({ query, response }: DnsTransaction): Message => (response ?? query) as Message
/** What tells what was wanted: the query, or the response when it was not seen. */
export const wanted = ({ query, response }: DnsTransaction): Message => (query ?? response) as Message
export const question = (transaction: DnsTransaction): Question | undefined =>
  wanted(transaction).questions[0]
/** `dns.question` is what the response says was asked: it can differ, and the difference shows. */
export const answered = (transaction: DnsTransaction): Question | undefined =>
  outcome(transaction).questions[0] ?? question(transaction)
