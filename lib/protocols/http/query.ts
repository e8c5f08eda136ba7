/** Name and value of a parameter, decoded, a character a byte. */
export type Pair = [name: string, value: string]

/** The parameters of a query or a form, and whether some could not be read: a bad escape, or a semicolon in one. */
export interface Pairs {
  pairs: Pair[]
  broken: boolean
}

/** Reads `application/x-www-form-urlencoded` text, a character a byte. Spec: url.spec.whatwg.org, §5.1. */
export function parsePairs(text: string): Pairs {
  const pairs: Pair[] = []
  let broken = false
  for (const item of text.split('&')) {
    if (item === '') continue
    const equals = item.indexOf('=')
    const name = unescapeForm(equals < 0 ? item : item.slice(0, equals))
    const value = equals < 0 ? '' : unescapeForm(item.slice(equals + 1))
    if (name === undefined || value === undefined || item.includes(';')) broken = true
    else pairs.push([name, value])
  }
  return { pairs, broken }
}

/** The same as text, sorted by name; values of one name stay in their order. */
export function writePairs(pairs: Pair[]): string {
  if (pairs.length > 1) pairs.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  let text = ''
  for (const [name, value] of pairs)
    text += `${text === '' ? '' : '&'}${escapeForm(name)}=${escapeForm(value)}`
  return text
}

/** Text in which %XX stands for a byte; undefined when a % stands for none. */
export function unescapeBytes(text: string): string | undefined {
  if (!text.includes('%')) return text
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined
  return text.replace(/%(..)/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** A name or a value as forms write them; undefined when a % stands for nothing. */
export const unescapeForm = (text: string): string | undefined =>
  unescapeBytes(text.includes('+') ? text.replaceAll('+', ' ') : text)

/** `%XX` for each character that is one of `unsafe`. */
export const escapeBytes = (text: string, unsafe: RegExp): string =>
  text.replace(unsafe, (character) => `%${HEX[character.charCodeAt(0)]}`)

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'))

const escapeForm = (text: string): string =>
  SAFE.test(text) ? text : escapeBytes(text, /[^A-Za-z0-9_.~ -]/g).replaceAll(' ', '+')

const SAFE = /^[A-Za-z0-9_.~-]*$/
