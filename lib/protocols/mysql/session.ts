import { method } from '../../sql/method.js'
import { type Statement, Statements } from '../../transactions/statements.js'
import type { Memory } from '../../wire/memory.js'
import {
  CLIENT_COMPRESS,
  CLIENT_DEPRECATE_EOF,
  CLIENT_QUERY_ATTRIBUTES,
  CLIENT_SESSION_TRACK,
  CLIENT_ZSTD_COMPRESSION_ALGORITHM,
} from './capabilities.js'
import { COM_CHANGE_USER, COM_INIT_DB, COM_QUERY, COM_RESET_CONNECTION, LOGIN } from './commands.js'
import type { Greeting, Login } from './login.js'
import type { PrepareOk } from './responses.js'
import type { Columns } from './rows.js'

/** Who is at work where, as events tell it. Never changed, only replaced: transactions point at it. */
export interface Identity {
  readonly user: string | undefined
  /** The user as a list; undefined where there is none. */
  readonly users: readonly string[] | undefined
  readonly database: string | undefined
  readonly version: string | undefined
}

/** A statement that was prepared on the connection. */
export interface Prepared extends Statement {
  id: number
  sql: string
  method: string
  parameters: number
  /** Of its parameters, as last bound. */
  types: Uint8Array | undefined
  /** Of its result, where the response is wanted. */
  columns: Columns | undefined
  /** Sent ahead of the next execution, by the parameter's number; emptied by it. */
  long: Map<number, Buffer> | undefined
  /** Packet time of its last use. */
  lastUsed: number
}

// What is kept of a statement's SQL: no more fits into a keyword field (Lucene's longest term has 32,766 bytes).
const LONGEST_SQL = 32_766

// What is kept of data sent ahead of an execution, of each parameter; a person wants to see how it begins.
export const LONG_DATA = 1024
// A statement with more such parameters is not a driver's.
export const LONG_PARAMETERS = 64

// What a statement takes beside its SQL, and each of its columns, roughly.
const STATEMENT = 300
const COLUMN = 100

/** A command that was carried out. */
interface Done {
  code: number
  method: string
  query: string
  login: Login | undefined
}

const NOBODY: Identity = { user: undefined, users: undefined, database: undefined, version: undefined }

/** Somebody else on the same server. */
export const asUser = (identity: Identity, user: string, database: string | undefined): Identity => ({
  user,
  users: user === '' ? undefined : [user],
  database,
  version: identity.version,
})

/** What is known of a connection beyond the transaction under way. */
export class Session {
  /** What the server can; undefined: its greeting was not captured. */
  offered: number | undefined
  /** What both sides can; undefined: the login was not captured. */
  capabilities: number | undefined
  /** Whether EOF packets stand around rows; undefined: not seen yet. */
  classicEof: boolean | undefined
  identity = NOBODY
  readonly statements: Statements<number, Prepared>
  /** What statement id -1 means to MariaDB. */
  lastPrepared: Prepared | undefined
  /** What is being prepared; its answer tells the id. */
  preparing: { query: string } | undefined
  readonly #timeout: number

  /** `timeout`: nanoseconds that a statement is remembered without being used. */
  constructor(memory: Memory, timeout: number, forgot: () => void) {
    this.statements = new Statements(memory, forgot)
    this.#timeout = timeout
  }

  greeted({ version, capabilities }: Greeting): void {
    this.offered = capabilities
    this.identity = { ...this.identity, version }
  }

  #loggedIn({ capabilities, user, database }: Login): void {
    this.capabilities = capabilities
    this.classicEof = (capabilities & CLIENT_DEPRECATE_EOF) === 0
    this.identity = asUser(this.identity, user, database)
  }

  /** What a command changed that went well. */
  carriedOut({ code, login, query, method }: Done): void {
    switch (code) {
      case COM_QUERY:
        if (method === 'USE') this.use(/^use\s+`?([^`;\s]+)/i.exec(query)?.[1] ?? '')
        return
      case LOGIN:
        if (login !== undefined) this.#loggedIn(login)
        return
      case COM_CHANGE_USER:
        if (login !== undefined) this.identity = asUser(this.identity, login.user, login.database)
        this.reset()
        return
      case COM_RESET_CONNECTION:
        this.reset()
        return
      case COM_INIT_DB:
        this.use(query.slice('INIT_DB '.length))
    }
  }

  use(database: string): void {
    if (database !== this.identity.database)
      this.identity = { ...this.identity, database: database === '' ? undefined : database }
  }

  /** The server forgets all prepared statements. */
  reset(): void {
    this.statements.clear()
    this.lastPrepared = undefined
    this.preparing = undefined
  }

  /** A statement was prepared. */
  prepared(all: string, { id, parameters }: PrepareOk, now: number): void {
    const sql = all.length > LONGEST_SQL ? all.slice(0, LONGEST_SQL) : all
    const statement: Prepared = {
      id,
      sql,
      method: method(sql),
      parameters,
      types: undefined,
      columns: undefined,
      long: undefined,
      held: STATEMENT + sql.length,
      used: false,
      lastUsed: now,
    }
    this.statements.set(id, statement)
    this.lastPrepared = statement
  }

  /** It was answered, well or not. */
  preparationOver(preparing: { query: string; errorCode: number }): void {
    if (this.preparing === preparing) this.preparing = undefined
    if (preparing.errorCode !== 0) this.lastPrepared = undefined
  }

  /** What a result of the statement consists of. */
  defined(statement: Prepared, columns: Columns): void {
    if (statement.columns?.names.length !== columns.names.length)
      this.#grow(statement, COLUMN * (columns.names.length - (statement.columns?.names.length ?? 0)))
    statement.columns = columns
  }

  /** How the parameters of the statement were bound. */
  bound(statement: Prepared, types: Uint8Array): void {
    if (statement.types === undefined) this.#grow(statement, types.length)
    statement.types = types
  }

  /** Makes room for what is sent ahead of an execution: once for all, since the next one takes its place. */
  sentAhead(statement: Prepared): Map<number, Buffer> {
    if (statement.long === undefined) this.#grow(statement, LONG_PARAMETERS * LONG_DATA)
    statement.long ??= new Map()
    return statement.long
  }

  #grow(statement: Prepared, bytes: number): void {
    const isKnown = this.statements.get(statement.id) === statement
    if (isKnown) this.statements.delete(statement.id)
    statement.held += bytes
    if (isKnown) this.statements.set(statement.id, statement)
  }

  /** The statement of that id, if it was used within the timeout before `now`. */
  statement(id: number, now: number): Prepared | undefined {
    if (id === LAST_PREPARED) return this.lastPrepared
    const statement = this.statements.get(id)
    if (statement === undefined) return undefined
    if (now - statement.lastUsed > this.#timeout) {
      this.statements.delete(id)
      return undefined
    }
    statement.lastUsed = now
    return statement
  }

  get compressed(): boolean {
    return this.#can(CLIENT_COMPRESS | CLIENT_ZSTD_COMPRESSION_ALGORITHM)
  }

  get tracked(): boolean {
    return this.#can(CLIENT_SESSION_TRACK)
  }

  /** undefined: unknown. */
  get attributed(): boolean | undefined {
    return this.capabilities === undefined ? undefined : this.#can(CLIENT_QUERY_ATTRIBUTES)
  }

  #can(capabilities: number): boolean {
    return this.capabilities !== undefined && (this.capabilities & capabilities) !== 0
  }
}

/** MariaDB: the statement that was prepared last, so that a client need not wait for its id. */
export const LAST_PREPARED = 0xffffffff
