// Texts of `error.message`: why a handshake did not finish.

export const NOT_FINISHED = 'The TLS handshake did not finish within transaction_timeout'
export const CLOSED = 'The connection was closed before the TLS handshake finished'
export const RESET = 'The connection was reset before the TLS handshake finished'
export const NOT_SEEN = 'The TLS handshake was not seen to its end'
export const MALFORMED = 'The TLS handshake could not be decoded'
export const CLIENT_REFUSED = 'The client ended the TLS handshake with an encrypted alert'
export const SERVER_REFUSED = 'The server ended the TLS handshake with an encrypted alert'
