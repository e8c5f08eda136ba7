import { Malformed } from '../../wire/cursor.js'
import type { Head } from './head.js'

export const CR = 0x0d
export const SPACE = 0x20
export const TAB = 0x09

/** RFC 9112 §3: method, target and version with a space between each. Spaces in the target are the client's fault. */
export function requestLine(head: Head, text: string, end: number): void {
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
export function statusLine(head: Head, text: string, end: number): void {
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

export function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB || code === CR

/** A folded value on one line, a space for each fold (RFC 9112 §5.2). */
export const unfolded = (value: string): string =>
  value
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()

/** Several headers of one name are one list (RFC 9110 §5.3). */
export const listed = (before: string, value: string): string =>
  before === '' ? value : `${before}, ${value}`

/** RFC 9110 §8.6: digits; a list only of the same number. Anything else cannot be relied on. */
export function lengthOf(value: string, before: number | undefined): number {
  if (before === undefined && /^\d{1,15}$/.test(value)) return Number(value)
  const [first, ...more] = value.split(',').map((item) => item.trim())
  const same = first !== undefined && /^\d{1,15}$/.test(first) && more.every((item) => item === first)
  const length = same ? Number(first) : -1
  return before === undefined || before === length ? length : -1
}
