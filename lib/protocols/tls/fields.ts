import { defineFields, filled } from '../../events/fields.js'
import { printedOnce } from '../../events/json.js'
import { certificateFields, certificateHashes } from './certificate-fields.js'
import { helloFields } from './hello-fields.js'
import { versionName, versionOf } from './names.js'
import { detailed, field, flag, keyword, type PartOf, plain } from './part.js'
import { suiteName } from './suite-list.js'
import type { TlsTransaction } from './transaction.js'

const ALPN = 16

const client = (transaction: TlsTransaction) => transaction.client
const server = (transaction: TlsTransaction) => transaction.server
const itself: PartOf<TlsTransaction> = detailed((transaction) => transaction)

/** The version that is spoken, or that the client would speak. */
const version = ({ client, server }: TlsTransaction) => server?.selected ?? client?.version

const serverName = keyword(
  client,
  'The name of the server that the client asks for (SNI).',
  ({ own }) => own.serverNames?.[0],
)

const hashes = (handshake: TlsTransaction): string[] | undefined =>
  filled([
    ...(handshake.client === undefined ? [] : [handshake.client.ja3, handshake.client.ja4]),
    ...(handshake.server === undefined ? [] : [handshake.server.ja3s, handshake.server.ja4s]),
    ...certificateHashes(handshake.serverCertificates?.[0]),
    ...certificateHashes(handshake.clientCertificates?.[0]),
  ])

export const fields = defineFields<TlsTransaction>({
  'destination.domain': serverName,
  'server.domain': serverName,
  'related.hash': {
    type: 'keyword',
    list: true,
    description: 'Fingerprints of hellos and certificates.',
    value: hashes,
    json: (texts: string[]) => `["${texts.join('","')}"]`,
  },
  'tls.established': {
    type: 'boolean',
    description: 'Whether the handshake finished.',
    value: ({ established }) => established,
  },
  'tls.resumed': {
    type: 'boolean',
    description: 'Whether an earlier session went on.',
    value: ({ resumption }) => resumption !== undefined,
  },
  'tls.version': plain(
    version,
    'The version that is spoken; without an answer, the one in the client’s hello.',
    (code) => versionOf(code).number,
  ),
  'tls.version_protocol': plain(version, 'tls or ssl.', (code) => versionOf(code).protocol),
  'tls.cipher': plain(server, 'The cipher suite that the server chose.', ({ suite }) => suiteName(suite)),
  'tls.next_protocol': keyword(
    server,
    'The protocol that the server chose (ALPN); TLS 1.3 encrypts it.',
    ({ extensions }) => extensions.byType.get(ALPN)?.names?.[0],
  ),
  'tls.client.server_name': serverName,
  'tls.client.supported_ciphers': field(client, {
    type: 'keyword',
    list: true,
    description: 'The cipher suites that the client offers, GREASE left out.',
    value: ({ suites }) => filled(suites.names),
    json: printedOnce,
  }),
  'tls.client.ja3': plain(client, 'Fingerprint of the client’s hello, JA3.', ({ ja3 }) => ja3),
  'tls.client.ja4': plain(client, 'Fingerprint of the client’s hello, JA4.', ({ ja4 }) => ja4),
  'tls.server.ja3s': plain(server, 'Fingerprint of the server’s hello, JA3S.', ({ ja3s }) => ja3s),
  'tls.server.ja4s': plain(server, 'Fingerprint of the server’s hello, JA4S.', ({ ja4s }) => ja4s),
  ...certificateFields('server'),
  ...certificateFields('client'),
  'tls.detailed.version': plain(
    detailed(version),
    'The version with the name of its protocol: TLS 1.2.',
    versionName,
  ),
  'tls.detailed.client_certificate_requested': flag(
    itself,
    'Whether the server asked for a certificate; TLS 1.3 encrypts it.',
    ({ certificateRequested }) => certificateRequested,
  ),
  'tls.detailed.resumption_method': plain(
    itself,
    'How a session was resumed: id or ticket, in TLS 1.3 psk.',
    ({ resumption }) => resumption,
  ),
  'tls.detailed.hello_retry_request': flag(
    itself,
    'true, when the server asked for another hello, at the price of a round trip.',
    ({ retried }) => retried || undefined,
  ),
  'tls.detailed.ocsp_response': plain(
    itself,
    'Status of the OCSP response that the server stapled.',
    ({ ocsp }) => ocsp,
  ),
  'tls.detailed.alerts': field(itself, {
    type: 'object',
    list: true,
    description: 'Alerts in the clear: severity, code, type, and source, client or server.',
    members: {
      severity: { type: 'keyword', always: true, description: 'warning or fatal.' },
      code: { type: 'long', always: true, description: 'Its number.' },
      type: { type: 'keyword', always: true, description: 'Its name, such as handshake_failure.' },
      source: {
        type: 'keyword',
        always: true,
        words: ['client', 'server'],
        description: 'Who sent it.',
      },
    },
    value: ({ alerts }) => alerts,
  }),
  'tls.detailed.alert_types': field(itself, {
    type: 'keyword',
    list: true,
    description: 'The types of these alerts.',
    value: ({ alerts }) => alerts?.map(({ type }) => type),
  }),
  ...helloFields('client'),
  'tls.detailed.client_hello.supported_compression_methods': field(detailed(client), {
    type: 'keyword',
    list: true,
    description: 'Compression that the client offers.',
    value: ({ compressionMethods }) => filled(compressionMethods),
    json: printedOnce,
  }),
  ...helloFields('server'),
  'tls.detailed.server_hello.selected_compression_method': plain(
    detailed(server),
    'Compression that the server chose.',
    ({ compressionMethod }) => compressionMethod,
  ),
})
