import type { Transaction } from '../../events/fields.js'
import type { Waiting } from '../../transactions/waiting.js'
import type { Certificate } from './certificate.js'
import type { ClientHello, ServerHello } from './hello.js'

/** An alert that was sent in the clear. RFC 8446 §6. */
export interface Alert {
  code: number
  severity: string
  source: 'client' | 'server'
  type: string
}

/** A handshake, as far as it was seen. */
export interface TlsTransaction extends Transaction, Waiting {
  /** The first one, when the server asked for another. */
  client: ClientHello | undefined
  server: ServerHello | undefined
  /** The server asked for another ClientHello. */
  retried: boolean
  /** Chains, the certificate of the host itself first; undefined: none was sent, or it was encrypted. */
  clientCertificates: readonly Certificate[] | undefined
  serverCertificates: readonly Certificate[] | undefined
  certificateRequested: boolean
  /** A message was seen that only a full handshake has. */
  fullHandshake: boolean
  /** Status of the stapled OCSP response. */
  ocsp: string | undefined
  alerts: Alert[] | undefined
  established: boolean
  /** How it was resumed; undefined: it was not. */
  resumption: 'id' | 'ticket' | 'psk' | undefined
  detailed: boolean
  certificates: boolean
}
