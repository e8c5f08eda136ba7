import type { Body } from './body.js'
import { i32 } from './bson.js'
import { command, type Limits, MAX_TEXT, type Request } from './command.js'
import { clipped, documentText, type How } from './extended-json.js'
import * as op from './parser.js'

/** What only the operations before OP_MSG have. */
export interface OldRequest {
  fullCollectionName: string | undefined
  numberToSkip: number | undefined
  numberToReturn: number | undefined
  returnFieldsSelector: string | undefined
  selector: string | undefined
  update: string | undefined
  message: string | undefined
}

// A cursor takes eight bytes of its message; people look at some.
const MAX_CURSORS = 100

/** Reads an operation of before OP_MSG. Spec: MongoDB Manual, "Legacy Opcodes". @throws {Malformed} */
export function oldRequest(body: Body, operation: number, limits: Limits, withText: boolean): Request {
  const { length } = limits
  switch (operation) {
    case op.OP_QUERY:
      return query(body, limits, withText)
    case op.OP_COMMAND:
      return opCommand(body, limits, withText)
    case op.OP_OLD_MSG: {
      const message = clipped(body.text0(), length)
      const read = done('msg', '', `msg(${JSON.stringify(message)})`, withText)
      return { ...read, old: { ...NONE, message } }
    }
    case op.OP_KILL_CURSORS: {
      body.i32()
      const count = body.i32()
      const cursors: string[] = []
      while (cursors.length < Math.min(count, MAX_CURSORS)) cursors.push(String(body.i64()))
      if (count > MAX_CURSORS) cursors.push('...')
      return done('killCursors', '', `killCursors({"cursors":[${cursors}]})`, withText)
    }
  }
  // OP_INSERT has its flags where the others have a zero.
  body.i32()
  const collection = body.text0()
  const old: OldRequest = { ...NONE, fullCollectionName: collection }
  const shown = (): string => {
    const start = body.document()
    return clipped(documentText(body.bytes, start, body.end, length, part(body)), length)
  }
  switch (operation) {
    case op.OP_GET_MORE: {
      old.numberToReturn = body.i32()
      const cursorId = String(body.i64())
      const text = `${collection}.getMore({"batchSize":${old.numberToReturn}})`
      return { ...done('getMore', collection, text, withText), old, cursorId, unanswered: false }
    }
    case op.OP_INSERT: {
      const read = done('insert', collection, `${collection}.insert({})`, withText)
      if (withText) read.text = `${collection}.insert([${documents(body, limits)}])`
      return { ...read, old }
    }
    case op.OP_UPDATE: {
      body.i32()
      old.selector = shown()
      old.update = body.left > 0 ? shown() : '{}'
      const read = done('update', collection, `${collection}.update(${old.selector})`, withText)
      if (withText) read.text = `${collection}.update(${old.selector},${old.update})`
      return { ...read, old }
    }
    default: {
      body.i32()
      old.selector = shown()
      return { ...done('delete', collection, `${collection}.delete(${old.selector})`, withText), old }
    }
  }
}

const part = ({ whole }: Body): How => ({ whole })

const NONE: OldRequest = {
  fullCollectionName: undefined,
  numberToSkip: undefined,
  numberToReturn: undefined,
  returnFieldsSelector: undefined,
  selector: undefined,
  update: undefined,
  message: undefined,
}

/** A request that no reply follows. */
const done = (method: string, resource: string, query: string, withText: boolean): Request => ({
  method,
  resource,
  named: '',
  query,
  text: withText ? query : undefined,
  isCommand: false,
  hasSecrets: false,
  unanswered: true,
  patience: 0,
  cursorId: undefined,
  old: undefined,
  session: undefined,
})

function documents(body: Body, limits: Limits): string {
  let text = ''
  for (let count = 0; body.left > 4; count++) {
    if (count > 0) text += ','
    if (count === limits.documents || text.length > MAX_TEXT) return `${text}...`
    const start = body.document()
    text += clipped(documentText(body.bytes, start, body.end, limits.length, part(body)), limits.length)
  }
  return text
}

function query(body: Body, limits: Limits, withText: boolean): Request {
  body.i32()
  const collection = body.text0()
  const old: OldRequest = {
    ...NONE,
    fullCollectionName: collection,
    numberToSkip: body.i32(),
    numberToReturn: body.i32(),
  }
  const start = body.document()
  if (body.left > 0) {
    const fields = body.document()
    const text = documentText(body.bytes, fields, body.end, limits.length, part(body))
    old.returnFieldsSelector = clipped(text, limits.length)
  }
  if (collection.endsWith('.$cmd') && i32(body.bytes, start) > 5)
    return { ...command(body, start, collection.slice(0, -5), [], limits, withText), old }
  const filter = clipped(documentText(body.bytes, start, body.end, limits.length, part(body)), limits.length)
  const text = `${collection}.find(${filter})${modifiers(old)}`
  return { ...done('find', collection, text, withText), old, unanswered: false }
}

/** As a shell would say it: a number to return that is negative is a limit, another one the size of a batch. */
function modifiers({ numberToSkip: skip = 0, numberToReturn: number = 0 }: OldRequest): string {
  const limit = number < 0 ? -number : number === 1 ? 1 : 0
  return (
    (skip > 0 ? `.skip(${skip})` : '') +
    (limit > 0 ? `.limit(${limit})` : number > 0 ? `.batchSize(${number})` : '')
  )
}

/** MongoDB 3.2 to 4.0 spoke it among themselves. */
function opCommand(body: Body, limits: Limits, withText: boolean): Request {
  const database = body.text0()
  body.text0() // the command's name, which its document begins with
  const start = body.document()
  return command(body, start, database, [], limits, withText)
}
