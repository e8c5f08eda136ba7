import type { ConnectionOptions } from 'node:tls'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { buildConnector, Dispatcher, EnvHttpProxyAgent } from 'undici'
import { timeLimit } from '../net/time-limit.js'
import { type Host, hostName } from '../outputs/hosts.js'
import { exported } from '../outputs/socket/common-js.js'

const compress = promisify(gzip)

export interface HttpClientOptions {
  host: Host
  /** For `https`. */
  tls?: ConnectionOptions
  headers?: Readonly<Record<string, string>>
  /** Added to every request. */
  parameters?: Readonly<Record<string, string>>
  username?: string | undefined
  password?: string | undefined
  /** As it stands behind `ApiKey `, already encoded. */
  apiKey?: string | undefined
  /** Milliseconds for an answer. */
  timeout: number
  /** Milliseconds that a connection without requests is kept. */
  idle?: number
  /** 0 to 9; 0: bodies are sent as they are. */
  compression?: number
  /** A proxy's URL; false: none; left out: as the environment says (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). */
  proxy?: { url: string; headers?: Readonly<Record<string, string>> } | false | undefined
  /** Of a socket in the file system instead of the host. */
  socketPath?: string
  /** Bytes of the answer to `request` at most; longer ones reject. */
  longest?: number
}

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Below the path of the host; begins with a slash. */
  path: string
  parameters?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  body?: object | string | Buffer
  signal?: AbortSignal
}

export interface HttpResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export interface OpenResponse {
  status: number
  body: AsyncIterable<Buffer>
}

/** Requests to one server, over connections that are kept. Answers of any status resolve; no answer rejects. */
export class HttpClient {
  readonly name: string
  readonly #options: HttpClientOptions
  readonly #headers: Record<string, string>
  #dispatcher: Promise<Dispatcher> | undefined

  constructor(options: HttpClientOptions) {
    const { host, headers = {} } = options
    this.#options = options
    this.name = hostName(host)
    this.#headers = { ...authorization(options), ...lowerCased(headers) }
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const { timeout, longest } = this.#options
    const limit = timeLimit(timeout, request.signal)
    try {
      const { statusCode, headers, body } = await this.#send(request, limit.signal)
      return {
        status: statusCode,
        headers,
        body: await (longest === undefined ? body.text() : textUpTo(longest, body)),
      }
    } catch (error) {
      throw limit.expired ? new Error(`no answer in ${timeout / 1000} s`, { cause: error }) : error
    } finally {
      limit.end()
    }
  }

  /** The same for an answer that comes piece by piece, for as long as `signal` allows: it has no limit of time. */
  async open(request: HttpRequest & { signal: AbortSignal }): Promise<OpenResponse> {
    const { statusCode, body } = await this.#send(request, request.signal)
    return { status: statusCode, body }
  }

  async #send(
    { method, path, parameters, headers = {}, body }: HttpRequest,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { host, compression = 0 } = this.#options
    const own: Record<string, string> = { ...this.#headers, ...lowerCased(headers) }
    let content: string | Buffer | undefined
    if (body !== undefined) {
      content = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
      own['content-type'] ??= 'application/json'
      if (compression > 0) {
        content = await compress(content, { level: compression })
        own['content-encoding'] = 'gzip'
      }
    }
    const query = new URLSearchParams({ ...this.#options.parameters, ...parameters }).toString()
    const bracketed = host.host.includes(':') ? `[${host.host}]` : host.host
    this.#dispatcher ??= dispatcher(this.#options)
    return (await this.#dispatcher).request({
      origin: `${host.scheme}://${bracketed}:${host.port}`,
      path: `${host.path}${path}${query === '' ? '' : `?${query}`}`,
      method,
      headers: own,
      ...(content !== undefined && { body: content }),
      signal,
    })
  }

  async close(): Promise<void> {
    await (await this.#dispatcher)?.close()
  }

  /** Ends what is under way, too. */
  async destroy(): Promise<void> {
    await (await this.#dispatcher)?.destroy()
  }
}

const proxyVariables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']

async function textUpTo(longest: number, body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > longest) throw new Error(`the answer is too long: more than ${longest} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Its library is loaded with the first request: it is large, and few runs need it. */
async function dispatcher(options: HttpClientOptions): Promise<Dispatcher> {
  const { host, tls, timeout, idle, proxy, socketPath } = options
  const { Agent, EnvHttpProxyAgent, ProxyAgent } = exported(await import('undici'), 'Agent')
  const requestTls = { ...tls } as buildConnector.BuildOptions
  const connect: buildConnector.BuildOptions = {
    ...requestTls,
    timeout,
    ...(socketPath !== undefined && { socketPath }),
  }
  const shared = {
    connect,
    // The limit for the whole request is the client's own.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(idle !== undefined && {
      keepAliveTimeout: Math.max(idle, 1),
      keepAliveMaxTimeout: Math.max(idle, 1),
    }),
  }
  if (socketPath !== undefined || proxy === false) return new Agent(shared)
  if (proxy !== undefined)
    return new ProxyAgent({
      ...shared,
      uri: proxy.url,
      requestTls,
      proxyTls: requestTls,
      ...(proxy.headers !== undefined && { headers: proxy.headers }),
      ...(host.scheme === 'http' && { proxyTunnel: false }),
    })
  // Node says each time that this agent is experimental.
  if (!proxyVariables.some((name) => process.env[name])) return new Agent(shared)
  // Its types do not know that it hands these on to the proxies it makes.
  return new EnvHttpProxyAgent({ ...shared, requestTls } as EnvHttpProxyAgent.Options)
}

function authorization({ host, username, password, apiKey }: HttpClientOptions): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey}` }
  const user = username ?? host.username
  if (user === undefined) return {}
  return {
    authorization: `Basic ${Buffer.from(`${user}:${password ?? host.password ?? ''}`).toString('base64')}`,
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
