import type { WaitingRoom } from '../../transactions/waiting.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { Certificates, HashName } from './certificate.js'
import type { TlsTransaction } from './transaction.js'

export const counters = {
  unmatched_requests: 'handshakes that were not seen to their end, each reported as an event',
  failed_handshakes: 'handshakes that an alert ended, each reported as an event',
  undecoded_connections: 'connections that were under way already, or speak another protocol',
  oversized_messages: 'handshake messages of more than 64 KiB, which end the decoding of their connection',
  left_out_alerts: 'alerts beyond 16 of one handshake',
  left_out_certificates: 'certificates beyond 16 of one chain',
  left_out_extensions: 'hellos of more than 128 extensions, whose fingerprints are of those only',
  unreadable_certificates: 'certificates that are none, or broken; the event has their fingerprints',
}

export interface Options extends CommonOptions {
  send_certificates: boolean
  include_raw_certificates: boolean
  include_detailed_fields: boolean
  fingerprints: HashName[]
}

/** A handshake that is not over. */
export interface Pending extends TlsTransaction {
  /** Tells its conversation that it has waited too long. */
  timedOut: () => void
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  context: Context<TlsTransaction>
  room: WaitingRoom<Pending>
  certificates: Certificates
}
