import { setKey } from '../events/document.js'

// Deeper than any event; what refers to itself is deeper than that.
const DEEPEST = 64

/** Where in a value, by names with dots, is something that JSON has no word for. */
export interface Wrong {
  path: string
  /** Such as `is a function`. */
  what: string
}

/** What of a value cannot be written; undefined: nothing. */
export function notJson(value: unknown, depth = 0): Wrong | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : { path: '', what: `is ${value}` }
    case 'object':
      return value === null ? undefined : notInside(value, depth)
    default:
      return { path: '', what: `is a ${typeof value}` }
  }
}

function notInside(value: object, depth: number): Wrong | undefined {
  if (depth === DEEPEST) return { path: '', what: 'is too deep' }
  const kind = Object.getPrototypeOf(value)
  if (kind !== Object.prototype && kind !== null && !Array.isArray(value))
    return { path: '', what: `is a ${kind.constructor?.name ?? 'class'}` }
  for (const key of Object.keys(value)) {
    const wrong = notJson((value as Record<string, unknown>)[key], depth + 1)
    if (wrong !== undefined) return { ...wrong, path: wrong.path === '' ? key : `${key}.${wrong.path}` }
  }
  return undefined
}

/** A value that JSON could write, once more. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf) as T
  const copy = { ...value } as Record<string, unknown>
  for (const key of Object.keys(copy)) {
    const inner = copy[key]
    if (typeof inner === 'object' && inner !== null) setKey(copy, key, copyOf(inner))
  }
  return copy as T
}
