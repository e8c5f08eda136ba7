import type { Settings } from '../config/settings.js'
import { UserError } from '../errors.js'
import { HttpClient, type HttpRequest, type HttpResponse } from '../http/client.js'
import { noAnswer } from '../outputs/elasticsearch/connection.js'
import { hostName, parseHost } from '../outputs/hosts.js'
import { tlsOptions, withTrusted } from '../outputs/ssl/tls-options.js'

// Importing all dashboards takes a busy Kibana its time.
const TIMEOUT = 90_000

/** The oldest version that reads our saved objects. */
const OLDEST = 8

/** The API of Kibana. */
export interface Kibana {
  /** For people, such as `http://localhost:5601`. */
  name: string
  /** Rejects in one sentence when there is no answer. */
  request(request: HttpRequest): Promise<HttpResponse>
  close(): Promise<void>
}

interface Credentials {
  username?: string | undefined
  password?: string | undefined
  api_key?: string | undefined
}

/**
 * A client as `setup.kibana` describes it. Without credentials there it is those of the Elasticsearch output.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for what is no host, and for certificates that cannot be read.
 */
export async function kibana({
  setup,
  output,
  path,
}: Pick<Settings, 'setup' | 'output' | 'path'>): Promise<Kibana> {
  const { host: text, protocol, path: below, space, headers, ssl, ...own } = setup.kibana
  const host = parseHost(text, {
    scheme: protocol ?? 'http',
    port: 5601,
    path: below,
    setting: 'setup.kibana.host',
  })
  if (host.scheme !== 'http' && host.scheme !== 'https')
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `setup.kibana.host: ${host.scheme}:// is not how Kibana is spoken to; write http:// or https://.`,
    )
  const { username, password, api_key } = credentials(own, output)
  const tls = tlsOptions(ssl?.enabled === false ? undefined : ssl, path.config)
  const name = hostName(host)
  const trusted =
    host.scheme === 'https'
      ? await withTrusted(tls, ssl?.ca_trusted_fingerprint, host).catch((error: unknown) => {
          throw unreachable(name, error)
        })
      : tls
  const client = new HttpClient({
    host: space.id === '' ? host : { ...host, path: `${host.path}/s/${encodeURIComponent(space.id)}` },
    tls: trusted,
    // Without it Kibana takes a request for one that a page of another site made.
    headers: { 'kbn-xsrf': 'packetbeat-native', ...headers },
    username,
    password,
    apiKey: api_key?.includes(':') ? Buffer.from(api_key).toString('base64') : api_key,
    timeout: TIMEOUT,
  })
  return {
    name,
    request: (request) =>
      client.request(request).catch((error: unknown) => {
        throw unreachable(name, error)
      }),
    close: () => client.close(),
  }
}

function credentials(own: Credentials, output: Settings['output']): Credentials {
  if (own.username !== undefined || own.api_key !== undefined) return own
  return output?.plugin.name === 'elasticsearch' ? (output.options as Credentials) : own
}

/** Kibana does not answer: it may do so later. */
export class KibanaAway extends UserError {}

const unreachable = (name: string, error: unknown): KibanaAway =>
  new KibanaAway('ERR_OUTPUT_OPEN', `Kibana at ${name} cannot be reached: ${noAnswer(error)}.`, {
    cause: error,
  })

/**
 * The version of Kibana, which is one that takes our dashboards.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' in one sentence; a `KibanaAway` when trying later may help.
 */
export async function kibanaVersion(kibana: Kibana): Promise<string> {
  const answer = await kibana.request({ method: 'GET', path: '/api/status' })
  const version = versionOf(answer.body)
  if (answer.status === 503 || (answer.status === 200 && version === ''))
    throw new KibanaAway('ERR_OUTPUT_OPEN', `Kibana at ${kibana.name} is not ready yet.`)
  if (answer.status !== 200 || version === undefined) throw refusedByKibana(kibana, answer)
  if (Number.parseInt(version, 10) < OLDEST)
    throw new UserError(
      'ERR_OUTPUT_OPEN',
      `Kibana at ${kibana.name} is ${version}; the dashboards need ${OLDEST}.0 or newer.`,
    )
  return version
}

/** undefined: what answers is no Kibana. */
function versionOf(body: string): string | undefined {
  try {
    const { version, status } = JSON.parse(body) as { version?: { number?: unknown }; status?: unknown }
    if (typeof version?.number === 'string') return version.number
    return status === undefined ? undefined : ''
  } catch {
    return undefined
  }
}

const meanings: Readonly<Record<number, string>> = {
  200: 'what answers there is no Kibana; check setup.kibana.host and setup.kibana.path',
  401: 'it does not know these credentials (401); check setup.kibana.username and password, or api_key',
  403: 'it does not permit this with these credentials (403); give them the privileges they need',
  404: 'there is no such thing (404); check setup.kibana.host, path and space.id',
  413: 'it takes no request of that size (413)',
}

const LONGEST = 300

/** An answer that is no success, in one sentence. */
export function refusedByKibana(kibana: Kibana, { status, body }: HttpResponse): UserError {
  const meaning = meanings[status] ?? `it answers with status ${status}`
  let said = ''
  try {
    const { message } = JSON.parse(body) as { message?: unknown }
    if (typeof message === 'string' && status !== 200)
      said = `: ${message.replace(/\s+/g, ' ').slice(0, LONGEST)}`
  } catch {
    // It says nothing that could be shown.
  }
  return new UserError('ERR_OUTPUT_OPEN', `Kibana at ${kibana.name} refuses: ${meaning}${said}.`)
}
