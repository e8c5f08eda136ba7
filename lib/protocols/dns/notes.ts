// What `error.message` can say; upstream's wording, which dashboards and alerts look for.

export const DUPLICATE =
  'Another query with the same DNS ID from this client was received so this query was closed without receiving a response'
export const NO_RESPONSE = 'No response to this query was received'
export const NO_QUERY = 'Response: received without an associated Query'
export const NO_EDNS = 'Responder does not support EDNS'
export const UNEXPECTED_EDNS = 'Unexpected EDNS answer'
export const TOO_LARGE = 'Non-EDNS packet has size greater than 512'
export const NO_LENGTH = "Message's length was set to zero"
export const ODD_LENGTH = 'Unexpected message data length'
export const INCOMPLETE = "Message's data is incomplete"
export const NOT_DNS = "Message's data could not be decoded as DNS"
/** Ours: the snap length of the capture. */
export const CUT = 'The capture kept only the beginning of the message'
/** Ours. */
export const TOO_MANY = 'Too many queries without a response'

/** A note about a response. */
export const ofResponse = (note: string): string => `Response: ${note}`
