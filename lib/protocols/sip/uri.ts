/** A URI as events show it. RFC 3261 §19.1, RFC 3966 (tel: the number stands in the host's place, as upstream has it). */
export interface Uri {
  original: string
  /** Lower case; '': there is none. */
  scheme: string
  /** Without a password. */
  username: string
  /** Of an IPv6 address without the brackets. */
  host: string
  /** 0: none. */
  port: number
  /** Parameters and headers, from the first semicolon or question mark on. */
  rest: string
}

const SCHEME = /^[a-z][a-z0-9+.-]*$/i

export function uri(original: string): Uri {
  const colon = original.indexOf(':')
  const scheme = colon > 0 ? schemeOf(original.slice(0, colon)) : ''
  if (scheme === '') return { original, scheme, username: '', host: '', port: 0, rest: '' }
  // A user may contain what else begins parameters: sip:+49;phone-context=x@host.
  const sign = original.indexOf('@', colon)
  let username = ''
  let at = colon + 1
  if (sign > 0) {
    const password = original.indexOf(':', at)
    username = original.slice(at, password > 0 && password < sign ? password : sign)
    at = sign + 1
  }
  const end = hostPortEnd(original, at)
  const rest = original.slice(end)
  if (original.charAt(at) === '[') {
    const bracket = original.indexOf(']', at)
    if (bracket > 0 && bracket < end) {
      const port = original.charAt(bracket + 1) === ':' ? portOf(original.slice(bracket + 2, end)) : 0
      return { original, scheme, username, host: original.slice(at + 1, bracket), port, rest }
    }
  }
  const before = original.lastIndexOf(':', end - 1)
  const port = before >= at ? portOf(original.slice(before + 1, end)) : 0
  return { original, scheme, username, host: original.slice(at, port > 0 ? before : end), port, rest }
}

function schemeOf(written: string): string {
  if (written === 'sip' || written === 'sips' || written === 'tel') return written
  return SCHEME.test(written) ? written.toLowerCase() : ''
}

function hostPortEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3b /* ; */ || code === 0x3f /* ? */) return at
  }
  return text.length
}

/** 0: no port. */
function portOf(digits: string): number {
  let port = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return 0
    port = 10 * port + digit
    if (port > 0xffff) return 0
  }
  return port
}
