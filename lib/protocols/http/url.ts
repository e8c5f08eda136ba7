import { escapeBytes, type Pair, parsePairs, unescapeBytes, writePairs } from './query.js'
import { MASK, type Secrets } from './secrets.js'
import { utf8 } from './text.js'

/** What a request asks for, as events show it. */
export interface Target {
  /** Decoded; empty when there is none. */
  path: string
  /** As in a URL. */
  escapedPath: string
  /** Parameters of the target and of a form, sorted by name, secrets masked. */
  query: string
}

/**
 * Reads a request target: RFC 9112 §3.2, in origin form, absolute form, or an asterisk.
 * `target` and `form`, a form's body, have a character a byte.
 */
export function readTarget(target: string, form: string | undefined, secrets: Secrets): Target {
  let rest = target
  const hash = rest.indexOf('#')
  if (hash >= 0) rest = rest.slice(0, hash)
  if (rest.charCodeAt(0) !== SLASH) rest = rest.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '')
  const mark = rest.indexOf('?')
  const raw = mark < 0 ? rest : rest.slice(0, mark)
  const query = mark < 0 || mark === rest.length - 1 ? '' : rest.slice(mark + 1)
  const asked = query === '' && form === undefined ? '' : parameters(query, form, secrets)
  if (SAFE_PATH.test(raw) || raw === '*') return { path: raw, escapedPath: raw, query: asked }
  const bytes = unescapeBytes(raw)
  // With a % that stands for nothing it is shown as it was asked for.
  return bytes === undefined
    ? { path: utf8(raw), escapedPath: escapeBytes(raw, /[^\x21-\x7e]/g), query: asked }
    : { path: utf8(bytes), escapedPath: escapeBytes(bytes, UNSAFE_PATH), query: asked }
}

const SLASH = 0x2f
const SAFE_PATH = /^[A-Za-z0-9\-_.~$&+,/:;=@]*$/
const UNSAFE_PATH = /[^A-Za-z0-9\-_.~$&+,/:;=@]/g

/** A form that is broken says nothing, and nothing is said then; of a query what can be read is shown. */
function parameters(query: string, form: string | undefined, secrets: Secrets): string {
  const { pairs } = parsePairs(query)
  const posted = form === undefined ? undefined : parsePairs(form)
  if (posted?.broken) return ''
  const all: Pair[] = posted === undefined ? pairs : [...posted.pairs, ...pairs]
  if (secrets.hasParameters) for (const pair of all) if (secrets.isParameter(pair[0])) pair[1] = MASK
  return writePairs(all)
}

/** The text after the last dot of a path's last part. */
export function extension(path: string): string {
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') ? path.slice(dot + 1) : ''
}
