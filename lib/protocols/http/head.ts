import { CR, lengthOf, listed, requestLine, SPACE, statusLine, TAB, trimmed, unfolded } from './lines.js'

/**
 * The start line and the header lines of a message. Texts are as on the wire, a character a byte (see text.ts), until an
 * event needs them: only the few that it shows are worth the look for UTF-8.
 */
export class Head {
  /** Bytes with the empty line. */
  bytes = 0
  /** `1.0`, `1.1`; what cannot be read is 1.0. */
  version = '1.0'
  /** Of a request. */
  method = ''
  target = ''
  /** Of a response. */
  code = 0
  phrase = ''
  /** The last one, when there are several. */
  host = ''
  contentType = ''
  /** undefined: none. -1: there is one, but no recipient could use it. */
  contentLength: number | undefined = undefined
  contentEncoding = ''
  transferEncoding = ''
  connection = ''
  expect = ''
  referer = ''
  userAgent = ''
  authorization = ''
  realIp = ''
  /** The head as it came; only when it is wanted. */
  text: string | undefined = undefined
  /** Name in lower case, value, name, value …; only when headers are exported. */
  exported: string[] | undefined = undefined
}

/** What is wanted of heads beyond what the protocol needs. */
export interface Wanted {
  text: boolean
  /** Headers to export, in lower case; or all of them. */
  headers: ReadonlySet<string> | 'all'
  /** The header with the client's address, in lower case. */
  realIp: string | undefined
}

const NAMES = [
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'expect',
  'referer',
  'user-agent',
  'authorization',
] as const

/** Reads heads. Spec: RFC 9112 §2 to §5, as tolerant as servers are: §2.2 (line feeds alone), §5.2 (folded lines). */
export class HeadParser {
  readonly #kind: 'request' | 'response'
  readonly #wanted: Wanted
  /** Length and first letter of the names that matter: most lines are passed over without looking at their name. */
  readonly #interesting = new Uint8Array(64 * 32)
  /** Names in the spellings that are usual, to the one in lower case. */
  readonly #names = new Map<string, string>()

  constructor(kind: 'request' | 'response', wanted: Wanted) {
    this.#kind = kind
    this.#wanted = wanted
    const { headers, realIp } = wanted
    const names = new Set<string>(NAMES)
    if (realIp !== undefined) names.add(realIp)
    if (headers !== 'all') for (const name of headers) names.add(name)
    for (const name of names) {
      this.#interesting[place(name.length, name.charCodeAt(0))] = 1
      this.#names.set(name, name)
      this.#names.set(
        name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
        name,
      )
    }
    if (headers === 'all') this.#interesting.fill(1)
  }

  /** The head that `text` begins with; undefined when its end is missing. @throws {Malformed} */
  parse(text: string): Head | undefined {
    let end = text.indexOf('\n')
    if (end < 0) return undefined
    const head = new Head()
    const lineEnd = end > 0 && text.charCodeAt(end - 1) === CR ? end - 1 : end
    if (this.#kind === 'request') requestLine(head, text, lineEnd)
    else statusLine(head, text, lineEnd)
    const interesting = this.#interesting
    for (let at = end + 1; ; at = end + 1) {
      end = text.indexOf('\n', at)
      if (end < 0) return undefined
      if (end === at || (end === at + 1 && text.charCodeAt(at) === CR)) break
      let folded = false
      for (
        let next = text.charCodeAt(end + 1);
        next === SPACE || next === TAB;
        next = text.charCodeAt(end + 1)
      ) {
        folded = true
        end = text.indexOf('\n', end + 1)
        if (end < 0) return undefined
      }
      // A line without a colon is no header: it is passed over, as servers do that do not refuse the message.
      const colon = text.indexOf(':', at)
      if (colon > at && colon < end && interesting[place(colon - at, text.charCodeAt(at))] === 1)
        this.#header(head, text, at, colon, end, folded)
    }
    head.bytes = end + 1
    if (this.#wanted.text) head.text = text.slice(0, head.bytes)
    return head
  }

  #header(head: Head, text: string, at: number, colon: number, end: number, folded: boolean): void {
    const written = text.slice(at, colon)
    const known = this.#names.get(written)
    const name = known ?? written.trimEnd().toLowerCase()
    const { headers, realIp } = this.#wanted
    const exported = headers === 'all' || headers.has(name)
    if (known === undefined && !exported && !this.#names.has(name)) return
    const value = folded ? unfolded(text.slice(colon + 1, end)) : trimmed(text, colon + 1, end)
    if (exported) {
      head.exported ??= []
      head.exported.push(name, value)
    }
    if (name === realIp) head.realIp = value
    assign(head, name, value)
  }
}

function assign(head: Head, name: string, value: string): void {
  switch (name) {
    case 'host':
      head.host = value
      break
    case 'content-type':
      head.contentType = value
      break
    case 'content-length':
      head.contentLength = lengthOf(value, head.contentLength)
      break
    case 'content-encoding':
      head.contentEncoding = listed(head.contentEncoding, value)
      break
    case 'transfer-encoding':
      head.transferEncoding = listed(head.transferEncoding, value)
      break
    case 'connection':
      head.connection = listed(head.connection, value)
      break
    case 'expect':
      head.expect = value
      break
    case 'referer':
      head.referer = value
      break
    case 'user-agent':
      head.userAgent = value
      break
    case 'authorization':
      head.authorization = value
      break
  }
}

const place = (length: number, first: number): number => ((length & 63) << 5) | (first & 31)
