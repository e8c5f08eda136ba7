import { quoted } from '../../events/json.js'
import type { Body } from './body.js'
import { ARRAY, DOCUMENT, Elements, INT64 } from './bson.js'
import {
  carriesSecrets,
  isCommand,
  isOfSession,
  isSecret,
  patienceOf,
  resourceOf,
  writtenBy,
} from './commands.js'
import { clipped, documentText, type How, withValue } from './extended-json.js'
import type { OldRequest } from './old-request.js'
import { documentsOf, type Sequence } from './sections.js'
import { type Session, sessionOf } from './session.js'

/** What a client asks for. */
export interface Request {
  /** The command as it was sent, or what an older operation is called; '' when it could not be read. */
  method: string
  /** `database.collection`; `database.$cmd` for commands that concern no collection. */
  resource: string
  /** The text of a command's first element, which may be a collection. */
  named: string
  query: string | undefined
  /** All of it, when it is wanted. */
  text: string | undefined
  /** Its reply is a document that says whether it went well. */
  isCommand: boolean
  /** It or its reply has what no event may show. */
  hasSecrets: boolean
  /** No reply will come. */
  unanswered: boolean
  /** Milliseconds that it may take on purpose. */
  patience: number
  /** Of getMore: from which cursor. */
  cursorId: string | undefined
  old: OldRequest | undefined
  session: Session | undefined
}

/** How much is written of what is read. */
export interface Limits {
  /** Documents of a list. */
  documents: number
  /** Characters of a document. */
  length: number
}

const CUT: How = { whole: false }
const CUT_FILTER: How = { whole: false, without: (name) => name === 'u' }
const FILTER: How = { ...CUT_FILTER, whole: true }

// A text of more characters is of no use to anybody, and a hundred MB of it would stop everything else.
export const MAX_TEXT = 1_048_576

const walk = new Elements()
const inner = new Elements()

/**
 * Reads a command: the document that begins at `start`, and the lists that stand beside it. `database`: undefined when
 * the document tells. @throws {Malformed}
 */
export function command(
  body: Body,
  start: number,
  database: string | undefined,
  sequences: readonly Sequence[],
  limits: Limits,
  withText: boolean,
): Request {
  const { bytes } = body
  walk.enter(bytes, start, body.end, body.whole)
  let found = walk.step()
  // Drivers of old, and routers, put what else they have to say around it.
  if (found && walk.type === DOCUMENT && (walk.name.text === '$query' || walk.name.text === 'query'))
    found = walk.enter(bytes, walk.at, walk.next).step()
  if (!found) throw body.malformed('a command without a name')
  const method = walk.name.text
  if (!isCommand(method)) throw body.malformed('a command with no such name')
  const from = walk.start
  const { documents, length } = limits
  const hasSecrets = carriesSecrets(method)
  const written = writtenBy(method)
  const patience = patienceOf(method)
  let named = walk.type === DOCUMENT ? firstText(bytes, walk.at, walk.next) : walk.text(MAX_NAME)
  const cursorId = method === 'getMore' && walk.type === INT64 ? walk.digits() : undefined
  let waits = 0
  let query = ''
  let text = ''
  while (walk.step()) {
    const { name } = walk
    const is = name.text
    if (is === '$db') {
      database ??= walk.text(MAX_NAME)
      continue
    }
    if (hasSecrets && isSecret(is)) continue
    if (is === patience) waits = walk.number() ?? 0
    else if (is === 'collection' && method === 'getMore') named = walk.text(MAX_NAME)
    if (withText && text.length <= length) text = withValue(text + separated(text, name.json), walk, length)
    if (query.length > length || isOfSession(is) || written?.has(is)) continue
    query += separated(query, name.json)
    query =
      is === 'updates' && walk.type === ARRAY
        ? withFilters(query, bytes, walk.at, walk.next, documents, length)
        : withValue(query, walk, length)
  }
  if (walk.cut) {
    query += separated(query, '...')
    const { name } = walk
    if (withText && walk.isPart && walk.nests && !(hasSecrets && isSecret(name.text)))
      text = withValue(text + separated(text, name.json), walk, length)
    else text += separated(text, '...')
  }
  text = clipped(text, length)
  if (!hasSecrets)
    for (const sequence of sequences) {
      if (withText) text += listed(text, bytes, sequence, limits)
      if (!written?.has(sequence.name)) query += listed(query, bytes, sequence, limits, method === 'update')
    }
  const resource = resourceOf(database ?? '', method, named)
  return {
    method,
    resource,
    named,
    query: `${resource}.${method}({${clipped(query, length)}})`,
    text: withText ? `${resource}.${method}({${clipped(text, MAX_TEXT)}})` : undefined,
    isCommand: true,
    hasSecrets,
    unanswered: false,
    patience: waits,
    cursorId,
    old: undefined,
    session: hasSecrets ? sessionOf(bytes, from, body.end, body.whole) : undefined,
  }
}

/** Completes a command that is told late of which database it is. */
export function inDatabase(request: Request, database: string): void {
  const { resource, method, named, query, text } = request
  request.resource = resourceOf(database, method, named)
  request.query = query && request.resource + query.slice(resource.length)
  request.text = text && request.resource + text.slice(resource.length)
}

// A namespace has 255 bytes at most; four bytes a character.
const MAX_NAME = 1024

const separated = (before: string, name: string): string => (before === '' ? name : `,${name}`)

/** The first element of a document, when that is a text: of `explain`, the collection of what is explained. */
function firstText(bytes: Buffer, start: number, end: number): string {
  inner.enter(bytes, start, end)
  return inner.step() ? inner.text(MAX_NAME) : ''
}

/** An array of updates: what is to be changed, not what is made of it. */
function withFilters(
  out: string,
  bytes: Buffer,
  start: number,
  end: number,
  documents: number,
  length: number,
): string {
  let text = `${out}[`
  let count = 0
  for (inner.enter(bytes, start, end); inner.step(); count++) {
    if (count > 0) text += ','
    if (count === documents || text.length > length) return `${text}...]`
    text +=
      inner.type === DOCUMENT
        ? documentText(bytes, inner.at, inner.next, length, FILTER)
        : withValue('', inner, length)
  }
  return `${text}]`
}

/** A list that stands beside the document, as if it stood in it. */
function listed(
  before: string,
  bytes: Buffer,
  sequence: Sequence,
  { documents, length }: Limits,
  filters = false,
): string {
  let text = `${separated(before, quoted(sequence.name))}:[`
  let count = 0
  for (const at of documentsOf(bytes, sequence)) {
    if (count > 0) text += ','
    if (count++ === documents || text.length > MAX_TEXT) return `${text}...]`
    text += clipped(documentText(bytes, at, sequence.end, length, filters ? CUT_FILTER : CUT), length)
  }
  return `${text}]`
}
