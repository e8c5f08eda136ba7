import { quoted } from '../../events/json.js'

/** The name of an element. */
export interface Name {
  readonly text: string
  /** As it stands in JSON, with its colon. */
  readonly json: string
}

interface Known extends Name {
  hash: number
}

// A power of two. Names of elements are few, and the same in all messages: to find one here is cheaper than to decode it.
const TABLE = 2048
// Longer ones are rare, and not worth their place.
const LONGEST = 40

const known: (Known | undefined)[] = new Array(TABLE)

/** The name that stands from `start` to `end`, whose bytes have that hash. */
export function named(bytes: Buffer, start: number, end: number, hash: number): Name {
  const place = hash & (TABLE - 1)
  const there = known[place]
  if (there !== undefined && there.hash === hash && same(there.text, bytes, start, end)) return there
  const text = bytes.utf8Slice(start, end)
  const name: Known = { text, json: `${quoted(text)}:`, hash }
  // Only what is ASCII can be compared byte by byte.
  if (text.length === end - start && end - start <= LONGEST && isAscii(text)) known[place] = name
  return name
}

function same(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let index = 0; index < text.length; index++)
    if (text.charCodeAt(index) !== bytes[start + index]) return false
  return true
}

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text)
