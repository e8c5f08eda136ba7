import type { Transaction } from '../../events/fields.js'
import type { ResultText } from '../../sql/result-text.js'
import type { Ordered } from '../../transactions/in-order.js'
import type { Waiting } from '../../transactions/waiting.js'
import type { ServerMessage } from './errors.js'
import type { Pairing } from './pairing.js'
import type { Column } from './rows.js'
import type { Session } from './session.js'
import type { Prepared } from './statements.js'

/**
 * - `statement`: one of a Query message. `execute`: an Execute with the Parse, Bind and Describe before it.
 * - `prepare`: a Parse that is not executed at once. `quiet`: what only keeps house, such as Close or Sync; an event
 *   only when it goes wrong.
 * - `call`: a FunctionCall. `login`: from SSLRequest to AuthenticationOk. `message`: what came without a question.
 */
export type Kind = 'statement' | 'execute' | 'prepare' | 'quiet' | 'call' | 'login' | 'message'

/** The method of a statement without a word. */
export const EMPTY = 'EMPTY'

// What a request takes beside its texts, roughly.
const OVERHEAD = 400

// What a request still waits for.
export const PARSED = 1 // ParseComplete
export const BOUND = 2 // BindComplete
export const RESULT = 4 // CommandComplete and its like; AuthenticationOk
export const READY = 8 // ReadyForQuery alone

/** A request and its answer. All its properties are there from the start, so that all have one shape. */
export class PgsqlTransaction implements Transaction, Ordered {
  start: number
  end: number | undefined = undefined
  sourceBytes: number
  destinationBytes = 0
  status: 'OK' | 'Error' = 'OK'
  notes: string[] | undefined = undefined
  ahead: Waiting | undefined = undefined
  behind: Waiting | undefined = undefined
  waits = false
  late = false

  /** Whose it is. */
  readonly pairing: Pairing
  readonly session: Session
  kind: Kind
  method: string
  /** undefined: it has none, or was parsed before the capture began. */
  sql: string | undefined
  /** Requests come in series, each answered by one ReadyForQuery; this is the number of its own. */
  readonly series: number
  /** PARSED, BOUND, RESULT and READY that are still to come. */
  expects: number
  /** Answers to Describe that are still to come. */
  describes = 0
  /** It has its result. More may follow for the last statement of a Query message. */
  answered = false
  /** It has been written. It keeps its place until the series is over. */
  reported = false
  /** Of a statement of a Query message: where it ends in it; 0 for the last, and whatever else. */
  sqlEnd = 0
  /** What was noticed when it was asked. */
  remark: string | undefined = undefined
  /** Bytes it takes while it waits, roughly. */
  weight: number

  /** The name of its prepared statement; '' is the unnamed one. */
  name: string | undefined = undefined
  statement: Prepared | undefined = undefined
  /** What a Parse took the place of, which comes back if it fails. */
  before: Prepared | undefined = undefined
  params: string[] | undefined = undefined
  /** Of the result's columns, as Bind asks for them; undefined: all text. */
  formats: readonly number[] | undefined = undefined
  columns: readonly Column[] | undefined = undefined

  fields = 0
  rows = 0
  tag: string | undefined = undefined
  text: ResultText | undefined = undefined
  error: ServerMessage | undefined = undefined
  notices: string[] | undefined = undefined
  /** ReadyForQuery's: I, T or E as a byte; 0 before it. */
  state = 0

  /** Of a login. */
  authentication: string | undefined = undefined
  /** Of a login or a CancelRequest: the server's process. */
  process: number | undefined = undefined
  /** Of a notification: its channel and its payload. */
  channel: string | undefined = undefined
  payload: string | undefined = undefined

  /** `time`: when its first byte came. `bytes`: of the request so far. `expects`: PARSED, BOUND, RESULT, READY. */
  constructor(
    pairing: Pairing,
    kind: Kind,
    method: string,
    sql: string | undefined,
    time: number,
    bytes: number,
    expects: number,
  ) {
    this.pairing = pairing
    this.session = pairing.session
    this.kind = kind
    this.method = method
    this.sql = sql
    this.start = time
    this.sourceBytes = bytes
    this.series = pairing.asking
    this.expects = expects
    this.weight = OVERHEAD + (sql === undefined ? 0 : sql.length)
  }

  /** All that was asked so far has been answered. */
  get complete(): boolean {
    return this.expects === 0 && this.describes === 0
  }
}
