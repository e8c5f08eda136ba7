import { method } from '../../sql/method.js'
import { UNKNOWN_STATEMENT } from '../../transactions/notes.js'
import { Statements } from '../../transactions/statements.js'
import { parameters, parse } from './bind.js'
import { QUERY_CUT } from './notes.js'
import type { Pairing } from './pairing.js'
import { letter, type Message } from './parser.js'
import { whole } from './split.js'
import type { PreparedStatements } from './statements.js'
import { BOUND, EMPTY, type Kind, PARSED, type PgsqlTransaction, READY, RESULT } from './transaction.js'

/** What a named portal was made of. */
interface Portal {
  held: number
  used: boolean
  request: PgsqlTransaction
}

// Named portals that are open at once on a connection; drivers have a handful.
const MAX_PORTALS = 1000

/**
 * Extended queries: an Execute and what was said for it become one request. It waits from its first message on, since
 * the server may answer a Parse or a Bind before the Execute is sent, or refuse it.
 * PostgreSQL 17 documentation, §55.2.3 and §55.2.4.
 */
export class ExtendedQueries {
  readonly #pairing: Pairing
  readonly #statements: PreparedStatements
  /** By name, of the requests whose Bind made them. */
  readonly #portals: Statements<string, Portal>
  #unnamed: PgsqlTransaction | undefined
  /** A request whose Execute has not come. */
  #forming: PgsqlTransaction | undefined
  /** The portal that it has bound. */
  #bound: string | undefined

  constructor(pairing: Pairing, statements: PreparedStatements) {
    this.#pairing = pairing
    this.#statements = statements
    const { memory, count } = pairing.context
    this.#portals = new Statements(memory, () => count('forgotten_portals'), MAX_PORTALS)
  }

  parse(message: Message, time: number): void {
    const { name, sql: text, types } = parse(message)
    const sql = whole(text)
    let request = this.#forming
    if (request === undefined || request.name !== undefined || this.#bound !== undefined)
      request = this.#form('prepare', time)
    request.kind = 'prepare'
    request.method = 'PREPARE'
    request.sql = sql
    request.sourceBytes += message.length
    request.expects |= PARSED
    const { cut } = message
    const verb = method(sql) || EMPTY
    this.#statements.parse(request, name, {
      held: 0,
      used: false,
      sql,
      method: verb,
      types,
      fields: -1,
      columns: undefined,
      cut,
    })
    this.#pairing.grow(request, sql.length)
    if (!cut) return
    request.remark = QUERY_CUT
    this.#pairing.context.count('cut_queries')
  }

  bind(message: Message, time: number): void {
    const portal = message.text()
    const name = message.text()
    const { context, session } = this.#pairing
    let request = this.#forming
    // What was parsed and answered before was a request of its own.
    const parsed = request?.kind === 'prepare' && request.complete
    if (request === undefined || parsed || this.#bound !== undefined || (request.name ?? name) !== name)
      request = this.#form('quiet', time, 'BIND')
    if (request.statement === undefined) this.#use(request, name)
    request.sourceBytes += message.length
    request.expects |= BOUND
    const { params, formats, cut, weight } = parameters(
      message,
      request.statement?.types,
      session.options.send_response,
    )
    request.params = params
    request.formats = formats
    if (cut) context.count('cut_parameters')
    this.#pairing.grow(request, weight)
    this.#bound = portal
    if (portal === '') this.#unnamed = request
    else this.#portals.set(portal, { held: request.weight, used: false, request })
  }

  describe(message: Message, time: number): void {
    const ofStatement = message.u8() === STATEMENT
    const name = message.text()
    let request = this.#forming
    if (request === undefined || (ofStatement && (request.name ?? name) !== name))
      request = this.#form('quiet', time, 'DESCRIBE')
    request.sourceBytes += message.length
    request.describes++
    if (ofStatement && request.statement === undefined) this.#use(request, name)
  }

  execute(message: Message, time: number): void {
    const portal = message.text()
    let request = this.#forming
    if (request !== undefined && this.#bound === portal) {
      // A cursor: what came before was asked for and answered by itself.
      if (request.complete) this.#pairing.again(request, time)
    } else {
      if (request === undefined || request.name !== undefined || this.#bound !== undefined)
        request = this.#form('execute', time)
      this.#goOn(request, portal === '' ? this.#unnamed : this.#portals.get(portal)?.request)
    }
    request.kind = 'execute'
    request.method = request.statement?.method ?? ''
    request.end = undefined
    request.sourceBytes += message.length
    request.expects |= RESULT
    this.#forming = undefined
  }

  close(message: Message, time: number): void {
    const ofStatement = message.u8() === STATEMENT
    const name = message.text()
    if (ofStatement) this.#statements.close(name)
    else if (name === '') this.#unnamed = undefined
    else this.#portals.delete(name)
    this.part(message, time, 'CLOSE')
  }

  sync(message: Message, time: number): void {
    const { copying, copied } = this.#pairing
    // While it reads copied data the server passes over Sync, which libpq has sent before it knew.
    if (copying !== undefined && !copied) return
    const request = this.part(message, time, 'SYNC')
    if (request.kind === 'quiet') request.expects |= READY
    this.ends()
  }

  /** A message that needs no request of its own: it belongs to the one before it, if there is one. */
  part(message: Message, time: number, verb: string): PgsqlTransaction {
    const request = this.#forming ?? this.#pairing.last() ?? this.#form('quiet', time, verb)
    request.sourceBytes += message.length
    return request
  }

  /** The series is over. */
  ends(): void {
    this.#forming = undefined
    this.#pairing.asking++
  }

  /** The answers to what was asked so far are lost. */
  interrupted(): void {
    this.#forming = undefined
  }

  /** The transaction is over, and so are its portals. */
  closePortals(): void {
    if (this.#portals.size > 0) this.#portals.clear()
  }

  /** What was prepared, or may have been in bytes that were lost, is not known. */
  forget(): void {
    this.#forming = undefined
    this.#unnamed = undefined
    this.#portals.clear()
    this.#statements.clear()
  }

  #form(kind: Kind, time: number, verb = ''): PgsqlTransaction {
    const request = this.#pairing.ask(kind, verb, undefined, time, 0, 0)
    this.#forming = request
    this.#bound = undefined
    return request
  }

  #use(request: PgsqlTransaction, name: string): void {
    const statement = this.#statements.get(name)
    request.name = name
    request.statement = statement
    request.sql = statement?.sql
    if (statement === undefined) request.remark = UNKNOWN_STATEMENT
    else if (statement.cut) request.remark = QUERY_CUT
  }

  /** More is fetched from a portal. `from`: the request that made it; undefined: that was before the capture. */
  #goOn(request: PgsqlTransaction, from: PgsqlTransaction | undefined): void {
    if (from === undefined) {
      request.remark = UNKNOWN_STATEMENT
      return
    }
    request.remark = from.remark
    request.name = from.name
    request.statement = from.statement
    request.sql = from.sql
    request.params = from.params
    request.formats = from.formats
    request.columns = from.columns
    request.fields = from.fields
  }
}

const STATEMENT = letter('S')
