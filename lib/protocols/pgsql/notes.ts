// Texts of `error.message` beside those that several protocols share.

export const QUERY_CUT = 'Of the query only the first 1 MiB is kept'
export const NOT_RUN = 'Not run: a statement before it failed'
export const NO_RESULT = 'The server gave no result for this statement'
export const ENCRYPTED = 'The connection goes on encrypted: what follows is not decoded'
export const REFUSED = 'The server refused to encrypt, and the client left'
export const LEFT = 'The client left before it was let in'
