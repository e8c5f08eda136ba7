import type { Body } from './body.js'
import * as code from './codes.js'
import { readError, type ServerError } from './error.js'
import type { Header } from './frame.js'
import { type Metadata, readMetadata } from './metadata.js'
import { OPTION, payloadNames } from './request.js'
import { inet } from './scalars.js'
import type { Type } from './types.js'
import { hasResultIds } from './version.js'

export interface SchemaChange {
  change: string
  target: string
  keyspace: string
  /** Of a table, type, function or aggregate its name. */
  name: string | undefined
  arguments: string[] | undefined
}

/** What a server pushes to those who registered for it. */
export interface Pushed {
  type: string
  change: string | undefined
  host: string | undefined
  port: number | undefined
  schema: SchemaChange | undefined
}

/** What a server sent. */
export interface Response {
  version: number
  flags: number
  opcode: number
  stream: number
  /** Bytes of the body, as it came. */
  length: number
  /** void, rows, set_keyspace, prepared or schemaChanged. */
  result: string | undefined
  metadata: Metadata | undefined
  rows: number | undefined
  keyspace: string | undefined
  /** The id of a statement, hexadecimal. */
  preparedId: string | undefined
  bound: Metadata | undefined
  /** Types of the values to be bound. */
  types: Type[] | undefined
  schema: SchemaChange | undefined
  pushed: Pushed | undefined
  supported: Record<string, string[]> | undefined
  authenticator: string | undefined
  error: ServerError | undefined
  tracingId: string | undefined
  warnings: string[] | undefined
  /** Names of the custom payload. */
  payload: string[] | undefined
  /** Why its body was not read, or not all of it. */
  unread: string | undefined
}

export const newResponse = (header: Header): Response => ({
  version: header.version,
  flags: header.flags,
  opcode: header.opcode,
  stream: header.stream,
  length: header.length,
  result: undefined,
  metadata: undefined,
  rows: undefined,
  keyspace: undefined,
  preparedId: undefined,
  bound: undefined,
  types: undefined,
  schema: undefined,
  pushed: undefined,
  supported: undefined,
  authenticator: undefined,
  error: undefined,
  tracingId: undefined,
  warnings: undefined,
  payload: undefined,
  unread: undefined,
})

// Warnings that are kept; a server sends one or two.
const MAX_WARNINGS = 16
// What a server supports: a handful of options with a handful of values each.
const MAX_OPTIONS = 64
/** Reads the body of a response, but no rows. Spec: §4.2. What was read when it throws stays in `response`. */
export function readResponse(body: Body, response: Response): void {
  const { flags } = response
  if (flags & code.TRACING) response.tracingId = body.uuid()
  if (flags & code.WARNING) response.warnings = body.stringList(MAX_WARNINGS)
  if (flags & code.CUSTOM_PAYLOAD) response.payload = payloadNames(body)
  switch (response.opcode) {
    case code.ERROR:
      response.error = readError(body, response.version)
      return
    case code.AUTHENTICATE:
      response.authenticator = body.string()
      return
    case code.SUPPORTED:
      response.supported = supported(body)
      return
    case code.RESULT:
      result(body, response)
      return
    case code.EVENT:
      response.pushed = pushed(body, response.version)
      return
  }
}

function supported(body: Body): Record<string, string[]> {
  const options: Record<string, string[]> = {}
  const count = body.u16()
  if (count > MAX_OPTIONS) throw body.malformed(`${count} options`)
  for (let left = count; left > 0; left--) {
    const name = body.string()
    const values = body.stringList(MAX_OPTIONS)
    if (OPTION.test(name)) options[name] = values
  }
  return options
}

function result(body: Body, response: Response): void {
  const kind = body.i32()
  switch (kind) {
    case 1:
      response.result = 'void'
      return
    case 2:
      response.result = 'rows'
      response.metadata = readMetadata(body, response.version, false)
      response.rows = body.count()
      return
    case 3:
      response.result = 'set_keyspace'
      response.keyspace = body.string()
      return
    case 4:
      response.result = 'prepared'
      prepared(body, response)
      return
    case 5:
      response.result = 'schemaChanged'
      response.schema = schemaChange(body, response.version)
      return
    default:
      throw body.malformed(`a result of kind ${kind}`)
  }
}

/** §4.2.5.4 */
function prepared(body: Body, response: Response): void {
  const { version } = response
  response.preparedId = body.shortHex()
  if (hasResultIds(version)) body.skip(body.u16())
  response.types = []
  response.bound = readMetadata(body, version, true, response.types)
  if (version >= 2) response.metadata = readMetadata(body, version, false)
}

/** §4.2.5.5; before version 3 a table's name or nothing said what was changed. */
function schemaChange(body: Body, version: number): SchemaChange {
  const change = body.string()
  if (version < 3) {
    const keyspace = body.string()
    const name = body.string()
    return {
      change,
      target: name === '' ? 'KEYSPACE' : 'TABLE',
      keyspace,
      name: name === '' ? undefined : name,
      arguments: undefined,
    }
  }
  const target = body.string()
  const keyspace = body.string()
  const name = target === 'KEYSPACE' ? undefined : body.string()
  const callable = target === 'FUNCTION' || target === 'AGGREGATE'
  return { change, target, keyspace, name, arguments: callable ? body.stringList(MAX_OPTIONS) : undefined }
}

/** §4.2.6 */
function pushed(body: Body, version: number): Pushed {
  const type = body.string()
  if (type === 'SCHEMA_CHANGE')
    return {
      type,
      change: undefined,
      host: undefined,
      port: undefined,
      schema: schemaChange(body, version),
    }
  const change = body.string()
  const length = body.u8()
  const at = body.take(length)
  const host = inet(body.bytes, at, at + length)
  return { type, change, host, port: body.i32(), schema: undefined }
}
