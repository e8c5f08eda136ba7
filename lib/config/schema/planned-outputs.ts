import { z } from 'zod'
import { MINUTE, SECOND } from '../../options/duration.js'
import { flag, format, map, oneOf, section, text, texts, time, whole } from './planned-options.js'

export const ssl = () =>
  section('Encryption.', {
    enabled: flag(true, 'Switches it on and off.'),
    verification_mode: oneOf(
      ['full', 'strict', 'certificate', 'none'],
      'full',
      'How certificates are checked.',
    ),
    supported_protocols: texts('Versions of TLS.'),
    certificate_authorities: texts('Files or PEM texts of authorities that are trusted.'),
    certificate: text('File or PEM text of the own certificate.'),
    key: text('File or PEM text of its key.'),
    key_passphrase: text('Passphrase of the key.'),
    key_passphrase_path: text('File with the passphrase of the key.'),
    cipher_suites: texts('Ciphers.'),
    curve_types: texts('Elliptic curves.'),
    renegotiation: oneOf(['never', 'once', 'freely'], 'never', 'Whether a server may negotiate anew.'),
    ca_sha256: texts('Fingerprints of authorities.'),
    ca_trusted_fingerprint: text('Fingerprint of an authority that is trusted.'),
    restart_on_cert_change: section('Restart when certificates change.', {
      enabled: flag(false, 'Switches it on and off.'),
      period: time(MINUTE, 'How often to look.'),
    }),
  })

const kerberos = () =>
  section('Kerberos.', {
    enabled: flag(true, 'Switches it on and off.'),
    auth_type: oneOf(['password', 'keytab'], undefined, 'How to prove who one is.'),
    keytab: text('Key table.'),
    config_path: text('Kerberos configuration.'),
    username: text('User.'),
    password: text('Password.'),
    realm: text('Realm.'),
    service_name: text('Service.'),
    enable_krb5_fast: flag(false, 'Use FAST.'),
  })

const backoff = () =>
  section('Waits between attempts.', {
    init: time(SECOND, 'First wait.'),
    max: time(60 * SECOND, 'Longest wait.'),
  })

const workers = () => ({
  worker: z.int().min(1).optional().describe('Connections per host.'),
  workers: z.int().min(1).optional().describe('Connections per host.'),
})

const delivery = (bulk: number, retries = 3) => ({
  ...workers(),
  bulk_max_size: z.int().default(bulk).describe('Events sent at once, at most.'),
  max_retries: whole(retries, 'Attempts before events are dropped; -1: no end.', -1),
  backoff: backoff(),
})

const httpProxy = () => ({
  proxy_url: text('HTTP proxy.'),
  proxy_disable: flag(false, 'Use no proxy, whatever the environment says.'),
  proxy_headers: map('Headers for the proxy.'),
})

export const codec = () =>
  section('How an event is written.', {
    json: section('As JSON.', {
      pretty: flag(false, 'Over several lines.'),
      escape_html: flag(false, 'Escape <, > and &.'),
    }),
    format: section('As a text of your own.', { string: format('The text.') }),
  })

const target = (what: string) => ({
  [what]: format('Target.'),
  mappings: map('Targets by value.'),
  default: text('Target without a match.'),
  when: map('Condition.'),
})
const targets = (what: string) =>
  z
    .array(z.strictObject(target(what)))
    .optional()
    .describe('Targets by condition.')

export const elasticsearch = () => ({
  hosts: texts('Nodes.', ['localhost:9200']),
  protocol: oneOf(['http', 'https'], 'http', 'Scheme of hosts without one.'),
  path: text('Path before each request.', ''),
  username: text('User.'),
  password: text('Password.'),
  api_key: text('API key, `id:key`.'),
  preset: oneOf(
    ['balanced', 'throughput', 'scale', 'latency', 'custom'],
    'custom',
    'Sets the options for tuning.',
  ),
  index: format('Data stream or index.', 'packetbeat-%{[agent.version]}'),
  indices: targets('index'),
  pipeline: format('Ingest pipeline.'),
  pipelines: targets('pipeline'),
  ...delivery(1600),
  compression_level: whole(1, 'Strength of gzip.'),
  loadbalance: flag(true, 'Use all hosts.'),
  timeout: time(90 * SECOND, 'Longest wait for an answer.'),
  idle_connection_timeout: time(3 * SECOND, 'Close a connection that is not used that long.'),
  headers: map('Headers of each request.'),
  parameters: map('Parameters of each request.'),
  escape_html: flag(false, 'Escape <, > and &.'),
  allow_older_versions: flag(true, 'Accept servers older than this program.'),
  non_indexable_policy: section('What happens to rejected documents.', {
    drop: map('Drop them.'),
    dead_letter_index: section('Keep them.', { index: text('Where.') }),
  }),
  ssl: ssl(),
  kerberos: kerberos(),
  ...httpProxy(),
})

const kafka = () => ({
  kerberos: kerberos(),
})

const file = () => ({
  path: format('Directory.'),
  filename: text('First part of the names.', 'packetbeat'),
  rotate_every_kb: whole(10_240, 'KiB after which another file begins.'),
  number_of_files: whole(7, 'Files that are kept.'),
  permissions: z.union([z.int(), z.string()]).optional().describe('File mode.'),
  rotate_on_startup: flag(true, 'Begin another file at each start.'),
  codec: codec(),
  ...workers(),
})

/** Outputs of Packetbeat with the options they have there; what exists here as well is not taken from this list. */
export const plannedOutputs: Readonly<Record<string, () => Record<string, z.ZodType>>> = {
  elasticsearch: () => ({ kerberos: kerberos() }),
  kafka,
  file,
  console: () => ({
    pretty: flag(false, 'Over several lines.'),
    codec: codec(),
    bulk_max_size: whole(2048, 'Events written at once.'),
  }),
  discard: () => ({}),
}
