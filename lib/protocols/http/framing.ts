import type { Head } from './head.js'
import { CHUNKED, UNTIL_CLOSE } from './reader.js'
import { items } from './text.js'

/** How long the body of a request is: RFC 9112 §6.3. Without a length there is none. */
export function requestBody(head: Head): number {
  if (head.transferEncoding !== '' && isChunked(head)) return CHUNKED
  return Math.max(0, head.contentLength ?? 0)
}

/** How long the body of a response is: RFC 9112 §6.3. `method`: of the request, undefined when that is not known. */
export function responseBody(head: Head, method: string | undefined): number {
  const { code, contentLength } = head
  if (method === 'HEAD' || code === 204 || code === 304 || (code >= 100 && code < 200)) return 0
  if (head.transferEncoding !== '') {
    if (isChunked(head)) return CHUNKED
    if (!/^identity$/i.test(head.transferEncoding)) return UNTIL_CLOSE
  }
  return contentLength !== undefined && contentLength >= 0 ? contentLength : UNTIL_CLOSE
}

/** The connection becomes something else with this response: RFC 9110 §7.8, §9.3.6. */
export const opensTunnel = ({ code }: Head, method: string | undefined): boolean =>
  code === 101 || (method === 'CONNECT' && code >= 200 && code < 300)

/** The server said that it closes the connection after this message. */
export const closes = ({ version, connection }: Head): boolean =>
  version === '1.0' ? !/keep-alive/i.test(connection) : /\bclose\b/i.test(connection)

const isChunked = ({ transferEncoding }: Head): boolean => items(transferEncoding).at(-1) === 'chunked'

/** The codings to undo, the last one applied first: those of the transfer, then those of the content. */
export function codings(head: Head): string[] {
  if (head.transferEncoding === '' && head.contentEncoding === '') return []
  const transfer = items(head.transferEncoding).filter((name) => name !== 'chunked')
  return [...transfer.reverse(), ...items(head.contentEncoding).reverse()]
}
