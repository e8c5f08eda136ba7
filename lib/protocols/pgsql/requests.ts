import { method } from '../../sql/method.js'
import type { ExtendedQueries } from './extended.js'
import { QUERY_CUT } from './notes.js'
import type { Pairing } from './pairing.js'
import { type Framing, letter, type Message, STARTUP } from './parser.js'
import { split } from './split.js'
import { startup } from './startup.js'
import { EMPTY, RESULT } from './transaction.js'

/** What a client says, made into requests that wait for their answers. */
export class Requests {
  readonly #pairing: Pairing
  readonly #extended: ExtendedQueries
  readonly #server: Framing
  /** The connection is past its startup packets. */
  #begun = false

  /** `server`: told when one byte is to be the answer. */
  constructor(pairing: Pairing, extended: ExtendedQueries, server: Framing) {
    this.#pairing = pairing
    this.#extended = extended
    this.#server = server
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
        this.#extended.parse(message, time)
        break
      case BIND:
        this.#extended.bind(message, time)
        break
      case DESCRIBE:
        this.#extended.describe(message, time)
        break
      case EXECUTE:
        this.#extended.execute(message, time)
        break
      case CLOSE:
        this.#extended.close(message, time)
        break
      case FLUSH:
        this.#extended.part(message, time, 'FLUSH')
        break
      case SYNC:
        this.#extended.sync(message, time)
        break
      case FUNCTION_CALL:
        this.#pairing.ask('call', 'FUNCTION', `function ${message.u32()}`, time, message.length, RESULT)
        this.#extended.ends()
        break
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

  #startup(message: Message, time: number): void {
    if (this.#begun) throw message.malformed('a startup packet in the midst of a session')
    const pairing = this.#pairing
    const asked = startup(message)
    const verb = VERBS[asked.kind]
    let login = pairing.last()
    if (login === undefined) login = pairing.ask('login', verb, undefined, time, message.length, RESULT)
    else {
      // Encryption was refused: the client goes on without.
      login.method = verb
      login.sourceBytes += message.length
      login.expects = RESULT
      pairing.again(login, login.start)
    }
    switch (asked.kind) {
      case 'login':
        pairing.session.startUp(asked.parameters)
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
    this.#extended.ends()
  }

  #query(message: Message, time: number): void {
    const pairing = this.#pairing
    const { length, cut } = message
    const text = message.wholeText()
    const parts = split(text)
    if (parts.length === 0) pairing.ask('statement', EMPTY, text.trim(), time, length, RESULT)
    for (let index = 0; index < parts.length; index++) {
      const { sql, end } = parts[index] as (typeof parts)[0]
      const request = pairing.ask('statement', method(sql), sql, time, length, RESULT)
      if (index < parts.length - 1) request.sqlEnd = end
      else if (cut) {
        request.remark = QUERY_CUT
        pairing.context.count('cut_queries')
      }
    }
    this.#extended.ends()
  }

  /** Data of a COPY, or of the stream of replication. */
  #copied(message: Message): void {
    const { copying, context } = this.#pairing
    if (message.type !== COPY_DATA) this.#pairing.copied = true
    if (copying === undefined) return
    if (copying.reported) context.count('replication_bytes', message.length)
    else copying.sourceBytes += message.length
  }
}

const VERBS = { login: 'LOGIN', cancel: 'CANCEL', ssl: 'SSL', gssenc: 'GSSENC' } as const

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
