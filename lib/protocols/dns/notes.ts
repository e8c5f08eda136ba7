import type { Message } from './message.js'
import type { DnsTransaction } from './transaction.js'

// What `error.message` can say; upstream's wording, which dashboards and alerts look for.

export const DUPLICATE =
  'Another query with the same DNS ID from this client was received so this query was closed without receiving a response'
export const NO_RESPONSE = 'No response to this query was received'
export const NO_QUERY = 'Response: received without an associated Query'
const NO_EDNS = 'Responder does not support EDNS'
const UNEXPECTED_EDNS = 'Unexpected EDNS answer'
const TOO_LARGE = 'Non-EDNS packet has size greater than 512'
export const NO_LENGTH = "Message's length was set to zero"
export const ODD_LENGTH = 'Unexpected message data length'
export const INCOMPLETE = "Message's data is incomplete"
export const NOT_DNS = "Message's data could not be decoded as DNS"
/** Ours: the snap length of the capture. */
const CUT = 'The capture kept only the beginning of the message'
/** Ours. */
export const TOO_MANY = 'Too many queries without a response'

/** A note about a response. */
export const ofResponse = (note: string): string => `Response: ${note}`

export function note(transaction: DnsTransaction, text: string): void {
  if (transaction.notes === undefined) transaction.notes = [text]
  else transaction.notes.push(text)
}

// RFC 1035 §4.2.1: what a datagram may have without EDNS.
const MAX_DATAGRAM = 512

const isTooLarge = ({ bytes, opt }: Message): boolean => opt === undefined && bytes > MAX_DATAGRAM

export function noteQuery(transaction: DnsTransaction, query: Message, isDatagram: boolean): void {
  if (query.cut) note(transaction, CUT)
  else if (isDatagram && isTooLarge(query)) note(transaction, TOO_LARGE)
}

/** RFC 6891 §6.1.1 and §7: who speaks EDNS, and how long a datagram may then be. */
export function noteResponse(
  transaction: DnsTransaction,
  query: Message | undefined,
  response: Message,
  isDatagram: boolean,
): void {
  if (response.cut) note(transaction, ofResponse(CUT))
  // What was cut off may have been the EDNS record.
  if (!isDatagram || response.cut || query?.cut) return
  if (isTooLarge(response)) note(transaction, ofResponse(TOO_LARGE))
  if (query === undefined || (query.opt === undefined) === (response.opt === undefined)) return
  note(transaction, response.opt === undefined ? NO_EDNS : UNEXPECTED_EDNS)
}
