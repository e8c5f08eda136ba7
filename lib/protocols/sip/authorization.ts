import { COMMA, parameter } from './text.js'
import { type Uri, uri } from './uri.js'

/** Who logs in, or where one is asked to: what is no secret of it. RFC 3261 §22, RFC 8760. */
export interface Authorization {
  scheme: string
  realm: string
  /** '': a challenge, or a scheme that does not tell. */
  username: string
  uri: Uri | undefined
}

/** Reads Authorization, Proxy-Authorization, WWW-Authenticate and Proxy-Authenticate. */
export function authorization(text: string): Authorization {
  const space = text.indexOf(' ')
  if (space < 0) return { scheme: text, realm: '', username: '', uri: undefined }
  const value = (name: string) => parameter(text, name, COMMA, space + 1) ?? ''
  const target = value('uri')
  return {
    scheme: text.slice(0, space),
    realm: value('realm'),
    username: value('username'),
    uri: target === '' ? undefined : uri(target),
  }
}
