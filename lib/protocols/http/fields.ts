import { defineFields, filled } from '../../events/fields.js'
import { flatObject, rememberedQuoted } from '../../events/json.js'
import type { Exchange } from './exchange.js'
import type { Message } from './message.js'
import { utf8 } from './text.js'
import { extension } from './url.js'

const text = (value: string | undefined) => (value === undefined || value === '' ? undefined : value)
const method = ({ request }: Exchange) => request?.head.method
const domain = (exchange: Exchange) => exchange.domain
const bodyBytes = (message: Message | undefined) =>
  message === undefined ? undefined : filled(message.contentBytes ?? message.contentLength)
const content = (message: Message | undefined) => text(message?.content)

export const fields = defineFields<Exchange>({
  'event.start': {
    type: 'date',
    description: 'When the packet with the first byte of the request was captured.',
    value: ({ request, start }) => (request === undefined ? undefined : start),
  },
  'event.end': {
    type: 'date',
    description: 'When the packet with the first byte of the response was captured.',
    value: ({ request, start, end }) => (request === undefined ? start : end),
  },
  method: { type: 'keyword', plain: true, description: 'The method, as it was sent.', value: method },
  query: {
    type: 'keyword',
    description: 'The method and the decoded path, of CONNECT the host and port.',
    value: ({ query }) => query,
  },
  'http.request.method': {
    type: 'keyword',
    plain: true,
    description: 'The method, as it was sent.',
    value: method,
  },
  'http.version': {
    type: 'keyword',
    plain: true,
    description: 'The version that the request names: 1.0 or 1.1.',
    value: ({ request }) => request?.head.version,
  },
  'http.request.bytes': {
    type: 'long',
    description: 'Bytes of the request on the wire: head, body, and the framing of chunks.',
    value: ({ request }) => request?.bytes,
  },
  'http.request.body.bytes': {
    type: 'long',
    description:
      'Bytes of the body: the length that the head announces, else counted; decoded, when the body is shown.',
    value: ({ request }) => bodyBytes(request),
  },
  'http.request.body.content': {
    type: 'keyword',
    description: 'The decoded body, for the types of include_body_for.',
    value: ({ request }) => content(request),
  },
  'http.request.headers': {
    type: 'object',
    description: 'Content-Length and Content-Type, and what send_headers asks for; names in lower case.',
    value: ({ requestHeaders }) => requestHeaders,
    json: flatObject,
  },
  'http.request.referrer': {
    type: 'keyword',
    description: 'The page the request came from.',
    value: ({ referrer }) => text(referrer),
  },
  'http.response.status_code': {
    type: 'long',
    description: 'The status code.',
    value: ({ response }) => filled(response?.head.code),
  },
  'http.response.status_phrase': {
    type: 'keyword',
    description: 'The words after the status code, in lower case.',
    value: ({ response }) =>
      response === undefined ? undefined : text(utf8(response.head.phrase).toLowerCase()),
  },
  'http.response.bytes': {
    type: 'long',
    description: 'Bytes of the response on the wire: head, body, and the framing of chunks.',
    value: ({ response }) => response?.bytes,
  },
  'http.response.body.bytes': {
    type: 'long',
    description:
      'Bytes of the body: the length that the head announces, else counted; decoded, when the body is shown.',
    value: ({ response }) => bodyBytes(response),
  },
  'http.response.body.content': {
    type: 'keyword',
    description: 'The decoded body, for the types of include_body_for.',
    value: ({ response }) => content(response),
  },
  'http.response.headers': {
    type: 'object',
    description: 'Content-Length and Content-Type, and what send_headers asks for; names in lower case.',
    value: ({ responseHeaders }) => responseHeaders,
    json: flatObject,
  },
  'url.scheme': {
    type: 'keyword',
    plain: true,
    description: 'http.',
    value: ({ url }) => (url === undefined ? undefined : 'http'),
  },
  'url.domain': {
    type: 'keyword',
    json: rememberedQuoted(),
    description: 'The Host header without its port.',
    value: ({ host }) => text(host),
  },
  'url.port': {
    type: 'long',
    description: 'The port of the Host header, else that of the server; left out when it is 80.',
    value: ({ port }) => port,
  },
  'url.path': {
    type: 'keyword',
    description: 'The path, decoded.',
    value: ({ url }) => text(url?.path),
  },
  'url.extension': {
    type: 'keyword',
    description: 'What follows the last dot of the path.',
    value: ({ url }) => (url === undefined ? undefined : text(extension(url.path))),
  },
  'url.query': {
    type: 'keyword',
    description: 'The parameters of the query and of a form in the body, sorted by name; secrets are hidden.',
    value: ({ url }) => text(url?.query),
  },
  'url.full': {
    type: 'keyword',
    description: 'The whole URL, with the parameters of url.query.',
    value: ({ fullUrl }) => fullUrl,
  },
  'user_agent.original': {
    type: 'keyword',
    json: rememberedQuoted(),
    description: 'The User-Agent header.',
    value: ({ request }) => (request === undefined ? undefined : text(utf8(request.head.userAgent))),
  },
  'user.name': {
    type: 'keyword',
    description: 'The user of basic authentication, when the Authorization header is shown.',
    value: ({ user }) => user,
  },
  'related.user': {
    type: 'keyword',
    list: true,
    description: 'All users of the event.',
    value: ({ user }) => (user === undefined ? undefined : [user]),
  },
  'destination.domain': {
    type: 'keyword',
    json: rememberedQuoted(),
    description: 'The Host header, when it is a name.',
    value: domain,
  },
  'server.domain': {
    type: 'keyword',
    json: rememberedQuoted(),
    description: 'The Host header, when it is a name.',
    value: domain,
  },
  'related.hosts': {
    type: 'keyword',
    list: true,
    description: 'The names of the Host header and of the referrer.',
    value: ({ hosts }) => filled(hosts),
  },
  'network.forwarded_ip': {
    type: 'ip',
    description: 'The address of the client behind a proxy, by real_ip_header.',
    value: ({ forwardedIp }) => forwardedIp,
  },
  request: {
    type: 'text',
    description: 'The request as it was sent, with send_request; with its body, when that is shown.',
    value: ({ requestText }) => requestText,
  },
  response: {
    type: 'text',
    description: 'The response as it was sent, with send_response; with its body, when that is shown.',
    value: ({ responseText }) => responseText,
  },
})
