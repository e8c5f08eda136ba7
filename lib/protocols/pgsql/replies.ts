import { method } from '../../sql/method.js'
import { ResultText } from '../../sql/result-text.js'
import { serverMessage } from './errors.js'
import { types } from './extended.js'
import { ENCRYPTED } from './notes.js'
import type { Pairing } from './pairing.js'
import { type Framing, letter, type Message } from './parser.js'
import type { Requests } from './requests.js'
import { columns, values } from './rows.js'
import { authentication } from './startup.js'
import { BOUND, PARSED, PgsqlTransaction, RESULT } from './transaction.js'

// Notices that an event has at most, and characters of one; a function may raise thousands.
const MAX_NOTICES = 10
const NOTICE_LENGTH = 1024

/** What a server says, given to the requests it answers. */
export class Replies {
  /** The server agreed to encrypt: nothing can be read any more. */
  encrypted = false
  readonly #pairing: Pairing
  readonly #requests: Requests
  readonly #framing: Framing
  readonly #wantsRows: boolean

  constructor(requests: Requests, framing: Framing) {
    this.#requests = requests
    this.#pairing = requests.pairing
    this.#framing = framing
    this.#wantsRows = requests.pairing.session.options.send_response
    framing.values = this.#wantsRows
  }

  /** @throws {Malformed} when its body is not what it must be */
  take(message: Message, time: number): void {
    if (this.#framing.oneByte) {
      this.#encryption(message, time)
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
      case BACKEND_VERSION:
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
        this.#notice(message)
        break
      case NOTIFICATION:
        this.#notification(message, time)
        break
      case PARAMETER_DESCRIPTION: {
        const statement = this.#pairing.described()?.statement
        if (statement !== undefined) statement.types = types(message)
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
        this.#session(message, time)
    }
  }

  // --- results ------------------------------------------------------------------------------------------------------

  #columns(message: Message, time: number): void {
    const request = this.#pairing.described()
    if (request === undefined) return
    const fields = message.i16()
    request.fields = fields
    request.end ??= time
    request.destinationBytes += message.length
    let all: ReturnType<typeof columns> | undefined
    if (this.#wantsRows) {
      message.at -= 2
      all = columns(message)
      request.columns = all
      if (request.kind === 'statement') this.#text(request)
    }
    if (request.describes === 0) return
    request.describes--
    this.#requests.describe(request, fields, all)
  }

  #noData(message: Message, time: number): void {
    const request = this.#pairing.described()
    if (request === undefined || request.describes === 0) return
    request.describes--
    request.end ??= time
    request.destinationBytes += message.length
    this.#requests.describe(request, 0, this.#wantsRows ? [] : undefined)
  }

  #row(message: Message, time: number): void {
    const request = this.#pairing.awaiting(RESULT)
    if (request === undefined) return
    request.rows++
    request.end ??= time
    request.destinationBytes += message.length
    if (request.fields === 0) {
      request.fields = message.i16()
      message.at -= 2
    }
    if (!this.#framing.values) return
    const text = this.#text(request)
    const { max_row_length } = request.session.options
    text.row(values(message, request.columns ?? request.statement?.columns, request.formats, max_row_length))
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
    if (state === IDLE) this.#requests.closePortals()
    this.#framing.values = this.#wantsRows
  }

  #error(message: Message, time: number): void {
    const error = serverMessage(message)
    const request = this.#pairing.failed(error, time)
    this.#framing.values = this.#wantsRows
    if (request === undefined) {
      if (error.fatal) {
        const event = this.#unasked('DISCONNECT', message, time)
        event.error = error
        this.#pairing.report(event)
      } else this.#pairing.context.count('unmatched_responses')
    } else request.destinationBytes += message.length
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

  // --- what nobody asked for, and the beginning ---------------------------------------------------------------------

  #notice(message: Message): void {
    const request = this.#pairing.head()
    if (request === undefined) return
    request.destinationBytes += message.length
    if ((request.notices?.length ?? 0) >= MAX_NOTICES) {
      this.#pairing.context.count('dropped_notices')
      return
    }
    const { severity, message: text } = serverMessage(message)
    request.notices ??= []
    request.notices.push(`${severity}: ${text}`.slice(0, NOTICE_LENGTH))
  }

  /** What LISTEN subscribed to: an event of its own. */
  #notification(message: Message, time: number): void {
    const event = this.#unasked('NOTIFICATION', message, time)
    event.process = message.i32()
    event.channel = message.text()
    event.payload = message.text()
    this.#pairing.report(event)
  }

  #unasked(verb: string, { length }: Message, time: number): PgsqlTransaction {
    const pairing = this.#pairing
    const event = new PgsqlTransaction(
      pairing,
      pairing.session,
      'message',
      verb,
      undefined,
      time,
      0,
      -1,
      0,
      0,
    )
    event.destinationBytes = length
    return event
  }

  /** The answer to SSLRequest or GSSENCRequest. */
  #encryption(message: Message, time: number): void {
    this.#framing.oneByte = false
    const login = this.#pairing.head()
    if (message.length > 1 || login?.kind !== 'login') {
      // An error of a server that knows neither.
      this.#error(message, time)
      return
    }
    login.destinationBytes += message.length
    login.expects = 0
    if (message.type === REFUSES) return
    login.end = time
    login.answered = true
    login.remark = ENCRYPTED
    this.encrypted = true
    this.#pairing.done()
  }

  #session(message: Message, time: number): void {
    const { session } = this.#pairing
    if (message.type === PARAMETER) session.parameter(message.text(), message.text())
    const login = this.#pairing.head()
    if (login?.kind !== 'login') return
    login.destinationBytes += message.length
    if (message.type === BACKEND_KEY) login.process = message.i32()
    if (message.type !== AUTHENTICATION) return
    const { done, method: asked } = authentication(message)
    login.authentication ??= asked
    if (!done) return
    login.authentication ??= 'none'
    login.end = time
    login.answered = true
  }
}

const IDLE = letter('I')
const REFUSES = letter('N')
const DATA_ROW = letter('D')
const COMMAND_COMPLETE = letter('C')
const READY_FOR_QUERY = letter('Z')
const ROW_DESCRIPTION = letter('T')
const PARSE_COMPLETE = letter('1')
const BIND_COMPLETE = letter('2')
const CLOSE_COMPLETE = letter('3')
const BACKEND_VERSION = letter('v')
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
const PARAMETER = letter('S')
const BACKEND_KEY = letter('K')
const AUTHENTICATION = letter('R')
