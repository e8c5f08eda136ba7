import type { Cursor } from '../../wire/cursor.js'
import { Answer } from './commands.js'
import { textLine } from './line.js'
import { type Response, response, type Word } from './message.js'
import { COUNTER, metaFlags } from './meta.js'
import { length, whole } from './numbers.js'

// A key of 250 bytes, a statistic or an error is all that a line may say.
const MAX_LINE = 16_384

const word = (
  command: string,
  type: string,
  answer: number,
  status: Response['status'] = 'OK',
): [string, Word] => [command, { command, type, status, answer }]

const refused = (name: string, status: Response['status'] = 'Server Error') =>
  word(name, 'Fail', Answer.refused, status)

/** First words of answers; memcached, doc/protocol.txt. A `cas` that comes too late (EXISTS) has failed. */
const words: ReadonlyMap<string, Word> = new Map([
  word('VALUE', 'Load', Answer.value),
  word('END', 'Load', Answer.end),
  word('STORED', 'Success', Answer.stored),
  word('NOT_STORED', 'Fail', Answer.notStored, 'Error'),
  word('EXISTS', 'Fail', Answer.stored, 'Error'),
  word('NOT_FOUND', 'Fail', Answer.notFound, 'Error'),
  word('DELETED', 'Success', Answer.deleted),
  word('TOUCHED', 'Success', Answer.touched),
  word('OK', 'Success', Answer.ok),
  word('RESET', 'Success', Answer.stat),
  word('VERSION', 'Info', Answer.version),
  word('STAT', 'Stats', Answer.stat),
  word('ERROR', 'Fail', Answer.failed, 'Error'),
  // As memcached says that a shutdown, or that TLS, is not enabled.
  ['ERROR:', word('ERROR', 'Fail', Answer.failed, 'Error')[1]],
  ['Error', word('ERROR', 'Fail', Answer.failed, 'Error')[1]],
  word('CLIENT_ERROR', 'Fail', Answer.failed, 'Client Error'),
  word('SERVER_ERROR', 'Fail', Answer.failed, 'Server Error'),
  refused('BUSY'),
  refused('BADCLASS'),
  refused('NOSPARE'),
  refused('NOTFULL'),
  refused('UNSAFE'),
  refused('SAME', 'Client Error'),
  word('HD', 'Success', Answer.hd),
  word('VA', 'Load', Answer.va),
  word('EN', 'Load', Answer.en),
  word('NS', 'Fail', Answer.ns, 'Error'),
  word('EX', 'Fail', Answer.ex, 'Error'),
  word('NF', 'Fail', Answer.nf, 'Error'),
  word('MN', 'Info', Answer.mn),
  word('ME', 'Info', Answer.me),
])

const counted: Word = { command: '<counter_op_res>', type: 'Counter', status: 'OK', answer: Answer.number }
const listed: Word = { command: '<list>', type: 'Info', status: 'OK', answer: Answer.line }
const other: Word = { command: 'UNKNOWN', type: 'UNKNOWN', status: 'OK', answer: Answer.other }

/** An answer of the text protocol, or one part of it. `keep`: bytes that are wanted of a value. */
export function textResponse(cursor: Cursor, keep: number): Response {
  const line = textLine(cursor, MAX_LINE)
  const space = line.indexOf(' ')
  const known = words.get(space < 0 ? line : line.slice(0, space))
  if (known === undefined) return unnamed(cursor, line)
  const made = response(known)
  switch (known.answer) {
    case Answer.value:
      return value(cursor, made, line, keep)
    case Answer.stat:
      if (space > 0) statistic(made, line, space + 1)
      return made
    case Answer.failed:
    case Answer.refused:
      if (space > 0) made.error = line.slice(space + 1)
      return made
    case Answer.version:
      if (space > 0) made.version = line.slice(space + 1)
      return made
    case Answer.va:
      return metaValue(cursor, made, line, keep)
    case Answer.me:
      return debugged(made, line)
    default:
      if (space > 0) metaFlags(made, line.split(' '), 1)
      return made
  }
}

/** `VALUE KEY FLAGS BYTES [CAS]`, one for each item that was found; END follows. */
function value(cursor: Cursor, made: Response, line: string, keep: number): Response {
  const [, key, flags, bytes, cas] = line.split(' ')
  const follows = length(bytes)
  if (key === undefined || flags === undefined || follows === undefined)
    throw cursor.malformed('a VALUE without its length')
  made.more = true
  made.keys = [key]
  made.flags = whole(flags)
  // As Packetbeat has it: 0 when the client did not ask for it.
  made.cas = cas === undefined ? 0 : whole(cas)
  return holding(made, follows, keep)
}

/** `VA BYTES FLAGS*`: the one item of a meta command. */
function metaValue(cursor: Cursor, made: Response, line: string, keep: number): Response {
  const words = line.split(' ')
  const follows = length(words[1])
  if (follows === undefined) throw cursor.malformed('a VA without its length')
  metaFlags(made, words, 2)
  // It may be a counter's.
  return holding(made, follows, follows <= COUNTER ? Math.max(keep, COUNTER) : keep)
}

function holding(made: Response, follows: number, keep: number): Response {
  made.bytes = follows
  made.count = 1
  made.follows = follows
  made.ends = 2
  made.keep = keep
  return made
}

/** `STAT NAME VALUE`; END follows. */
function statistic(made: Response, line: string, from: number): void {
  const space = line.indexOf(' ', from)
  made.more = true
  made.stats = [
    space < 0
      ? { name: line.slice(from), value: '' }
      : { name: line.slice(from, space), value: line.slice(space + 1) },
  ]
}

/** `ME KEY NAME=VALUE*` */
function debugged(made: Response, line: string): Response {
  const [, key, ...pairs] = line.split(' ')
  if (key !== undefined) made.keys = [key]
  if (pairs.length > 0)
    made.stats = pairs.map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? { name: pair, value: '' } : { name: pair.slice(0, at), value: pair.slice(at + 1) }
    })
  return made
}

/** Lines that begin with no fixed word: a counter, a part of a list, or something of a server's own. */
function unnamed(cursor: Cursor, line: string): Response {
  // A decrement leaves spaces behind a number that has become shorter.
  const number = whole(line.trimEnd())
  if (number !== undefined) {
    const made = response(counted)
    made.value = number
    return made
  }
  if (!/^[A-Za-z[][\t -~\u0080-\uffff]*$/.test(line)) throw cursor.malformed('a line that is no answer')
  if (/^(?:ITEM |PREFIX |key=|mg )/.test(line)) {
    const made = response(listed)
    made.more = true
    made.count = 1
    return made
  }
  const made = response(other)
  made.line = line
  return made
}
