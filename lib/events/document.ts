import type { Document } from './writer.js'

/** Undoes one change. */
export type Undo = () => void

/**
 * A field of documents, by its name with dots. A name finds nested objects, and keys that have dots themselves:
 * `a.b.c` is `{a: {b: {c}}}` as well as `{a: {'b.c'}}`.
 */
export interface FieldAccess {
  readonly name: string
  /** undefined: the document does not have it. */
  get(document: Document): unknown
  /** Sets it, making the objects on its way; undefined: something that is no object stands there. */
  put(document: Document, value: unknown): Undo | undefined
  /** Takes it away; undefined: it was not there. */
  remove(document: Document): Undo | undefined
}

/** Access to a field, prepared once for many documents. */
export function field(name: string): FieldAccess {
  // `rests[i]` is the name from its part `i` on: the key to look for before going down `parts[i]`.
  const parts = name.split('.')
  const rests = parts.map((_, index) => parts.slice(index).join('.'))

  /** The object that holds the field, and its key there. */
  function find(document: Document): [Document, string] | undefined {
    let object: unknown = document
    for (let depth = 0; depth < parts.length; depth++) {
      if (!isObject(object)) return undefined
      const rest = rests[depth] as string
      if (Object.hasOwn(object, rest)) return [object, rest]
      const part = parts[depth] as string
      if (!Object.hasOwn(object, part)) return undefined
      object = object[part]
    }
    return undefined
  }

  /** The object to hold the field, its key there, and what takes the objects made for it away. */
  function place(document: Document): [Document, string, Undo | undefined] | undefined {
    let object = document
    for (let depth = 0; depth < parts.length - 1; depth++) {
      const part = parts[depth] as string
      if (Object.hasOwn(object, rests[depth] as string)) return [object, rests[depth] as string, undefined]
      const next = Object.hasOwn(object, part) ? object[part] : undefined
      if (next === undefined || next === null) {
        // The first missing object takes all others with it when it is undone.
        const last = parts.length - 1
        let made: Document = {}
        const innermost = made
        for (let inner = last - 1; inner > depth; inner--) made = { [parts[inner] as string]: made }
        const undo = assign(object, part, made)
        return [innermost, parts[last] as string, undo]
      }
      if (!isObject(next)) return undefined
      object = next
    }
    return [object, parts.at(-1) as string, undefined]
  }

  return {
    name,
    get(document) {
      const found = find(document)
      return found === undefined ? undefined : found[0][found[1]]
    },
    put(document, value) {
      const placed = place(document)
      if (placed === undefined) return undefined
      const [object, key, undoPlace] = placed
      const undo = assign(object, key, value)
      return undoPlace ?? undo
    },
    remove(document) {
      const found = find(document)
      if (found === undefined) return undefined
      const [object, key] = found
      const value = object[key]
      delete object[key]
      return () => assign(object, key, value)
    },
  }
}

/** True for what has fields: no arrays, dates or null. */
export const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

function assign(object: Document, key: string, value: unknown): Undo {
  const had = Object.hasOwn(object, key)
  const before = object[key]
  setKey(object, key, value)
  return () => {
    if (had) setKey(object, key, before)
    else delete object[key]
  }
}

/** Sets a key of its own, even one called `__proto__`: names may come from traffic. */
export function setKey(object: Document, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}
