// Everything that JSON writes as it is: no control characters, quotes, backslashes or lone surrogates.
const PLAIN = /^[ !#-[\]-~\u00a0-\ud7ff\ue000-\uffff]*$/

/** A string as JSON text; several times faster than JSON.stringify for the plain ones. */
export const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

/** A list of strings as JSON text. */
export function quotedList(texts: readonly string[]): string {
  let out = '['
  for (const text of texts) out += out === '[' ? quoted(text) : `,${quoted(text)}`
  return `${out}]`
}

/** An object whose values are strings, numbers or truth values as JSON text. */
export function flatObject(object: Readonly<Record<string, unknown>>): string {
  let out = ''
  for (const name in object) {
    const value = object[name]
    const text = typeof value === 'string' ? quoted(value) : JSON.stringify(value)
    if (text !== undefined) out += `${out === '' ? '{' : ','}${quoted(name)}:${text}`
  }
  return out === '' ? '{}' : `${out}}`
}

/** `quoted` for a text that is mostly the same as the last time. One for each field: it remembers. */
export function rememberedQuoted(): (text: string) => string {
  let last = ''
  let json = '""'
  return (text) => {
    if (text !== last) {
      last = text
      json = quoted(text)
    }
    return json
  }
}

const printed = new WeakMap<object, string>()

/** JSON text of an object that never changes and is printed again and again: made once. */
export function printedOnce(object: object): string {
  let json = printed.get(object)
  if (json === undefined) {
    json = JSON.stringify(object)
    printed.set(object, json)
  }
  return json
}
