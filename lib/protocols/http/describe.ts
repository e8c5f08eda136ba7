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
    if (more !== undefined) notes = [...new Set([...(notes ?? []), ...more])]
  }
  if (request !== undefined) {
    exchange.sourceBytes = request.bytes
    unpack(request, settings)
    if (describeUrl(exchange, request, settings, endpoints)) note([MISMATCH])
    describeRequest(exchange, request, settings)
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
  if (settings.showsUser && head.authorization !== '') exchange.user = basicUser(head.authorization)
  const ips: string[] = []
  const hosts: string[] = []
  const related = (host: string) => {
    const list = isAddress(host) ? ips : hosts
    if (!list.includes(host)) list.push(host)
  }
  const { host } = exchange
  if (host !== undefined && host !== '') {
    related(host)
    exchange.domain = hosts[0]
  }
  if (head.referer !== '') {
    exchange.referrer = secrets.header('referer', utf8(head.referer))
    const referring = hostOfUrl(exchange.referrer)
    if (referring !== undefined) related(referring)
  }
  if (head.realIp !== '') {
    exchange.forwardedIp = forwardedFor(head.realIp)
    if (exchange.forwardedIp !== undefined) related(exchange.forwardedIp)
  }
  exchange.hosts = hosts
  exchange.relatedIps = ips
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
