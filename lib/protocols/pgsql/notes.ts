// Texts of `error.message` beside those that several protocols share.

/** As Packetbeat words it for MySQL. */
export const QUERY_UNKNOWN = 'The actual query being used is unknown'
export const QUERY_CUT = 'Of the query only the first 1 MiB is kept'
export const NOT_RUN = 'Not run: a statement before it failed'
export const NO_RESULT = 'The server gave no result for this statement'
export const INCOMPLETE = 'The response is incomplete'
export const ENCRYPTED = 'The connection goes on encrypted: what follows is not decoded'
export const REFUSED = 'The server refused to encrypt, and the client left'
export const LEFT = 'The client left before it was let in'
