import { method } from '../../sql/method.js'
import { ResultText } from '../../sql/result-text.js'
import { types } from './bind.js'
import { serverMessage } from './errors.js'
import type { ExtendedQueries } from './extended.js'
import { encryption, greeting } from './greeting.js'
import type { Pairing } from './pairing.js'
import { type Framing, letter, type Message } from './parser.js'
import { columns, values } from './rows.js'
import type { PreparedStatements } from './statements.js'
import { BOUND, PARSED, type PgsqlTransaction, RESULT } from './transaction.js'
import * as unasked from './unasked.js'

/** What a server says, given to the requests it answers. */
export class Replies {
  /** The server agreed to encrypt: nothing can be read any more. */
  encrypted = false
  readonly #pairing: Pairing
  readonly #extended: ExtendedQueries
  readonly #statements: PreparedStatements
  readonly #framing: Framing
  readonly #wantsRows: boolean

  /** `framing`: the server's, told whether anybody wants the values of rows. */
  constructor(pairing: Pairing, extended: ExtendedQueries, statements: PreparedStatements, framing: Framing) {
    this.#pairing = pairing
    this.#extended = extended
    this.#statements = statements
    this.#framing = framing
    this.#wantsRows = pairing.session.options.send_response
    framing.values = this.#wantsRows
  }

  /** @throws {Malformed} when its body is not what it must be */
  take(message: Message, time: number): void {
    if (this.#framing.oneByte) {
      this.#framing.oneByte = false
      // A server that knows neither answers with an error.
      if (message.length === 1) this.encrypted = encryption(message, time, this.#pairing)
      else this.#error(message, time)
      return
    }
    switch (message.type) {
      case DATA_ROW:
        this.#row(message, time)
        break
      case COMMAND_COMPLETE:
        this.#result(message, time, message.wholeText())
        break
      case READY_FOR_QUERY:
        this.#ready(message.u8())
        break
      case ROW_DESCRIPTION:
        this.#columns(message, time)
        break
      case BIND_COMPLETE: {
        const request = this.#pairing.awaiting(BOUND)
        if (request !== undefined) request.expects &= ~BOUND
        break
      }
      case PARSE_COMPLETE: {
        const request = this.#pairing.awaiting(PARSED)
        if (request === undefined) break
        request.expects &= ~PARSED
        if (request.kind !== 'prepare') break
        request.end ??= time
        request.destinationBytes += message.length
        break
      }
      case CLOSE_COMPLETE:
        break
      case NO_DATA:
        this.#noData(message, time)
        break
      case EMPTY_QUERY:
      case PORTAL_SUSPENDED:
      case FUNCTION_RESULT:
        this.#result(message, time, undefined)
        break
      case ERROR:
        this.#error(message, time)
        break
      case NOTICE:
        unasked.notice(message, this.#pairing)
        break
      case NOTIFICATION:
        unasked.notification(message, time, this.#pairing)
        break
      case PARAMETER_DESCRIPTION: {
        const request = this.#pairing.described()
        if (request !== undefined) this.#statements.typed(request, types(message))
        break
      }
      case COPY_IN:
      case COPY_BOTH:
        this.#copies(message, time)
        break
      case COPY_OUT:
      case COPY_DATA:
      case COPY_DONE:
        this.#copied(message, time)
        break
      default:
        greeting(message, time, this.#pairing)
    }
  }

  // --- results ------------------------------------------------------------------------------------------------------

  #columns(message: Message, time: number): void {
    const request = this.#pairing.described()
    if (request === undefined) return
    const fields = message.peekI16()
    request.fields = fields
    request.end ??= time
    request.destinationBytes += message.length
    const all = this.#wantsRows ? columns(message) : undefined
    request.columns = all
    if (all !== undefined && request.kind === 'statement') this.#text(request)
    if (request.describes === 0) return
    request.describes--
    this.#statements.described(request, fields, all)
  }

  #noData(message: Message, time: number): void {
    const request = this.#pairing.described()
    if (request === undefined || request.describes === 0) return
    request.describes--
    request.end ??= time
    request.destinationBytes += message.length
    this.#statements.described(request, 0, this.#wantsRows ? [] : undefined)
  }

  #row(message: Message, time: number): void {
    const request = this.#pairing.awaiting(RESULT)
    if (request === undefined) return
    request.rows++
    request.end ??= time
    request.destinationBytes += message.length
    if (request.fields === 0) request.fields = message.peekI16()
    if (!this.#framing.values) return
    const text = this.#text(request)
    const { max_row_length } = request.session.options
    // Those of a statement say nothing of the formats, which each Bind may choose anew.
    const formats = request.formats ?? (request.columns === undefined ? TEXT : undefined)
    const known = request.columns ?? request.statement?.columns
    text.row(values(message, known, formats, max_row_length))
    this.#framing.values = !text.full
  }

  /** The rows of a request as text, with the names of its columns. */
  #text(request: PgsqlTransaction): ResultText {
    if (request.text !== undefined) return request.text
    const text = new ResultText(request.session.options)
    const columns = request.columns ?? request.statement?.columns
    if (columns !== undefined) text.columns(columns.map(({ name }) => name))
    request.text = text
    return text
  }

  /** CommandComplete and its like. `tag`: undefined for the others. */
  #result(message: Message, time: number, tag: string | undefined): void {
    const request = this.#pairing.awaiting(RESULT)
    if (request === undefined) {
      this.#pairing.context.count('unmatched_responses')
      return
    }
    request.answered = true
    request.tag = tag
    request.end ??= time
    request.destinationBytes += message.length
    if (request.method === '') request.method = tag === undefined ? 'EXECUTE' : method(tag)
    if (request.fields === 0 && request.statement !== undefined && request.statement.fields > 0)
      request.fields = request.statement.fields
    if (this.#wantsRows) {
      if (request.fields > 0) this.#text(request)
      this.#framing.values = true
    }
    if (request === this.#pairing.copying) this.#pairing.copying = undefined
    // Should there be more results than statements were found, the last one takes them.
    if (request.kind !== 'statement' || request.sqlEnd > 0) request.expects &= ~RESULT
  }

  #ready(state: number): void {
    if (!this.#pairing.ready(state)) this.#pairing.context.count('unmatched_responses')
    if (state === IDLE) this.#extended.closePortals()
    this.#framing.values = this.#wantsRows
  }

  #error(message: Message, time: number): void {
    const error = serverMessage(message)
    const request = this.#pairing.failed(error, time, message.length)
    this.#framing.values = this.#wantsRows
    if (request === undefined) unasked.error(error, message, time, this.#pairing)
  }

  // --- copies -------------------------------------------------------------------------------------------------------

  #copies(message: Message, time: number): void {
    const pairing = this.#pairing
    const request = pairing.awaiting(RESULT)
    if (request === undefined) return
    request.end ??= time
    request.destinationBytes += message.length
    pairing.copying = request
    pairing.copied = false
    // Replication goes on for days: it is over for us when it begins.
    if (message.type === COPY_BOTH) {
      request.answered = true
      pairing.report(request)
    }
    // The Sync that was sent with an Execute is passed over by a server that reads copied data.
    if (request.kind === 'execute' && pairing.asking === request.series + 1) pairing.asking = request.series
  }

  #copied(message: Message, time: number): void {
    const request = this.#pairing.awaiting(RESULT)
    if (request === undefined) return
    if (request.reported) this.#pairing.context.count('replication_bytes', message.length)
    else {
      request.end ??= time
      request.destinationBytes += message.length
    }
  }
}

const TEXT: readonly number[] = []

const IDLE = letter('I')
const DATA_ROW = letter('D')
const COMMAND_COMPLETE = letter('C')
const READY_FOR_QUERY = letter('Z')
const ROW_DESCRIPTION = letter('T')
const PARSE_COMPLETE = letter('1')
const BIND_COMPLETE = letter('2')
const CLOSE_COMPLETE = letter('3')
const NO_DATA = letter('n')
const EMPTY_QUERY = letter('I')
const PORTAL_SUSPENDED = letter('s')
const FUNCTION_RESULT = letter('V')
const ERROR = letter('E')
const NOTICE = letter('N')
const NOTIFICATION = letter('A')
const PARAMETER_DESCRIPTION = letter('t')
const COPY_IN = letter('G')
const COPY_OUT = letter('H')
const COPY_BOTH = letter('W')
const COPY_DATA = letter('d')
const COPY_DONE = letter('c')
