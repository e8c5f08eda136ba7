import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { Certificates } from './certificate.js'
import { TlsConversation } from './conversation.js'
import { fields } from './fields.js'
import { counters, type Pending, type Shared } from './shared.js'

const flag = (initially: boolean, description: string) => z.boolean().default(initially).describe(description)

const hashName = z.enum(['md5', 'sha1', 'sha256', 'sha-1', 'sha-256'])

export const tls = defineProtocol({
  name: 'tls',
  title: 'TLS: handshakes of SSL 3.0 to TLS 1.3, certificates, fingerprints JA3 and JA4',
  transports: ['tcp'],
  ports: [443, 993, 995, 5223, 8443, 8883, 9243],
  options: z.strictObject({
    send_certificates: flag(true, 'Put details of certificates into the event.'),
    include_raw_certificates: flag(false, 'Put the certificates as PEM into the event.'),
    include_detailed_fields: flag(true, 'Put `tls.detailed` and x509 fields into the event.'),
    fingerprints: z.array(hashName).default(['sha1']).describe('Hashes of certificates.'),
  }),
  counters,
  fields,
  start(options, context) {
    const hashes = [...new Set(options.fingerprints.map((name) => plain(name)))]
    const shared: Shared = {
      options: { ...options, fingerprints: hashes },
      context,
      room: context.waitingRoom<Pending>((pending) => pending.timedOut()),
      certificates: new Certificates({ hashes, pem: options.include_raw_certificates }),
    }
    return (endpoints) => new TlsConversation(endpoints, shared)
  },
})

/** `sha1` for `sha-1`. */
const plain = (name: z.output<typeof hashName>) => name.replace('-', '') as 'md5' | 'sha1' | 'sha256'
