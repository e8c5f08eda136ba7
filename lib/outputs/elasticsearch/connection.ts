import type { ConnectionOptions } from 'node:tls'
import { compareVersions, identify, serverName } from '../../elasticsearch/server.js'
import { HttpClient, type HttpClientOptions, type HttpRequest, type HttpResponse } from '../../http/client.js'
import { type Host, hostName } from '../hosts.js'
import type { SearchContext, SearchServer } from '../output.js'
import { withTrusted } from '../ssl/tls-options.js'

// Templates and events are those of Packetbeat 8.
const OLDEST = '8.0.0'

export interface ConnectionSetup {
  host: Host
  client: Omit<HttpClientOptions, 'host' | 'tls'>
  tls: ConnectionOptions
  /** `ssl.ca_trusted_fingerprint`. */
  fingerprint: string | undefined
  allowOlderVersions: boolean
  context: Pick<SearchContext, 'connected' | 'log'>
}

/** A server that is known before the first request, and asked again who it is after a failure. */
export class Connection {
  readonly name: string
  readonly #setup: ConnectionSetup
  #client: HttpClient | undefined
  #ready: Promise<void> | undefined
  #known: string | undefined

  constructor(setup: ConnectionSetup) {
    this.#setup = setup
    this.name = hostName(setup.host)
  }

  /** Resolves when the server may be sent events. */
  ready(signal: AbortSignal): Promise<void> {
    this.#ready ??= this.#connect(signal).catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  /** Rejects in one sentence when there is no answer. Not before `ready`. */
  async request(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await (this.#client as HttpClient).request(request)
    } catch (error) {
      this.#ready = undefined
      throw request.signal?.aborted ? error : new Error(noAnswer(error), { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.#client?.destroy()
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { allowOlderVersions, context } = this.#setup
    const client = await this.#open()
    const server = await identify(client, signal).catch((error: unknown) => {
      throw signal.aborted ? error : new Error(noAnswer(error), { cause: error })
    })
    if (!allowOlderVersions) refuseOlder(server)
    const name = serverName(server)
    if (name !== this.#known) context.log.info(`${this.name} is ${name}`)
    this.#known = name
    await context.connected?.(client, server)
  }

  // Made late: the trusted authority is what the server sends.
  async #open(): Promise<HttpClient> {
    if (this.#client !== undefined) return this.#client
    const { host, client, tls, fingerprint } = this.#setup
    const trusted =
      host.scheme === 'https'
        ? await withTrusted(tls, fingerprint, host).catch((error: unknown) => {
            throw new Error(noAnswer(error), { cause: error })
          })
        : tls
    this.#client = new HttpClient({ ...client, host, tls: trusted })
    return this.#client
  }
}

/** @throws {Error} for a server that `allow_older_versions: false` does not want. */
export function refuseOlder(server: SearchServer): void {
  if (server.product === 'elasticsearch' && compareVersions(server.version, OLDEST) < 0)
    throw new Error(
      `${serverName(server)} is older than ${OLDEST}, which allow_older_versions: false does not want`,
    )
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED); check host and port, and that the server runs',
  ECONNRESET: 'the connection was reset (ECONNRESET)',
  ENOTFOUND: 'its name is unknown (ENOTFOUND); check the host',
  EAI_AGAIN: 'its name cannot be looked up now (EAI_AGAIN)',
  EHOSTUNREACH: 'there is no way to it (EHOSTUNREACH)',
  ENETUNREACH: 'there is no way to its network (ENETUNREACH)',
  UND_ERR_CONNECT_TIMEOUT: 'it does not accept the connection in time',
  UND_ERR_SOCKET: 'the server closed the connection',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID); check the host, or ssl.verification_mode',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself; name it in ssl.certificate_authorities or ssl.ca_trusted_fingerprint',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the authority of its certificate is not trusted; name it in ssl.certificate_authorities or ssl.ca_trusted_fingerprint',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the authority of its certificate is unknown; name it in ssl.certificate_authorities',
  CERT_HAS_EXPIRED: 'its certificate has expired',
}

/** Why there was no answer, in a sentence; what is told in one already stays as it is. */
export function noAnswer(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException
    const errors = (cause as AggregateError).errors as NodeJS.ErrnoException[] | undefined
    const reason = reasons[code ?? errors?.[0]?.code ?? '']
    if (reason !== undefined) return reason
  }
  return error instanceof Error ? error.message : String(error)
}
