import { parameter, quotedEnd, unquoted } from './text.js'
import { type Uri, uri } from './uri.js'

/** Somebody, as From, To and Contact name them: `"Anna" <sip:anna@example.com>;tag=x`. RFC 3261 §20.10, §25.1. */
export interface Address {
  /** '': none. */
  display: string
  uri: Uri
  /** The header's own parameters, with the semicolon they begin with. */
  parameters: string
  /** The parameter of that name: with the Call-ID it names a dialog. '': none. */
  tag: string
}

/** Reads one address; without angle brackets all parameters are the header's (RFC 3261 §20). */
export function address(text: string): Address {
  const isQuoted = text.charCodeAt(0) === 0x22
  const from = isQuoted ? quotedEnd(text, 0) + 1 : 0
  const less = text.indexOf('<', from)
  if (less < 0) {
    const semicolon = text.indexOf(';', from)
    const end = semicolon < 0 ? text.length : semicolon
    const display = isQuoted ? unquoted(text) : ''
    return named(display, text.slice(from, end), text.slice(end))
  }
  const greater = text.indexOf('>', less)
  const end = greater < 0 ? text.length : greater
  const display = isQuoted ? unquoted(text) : text.slice(0, less).trim()
  return named(display, text.slice(less + 1, end), text.slice(end + 1))
}

const named = (display: string, target: string, parameters: string): Address => ({
  display,
  uri: uri(target.trim()),
  parameters,
  tag: parameter(parameters, 'tag') ?? '',
})
