import { type ConvertedType, convertedTypes, convertText } from '../convert.js'

/** What is between two delimiters. */
interface Key {
  name: string
  /** skip: its value is only used by others, if at all; indirect: its value goes where the value of `name` says. */
  kind: 'normal' | 'append' | 'skip' | 'indirect'
  /** Appended values of one name are joined in this order. */
  order: number
  /** Characters; 0: up to the next delimiter. */
  length: number
  /** The delimiter after it may come several times in a row. */
  padded: boolean
  type: ConvertedType | undefined
  /** What stands in front of it. */
  before: string
}

const KEY = /%\{([^}]*)\}/g
const PARTS = /^([?*+&]?)(.*?)(?:\/(\d{1,2}))?(?:#(\d{1,5}))?(->)?(?:\|([a-z]*))?$/s

/** Answers names and values, or what is wrong. */
export type Split = (text: string) => Map<string, unknown> | string

/**
 * Compiles a pattern of literal text and keys: `%{name}`, `%{}` and `%{?name}` (skipped), `%{+name/2}` (appended),
 * `%{&name}` (named by the value of `?name`), each also with `#7` (a fixed length), `->` (padded) and `|type`.
 * @throws {Error} that says what is wrong with it.
 */
export function compileTokenizer(pattern: string, trim: (text: string) => string = (text) => text): Split {
  const keys: Key[] = []
  let end = 0
  for (const found of pattern.matchAll(KEY)) {
    const before = pattern.slice(end, found.index)
    const previous = keys.at(-1)
    if (previous !== undefined && before === '' && previous.length === 0)
      throw new Error(
        `must have something between %{${previous.name}} and ${found[0]}, or a length such as #7`,
      )
    keys.push(keyOf(found[1] as string, before))
    end = found.index + found[0].length
  }
  if (keys.length === 0) throw new Error('must have a key such as %{name}')
  const named = new Set(keys.filter(({ kind }) => kind !== 'indirect').map(({ name }) => name))
  for (const { kind, name } of keys)
    if (kind === 'indirect' && !named.has(name)) throw new Error(`has %{&${name}} and no %{?${name}}`)
  const tail = pattern.slice(end)
  // Values are resolved after all that others refer to, and appended ones in their own order.
  const inOrder = keys.map((key, index) => ({ key, index }))
  inOrder.sort((one, other) => one.key.order - other.key.order || one.index - other.index)
  return (text) => {
    const values = cut(text, keys, tail)
    return typeof values === 'string' ? values : resolve(inOrder, values.map(trim))
  }
}

function keyOf(text: string, before: string): Key {
  const [, prefix = '', name = '', order = '0', length = '0', padding, type] = PARTS.exec(text) ?? []
  if (/^[?*+&]/.test(name)) throw new Error(`%{${text}} has two modifiers; a key has one of ? * + &`)
  if (type !== undefined && !isType(type))
    throw new Error(`%{${text}} has no type after |; there are ${convertedTypes.join(', ')}`)
  const kinds: Record<string, Key['kind']> = { '?': 'skip', '*': 'skip', '+': 'append', '&': 'indirect' }
  return {
    name,
    kind: name === '' ? 'skip' : (kinds[prefix] ?? 'normal'),
    order: Number(order),
    length: Number(length),
    padded: padding !== undefined,
    type: type as ConvertedType | undefined,
    before,
  }
}

const isType = (name: string): name is ConvertedType => (convertedTypes as readonly string[]).includes(name)

/** The text of each key. */
function cut(text: string, keys: readonly Key[], tail: string): string[] | string {
  if (text === '') return 'is empty'
  const values: string[] = []
  let at = keys[0]?.before.length ?? 0
  if (!text.startsWith(keys[0]?.before ?? '')) return `does not begin with ${JSON.stringify(keys[0]?.before)}`
  for (const [index, { length, padded }] of keys.entries()) {
    const last = index === keys.length - 1
    const delimiter = last ? tail : (keys[index + 1]?.before as string)
    let end = at + length
    if (length === 0) end = last && tail === '' ? text.length : text.indexOf(delimiter, at)
    if (end < 0 || end > text.length || !text.startsWith(delimiter, end))
      return length === 0
        ? `has no ${JSON.stringify(delimiter)} after character ${at}`
        : `ends within a fixed length`
    if (last && length > 0 && tail === '' && end !== text.length) return 'goes on after its last fixed length'
    values.push(text.slice(at, end))
    at = end + delimiter.length
    if (padded && delimiter !== '') while (text.startsWith(delimiter, at)) at += delimiter.length
  }
  return values
}

function resolve(
  keys: readonly { key: Key; index: number }[],
  texts: readonly string[],
): Map<string, unknown> {
  const found = new Map<string, string>()
  const values = new Map<string, unknown>()
  for (const { key, index } of keys) {
    const text = texts[index] as string
    if (key.kind === 'skip') {
      if (key.name !== '') found.set(key.name, text)
    } else if (key.kind === 'indirect') {
      const name = found.get(key.name)
      // An empty name is no field.
      if (name !== undefined && name !== '') values.set(name, converted(text, key.type))
    } else {
      const before = key.kind === 'append' ? found.get(key.name) : undefined
      const whole = before === undefined ? text : before + (key.before || ' ') + text
      found.set(key.name, whole)
      values.set(key.name, converted(whole, key.type))
    }
  }
  return values
}

/** As upstream, a text that cannot become of the type stays a text. */
const converted = (text: string, type: ConvertedType | undefined): unknown =>
  type === undefined ? text : (convertText(text.trimEnd(), type) ?? text)
