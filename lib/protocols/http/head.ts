import { Malformed } from '../../wire/cursor.js'

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

const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09

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

/** RFC 9112 §3: method, target and version with a space between each. Spaces in the target are the client's fault. */
function requestLine(head: Head, text: string, end: number): void {
  const first = text.indexOf(' ')
  const last = text.lastIndexOf(' ', end - 1)
  if (first <= 0 || last <= first || !text.startsWith('HTTP/', last + 1))
    throw new Malformed('no request line', 0)
  head.method = text.slice(0, first)
  if (!TOKEN.test(head.method)) throw new Malformed('a method that is no word', 0)
  head.target = text.slice(first + 1, last)
  head.version = version(text, last + 6, end)
}

/** RFC 9112 §4: version, status code and phrase; the phrase may be missing. */
function statusLine(head: Head, text: string, end: number): void {
  if (!text.startsWith('HTTP/')) throw new Malformed('no status line', 0)
  const space = text.indexOf(' ')
  const code = Number.parseInt(text.slice(space + 1, space + 4), 10)
  if (space < 0 || space > end || !(code >= 0)) throw new Malformed('a status line without a code', 5)
  head.version = version(text, 5, space)
  head.code = code
  head.phrase = text.slice(Math.min(space + 5, end), end)
}

/** A method is a token (RFC 9110 §5.6.2); longer than any there is, it is no HTTP. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/

function version(text: string, at: number, end: number): string {
  if (end - at === 3 && text.startsWith('1.', at)) {
    const minor = text.charCodeAt(at + 2)
    if (minor === 0x31) return '1.1'
    if (minor === 0x30) return '1.0'
  }
  const written = text.slice(at, end)
  return /^\d+\.\d+$/.test(written) ? written : '1.0'
}

function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB || code === CR

/** A folded value on one line, a space for each fold (RFC 9112 §5.2). */
const unfolded = (value: string): string =>
  value
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()

/** Several headers of one name are one list (RFC 9110 §5.3). */
const listed = (before: string, value: string): string => (before === '' ? value : `${before}, ${value}`)

/** RFC 9110 §8.6: digits; a list only of the same number. Anything else cannot be relied on. */
function lengthOf(value: string, before: number | undefined): number {
  if (before === undefined && /^\d{1,15}$/.test(value)) return Number(value)
  const [first, ...more] = value.split(',').map((item) => item.trim())
  const same = first !== undefined && /^\d{1,15}$/.test(first) && more.every((item) => item === first)
  const length = same ? Number(first) : -1
  return before === undefined || before === length ? length : -1
}
