import { isIP } from 'node:net'
import { escapeBytes } from './query.js'

/** Whom a request is for: a name or an address without brackets, and a port when one is given. */
export interface Host {
  domain: string
  port: number | undefined
}

/** Reads the value of a Host header: RFC 9110 §7.2. */
export function readHost(text: string): Host {
  const colon = text.lastIndexOf(':')
  if (text.charCodeAt(0) === 0x5b /* [ */) {
    const bracket = text.indexOf(']')
    if (bracket > 0) return { domain: text.slice(1, bracket), port: portOf(text.slice(bracket + 2)) }
  }
  // More than one colon: an IPv6 address without the brackets it should have.
  if (colon < 0 || text.indexOf(':') !== colon) return { domain: text, port: undefined }
  if (colon === text.length - 1) return { domain: text.slice(0, colon), port: undefined }
  const port = portOf(text.slice(colon + 1))
  return port === undefined ? { domain: text, port } : { domain: text.slice(0, colon), port }
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port > 0 && port < 65536 ? port : undefined
}

/** The host of an absolute URL such as a referrer has; undefined when it is none. */
export function hostOfUrl(url: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(url)?.[1]
  if (authority === undefined) return undefined
  const { domain } = readHost(authority.slice(authority.lastIndexOf('@') + 1))
  return domain === '' ? undefined : domain
}

/** A host as it stands in a URL. */
export function hostInUrl(domain: string): string {
  if (SAFE.test(domain)) return domain
  return domain.includes(':') ? `[${domain}]` : escapeBytes(domain, /[^A-Za-z0-9\-_.~!$&'()*+,;=[\]<>"]/g)
}

const SAFE = /^[A-Za-z0-9.-]*$/

/** Whether it is an address; a name that cannot be one is told by its first character. */
export const isAddress = (text: string): boolean => MAYBE.test(text) && isIP(text) !== 0

const MAYBE = /^[0-9a-fA-F:]/

/** The address a proxy reports, without the port that some add; undefined when it is none. */
export function forwardedFor(header: string): string | undefined {
  const comma = header.indexOf(',')
  const first = (comma < 0 ? header : header.slice(0, comma)).trim()
  if (isAddress(first)) return first
  const { domain } = readHost(first)
  return isAddress(domain) ? domain : undefined
}
