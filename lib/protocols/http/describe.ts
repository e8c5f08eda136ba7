import type { Endpoints } from '../../events/endpoints.js'
import type { Exchange } from './exchange.js'
import { basicUser, headersOf } from './headers.js'
import { forwardedFor, hostInUrl, hostOfUrl, isAddress, readHost } from './host.js'
import type { Message } from './message.js'
import type { Settings } from './options.js'
import { utf8 } from './text.js'
import { unpack } from './unpack.js'
import { readTarget } from './url.js'

const MISMATCH = 'Host header port number mismatch'
// The one port that a URL of http leaves out.
const DEFAULT_PORT = 80

/** Fills in what the event of an exchange shows. May be called again when more of it is known. */
export function describe(exchange: Exchange, settings: Settings, endpoints: Endpoints): void {
  const { request, response } = exchange
  let notes: string[] | undefined
  const note = (more: readonly string[] | undefined) => {
    if (more !== undefined) notes = notes === undefined ? [...more] : [...notes, ...more]
  }
  if (request !== undefined) {
    exchange.sourceBytes = request.bytes
    unpack(request, settings)
    describeRequest(exchange, request, settings)
    if (describeUrl(exchange, request, settings, endpoints)) note([MISMATCH])
    note(request.notes)
  }
  if (response !== undefined) {
    exchange.destinationBytes = response.bytes
    unpack(response, settings)
    exchange.responseHeaders = headersOf(response, settings.secrets, settings.splitCookie)
    if (settings.sendResponse) exchange.responseText = raw(response, settings)
    note(response.notes)
  }
  note(exchange.remarks)
  const isError =
    request === undefined || response === undefined || exchange.failed || response.head.code >= 400
  exchange.status = isError ? 'Error' : 'OK'
  exchange.notes = notes
}

function describeRequest(exchange: Exchange, request: Message, settings: Settings): void {
  const { head } = request
  const { secrets } = settings
  exchange.requestHeaders = headersOf(request, secrets, settings.splitCookie)
  if (settings.sendRequest) exchange.requestText = raw(request, settings)
  const ips: string[] = []
  const hosts: string[] = []
  if (head.host !== '') {
    const { domain } = readHost(utf8(head.host))
    exchange.domain = undefined
    if (isAddress(domain)) ips.push(domain)
    else if (domain !== '') {
      exchange.domain = domain
      hosts.push(domain)
    }
  }
  if (head.referer !== '') {
    exchange.referrer = secrets.header('referer', utf8(head.referer))
    const domain = hostOfUrl(exchange.referrer)
    const list = domain !== undefined && isAddress(domain) ? ips : hosts
    if (domain !== undefined && !list.includes(domain)) list.push(domain)
  }
  if (head.realIp !== '') {
    exchange.forwardedIp = forwardedFor(head.realIp)
    if (exchange.forwardedIp !== undefined) ips.push(exchange.forwardedIp)
  }
  exchange.hosts = hosts
  exchange.relatedIps = ips
  if (settings.showsUser && head.authorization !== '') exchange.user = basicUser(head.authorization)
}

/** True when the port that is asked for is not the one that was asked. */
function describeUrl(
  exchange: Exchange,
  request: Message,
  settings: Settings,
  endpoints: Endpoints,
): boolean {
  const { method, target, host } = request.head
  const { domain, port: asked } = readHost(utf8(host))
  const { destinationPort } = endpoints
  const port = asked ?? destinationPort
  const tunnel = method === 'CONNECT'
  const url = readTarget(tunnel ? '' : target, request.form, settings.secrets)
  const { escapedPath, query } = url
  const slash = escapedPath === '' || escapedPath.charCodeAt(0) === 0x2f ? '' : '/'
  const full = `http://${hostInUrl(domain)}${port === DEFAULT_PORT ? '' : `:${port}`}${slash}${escapedPath}`
  exchange.url = {
    ...url,
    domain,
    port: port === DEFAULT_PORT || port === 0 ? undefined : port,
    full: domain === '' ? undefined : query === '' ? full : `${full}?${query}`,
  }
  exchange.query = `${method} ${tunnel ? utf8(target) : url.path}`
  // To a proxy one sends the port of the server behind it (RFC 9112 §3.2.2, §3.2.3).
  return asked !== undefined && asked !== destinationPort && !tunnel && !target.includes('://')
}

/** The message as it came: its head, and its body when the event shows it. */
function raw({ head, shown, content }: Message, { secrets }: Settings): string | undefined {
  if (head.text === undefined) return undefined
  const text = secrets.head(utf8(head.text))
  return shown && content !== undefined ? text + content : text
}
