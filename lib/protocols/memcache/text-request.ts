import type { Cursor } from '../../wire/cursor.js'
import { type Command, commands, ofTwoWords, unknown } from './commands.js'
import { textLine } from './line.js'
import { type Details, type Request, request } from './message.js'
import { metaRequest } from './meta.js'
import { length, type Whole, whole } from './numbers.js'

// A get may name thousands of keys of up to 250 bytes; memcached reads on until it has the whole line.
const MAX_LINE = 1024 * 1024
// memcached refuses longer ones, and then takes the value that follows for a command.
const MAX_KEY = 250
/** Keys, values and statistics that one event lists; there may be more in a message than anybody reads. */
export const MAX_LISTED = 1024

/** A request of the text protocol, but for its value. Spec: memcached, doc/protocol.txt. */
export function textRequest(cursor: Cursor, anyCommand: boolean): Request {
  const line = textLine(cursor, MAX_LINE)
  // memcached takes runs of spaces for one.
  const words = line.split(' ')
  if (line.includes('  ') || words[words.length - 1] === '' || words[0] === '') squeeze(words)
  const known = commands.get(words[0] ?? '')
  if (known === undefined) return other(cursor, line, anyCommand)
  switch (known.syntax) {
    case 'keys':
      return keyed(known, words, 1, undefined)
    case 'store':
      return stored(known, words)
    case 'delta':
    case 'key':
    case 'expiry':
      return changing(known, words)
    case 'expiry keys':
      return keyed(known, words, 2, number(words[1]))
    case 'meta':
    case 'meta store':
      return metaRequest(known, words)
    default:
      return administrative(known, words)
  }
}

function squeeze(words: string[]): void {
  let filled = 0
  for (const word of words) if (word !== '') words[filled++] = word
  words.length = filled
}

const number = (word: string | undefined): Whole | undefined => (word === undefined ? undefined : whole(word))

function keyed(known: Command, words: string[], from: number, exptime: Whole | undefined): Request {
  const made = request(known)
  made.exptime = exptime
  if (words.length <= from) return made
  const cut = words.length - from > MAX_LISTED
  made.keys = cut ? words.slice(from, from + MAX_LISTED) : words.slice(from)
  made.cut = cut
  return made
}

/** Looks at the last word, as memcached does: it may say that no answer is wanted. */
function heedNoreply(made: Request, words: readonly string[]): void {
  made.noreply = words[words.length - 1] === 'noreply'
  if (!made.noreply) return
  made.quiet = true
  made.answers = made.command.quiet
}

/** `incr KEY DELTA [noreply]`, `touch KEY EXPTIME [noreply]`, `delete KEY [noreply]` */
function changing(known: Command, words: string[]): Request {
  const made = request(known, words[1])
  heedNoreply(made, words)
  if (known.syntax === 'delta') made.details = { delta: number(words[2]) }
  else if (known.syntax === 'expiry') made.exptime = number(words[2])
  return made
}

/** `set KEY FLAGS EXPTIME BYTES [noreply]`; `cas` has its number before `noreply`. */
function stored(known: Command, words: string[]): Request {
  const made = request(known, words[1])
  const flags = number(words[2])
  const exptime = number(words[3])
  const bytes = length(words[4])
  const isCas = known.name === 'cas'
  if (isCas) made.cas = number(words[5])
  heedNoreply(made, words)
  made.flags = flags
  made.exptime = exptime
  made.bytes = bytes
  // With these the server reads a value, and else none.
  const valid = flags !== undefined && exptime !== undefined && words.length >= (isCas ? 6 : 5)
  if (valid && bytes !== undefined && Buffer.byteLength(words[1] as string) <= MAX_KEY) {
    made.follows = bytes
    made.ends = 2
  }
  return made
}

function administrative(known: Command, words: string[]): Request {
  const made = request(known)
  // Packetbeat shows it of a quit, and of the others only when it is there.
  if (known.name === 'quit' || words[words.length - 1] === 'noreply') heedNoreply(made, words)
  if (made.noreply) words.pop()
  const [, first, second, third] = words
  const details: Details = {}
  switch (known.syntax) {
    case 'expiry only':
      made.exptime = number(first)
      return made
    case 'level':
      details.verbosity = number(first)
      break
    case 'args':
      details.args = words.slice(1).join(' ')
      break
    case 'slabs':
      if (first === 'reassign') {
        details.sourceClass = number(second)
        details.destClass = number(third)
      } else if (first === 'automove') details.automove = automoves[second ?? ''] ?? second ?? ''
      made.command = twoWords(known, first)
      break
    case 'crawler':
      if (first === 'sleep') details.sleep = number(second)
      else if (second !== undefined) details.args = words.slice(2).join(' ')
      made.command = twoWords(known, first)
      break
  }
  made.details = details
  return made
}

const automoves: Readonly<Record<string, string>> = { '0': 'standby', '1': 'slow', '2': 'aggressive' }

// Only words that such commands have: a table of what clients make up would grow without end.
const seconds = new Set([
  'reassign',
  'automove',
  'sleep',
  'tocrawl',
  'crawl',
  'enable',
  'disable',
  'metadump',
  'mgdump',
])

const twoWords = (known: Command, second: string | undefined): Command =>
  second !== undefined && seconds.has(second) ? ofTwoWords(known, second) : known

/** memcached answers every line. What does not look like a command of its kind is likely not meant for it at all. */
function other(cursor: Cursor, line: string, anyCommand: boolean): Request {
  if (!(anyCommand ? /^[\t -~]*$/ : /^(?:[a-z][a-z_]*(?: [!-~ ]*)?)?$/).test(line))
    throw cursor.malformed('a line that is no command')
  const made = request(unknown)
  made.details = { line }
  return made
}
