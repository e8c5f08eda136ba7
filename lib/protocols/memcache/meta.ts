import type { Command } from './commands.js'
import { type Details, type Request, type Response, request } from './message.js'
import { length, whole } from './numbers.js'

/**
 * `mg KEY FLAGS*`, `ms KEY BYTES FLAGS*` and the other meta commands: a flag is a letter, some with a value behind it.
 * Spec: memcached, doc/protocol.txt, "Meta Commands".
 */
export function metaRequest(known: Command, words: string[]): Request {
  const made = request(known, words[1])
  const isStore = known.syntax === 'meta store'
  const details: Details = {}
  const flags = words.slice(isStore ? 3 : 2)
  for (const flag of flags) {
    const value = flag.slice(1)
    switch (flag[0]) {
      case 'q':
        made.quiet = true
        made.answers = known.quiet
        break
      case 'b':
        made.keys = words[1] === undefined ? undefined : [decoded(words[1])]
        break
      case 'F':
        made.flags = whole(value)
        break
      case 'T':
        made.exptime = whole(value)
        break
      case 'C':
        made.cas = whole(value)
        break
      case 'D':
        details.delta = whole(value)
        break
      case 'J':
        details.initial = whole(value)
        break
    }
  }
  if (flags.length > 0) details.metaFlags = flags.join(' ')
  if (isStore) {
    made.bytes = length(words[2])
    if (made.bytes !== undefined) {
      made.follows = made.bytes
      made.ends = 2
    }
  }
  made.details = details
  return made
}

/** What `HD`, `VA` and the like say with their flags: those that were asked for, some with a value. */
export function metaFlags(made: Response, words: readonly string[], from: number): void {
  if (words.length <= from) return
  let key: string | undefined
  for (let at = from; at < words.length; at++) {
    const flag = words[at] as string
    const value = flag.slice(1)
    switch (flag[0]) {
      case 'k':
        key = key === undefined ? value : key
        break
      case 'b':
        if (key !== undefined) key = decoded(key)
        break
      case 'f':
        made.flags = whole(value)
        break
      case 'c':
        made.cas = whole(value)
        break
    }
  }
  if (key !== undefined) made.keys = [key]
  made.metaFlags = words.slice(from).join(' ')
}

/** A key that came as base64, which may be any bytes: as text where it is text. */
function decoded(key: string): string {
  const bytes = Buffer.from(key, 'base64')
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? key : text
}

/** Digits of a counter. */
export const COUNTER = 20

/** What `ma` answers is no item but what its counter has become. */
export function readCounter(request: Request, made: Response): void {
  if (request.command.name !== 'ma' || made.kept === undefined) return
  const value = whole(made.kept.toString('latin1'))
  if (value === undefined) return
  made.type = 'Counter'
  made.value = value
  made.bytes = undefined
  made.count = undefined
}

/** The token that a request has its answer carry, flag `O`. */
export function opaque(flags: string | undefined): string | undefined {
  if (flags === undefined) return undefined
  const at = flags.startsWith('O') ? 0 : flags.indexOf(' O') + 1
  if (at === 0 && !flags.startsWith('O')) return undefined
  const end = flags.indexOf(' ', at)
  return flags.slice(at, end < 0 ? undefined : end)
}
