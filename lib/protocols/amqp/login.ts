import { UNMATCHED_REQUEST } from '../../transactions/notes.js'
import { type Direction, FROM_CLIENT } from '../protocol.js'
import { type Arguments, newArguments } from './arguments.js'
import { login } from './methods.js'
import { Pending } from './pending.js'
import type { Report } from './report.js'

const OTHER_VERSION = 'The server speaks another version of the protocol'

/** All that is said until a connection is open, as one transaction. */
export class Login {
  readonly #report: Report
  #pending: Pending | undefined
  /** The connection is open, or the login failed, or it was before the capture. */
  #over = false

  constructor(report: Report) {
    this.#report = report
  }

  get over(): boolean {
    return this.#over
  }

  /** The header of the protocol, or the first method there is. */
  begin(time: number): void {
    if (this.#over || this.#pending !== undefined) return
    const pending = new Pending(this.#report, FROM_CLIENT, login, newArguments(), time, 0)
    pending.arguments.more = {}
    this.#pending = pending
    this.#report.shared.room.enter(pending)
  }

  /** A header, or a method on channel 0, has come. */
  add(direction: Direction, bytes: number): void {
    if (this.#pending === undefined) return
    if (direction === FROM_CLIENT) this.#pending.sourceBytes += bytes
    else this.#pending.destinationBytes += bytes
  }

  /** A step has come. */
  step(given: Arguments, time: number): void {
    this.begin(time)
    const { session } = this.#report
    const { more } = given
    const login = this.#pending?.arguments.more
    if (more === undefined || login === undefined) return
    if (typeof more.user === 'string') session.user = more.user
    if (typeof more.mechanism === 'string') login.mechanism = more.mechanism
    const host = more['virtual-host']
    if (typeof host === 'string') session.virtualHost = host
  }

  /** The server has opened the connection. */
  succeeded(time: number): void {
    const pending = this.#end()
    if (pending !== undefined) this.#report.answered(pending, undefined, time, 'OK')
  }

  /** The server has closed it instead. */
  refused(close: Arguments, time: number): void {
    const pending = this.#end()
    if (pending !== undefined) this.#report.refused(pending, close, time)
  }

  /** The server has answered with a header of its own. */
  otherVersion(time: number): void {
    const pending = this.#end()
    if (pending === undefined) return
    pending.status = 'Error'
    pending.notes = [OTHER_VERSION]
    this.#report.answered(pending, undefined, time, OTHER_VERSION)
  }

  /** It goes on in another protocol. */
  forget(): void {
    this.#end()
  }

  /** Nothing more will come. */
  end(): void {
    const pending = this.#end()
    if (pending !== undefined) this.#report.giveUp(pending, UNMATCHED_REQUEST)
  }

  #end(): Pending | undefined {
    const pending = this.#pending
    this.#over = true
    this.#pending = undefined
    if (pending !== undefined) this.#report.shared.room.leave(pending)
    return pending
  }
}
