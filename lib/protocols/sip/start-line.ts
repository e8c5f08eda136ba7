import { Malformed } from '../../wire/cursor.js'
import type { SipMessage } from './message.js'
import { uri } from './uri.js'

/** RFC 3261 §7.1 and §7.2: `INVITE sip:bob@example.com SIP/2.0`, `SIP/2.0 200 OK`; the phrase may be missing. */
export function startLine(message: SipMessage, line: string): void {
  if (line.startsWith('SIP/')) statusLine(message, line)
  else requestLine(message, line)
}

function requestLine(message: SipMessage, line: string): void {
  const first = line.indexOf(' ')
  const last = line.lastIndexOf(' ')
  if (first < 0 || last === first || !line.startsWith('SIP/', last + 1))
    throw new Malformed('no request line', 0)
  const method = line.slice(0, first)
  if (!METHOD.test(method)) throw new Malformed('a method that is no word', 0)
  message.method = upper(method)
  message.uri = uri(line.slice(first + 1, last).trim())
  message.version = version(line.slice(last + 5))
}

function statusLine(message: SipMessage, line: string): void {
  const first = line.indexOf(' ')
  if (first < 0) throw new Malformed('no status line', 0)
  const second = line.indexOf(' ', first + 1)
  const code = line.slice(first + 1, second < 0 ? line.length : second)
  if (!/^[1-9]\d{0,4}$/.test(code)) throw new Malformed('a status line without a code', first + 1)
  message.version = version(line.slice(4, first))
  message.code = Number(code)
  message.phrase = second < 0 ? '' : line.slice(second + 1).trim()
  if (message.code >= 400) message.status = 'Error'
}

// A method is a token (RFC 3261 §25.1); longer than any there is, it is no SIP.
const METHOD = /^[!%'*+.`~\w-]{1,64}$/

function version(written: string): string {
  if (written === '2.0' || /^\d{1,3}\.\d{1,3}$/.test(written)) return written
  throw new Malformed('a version that is none', 4)
}

const METHODS = new Set(
  'INVITE ACK BYE CANCEL OPTIONS REGISTER PRACK UPDATE SUBSCRIBE NOTIFY PUBLISH MESSAGE REFER INFO'.split(
    ' ',
  ),
)

/** Upper case, as dashboards expect it, though methods are case-sensitive (RFC 3261 §7.1). */
export const upper = (method: string): string => (METHODS.has(method) ? method : method.toUpperCase())
