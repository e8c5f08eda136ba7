import type { Body } from './body.js'
import * as code from './codes.js'
import type { Header } from './frame.js'
import type { PreparedStatements } from './prepared.js'
import { plainUser, withoutSecrets } from './secrets.js'
import type { Type } from './types.js'
import { valueText } from './values.js'
import { hasLongFlags, hasResultIds } from './version.js'

/** What a request says beside its statement: parameters of QUERY, EXECUTE and BATCH. */
export interface QueryParameters {
  consistency: string
  serialConsistency: string | undefined
  pageSize: number | undefined
  /** Hexadecimal; the page that is asked for is not the first. */
  pagingState: string | undefined
  /** Microseconds since 1970 that writes are given. */
  timestamp: string | undefined
  keyspace: string | undefined
  /** What the server takes for the time, seconds since 1970. */
  now: number | undefined
}

export interface Batch {
  type: string
  /** Statements that it has. */
  size: number
}

/** What a client sent. */
export interface Request {
  version: number
  flags: number
  opcode: number
  stream: number
  /** Bytes of the body, as it came. */
  length: number
  /** CQL, secrets aside; of a batch all of it. undefined: it has none, or it was prepared unseen. */
  cql: string | undefined
  /** The id of what is executed, hexadecimal. */
  preparedId: string | undefined
  /** What a statement is about, when it was prepared: keyspace and table, else empty. */
  keyspace: string
  table: string
  /** Bound values. */
  values: string[] | undefined
  parameters: QueryParameters | undefined
  batch: Batch | undefined
  /** Of STARTUP. */
  options: Record<string, string> | undefined
  /** Of REGISTER. */
  events: string[] | undefined
  /** Who logs in. */
  user: string | undefined
  /** Names of the custom payload. */
  payload: string[] | undefined
  /** Why its body was not read, or not all of it. */
  unread: string | undefined
  /** A statement is executed that nobody saw being prepared. */
  unknown: boolean
  /** Characters of its own texts. */
  kept: number
}

/** What reading a request needs to know. */
export interface Known {
  statements: PreparedStatements
  /** Whether values are read, or passed over. */
  values: boolean
}

export const newRequest = (header: Header): Request => ({
  version: header.version,
  flags: header.flags,
  opcode: header.opcode,
  stream: header.stream,
  length: header.length,
  cql: undefined,
  preparedId: undefined,
  keyspace: '',
  table: '',
  values: undefined,
  parameters: undefined,
  batch: undefined,
  options: undefined,
  events: undefined,
  user: undefined,
  payload: undefined,
  unread: undefined,
  unknown: false,
  kept: 0,
})

// Values of one request that are shown; a batch of thousands is told by its begin.
const MAX_VALUES = 256
// The same of statements in a batch, and of their characters but for the first: each may be executed by a few bytes.
const MAX_STATEMENTS = 100
const MAX_BATCH = 16_384
// Names and options in one message: what drivers send are a handful.
const MAX_NAMES = 64

/** Reads the body of a request. Spec: native_protocol_v5.spec §4.1. What was read when it throws stays in `request`. */
export function readRequest(body: Body, request: Request, known: Known): void {
  if (request.flags & code.CUSTOM_PAYLOAD) request.payload = payloadNames(body)
  switch (request.opcode) {
    case code.STARTUP:
      request.options = stringMap(body)
      return
    case code.CREDENTIALS:
      request.user = stringMap(body).username
      return
    case code.AUTH_RESPONSE:
      request.user = plainUser(body)
      return
    case code.REGISTER:
      request.events = body.stringList(MAX_NAMES)
      return
    case code.QUERY:
      readCql(body, request)
      parameters(body, request, undefined, known)
      return
    case code.PREPARE:
      readCql(body, request)
      if (hasResultIds(request.version) && body.left > 0 && body.i32() & 0x01)
        request.keyspace = body.string()
      return
    case code.EXECUTE:
      execute(body, request, known)
      return
    case code.BATCH:
      batch(body, request, known)
      return
  }
}

function readCql(body: Body, request: Request): void {
  request.cql = withoutSecrets(body.longString())
  request.kept = request.cql.length
}

function execute(body: Body, request: Request, known: Known): void {
  request.preparedId = body.shortHex()
  const statement = known.statements.get(request.preparedId)
  request.unknown = statement === undefined
  if (statement !== undefined) {
    request.cql = statement.cql
    request.keyspace = statement.keyspace
    request.table = statement.table
  }
  if (hasResultIds(request.version)) body.skip(body.u16())
  if (request.version === 1) {
    values(body, request, body.u16(), statement?.types, false, known)
    request.parameters = newParameters(body.u16())
  } else parameters(body, request, statement?.types, known)
}

const newParameters = (consistency: number): QueryParameters => ({
  consistency: code.consistencyName(consistency),
  serialConsistency: undefined,
  pageSize: undefined,
  pagingState: undefined,
  timestamp: undefined,
  keyspace: undefined,
  now: undefined,
})

const VALUES = 0x01
const PAGE_SIZE = 0x04
const PAGING_STATE = 0x08
const SERIAL_CONSISTENCY = 0x10
const TIMESTAMP = 0x20
const NAMES = 0x40
const KEYSPACE = 0x80
const NOW = 0x100

/** <query_parameters>: §4.1.4. */
function parameters(body: Body, request: Request, types: readonly Type[] | undefined, known: Known): void {
  const read = newParameters(body.u16())
  request.parameters = read
  if (request.version === 1) return
  const flags = hasLongFlags(request.version) ? body.i32() : body.u8()
  if (flags & VALUES) values(body, request, body.u16(), types, (flags & NAMES) !== 0, known)
  if (flags & PAGE_SIZE) read.pageSize = body.i32()
  if (flags & PAGING_STATE) read.pagingState = body.hex()
  after(body, read, flags)
}

/** What QUERY, EXECUTE and BATCH end with. */
function after(body: Body, read: QueryParameters, flags: number): void {
  if (flags & SERIAL_CONSISTENCY) read.serialConsistency = code.consistencyName(body.u16())
  if (flags & TIMESTAMP) read.timestamp = String(body.i64())
  if (flags & KEYSPACE) read.keyspace = body.string()
  if (flags & NOW) read.now = body.i32()
}

const NULL = -1
const UNSET = -2

function values(
  body: Body,
  request: Request,
  count: number,
  types: readonly Type[] | undefined,
  named: boolean,
  known: Known,
): void {
  const wide = request.version >= 3
  for (let index = 0; index < count; index++) {
    if (named) body.skip(body.u16())
    const length = body.i32()
    if (length < UNSET) throw body.malformed(`a value of ${length} bytes`)
    const at = length > 0 ? body.take(length) : body.at
    if (!known.values) continue
    request.values ??= []
    if (request.values.length >= MAX_VALUES) continue
    const type = named ? undefined : types?.[index]
    const text =
      length === NULL
        ? 'null'
        : length === UNSET
          ? 'unset'
          : valueText(type, body.bytes, at, at + length, wide)
    request.values.push(text)
    request.kept += text.length
  }
}

const batchTypes = ['LOGGED', 'UNLOGGED', 'COUNTER']

/** BATCH: §4.1.7. */
function batch(body: Body, request: Request, known: Known): void {
  const type = body.u8()
  const read: Batch = { type: batchTypes[type] ?? String(type), size: body.u16() }
  request.batch = read
  for (let index = 0; index < read.size; index++) {
    const kind = body.u8()
    if (kind > 1) throw body.malformed(`a statement of kind ${kind}`)
    const id = kind === 1 ? body.shortHex() : undefined
    const statement = id === undefined ? undefined : known.statements.get(id)
    if (id !== undefined && statement === undefined) request.unknown = true
    const cql = id === undefined ? body.longString() : (statement?.cql ?? '?')
    const before = request.cql
    if (before === undefined) request.cql = cql
    else if (index < MAX_STATEMENTS && before.length + cql.length < MAX_BATCH)
      request.cql = `${before}; ${cql}`
    if (index === 0 && statement !== undefined) {
      request.keyspace = statement.keyspace
      request.table = statement.table
    }
    values(body, request, body.u16(), statement?.types, false, known)
  }
  request.kept += request.cql?.length ?? 0
  request.parameters = newParameters(body.u16())
  if (request.version < 3) return
  const flags = hasLongFlags(request.version) ? body.i32() : body.u8()
  after(body, request.parameters, flags)
}

/** Names of options become names of fields: those of the specification and of drivers are like this. */
export const OPTION = /^[A-Za-z][A-Za-z_]{0,63}$/

function stringMap(body: Body): Record<string, string> {
  const map: Record<string, string> = {}
  const count = body.u16()
  if (count > MAX_NAMES) throw body.malformed(`${count} options`)
  for (let left = count; left > 0; left--) {
    const name = body.string()
    const value = body.string()
    if (OPTION.test(name)) map[name] = value
  }
  return map
}

/** Names of a [bytes map]. */
export function payloadNames(body: Body): string[] {
  const names: string[] = []
  for (let left = body.u16(); left > 0; left--) {
    const name = body.string()
    if (names.length < MAX_NAMES) names.push(name)
    body.skipBytes()
  }
  return names
}
