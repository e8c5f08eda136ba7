import { MILLISECOND } from '../../options/duration.js'
import type { Report } from '../check.js'
import { encoder } from '../codec.js'
import { workersOf } from '../delivery-options.js'
import { authority, type Host, parseHost } from '../hosts.js'
import type { Output, OutputContext } from '../output.js'
import { tlsOptions } from '../ssl/tls-options.js'
import { checkBrokers } from './check.js'
import { Cluster } from './cluster.js'
import { compressor } from './compression.js'
import type { ConnectionSettings } from './connection.js'
import { messageMaker } from './messages.js'
import type { KafkaOptions } from './options.js'
import { headerBytes } from './record-batch.js'
import { sender } from './sender.js'

/** Opens the output. */
export function openKafka(options: KafkaOptions, context: OutputContext): Output {
  const { compression, compression_level, metadata } = options
  const known = { agent: { version: context.version, name: context.name, type: 'packetbeat' } }
  const messages = messageMaker(options, encoder(options.codec), known)
  const hosts = hostsOf(options)
  const cluster = new Cluster({
    hosts,
    connection: connectionOf(options, context.path.config),
    refresh: metadata.refresh_frequency / MILLISECOND,
    retries: metadata.retry.max,
    backoff: metadata.retry.backoff / MILLISECOND,
  })
  const send = sender({
    cluster,
    messages,
    partition: options.partition,
    produce: {
      acks: options.required_acks,
      brokerTimeout: options.broker_timeout / MILLISECOND,
      maxBytes: options.max_message_bytes,
      headers: headerBytes(options.headers),
      compressor: compressor(compression, compression_level),
    },
    warn: context.log.warn,
  })
  const name = hosts.map(authority).join(', ')
  const lane = {
    name,
    send: async (...[batch, signal]: Parameters<Output['lanes'][number]['send']>) => {
      const stop = () => cluster.close(new Error('the shutdown could not wait for the broker'))
      signal.addEventListener('abort', stop)
      try {
        return await send(batch)
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
  }
  return {
    lanes: Array.from({ length: workersOf(options) }, () => lane),
    close: async () => cluster.close(),
  }
}

/** What `test output` tries. */
export const checkKafka = (options: KafkaOptions, folder: string, report: Report): Promise<void> =>
  checkBrokers(hostsOf(options), connectionOf(options, folder), report)

const hostsOf = ({ hosts }: KafkaOptions): Host[] =>
  hosts.map((host) => parseHost(host, { scheme: 'kafka', port: 9092, setting: 'output.kafka.hosts' }))

/** How brokers are connected to. Files are found below `folder`. */
function connectionOf(options: KafkaOptions, folder: string): ConnectionSettings {
  const { client_id, ssl, sasl, username, password = '', timeout, keep_alive } = options
  return {
    clientId: client_id,
    tls: ssl?.enabled === true ? tlsOptions(ssl, folder) : undefined,
    trusted: ssl?.ca_trusted_fingerprint,
    sasl: username === undefined ? undefined : { mechanism: sasl?.mechanism ?? 'PLAIN', username, password },
    timeout: timeout / MILLISECOND,
    keepAlive: keep_alive / MILLISECOND,
  }
}
