import type { Message } from './message.js'
import type { Secrets } from './secrets.js'
import { utf8 } from './text.js'

type Cookies = Record<string, string>

/**
 * The headers of a message as events show them: always the length and the type of the body, and those that are exported.
 * Several of one name are joined.
 */
export function headersOf(
  { head, contentLength }: Message,
  secrets: Secrets,
  splitCookies: boolean,
): Record<string, unknown> {
  const { exported, contentType } = head
  if (exported === undefined)
    return contentType === ''
      ? { 'content-length': contentLength }
      : { 'content-length': contentLength, 'content-type': secrets.header('content-type', utf8(contentType)) }
  const values = new Map<string, string | number | Cookies>()
  for (let at = 0; at < exported.length; at += 2) {
    const name = utf8(exported[at] as string)
    const value = secrets.header(name, utf8(exported[at + 1] as string))
    const before = values.get(name)
    if (splitCookies && (name === 'cookie' || name === 'set-cookie'))
      values.set(name, { ...(before as Cookies | undefined), ...cookies(value) })
    else values.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  values.set('content-length', contentLength)
  if (contentType !== '' && !values.has('content-type'))
    values.set('content-type', secrets.header('content-type', utf8(contentType)))
  return Object.fromEntries(values)
}

/** Names to values, as in Cookie and Set-Cookie; names in lower case, quotes taken off. Spec: RFC 6265 §4. */
function cookies(text: string): Cookies {
  const pairs: [string, string][] = []
  for (const part of text.split(';')) {
    const equals = part.indexOf('=')
    if (equals < 0) continue
    const value = part.slice(equals + 1).trim()
    pairs.push([part.slice(0, equals).trim().toLowerCase(), value.replace(/^"(.*)"$/s, '$1')])
  }
  return Object.fromEntries(pairs)
}

/** The user of basic authentication: RFC 7617 §2. */
export function basicUser(authorization: string): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  const [user, password] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2)
  return password === undefined || user === '' ? undefined : user
}
