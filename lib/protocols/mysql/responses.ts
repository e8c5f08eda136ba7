import type { Cursor } from '../../wire/cursor.js'
import { SERVER_SESSION_STATE_CHANGED } from './capabilities.js'
import { count, rest, text, whole } from './encoding.js'

export const OK = 0x00
export const AUTH_MORE_DATA = 0x01
export const AUTH_NEXT_FACTOR = 0x02
export const LOCAL_INFILE = 0xfb
/** Also what AuthSwitchRequest begins with. */
export const EOF = 0xfe
export const ERR = 0xff

/** Spec: "OK_Packet"; also what ends rows when EOF packets are no more. */
export interface Okay {
  affectedRows: number
  insertId: number | string
  status: number
  /** The database that is chosen now, where the server says that it changed. */
  database: string | undefined
}

/** `tracked`: both sides agreed that changes of the session are told (CLIENT_SESSION_TRACK). */
export function okay(cursor: Cursor, tracked: boolean): Okay {
  cursor.skip(1)
  const affectedRows = count(cursor)
  const insertId = whole(cursor)
  const status = cursor.left >= 2 ? cursor.u16le() : 0
  const changed = tracked && (status & SERVER_SESSION_STATE_CHANGED) !== 0
  return { affectedRows, insertId, status, database: changed ? trackedDatabase(cursor) : undefined }
}

const SESSION_TRACK_SCHEMA = 1

/** Spec: "OK_Packet", Session State Information. */
function trackedDatabase(cursor: Cursor): string | undefined {
  cursor.skip(2) // warnings
  cursor.skip(Math.max(0, count(cursor))) // what the server says to people
  if (cursor.left === 0) return undefined
  const end = count(cursor) + cursor.used
  let database: string | undefined
  while (cursor.used < end) {
    const type = cursor.u8()
    const length = Math.max(0, count(cursor))
    if (type === SESSION_TRACK_SCHEMA) database = text(cursor)
    else cursor.skip(length)
  }
  return database
}

export interface Failure {
  code: number
  /** With the SQLSTATE before it, where there is one. */
  message: string
}

/** Spec: "ERR_Packet". */
export function failure(cursor: Cursor): Failure {
  cursor.skip(1)
  const code = cursor.u16le()
  if (cursor.left < 6 || cursor.peek() !== 0x23 /* # */) return { code, message: rest(cursor) }
  cursor.skip(1)
  return { code, message: `${cursor.latin1(5)}: ${rest(cursor)}` }
}

/** MariaDB: no error, but how far a long statement is. Spec: "Progress reporting". */
export const PROGRESS = 0xffff

/** Spec: "COM_STMT_PREPARE_OK". */
export interface PrepareOk {
  id: number
  columns: number
  parameters: number
  /** False: the definitions are not sent (CLIENT_OPTIONAL_RESULTSET_METADATA). */
  defined: boolean
}

export function prepareOk(cursor: Cursor): PrepareOk {
  cursor.skip(1)
  const id = cursor.u32le()
  const columns = cursor.u16le()
  const parameters = cursor.u16le()
  cursor.skip(Math.min(cursor.left, 3)) // filler, warnings
  return { id, columns, parameters, defined: cursor.left === 0 || cursor.u8() !== 0 }
}

export interface ColumnCount {
  columns: number
  /** False: the client knows the definitions already, or does not want them. */
  defined: boolean
}

/**
 * How many columns a result has, and whether they are defined: MySQL says the latter before it
 * (CLIENT_OPTIONAL_RESULTSET_METADATA), MariaDB after it (MARIADB_CLIENT_CACHE_METADATA). No result has 0 columns, so
 * that the bytes tell what was agreed on. Spec: "Text Resultset"; MariaDB, "Result set packets".
 */
export function columnCount(cursor: Cursor): ColumnCount {
  const first = count(cursor)
  if (cursor.left === 0) return { columns: first, defined: true }
  const second = cursor.left === 1 ? cursor.u8() : count(cursor)
  if (cursor.left > 0) throw cursor.malformed('a number of columns and more')
  if (first === 0) return { columns: second, defined: false }
  if (second === 0) return { columns: first, defined: false }
  return { columns: first === 1 ? second : first, defined: true }
}
