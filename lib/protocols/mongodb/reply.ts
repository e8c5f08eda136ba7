import { Body } from './body.js'
import { BOOLEAN, DOCUMENT, Elements, INT64 } from './bson.js'
import { type Limits, MAX_TEXT, type Request } from './command.js'
import { isSecret } from './commands.js'
import { clipped, documentText, type How } from './extended-json.js'
import { type Message, OP_COMMANDREPLY, OP_MSG, OP_REPLY } from './parser.js'
import { MORE_TO_COME, sections } from './sections.js'

/** What a server answers. */
export interface Reply {
  failed: boolean
  /** Why it failed, in the server's words. */
  error: string | undefined
  code: number | undefined
  codeName: string | undefined
  /** Documents that could not be written. */
  writeErrors: number
  /** As decimal digits; '0': there is nothing more to get. */
  cursorId: string | undefined
  startingFrom: number | undefined
  numberReturned: number | undefined
  /** How many documents were found, inserted, matched, deleted: what a command means by it. */
  n: number | undefined
  nMatched: number | undefined
  nModified: number | undefined
  nInserted: number | undefined
  nUpserted: number | undefined
  nDeleted: number | undefined
  setName: string | undefined
  maxWireVersion: number | undefined
  /** A login has come to its end. */
  loggedIn: boolean
  /** Another reply to the same request follows. */
  more: boolean
  text: string | undefined
}

const nothing: Reply = {
  failed: false,
  error: undefined,
  code: undefined,
  codeName: undefined,
  writeErrors: 0,
  cursorId: undefined,
  startingFrom: undefined,
  numberReturned: undefined,
  n: undefined,
  nMatched: undefined,
  nModified: undefined,
  nInserted: undefined,
  nUpserted: undefined,
  nDeleted: undefined,
  setName: undefined,
  maxWireVersion: undefined,
  loggedIn: false,
  more: false,
  text: undefined,
}

// Bytes of an error's text; MongoDB's are sentences, now and then with the document that they are about.
const MAX_ERROR = 4096
// Bytes of a name.
const MAX_NAME = 256

// Flags of OP_REPLY.
const CURSOR_NOT_FOUND = 1
const QUERY_FAILURE = 2

const walk = new Elements()
const inner = new Elements()
const innermost = new Elements()

/** Reads what a server sent to a request; undefined: that is not known. @throws {Malformed} */
export function readReply(
  message: Message,
  request: Request | undefined,
  limits: Limits,
  withText: boolean,
): Reply {
  const reply: Reply = { ...nothing }
  if (message.problem !== undefined) return reply
  const body = new Body(message.bytes, message.start, message.end, message.whole)
  if (message.operation === OP_MSG) {
    const { flags, document } = sections(body)
    reply.more = (flags & MORE_TO_COME) !== 0
    if (document < 0) return reply
    if (body.whole) readDocument(reply, body, document)
    if (withText) reply.text = shown(body, document, request, limits)
  } else if (message.operation === OP_COMMANDREPLY) {
    const document = body.document()
    readDocument(reply, body, document)
    if (withText) reply.text = shown(body, document, request, limits)
  } else if (message.operation === OP_REPLY) readOld(reply, body, request, limits, withText)
  return reply
}

/** Spec: MongoDB Manual, "Legacy Opcodes", OP_REPLY. */
function readOld(
  reply: Reply,
  body: Body,
  request: Request | undefined,
  limits: Limits,
  withText: boolean,
): void {
  const flags = body.i32()
  reply.cursorId = String(body.i64())
  reply.startingFrom = body.i32()
  reply.numberReturned = body.i32()
  if (reply.numberReturned < 0) throw body.malformed(`${reply.numberReturned} documents`)
  const first = body.at
  // Only what answers a command says how that went: a document that was found may have any element.
  if (body.left > 0 && (request === undefined || request.isCommand || (flags & QUERY_FAILURE) !== 0)) {
    readDocument(reply, body, first)
  }
  if ((flags & CURSOR_NOT_FOUND) !== 0) {
    reply.failed = true
    reply.error ??= 'cursor not found'
  }
  if ((flags & QUERY_FAILURE) !== 0) reply.failed = true
  if (!withText || body.left === 0) return
  let text = ''
  for (let count = 0; body.left > 4; count++) {
    if (count > 0) text += '\n'
    if (count === limits.documents || text.length > MAX_TEXT) {
      text += '[...]'
      break
    }
    text += shown(body, body.document(), request, limits)
  }
  reply.text = text
}

function shown(body: Body, start: number, request: Request | undefined, { length }: Limits): string {
  const how: How = { whole: body.whole, ...(request?.hasSecrets === false ? {} : { without: isSecret }) }
  return clipped(documentText(body.bytes, start, body.end, length, how), length)
}

/** What a reply's document says of how the command went. */
function readDocument(reply: Reply, { bytes, end, whole }: Body, start: number): void {
  for (walk.enter(bytes, start, end, whole); walk.step(); ) element(reply, walk)
}

/** One element of such a document. */
export function element(reply: Reply, elements: Elements): void {
  switch (elements.name.text) {
    case 'ok':
      if (elements.number() === 0) reply.failed = true
      break
    case 'n':
      reply.n = elements.number()
      break
    case 'cursor':
      if (elements.type === DOCUMENT) cursor(reply, elements)
      break
    case 'nModified':
      reply.nModified = elements.number()
      break
    case 'errmsg':
      reply.error = elements.text(MAX_ERROR)
      break
    case '$err':
      reply.error = elements.text(MAX_ERROR)
      reply.failed = true
      break
    case 'err': {
      // The answer to getLastError, which itself went well.
      const text = elements.text(MAX_ERROR)
      if (text === '') break
      reply.error = text
      reply.failed = true
      break
    }
    case 'code':
      reply.code ??= elements.number()
      break
    case 'codeName':
      reply.codeName = elements.text(MAX_NAME)
      break
    case 'writeErrors':
      if (elements.nests) writeErrors(reply, elements)
      break
    case 'writeConcernError':
      if (elements.type === DOCUMENT) failure(reply, inner.enter(elements.bytes, elements.at, elements.next))
      break
    default:
      rare(reply, elements)
  }
}

/** Elements of what is asked seldom. */
function rare(reply: Reply, elements: Elements): void {
  switch (elements.name.text) {
    case 'nMatched':
      reply.nMatched = elements.number()
      break
    case 'nInserted':
      reply.nInserted = elements.number()
      break
    case 'nUpserted':
      reply.nUpserted = elements.number()
      break
    case 'nDeleted':
      reply.nDeleted = elements.number()
      break
    case 'nErrors':
      reply.writeErrors = elements.number() ?? 0
      if (reply.writeErrors > 0) reply.failed = true
      break
    case 'setName':
      reply.setName = elements.text(MAX_NAME)
      break
    case 'maxWireVersion':
      reply.maxWireVersion = elements.number()
      break
    case 'done':
      if (elements.type === BOOLEAN) reply.loggedIn = elements.number() === 1
      break
    case 'speculativeAuthenticate':
      if (elements.type !== DOCUMENT) break
      for (inner.enter(elements.bytes, elements.at, elements.next); inner.step(); )
        if (inner.name.text === 'done') reply.loggedIn = inner.number() === 1
  }
}

function cursor(reply: Reply, { bytes, at, next }: Elements): void {
  for (inner.enter(bytes, at, next); inner.step(); ) cursorElement(reply, inner)
}

/** One element of what a reply says of a cursor. */
export function cursorElement(reply: Reply, elements: Elements): void {
  const { text } = elements.name
  if (text === 'id' && elements.type === INT64) reply.cursorId = elements.digits()
  else if (isBatch(text) && elements.nests)
    reply.numberReturned = count(innermost.enter(elements.bytes, elements.at, elements.next))
}

export const isBatch = (name: string): boolean => name === 'firstBatch' || name === 'nextBatch'

function count(elements: Elements): number {
  let number = 0
  while (elements.step()) number++
  return number
}

function writeErrors(reply: Reply, { bytes, at, next }: Elements): void {
  for (inner.enter(bytes, at, next); inner.step(); ) writeError(reply, inner)
}

/** Counts what could not be written; the first one says why. */
export function writeError(reply: Reply, elements: Elements): void {
  reply.failed = true
  if (reply.writeErrors++ === 0 && elements.type === DOCUMENT)
    failure(reply, innermost.enter(elements.bytes, elements.at, elements.next))
}

/** A document that is there because something failed. What was said before goes before. */
function failure(reply: Reply, elements: Elements): void {
  reply.failed = true
  const before = reply.error
  while (elements.step()) {
    const { text } = elements.name
    if (text === 'errmsg') reply.error = before ?? elements.text(MAX_ERROR)
    else if (text === 'code') reply.code ??= elements.number()
    else if (text === 'codeName') reply.codeName ??= elements.text(MAX_NAME)
  }
}
