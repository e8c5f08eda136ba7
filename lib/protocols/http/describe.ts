import type { Endpoints } from '../../events/endpoints.js'
import type { Exchange } from './exchange.js'
import { basicUser, headersOf } from './headers.js'
import { forwardedFor, hostInUrl, hostOfUrl, isAddress, readHost } from './host.js'
import type { Message } from './message.js'
import { HOST_MISMATCH } from './notes.js'
import type { Settings } from './options.js'
import { utf8 } from './text.js'
import { unpack } from './unpack.js'
import { readTarget } from './url.js'

// The one port that a URL of http leaves out.
const DEFAULT_PORT = 80

/** Fills in what the event of an exchange shows. May be called again when more of it is known. */
export function describe(exchange: Exchange, settings: Settings, endpoints: Endpoints): void {
  const { request, response } = exchange
  let notes: string[] | undefined
  if (request !== undefined) {
    exchange.sourceBytes = request.bytes
    unpack(request, settings)
    if (describeUrl(exchange, request, settings, endpoints)) notes = [HOST_MISMATCH]
    describeRequest(exchange, request, settings)
    notes = joined(notes, request.notes)
  }
  if (response !== undefined) {
    exchange.destinationBytes = response.bytes
    unpack(response, settings)
    exchange.responseHeaders = headersOf(response, settings.secrets, settings.splitCookie)
    if (settings.sendResponse) exchange.responseText = raw(response, settings)
    notes = joined(notes, response.notes)
  }
  const isError =
    request === undefined || response === undefined || exchange.failed || response.head.code >= 400
  exchange.status = isError ? 'Error' : 'OK'
  exchange.notes = joined(notes, exchange.remarks)
}

const joined = (notes: string[] | undefined, more: readonly string[] | undefined): string[] | undefined =>
  more === undefined ? notes : [...new Set([...(notes ?? []), ...more])]

function describeRequest(exchange: Exchange, request: Message, settings: Settings): void {
  const { head } = request
  const { secrets } = settings
  exchange.requestHeaders = headersOf(request, secrets, settings.splitCookie)
  if (settings.sendRequest) exchange.requestText = raw(request, settings)
  if (settings.showsUser && head.authorization !== '') exchange.user = basicUser(head.authorization)
  exchange.hosts = undefined
  exchange.relatedIps = undefined
  const { host } = exchange
  if (host !== undefined && host !== '' && !relate(exchange, host)) exchange.domain = host
  if (head.referer !== '') {
    exchange.referrer = secrets.header('referer', utf8(head.referer))
    const referring = hostOfUrl(exchange.referrer)
    if (referring !== undefined) relate(exchange, referring)
  }
  if (head.realIp !== '') {
    exchange.forwardedIp = forwardedFor(head.realIp)
    if (exchange.forwardedIp !== undefined) relate(exchange, exchange.forwardedIp)
  }
}

/** Remembers a host for related.hosts, or for related.ip; answers whether it is an address. */
function relate(exchange: Exchange, host: string): boolean {
  if (isAddress(host)) {
    exchange.relatedIps ??= []
    exchange.relatedIps.push(host)
    return true
  }
  exchange.hosts ??= []
  if (!exchange.hosts.includes(host)) exchange.hosts.push(host)
  return false
}

/** True when the port that is asked for is not the one that was asked. */
function describeUrl(
  exchange: Exchange,
  request: Message,
  settings: Settings,
  endpoints: Endpoints,
): boolean {
  const { method, target, host } = request.head
  const { destinationPort } = endpoints
  const { domain, port: asked } = readHost(utf8(host))
  const port = asked ?? destinationPort
  const isTunnel = method === 'CONNECT'
  const url = readTarget(isTunnel ? '' : target, request.form, settings.secrets)
  exchange.url = url
  exchange.host = domain
  exchange.port = port === DEFAULT_PORT || port === 0 ? undefined : port
  exchange.query = `${method} ${isTunnel ? utf8(target) : url.path}`
  if (domain !== '') {
    const { escapedPath, query } = url
    let full = `http://${hostInUrl(domain)}`
    if (port !== DEFAULT_PORT) full += `:${port}`
    if (escapedPath !== '' && escapedPath.charCodeAt(0) !== SLASH) full += '/'
    exchange.fullUrl = query === '' ? full + escapedPath : `${full}${escapedPath}?${query}`
  }
  // To a proxy one sends the port of the server behind it (RFC 9112 §3.2.2, §3.2.3).
  return asked !== undefined && asked !== destinationPort && !isTunnel && !target.includes('://')
}

const SLASH = 0x2f

/** The message as it came: its head, and its body when the event shows it. */
function raw({ head, shown, content }: Message, { secrets }: Settings): string | undefined {
  if (head.text === undefined) return undefined
  const text = secrets.head(utf8(head.text))
  return shown && content !== undefined ? text + content : text
}
