// What the headers of SIP are made of: lists, parameters, quoted strings. RFC 3261 §7.3.1 and §25.1.

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LESS = 0x3c
export const COMMA = 0x2c
export const SEMICOLON = 0x3b

/** Where the next `separator` stands that is in no quoted string and no angle brackets; the text's length: nowhere. */
export function separatorAt(text: string, separator: number, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === separator) return at
    if (code === QUOTE) at = quotedEnd(text, at)
    else if (code === LESS) {
      const end = text.indexOf('>', at)
      if (end < 0) return text.length
      at = end
    }
  }
  return text.length
}

/** The quotation mark that ends the string that begins at `start`; the text's length: there is none. */
export function quotedEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at++
  }
  return text.length
}

/** A text without the quotation marks around it and the backslashes in it, if it has any. */
export function unquoted(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text
  const inner = text.slice(1, quotedEnd(text, 0))
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner
}

/** The items of a list. */
export function items(text: string): string[] {
  if (!text.includes(',')) return text === '' ? [] : [text]
  const list: string[] = []
  for (let start = 0; start <= text.length; ) {
    const end = separatorAt(text, COMMA, start)
    const item = text.slice(start, end).trim()
    if (item !== '') list.push(item)
    start = end + 1
  }
  return list
}

/** The value of a parameter, such as `tag` in `…;tag=x`: '' when it has none, undefined when it is not there. */
export function parameter(text: string, name: string, separator = SEMICOLON, from = 0): string | undefined {
  for (let start = from; start < text.length; ) {
    const end = separatorAt(text, separator, start)
    const part = text.slice(start, end)
    const equals = part.indexOf('=')
    const written = (equals < 0 ? part : part.slice(0, equals)).trim()
    if (written.length === name.length && written.toLowerCase() === name)
      return equals < 0 ? '' : unquoted(part.slice(equals + 1).trim())
    start = end + 1
  }
  return undefined
}
