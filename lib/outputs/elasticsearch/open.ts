import { UserError } from '../../errors.js'
import type { HttpClientOptions } from '../../http/client.js'
import { MILLISECOND } from '../../options/duration.js'
import { workersOf } from '../delivery-options.js'
import { type Host, parseHost } from '../hosts.js'
import type { Output, OutputContext, SearchContext } from '../output.js'
import { tlsOptions } from '../ssl/tls-options.js'
import { BulkBody } from './bulk-body.js'
import { Connection } from './connection.js'
import { ElasticsearchCounters } from './counters.js'
import { lane } from './lane.js'
import type { Options } from './options.js'
import { router } from './route.js'

// The answer to a bulk request of thousands of events that were all refused at length.
const LONGEST_ANSWER = 64 * 1024 * 1024
/** The same warning is given that often. */
const QUIET = 60_000

/** Opens the output. */
export function openElasticsearch(options: Options, context: SearchContext): Output {
  const counters = new ElasticsearchCounters()
  const all = connections(options, context, workersOf(options)).map((setup) => new Connection(setup))
  const warn = seldom(context.log.warn)
  return {
    lanes: all.map((connection) =>
      lane({
        connection,
        body: new BulkBody(router(options, known(context)), options.escape_html),
        parameters: options.parameters,
        deadLetterIndex: options.non_indexable_policy?.dead_letter_index?.index,
        counters,
        warn,
      }),
    ),
    balanced: options.loadbalance,
    counters: () => counters.named(),
    close: async () => {
      await Promise.all(all.map((connection) => connection.close()))
    },
  }
}

/** What all events say of the agent. */
const known = ({ version, name }: OutputContext) => ({ agent: { version, name, type: 'packetbeat' } })

/**
 * What a client of one of the hosts is made with; for `setup`, too.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for what is no host, and for certificates that cannot be read.
 */
export function connections(
  options: Options,
  context: Pick<SearchContext, 'path' | 'log' | 'connected'>,
  workers: number,
): ConstructorParameters<typeof Connection>[0][] {
  const tls = tlsOptions(options.ssl?.enabled === false ? undefined : options.ssl, context.path.config)
  const client = clientOptions(options)
  return options.hosts.map(hostOf(options)).flatMap((host) =>
    Array.from({ length: workers }, () => ({
      host,
      client,
      tls,
      fingerprint: options.ssl?.ca_trusted_fingerprint,
      allowOlderVersions: options.allow_older_versions,
      context,
    })),
  )
}

const hostOf =
  ({ protocol, path }: Options) =>
  (text: string): Host => {
    const setting = 'output.elasticsearch.hosts'
    const host = parseHost(text, { scheme: protocol, port: 9200, path, setting })
    if (host.scheme !== 'http' && host.scheme !== 'https')
      throw new UserError(
        'ERR_CONFIG_INVALID',
        `${setting}: ${host.scheme}://${host.host} is no server of Elasticsearch; write http:// or https://.`,
      )
    return host
  }

function clientOptions(options: Options): Omit<HttpClientOptions, 'host' | 'tls'> {
  const { api_key, proxy_url, proxy_disable, proxy_headers } = options
  return {
    headers: options.headers,
    username: options.username,
    password: options.password,
    // An encoded key has no colon.
    apiKey: api_key?.includes(':') ? Buffer.from(api_key).toString('base64') : api_key,
    timeout: Math.max(1, options.timeout / MILLISECOND),
    idle: options.idle_connection_timeout / MILLISECOND,
    compression: options.compression_level,
    longest: LONGEST_ANSWER,
    proxy: proxy_disable
      ? false
      : proxy_url === undefined
        ? undefined
        : { url: proxy_url.includes('://') ? proxy_url : `http://${proxy_url}`, headers: proxy_headers },
  }
}

/** A log that tells the same only once in a while. */
function seldom(warn: (message: string) => void): (message: string) => void {
  let last = ''
  let until = 0
  return (message) => {
    const now = performance.now()
    if (message === last && now < until) return
    last = message
    until = now + QUIET
    warn(message)
  }
}
