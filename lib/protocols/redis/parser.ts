import { type Cursor, Incomplete } from '../../wire/cursor.js'

/**
 * A RESP2 or RESP3 value as people read it. Numbers, truth values and texts are texts, as they came; of a map the keys
 * and values follow one another, as RESP2 sends them, so that a document does not depend on the protocol's version.
 * Spec: redis.io, "Redis serialization protocol specification".
 */
export type Resp = string | null | RespError | Resp[]

export class RespError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** What the server sends without being asked, RESP3 only. */
export class RespPush extends Array<Resp> {}

/** The words of a command. */
export type Command = string[]

// What a peer may make us build. redis-server itself stops at 512 MB and 1 M elements.
const MAX_DEPTH = 32
const MAX_ELEMENTS = 1_048_576
// redis-server refuses longer inline commands (PROTO_INLINE_MAX_SIZE).
const MAX_INLINE = 65_536

/** An array being read: RESP nests them, and a message may be cut anywhere. */
interface Open {
  values: Resp[]
  length: number
}

/** Where a cut message is taken up again. */
interface Progress {
  open: Open[]
  used: number
}

/** What the server sends. */
export function reply(cursor: Cursor): Resp {
  const progress = cursor.progress as Progress | undefined
  const open = progress?.open ?? []
  if (progress !== undefined) cursor.resume(progress.used)
  let used = cursor.used
  try {
    for (;;) {
      let value = one(cursor, open)
      used = cursor.used
      if (value === OPENED) continue
      // A finished value may finish the arrays around it.
      for (;;) {
        const around = open.at(-1)
        if (around === undefined) return value
        around.values.push(value)
        if (around.values.length < around.length) break
        open.pop()
        value = around.values
      }
    }
  } catch (error) {
    if (error === Incomplete.signal) cursor.progress = { open, used } satisfies Progress
    throw error
  }
}

/** Read, but no value is finished by it: the head of an array, or an attribute of the value that follows. */
const OPENED = Symbol('opened')

/** One value that is no array, or the head of one. */
function one(cursor: Cursor, open: Open[]): Resp | typeof OPENED {
  const type = String.fromCharCode(cursor.u8())
  switch (type) {
    case '+': // simple string
    case ':': // integer
    case ',': // double
    case '(': // big number
      return cursor.line()
    case '-':
      return new RespError(cursor.line())
    case '$':
      return bulk(cursor)
    case '!':
      return new RespError(String(bulk(cursor)))
    case '=': // verbatim string: three letters of format and a colon stand before it
      return bulk(cursor)?.slice(4) ?? null
    case '#':
      return cursor.line() === 't' ? 'true' : 'false'
    case '_':
      cursor.line()
      return null
    case '*':
    case '~': // set
      return array(cursor, open, [], cursor.decimal())
    case '>':
      return array(cursor, open, new RespPush(), cursor.decimal())
    case '%': // map
      return array(cursor, open, [], 2 * cursor.decimal())
    case '|': // attribute: says something about the value that follows it
      return attribute(cursor)
    default:
      throw cursor.malformed(`RESP type ${JSON.stringify(type)}`)
  }
}

function bulk(cursor: Cursor): string | null {
  const length = cursor.decimal()
  if (length === -1) return null // null bulk string
  cursor.want(length + 2)
  const text = cursor.utf8(length)
  if (cursor.u16() !== 0x0d0a) throw cursor.malformed('a bulk string without its end')
  return text
}

function array(cursor: Cursor, open: Open[], values: Resp[], length: number): Resp | typeof OPENED {
  if (length === -1) return null // null array
  if (length < 0 || length > MAX_ELEMENTS || open.length >= MAX_DEPTH)
    throw cursor.malformed(`an array of ${length} in ${open.length} others`)
  if (length === 0) return values
  open.push({ values, length })
  return OPENED
}

/** Reads past an attribute's pairs, which are scalars in all that Redis sends. */
function attribute(cursor: Cursor): typeof OPENED {
  const pairs = cursor.decimal()
  if (pairs < 0 || pairs > 64) throw cursor.malformed(`an attribute of ${pairs}`)
  for (let left = 2 * pairs; left > 0; left--) {
    const type = cursor.u8()
    if (type === 0x24 /* $ */) bulk(cursor)
    else cursor.line()
  }
  return OPENED
}

/** What a client sends: an array of bulk strings, or a line of words as a person types them. */
export function command(cursor: Cursor): Command {
  const type = cursor.u8()
  if (type !== 0x2a /* * */) return inline(cursor, type)
  const progress = cursor.progress as { words: string[]; length: number; used: number } | undefined
  const length = progress?.length ?? cursor.decimal()
  if (length > MAX_ELEMENTS) throw cursor.malformed(`a command of ${length} words`)
  const words = progress?.words ?? []
  if (progress !== undefined) cursor.resume(progress.used)
  let used = cursor.used
  try {
    while (words.length < length) {
      if (cursor.u8() !== 0x24 /* $ */) throw cursor.malformed('a word that is no bulk string')
      words.push(bulk(cursor) ?? '')
      used = cursor.used
    }
  } catch (error) {
    if (error === Incomplete.signal) cursor.progress = { words, length, used }
    throw error
  }
  return words
}

/** `first`: its first byte, already read. */
function inline(cursor: Cursor, first: number): Command {
  const letter = String.fromCharCode(first)
  // Anything but a word or an empty line is no Redis: say so at once, whatever stands in the line.
  if (!/[a-zA-Z\r\n]/.test(letter)) throw cursor.malformed(`RESP type ${JSON.stringify(letter)}`)
  if (letter === '\n') return []
  if (letter === '\r') {
    cursor.skip(1)
    return []
  }
  const words = (letter + cursor.anyLine(MAX_INLINE)).trim().match(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g) ?? []
  if (!/^[a-zA-Z][\w.]*$/.test(words[0] ?? '')) throw cursor.malformed('a line that is no command')
  return words.map((word) => (/^["']/.test(word) ? word.slice(1, -1) : word))
}
