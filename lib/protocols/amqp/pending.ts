import type { Ordered } from '../../transactions/in-order.js'
import type { Waiting } from '../../transactions/waiting.js'
import type { Direction } from '../protocol.js'
import type { Arguments } from './arguments.js'
import type { Method } from './methods.js'
import type { Properties } from './properties.js'
import type { Report } from './report.js'
import type { AmqpTransaction, Session } from './transaction.js'

// What objects a call that waits takes, beside its texts.
const WEIGHT = 250

/** A transaction from its first byte on, while it waits and until it is written. */
export class Pending implements AmqpTransaction, Ordered {
  readonly report: Report
  readonly session: Session
  readonly method: Method
  arguments: Arguments
  start: number
  /** Who asks: a call or notice of the server is the other way round. */
  readonly direction: Direction
  sourceBytes: number
  destinationBytes = 0
  end: number | undefined = undefined
  status: 'OK' | 'Error' = 'OK'
  notes: string[] | undefined = undefined
  answer: Arguments | undefined = undefined
  outcome: string | undefined = undefined
  properties: Properties | undefined = undefined
  body: string | undefined = undefined
  empty = false
  withRequest: boolean
  withResponse: boolean
  /** Bytes it takes while it waits, roughly. */
  held = 0
  late = false
  /** Of a message that is confirmed: it waits no longer, but still has its place. */
  settled = false
  ahead: Waiting | undefined = undefined
  behind: Waiting | undefined = undefined
  waits = false

  /** `bytes`: those of its frame. */
  constructor(
    report: Report,
    direction: Direction,
    method: Method,
    given: Arguments,
    time: number,
    bytes: number,
  ) {
    const { options } = report.shared
    this.report = report
    this.session = report.session
    this.method = method
    this.arguments = given
    this.start = time
    this.direction = direction
    this.sourceBytes = bytes
    this.withRequest = options.send_request
    this.withResponse = options.send_response
  }

  /** What it takes of memory from now on; `bytes`: what was read into it. */
  weigh(bytes: number): number {
    this.held = WEIGHT + 2 * (bytes + (this.body?.length ?? 0))
    return this.held
  }
}

export function note(pending: Pending, text: string): void {
  pending.notes = pending.notes === undefined ? [text] : [...pending.notes, text]
}
