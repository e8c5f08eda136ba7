import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'

/** Asks a metadata service for a path; rejects for anything but a good answer. */
export type Get = (
  path: string,
  request?: { method?: 'GET' | 'PUT'; headers?: Record<string, string> },
) => Promise<string>

// Names and ids are short; what is longer is no answer of a metadata service.
const LONGEST = 1024

/** An object of a JSON text; `exact` are names whose whole numbers are read as text, since a double has too few digits. */
export function json(body: string, exact: readonly string[] = []): Document {
  let readable = body
  for (const name of exact)
    readable = readable.replace(new RegExp(`("${name}"\\s*:\\s*)(\\d+)`, 'g'), '$1"$2"')
  const value: unknown = JSON.parse(readable)
  if (!isObject(value)) throw new SyntaxError('the answer is no JSON object')
  return value
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined
}

/** A text without spaces: an id, a name. What answers every question with a page is no metadata service. */
export function word(value: unknown): string | undefined {
  const found = text(value)?.trim()
  return found !== undefined && /^[\w.:/+=@-]+$/.test(found) ? found : undefined
}

/** Without what is not known. */
export function noneEmpty(document: Document): Document {
  const entries = Object.entries(document).map(([key, value]): [string, unknown] => [
    key,
    isObject(value) ? noneEmpty(value) : value,
  ])
  return Object.fromEntries(
    entries.filter(
      ([, value]) => value !== undefined && !(isObject(value) && Object.keys(value).length === 0),
    ),
  )
}
