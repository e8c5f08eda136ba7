import { UserError } from '../errors.js'

/** A server, as a URL or as `host[:port]`; IPv6 addresses in brackets, without a port also as they are. */
export interface Host {
  /** Without a colon: `http`. */
  scheme: string
  /** An IPv6 address without its brackets. */
  host: string
  port: number
  /** Begins with a slash, does not end in one; empty for the root. */
  path: string
  username: string | undefined
  password: string | undefined
}

export interface HostDefaults {
  scheme: string
  port: number
  path?: string
  /** The name of the setting, for the error. */
  setting: string
}

/** @throws {UserError} 'ERR_CONFIG_INVALID' for what is no server. */
export function parseHost(text: string, { scheme, port, path = '', setting }: HostDefaults): Host {
  const trimmed = text.trim()
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed)
  const bare =
    !hasScheme && /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*(%\w+)?$/i.test(trimmed) ? `[${trimmed}]` : trimmed
  try {
    // A scheme that URLs have no default port of, so that `http://host:80` keeps its port.
    const url = new URL(`x-${hasScheme ? bare : `${scheme}://${bare}`}`)
    const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '')
    if (host === '' || url.search !== '' || url.hash !== '') throw new TypeError('not a host')
    const own = trimSlashes(url.pathname)
    return {
      scheme: url.protocol.slice(2, -1),
      host,
      port: url.port === '' ? port : Number(url.port),
      path: own === '' ? trimSlashes(path) : own,
      username: url.username === '' ? undefined : decodeURIComponent(url.username),
      password: url.password === '' ? undefined : decodeURIComponent(url.password),
    }
  } catch (cause) {
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `${setting}: ${withoutPassword(trimmed)} is no server; write host, host:port, [IPv6]:port or a URL.`,
      { cause },
    )
  }
}

/** `host:port`, an IPv6 address in brackets. */
export const authority = ({ host, port }: Pick<Host, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/** As people read it: without user and password. */
export const hostName = (host: Host): string => `${host.scheme}://${authority(host)}${host.path}`

const trimSlashes = (path: string): string => {
  const inner = path.replace(/^\/+|\/+$/g, '')
  return inner === '' ? '' : `/${inner}`
}

const withoutPassword = (text: string): string => text.replace(/^([a-z][\w+.-]*:\/\/)?[^/@]*@/i, '$1')
