import { method } from '../../sql/method.js'
import { Cursor, Incomplete } from '../../wire/cursor.js'
import {
  COM_CHANGE_USER,
  COM_CREATE_DB,
  COM_DROP_DB,
  COM_FIELD_LIST,
  COM_INIT_DB,
  COM_PROCESS_KILL,
  COM_QUERY,
  COM_STMT_BULK_EXECUTE,
  COM_STMT_EXECUTE,
  COM_STMT_FETCH,
  COM_STMT_PREPARE,
  COM_STMT_RESET,
  type Command,
} from './commands.js'
import { rest } from './encoding.js'
import type { MysqlTransaction } from './fields.js'
import { changeUser, type Login } from './login.js'
import { attributesOf, bulkParameters, looksAttributed, parameters, queryAttributes } from './parameters.js'
import { asUser, LAST_PREPARED, LONG_DATA, LONG_PARAMETERS, type Prepared, type Session } from './session.js'

/** Upstream's wording, which dashboards look for. */
const UNKNOWN_QUERY = 'Request Execute Statement'

/** What a command asks, to be put into its transaction. */
export interface Asked extends MysqlTransaction {
  /** The command's byte. */
  code: number
  /** Of the statement that is executed; less than 0: none is. */
  id: number
  /** Its SQL is not known. */
  isUnknown: boolean
  statement: Prepared | undefined
  binary: boolean
  login: Login | undefined
}

const cursor = new Cursor()

/** Reads a command, which is `bytes` from `start` to `end`, or the beginning of it. @throws {Malformed | Incomplete} */
export function ask(asked: Asked, bytes: Buffer, start: number, end: number, session: Session): void {
  cursor.reset(bytes, start, end).skip(1)
  switch (asked.code) {
    case COM_QUERY:
      if (session.attributed ?? looksAttributed(bytes, start + 1, end))
        asked.attributes = queryAttributes(cursor)
      say(asked, rest(cursor))
      return
    case COM_STMT_PREPARE:
      say(asked, rest(cursor))
      asked.method = 'PREPARE'
      return
    case COM_STMT_EXECUTE:
    case COM_STMT_BULK_EXECUTE:
      execute(asked, session)
      if (asked.statement !== undefined) bind(asked, asked.statement, session)
      return
    case COM_STMT_FETCH:
    case COM_STMT_RESET:
      execute(asked, session)
      asked.method = asked.command.name
      return
    case COM_CHANGE_USER:
      asked.login = changeUser(cursor.reset(bytes, start, end), session.capabilities)
      loggingIn(asked, asked.login)
      return
    case COM_INIT_DB:
    case COM_FIELD_LIST:
    case COM_CREATE_DB:
    case COM_DROP_DB:
      asked.query = `${asked.command.name} ${rest(cursor).split('\0')[0]}`
      break
    case COM_PROCESS_KILL:
      asked.query = `${asked.command.name} ${cursor.u32le()}`
      break
    default:
      asked.query = asked.command.name
  }
  asked.sql = asked.query
}

/** Fills in SQL. */
function say(asked: MysqlTransaction, sql: string): void {
  asked.sql = sql
  asked.query = sql.trim()
  asked.method = method(sql)
}

/** Fills in what a login tells. */
export function loggingIn(asked: MysqlTransaction, { user, database, plugin, attributes }: Login): void {
  asked.query = `${asked.command.name} ${user}`.trimEnd()
  asked.sql = asked.query
  asked.identity = asUser(asked.identity, user, database)
  asked.plugin = plugin
  asked.attributes = attributes
}

/** The statement that is meant: its SQL, or that it is not known. */
function execute(asked: Asked, session: Session): void {
  const isFirst = asked.id < 0
  asked.id = cursor.u32le()
  asked.binary = true
  const { preparing } = session
  if (isFirst && asked.id === LAST_PREPARED && preparing !== undefined) {
    say(asked, preparing.query)
    return
  }
  const statement = session.statement(asked.id, asked.start)
  asked.statement = statement
  asked.isUnknown = statement === undefined
  asked.query = statement?.sql ?? UNKNOWN_QUERY
  asked.sql = statement?.sql ?? ''
  asked.method = statement?.method ?? asked.command.name
}

const PARAMETER_COUNT_AVAILABLE = 8

/** The parameters of an execution; the cursor stands after the statement's id. What is too short to be read is left out. */
function bind(asked: Asked, statement: Prepared, session: Session): void {
  try {
    if (asked.code === COM_STMT_BULK_EXECUTE) {
      const { values, types } = bulkParameters(cursor, statement)
      asked.params = values
      if (types !== undefined) session.bound(statement, types)
      return
    }
    const flags = cursor.u8()
    cursor.skip(4) // iterations: always 1
    const attributed = session.attributed !== false && (flags & PARAMETER_COUNT_AVAILABLE) !== 0
    const total = attributed ? cursor.u8() : statement.parameters
    const read = parameters(
      cursor,
      { parameters: total, types: statement.types, long: statement.long },
      attributed,
    )
    statement.long?.clear()
    asked.params =
      read.values.length > statement.parameters ? read.values.slice(0, statement.parameters) : read.values
    asked.attributes = attributesOf(read, statement.parameters)
    if (read.types !== undefined) session.bound(statement, read.types.subarray(0, 2 * statement.parameters))
  } catch (error) {
    if (error !== Incomplete.signal) throw error
  }
}

export const isCommand = (command: Command | undefined, length: number): command is Command =>
  command !== undefined && length >= command.least && length <= command.most

/** COM_STMT_SEND_LONG_DATA: a piece of a parameter, for the next execution. */
export function longData(bytes: Buffer, start: number, end: number, session: Session, now: number): void {
  cursor.reset(bytes, start, end).skip(1)
  const id = cursor.u32le()
  const parameter = cursor.u16le()
  const statement = session.statement(id, now)
  if (statement === undefined || parameter >= statement.parameters) return
  const long = session.sentAhead(statement)
  const before = long.get(parameter)
  if (before === undefined && long.size >= LONG_PARAMETERS) return
  const piece = cursor.copy(Math.min(cursor.left, LONG_DATA - (before?.length ?? 0)))
  long.set(parameter, before === undefined ? piece : Buffer.concat([before, piece]))
}
