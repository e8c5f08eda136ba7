import { isTls13 } from './names.js'
import type { TlsTransaction } from './transaction.js'

/** How a session was resumed, from what was seen; `changed`: the server sent ChangeCipherSpec. undefined: it was not. */
export function resumption(
  { client, server, fullHandshake, serverCertificates }: TlsTransaction,
  changed: boolean,
): TlsTransaction['resumption'] {
  if (server === undefined) return undefined
  // A session id that comes back says nothing there: servers return it for the sake of middleboxes (RFC 8446 §4.1.3).
  if (isTls13(server.selected)) return server.preSharedKey ? 'psk' : undefined
  if (client === undefined || fullHandshake || serverCertificates !== undefined) return undefined
  const isSame = client.sessionId !== '' && client.sessionId === server.sessionId
  // With a ticket a client may send an id of its own making, to see it come back (RFC 5077 §3.4).
  if (client.own.ticketBytes > 0 && (isSame || changed)) return 'ticket'
  return isSame ? 'id' : undefined
}
