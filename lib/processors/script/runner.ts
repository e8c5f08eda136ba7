import type { Document } from '../../events/writer.js'
import { within } from './engine.js'
import type { Outcome, Session } from './session.js'

export interface RunnerOptions {
  /** Makes a session, at the start and whenever one broke. */
  open(): Promise<Session>
  /** Milliseconds that an event may take. */
  timeout: number
  /** Told when an event took longer, and when a session was left. */
  count(name: 'timeouts' | 'restarts' | 'suspended'): void
}

type Done = (outcome: Outcome) => void

// Events that wait for their turn: enough for what a capture brings at once, and fewer than may wait for processors.
const MOST = 2048
// A slice of work between which the program does everything else. Milliseconds.
const SLICE = 20
// What a stopped engine is allowed to be late, so that those that can stop themselves do. Milliseconds.
const LATE = 10
// A script that only ever times out would keep the program from everything else.
const TOLERATED = 16
const SUSPENDED = 1000

/**
 * Runs a script on events, many under one guard: within the time of one JavaScript turn they are collected. Each answer is
 * a promise, unless so many wait that the event is done at once.
 */
export class Runner {
  readonly #options: RunnerOptions
  readonly #waiting: { event: Document; done: Done }[] = []
  #session: Session | undefined
  #scheduled = false
  #failure = ''
  #inRow = 0
  #suspendedUntil = 0

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** @throws what opening a session throws */
  async start(check: (session: Session) => void): Promise<void> {
    this.#session = await this.#options.open()
    check(this.#session)
  }

  run(event: Document): Outcome | Promise<Outcome> {
    if (this.#waiting.length >= MOST && this.#session !== undefined && !this.#session.broken)
      return this.#alone(event, this.#session)
    return new Promise((done) => {
      this.#waiting.push({ event, done })
      if (this.#scheduled) return
      this.#scheduled = true
      // After what the program is in the middle of, which brings more events.
      queueMicrotask(() => void this.#turn())
    })
  }

  async #turn(): Promise<void> {
    if (this.#session === undefined || this.#session.broken) await this.#reopen()
    const session = this.#session
    if (session === undefined)
      for (const { event, done } of this.#waiting.splice(0))
        done({ event, wrong: this.#failure, timedOut: false })
    else this.#slice(session)
    this.#scheduled = this.#waiting.length > 0
    if (this.#scheduled) setImmediate(() => void this.#turn())
  }

  async #reopen(): Promise<void> {
    if (this.#session !== undefined) this.#options.count('restarts')
    this.#session = undefined
    try {
      this.#session = await this.#options.open()
    } catch (error) {
      this.#failure = (error as Error).message
    }
  }

  /** As many of those that wait as a slice has time for. */
  #slice(session: Session): void {
    const outcomes: Outcome[] = []
    const end = performance.now() + SLICE
    let at = 0
    const whole = within(SLICE + this.#options.timeout + LATE, () => {
      for (; at < this.#waiting.length && !session.broken && performance.now() < end; at++)
        outcomes[at] = this.#one(session, (this.#waiting[at] as { event: Document }).event)
    })
    const stopped = whole ? undefined : this.#waiting[at]
    if (stopped !== undefined) outcomes[at++] = this.#stopped(session, stopped.event)
    for (const { event, done } of this.#waiting.splice(0, at)) done(outcomes.shift() ?? { event })
  }

  #alone(event: Document, session: Session): Outcome {
    let outcome: Outcome | undefined
    const whole = within(this.#options.timeout + LATE, () => {
      outcome = this.#one(session, event)
    })
    return whole && outcome !== undefined ? outcome : this.#stopped(session, event)
  }

  #one(session: Session, event: Document): Outcome {
    if (this.#inRow >= TOLERATED && performance.now() < this.#suspendedUntil) {
      this.#options.count('suspended')
      return { event, wrong: `left out, for it timed out ${TOLERATED} times in a row`, timedOut: false }
    }
    const outcome = session.run(event)
    if ('wrong' in outcome && outcome.timedOut) return this.#timedOut(event)
    this.#inRow = 0
    return outcome
  }

  #stopped(session: Session, event: Document): Outcome {
    session.spoil()
    return this.#timedOut(event)
  }

  #timedOut(event: Document): Outcome {
    this.#options.count('timeouts')
    if (++this.#inRow >= TOLERATED) this.#suspendedUntil = performance.now() + SUSPENDED
    return { event, wrong: `took more than ${this.#options.timeout} ms`, timedOut: true }
  }
}
