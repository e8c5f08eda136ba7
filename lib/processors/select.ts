import { isObject } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { compileRegExp } from './regexp.js'

// An event without these would be of no use to anyone; they stay whatever is dropped.
const ALWAYS = new Set(['@timestamp', 'type'])
// Not a part of the event, but of its way to the output.
const ABOUT = '@metadata'

export const isKept = (name: string): boolean =>
  ALWAYS.has(name) || name === ABOUT || name.startsWith(`${ABOUT}.`)

export const keptNames: readonly string[] = [...ALWAYS, ABOUT]

/** Names as they are, and those between slashes as regular expressions. */
export function selection(fields: readonly string[]): { names: string[]; patterns: RegExp[] } {
  const isPattern = (name: string) => name.length > 2 && name.startsWith('/') && name.endsWith('/')
  return {
    names: fields.filter((name) => !isPattern(name)),
    patterns: fields.filter(isPattern).map((name) => compileRegExp(name.slice(1, -1))),
  }
}

/** The full names of all fields that are no objects themselves. */
export function fullNames(document: Document, before = ''): string[] {
  return Object.entries(document).flatMap(([key, value]) =>
    isObject(value) ? fullNames(value, `${before}${key}.`) : [before + key],
  )
}
