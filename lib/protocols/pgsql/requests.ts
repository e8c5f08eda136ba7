import { method } from '../../sql/method.js'
import { Statements } from '../../transactions/statements.js'
import { parameters, parse } from './extended.js'
import { QUERY_CUT, QUERY_UNKNOWN } from './notes.js'
import type { Pairing } from './pairing.js'
import { type Framing, letter, type Message, STARTUP } from './parser.js'
import type { Column } from './rows.js'
import type { Session } from './session.js'
import { split, whole } from './split.js'
import { startup } from './startup.js'
import type { Prepared } from './statements.js'
import { BOUND, type Kind, PARSED, PgsqlTransaction, READY, RESULT } from './transaction.js'

// Named portals that are open at once on a connection; drivers have a handful. The oldest is forgotten.
const MAX_PORTALS = 1000

// What a transaction takes beside its texts, roughly.
const OVERHEAD = 400
const STATEMENT_OVERHEAD = 128
const COLUMN_OVERHEAD = 64

/** What a client says, made into requests that wait for their answers. */
export class Requests {
  readonly #session: Session
  readonly #pairing: Pairing
  readonly #server: Framing
  readonly #statements: Statements<string, Prepared>
  /** A request whose Execute has not come: it has what was said since the last one. */
  #forming: PgsqlTransaction | undefined
  #binds = false
  #boundTo = ''
  /** By the name of its portal, the request whose Bind made it. */
  #portal: PgsqlTransaction | undefined
  #portals: Map<string, PgsqlTransaction> | undefined
  #begun = false

  constructor(session: Session, server: Framing, pairing: (undo: Requests['undo']) => Pairing) {
    this.#session = session
    this.#server = server
    this.#pairing = pairing(this.undo)
    const { context } = this.#pairing
    this.#statements = new Statements(context.memory, () => context.count('forgotten_statements'))
  }

  get pairing(): Pairing {
    return this.#pairing
  }

  /** @throws {Malformed} when it is no message that may stand here */
  take(message: Message, time: number): void {
    if (message.type === STARTUP) {
      this.#startup(message, time)
      return
    }
    this.#begun = true
    switch (message.type) {
      case QUERY:
        this.#query(message, time)
        break
      case PARSE:
        this.#parse(message, time)
        break
      case BIND:
        this.#bind(message, time)
        break
      case DESCRIBE:
        this.#describe(message, time)
        break
      case EXECUTE:
        this.#execute(message, time)
        break
      case CLOSE:
        this.#close(message, time)
        break
      case FLUSH:
        this.#part(message, time, 'FLUSH')
        break
      case SYNC:
        this.#sync(message, time)
        break
      case FUNCTION_CALL: {
        const { asking } = this.#pairing
        const sql = `function ${message.u32()}`
        this.#pairing.push(this.#request('call', 'FUNCTION', sql, time, message.length, asking, RESULT))
        this.#ends()
        break
      }
      case COPY_DATA:
      case COPY_DONE:
      case COPY_FAIL:
        this.#copied(message)
        break
      case PASSWORD: {
        const login = this.#pairing.head()
        if (login?.kind === 'login') login.sourceBytes += message.length
        break
      }
    }
  }

  /** A Parse that failed or was not run: its name means what it meant before. */
  readonly undo = (request: PgsqlTransaction): void => {
    const name = request.name ?? ''
    if (this.#statements.get(name) !== request.statement) return
    this.#statements.delete(name)
    // An unnamed statement is dropped as soon as the next one is parsed, well or not; a named one is never replaced.
    if (request.before !== undefined && (name !== '' || request.error === undefined))
      this.#statements.set(name, request.before)
  }

  /** A RowDescription tells about the statement of a request; kept when rows are wanted. */
  describe({ statement, name = '' }: PgsqlTransaction, fields: number, columns: Column[] | undefined): void {
    if (statement === undefined) return
    statement.fields = fields
    if (columns === undefined || this.#statements.get(name) !== statement) return
    const before = statement.columns === undefined ? 0 : weightOf(statement.columns)
    this.#statements.delete(name)
    statement.columns = columns
    statement.held += weightOf(columns) - before
    this.#statements.set(name, statement)
  }

  /** The answers to what was asked so far are lost. */
  interrupted(): void {
    this.#forming = undefined
  }

  /** The transaction is over: all portals are closed. */
  closePortals(): void {
    this.#portals = undefined
  }

  /** What was prepared, or may have been in bytes that were lost, is not known. */
  forget(): void {
    this.#forming = undefined
    this.#portal = undefined
    this.#portals = undefined
    this.#statements.clear()
  }

  #request(
    kind: Kind,
    verb: string,
    sql: string | undefined,
    time: number,
    bytes: number,
    series: number,
    expects: number,
  ): PgsqlTransaction {
    const weight = OVERHEAD + (sql === undefined ? 0 : sql.length)
    const { pairing } = this
    return new PgsqlTransaction(pairing, this.#session, kind, verb, sql, time, bytes, series, expects, weight)
  }

  /** The series is over. */
  #ends(): void {
    this.#forming = undefined
    this.#pairing.asking++
  }

  // --- the beginning ------------------------------------------------------------------------------------------------

  #startup(message: Message, time: number): void {
    if (this.#begun) throw message.malformed('a startup packet in the midst of a session')
    const pairing = this.#pairing
    const asked = startup(message)
    const verb = VERBS[asked.kind]
    let login = pairing.last()
    if (login === undefined) {
      login = this.#request('login', verb, undefined, time, message.length, pairing.asking, RESULT)
      pairing.push(login)
    } else {
      // Encryption was refused: the client goes on without.
      login.method = verb
      login.sourceBytes += message.length
      login.expects = RESULT
      pairing.again(login, login.start)
    }
    switch (asked.kind) {
      case 'login':
        this.#session.startUp(asked.parameters)
        break
      case 'cancel': // which nobody answers
        login.kind = 'message'
        login.process = asked.process
        pairing.report(login)
        break
      default:
        this.#server.oneByte = true
        return
    }
    this.#begun = true
    this.#ends()
  }

  // --- simple queries -----------------------------------------------------------------------------------------------

  #query(message: Message, time: number): void {
    const pairing = this.#pairing
    const { asking } = pairing
    const { length, cut } = message
    const sql = message.wholeText()
    const parts = split(sql)
    if (parts.length === 0)
      pairing.push(this.#request('statement', EMPTY, sql.trim(), time, length, asking, RESULT))
    for (let index = 0; index < parts.length; index++) {
      const { sql, end } = parts[index] as (typeof parts)[0]
      const request = this.#request('statement', method(sql), sql, time, length, asking, RESULT)
      if (index < parts.length - 1) request.sqlEnd = end
      else if (cut) this.#isCut(request)
      pairing.push(request)
    }
    this.#ends()
  }

  #isCut(request: PgsqlTransaction): void {
    request.remark = QUERY_CUT
    this.#pairing.context.count('cut_queries')
  }

  // --- extended queries ---------------------------------------------------------------------------------------------

  /** The request that a message belongs to which needs none of its own. */
  #part(message: Message, time: number, verb: string): PgsqlTransaction {
    const request = this.#forming ?? this.#pairing.last() ?? this.#form('quiet', verb, time)
    request.sourceBytes += message.length
    return request
  }

  #form(kind: Kind, verb: string, time: number): PgsqlTransaction {
    const request = this.#request(kind, verb, undefined, time, 0, this.#pairing.asking, 0)
    this.#pairing.push(request)
    this.#forming = request
    this.#binds = false
    return request
  }

  #parse(message: Message, time: number): void {
    const { name, sql: text, types } = parse(message)
    const sql = whole(text)
    const verb = method(sql) || EMPTY
    const statement: Prepared = {
      held: STATEMENT_OVERHEAD + 2 * (sql.length + name.length) + 8 * types.length,
      used: false,
      sql,
      method: verb,
      types,
      fields: -1,
      columns: undefined,
      cut: message.cut,
    }
    let request = this.#forming
    if (request === undefined || request.name !== undefined || this.#binds)
      request = this.#form('prepare', 'PREPARE', time)
    else {
      request.kind = 'prepare'
      request.method = 'PREPARE'
    }
    request.sourceBytes += message.length
    request.sql = sql
    request.name = name
    request.statement = statement
    request.before = this.#statements.get(name)
    request.expects |= PARSED
    this.#pairing.grow(request, sql.length)
    if (message.cut) this.#isCut(request)
    this.#statements.set(name, statement)
  }

  #bind(message: Message, time: number): void {
    const portal = message.text()
    const name = message.text()
    let request = this.#forming
    if (request === undefined || this.#binds || (request.name ?? name) !== name)
      request = this.#form('quiet', 'BIND', time)
    if (request.statement === undefined) this.#uses(request, name, this.#statements.get(name))
    this.#binds = true
    this.#boundTo = portal
    request.sourceBytes += message.length
    request.expects |= BOUND
    const bound = parameters(message, request.statement?.types, this.#session.options.send_response)
    request.params = bound.params
    request.formats = bound.formats
    if (bound.cut) this.#pairing.context.count('cut_parameters')
    this.#pairing.grow(request, bound.weight)
    if (portal === '') this.#portal = request
    else this.#open(portal, request)
  }

  #uses(request: PgsqlTransaction, name: string, statement: Prepared | undefined): void {
    request.name = name
    request.statement = statement
    request.sql = statement?.sql
    if (statement === undefined) request.remark = QUERY_UNKNOWN
    else if (statement.cut) request.remark = QUERY_CUT
  }

  #open(portal: string, request: PgsqlTransaction): void {
    this.#portals ??= new Map()
    this.#portals.set(portal, request)
    if (this.#portals.size <= MAX_PORTALS) return
    const [oldest] = this.#portals.keys()
    this.#portals.delete(oldest as string)
    this.#pairing.context.count('forgotten_portals')
  }

  #describe(message: Message, time: number): void {
    const kind = message.u8()
    const name = message.text()
    let request = this.#forming
    if (request === undefined || (kind === STATEMENT && (request.name ?? name) !== name))
      request = this.#form('quiet', 'DESCRIBE', time)
    request.sourceBytes += message.length
    request.describes++
    if (kind === STATEMENT && request.statement === undefined)
      this.#uses(request, name, this.#statements.get(name))
  }

  #execute(message: Message, time: number): void {
    const portal = message.text()
    const pairing = this.#pairing
    let request = this.#forming
    if (request !== undefined && this.#binds && this.#boundTo === portal) {
      // A cursor: what came before was asked for and answered by itself.
      if (request.complete) pairing.again(request, time)
    } else {
      const bound = portal === '' ? this.#portal : this.#portals?.get(portal)
      if (request === undefined || request.name !== undefined || this.#binds)
        request = this.#form('execute', '', time)
      request.remark = bound === undefined ? QUERY_UNKNOWN : bound.remark
      if (bound !== undefined) {
        request.name = bound.name
        request.statement = bound.statement
        request.sql = bound.sql
        request.params = bound.params
        request.formats = bound.formats
        request.columns = bound.columns
        request.fields = bound.fields
      }
    }
    request.kind = 'execute'
    request.method = request.statement?.method ?? ''
    request.end = undefined
    request.sourceBytes += message.length
    request.expects |= RESULT
    this.#forming = undefined
  }

  #close(message: Message, time: number): void {
    const kind = message.u8()
    const name = message.text()
    if (kind === STATEMENT) this.#statements.delete(name)
    else if (name === '') this.#portal = undefined
    else this.#portals?.delete(name)
    this.#part(message, time, 'CLOSE')
  }

  #sync(message: Message, time: number): void {
    // While it reads copied data the server passes over Sync, which libpq has sent before it knew.
    if (this.#pairing.copying !== undefined && !this.#pairing.copied) return
    const request = this.#part(message, time, 'SYNC')
    if (request.kind === 'quiet') request.expects |= READY
    this.#ends()
  }

  #copied(message: Message): void {
    const { copying, context } = this.#pairing
    if (message.type !== COPY_DATA) this.#pairing.copied = true
    if (copying === undefined) return
    if (copying.reported) context.count('replication_bytes', message.length)
    else copying.sourceBytes += message.length
  }
}

const weightOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, { name }) => sum + COLUMN_OVERHEAD + 2 * name.length, 0)

const VERBS = { login: 'LOGIN', cancel: 'CANCEL', ssl: 'SSL', gssenc: 'GSSENC' } as const

const EMPTY = 'EMPTY'
const STATEMENT = letter('S')
const QUERY = letter('Q')
const PARSE = letter('P')
const BIND = letter('B')
const DESCRIBE = letter('D')
const EXECUTE = letter('E')
const CLOSE = letter('C')
const FLUSH = letter('H')
const SYNC = letter('S')
const FUNCTION_CALL = letter('F')
const COPY_DATA = letter('d')
const COPY_DONE = letter('c')
const COPY_FAIL = letter('f')
const PASSWORD = letter('p')
