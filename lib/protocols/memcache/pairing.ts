import type { Endpoints } from '../../events/endpoints.js'
import { InOrder } from '../../transactions/in-order.js'
import {
  LATE_RESPONSE,
  LOSS_IN_REQUEST,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
} from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { login } from './commands.js'
import { isRefusedLogin } from './login.js'
import { answers, continues } from './match.js'
import type { Request, Response } from './message.js'
import { readCounter } from './meta.js'
import type { Pending, Shared } from './shared.js'
import { MAX_LISTED } from './text-request.js'

// More than any client has under way on one connection; past that it is a flood.
const MAX_WAITING = 16_384
// Requests that may be looked at for each that came. Looking for the one that is answered passes over the quiet ones
// before it, each once; an answer that nobody asked for passes over all that wait, each time.
const LOOKS = 16
// And so many for any answer.
const FEW = 16
// Upstream's texts: of an answer whose request was not captured, of a request without an answer, and of one whose
// successor was answered.
const REQUEST_MISSING = 'Invalid transaction. Request missing'
const UNFINISHED = 'Unfinished transaction'
const RESPONSE_MISSING = 'Missing response for non-quiet request'

/** Requests and answers of one stream, in their order. */
export class Pairing {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #waiting: InOrder<Pending>
  readonly #late: (() => boolean) | undefined
  /** What is being answered: it has had a part of its answer. */
  #open: Pending | undefined
  /** Answers still to come to requests that were evicted; text only, where they come before all others. */
  #owed = 0
  #looks = FEW

  /** `late` is asked before a request is reported late; true: it has dealt with all that waits. */
  constructor(endpoints: Endpoints, shared: Shared, room: WaitingRoom<Pending>, late?: () => boolean) {
    this.#late = late
    this.#endpoints = endpoints
    this.#shared = shared
    this.#waiting = new InOrder(room, { bytes: 0, messages: MAX_WAITING })
  }

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#open === undefined
  }

  /** A part of an answer has come, and the rest has not. */
  get isBeingAnswered(): boolean {
    return this.#open !== undefined
  }

  readonly asked = (request: Request, start: number, bytes: number): void => {
    const { context } = this.#shared
    const pending = this.#pending(request, start, bytes)
    if (request.cut) context.count('cut_lists')
    if (request.lost > 0) pending.notes = [LOSS_IN_REQUEST]
    // Roughly what it takes: mostly its keys.
    const held = 64 + bytes - (request.follows - request.lost)
    while (!this.#hold(pending, held)) {
      const oldest = this.#waiting.shift()
      this.#evict(oldest ?? pending)
      if (oldest === undefined) return
    }
    this.#keepValue(pending, request)
    if (this.#looks < MAX_WAITING) this.#looks += LOOKS
    const evicted = this.#waiting.push(pending)
    if (evicted !== undefined) this.#evict(evicted)
  }

  readonly answered = (response: Response, time: number, bytes: number): void => {
    if (this.#owed > 0) {
      this.#shared.context.count('unmatched_responses')
      if (!response.more) this.#owed--
      return
    }
    if (this.#open !== undefined && !continues(response, this.#open.response)) this.#interrupt(this.#open)
    const pending = this.#open ?? this.#match(response) ?? this.#orphan(time)
    pending.end ??= time
    pending.destinationBytes += bytes
    if (response.lost > 0) pending.notes = [...(pending.notes ?? []), LOSS_IN_RESPONSE]
    if (pending.request !== undefined) readCounter(pending.request, response)
    this.#keepValue(pending, response)
    if (pending.response === undefined) pending.response = response
    else this.#add(pending, pending.response, response)
    if (response.more) {
      this.#open = pending
      return
    }
    this.#open = undefined
    if (pending.request !== undefined) this.#waiting.shift()
    this.#finish(pending)
  }

  /** For the room. */
  timedOut(pending: Pending): void {
    // Its answer is coming.
    if (pending === this.#open || this.#late?.()) return
    if (pending.request?.quiet) this.#report(pending)
    else this.#report(pending, UNFINISHED)
    pending.late = true
    // What waits for no answer need not keep its place, once all before it have gone.
    for (
      let first = this.#waiting.peek();
      first?.late && first.request?.quiet;
      first = this.#waiting.peek()
    ) {
      this.#waiting.shift()
      this.#free(first)
    }
  }

  /** Nothing more will come. `note`: what is to be said of what still waits. */
  end(note = UNFINISHED): void {
    const open = this.#open
    this.#open = undefined
    if (open?.request === undefined && open !== undefined) this.#finish(open)
    for (let pending = this.#waiting.shift(); pending !== undefined; pending = this.#waiting.shift())
      this.#giveUp(pending, note)
  }

  #pending(request: Request | undefined, start: number, sourceBytes: number): Pending {
    return {
      start,
      end: undefined,
      sourceBytes,
      destinationBytes: 0,
      status: 'OK',
      notes: undefined,
      request,
      response: undefined,
      late: false,
      ahead: undefined,
      behind: undefined,
      waits: false,
      cut: false,
      pairing: this,
      held: 0,
    }
  }

  /** The request that an answer is for. Those before it are not answered any more: a server keeps the order. */
  #match(response: Response): Pending | undefined {
    const waiting = this.#waiting
    const first = waiting.peek()
    if (first === undefined) return undefined
    if (answers(response, first.request as Request)) return first
    const end = Math.min(waiting.length, this.#looks)
    let at = 1
    while (at < end && !answers(response, waiting.at(at)?.request as Request)) at++
    this.#looks = Math.max(FEW, this.#looks - at)
    if (at >= end) return undefined
    for (; at > 0; at--) this.#giveUp(waiting.shift() as Pending, RESPONSE_MISSING)
    return waiting.peek()
  }

  #orphan(time: number): Pending {
    this.#shared.context.count('unmatched_responses')
    const pending = this.#pending(undefined, time, 0)
    pending.notes = [REQUEST_MISSING]
    return pending
  }

  /** The rest of an answer does not come: another one does. */
  #interrupt(open: Pending): void {
    this.#open = undefined
    if (open.request === undefined) this.#finish(open)
    else {
      this.#waiting.shift()
      this.#giveUp(open, LOSS_IN_RESPONSE)
    }
  }

  /** Adds a part to what has come of an answer. */
  #add(pending: Pending, whole: Response, part: Response): void {
    whole.lost += part.lost
    if (part.status !== 'OK') {
      whole.command = part.command
      whole.type = part.type
      whole.status = part.status
      whole.error = part.error
    }
    if (part.bytes !== undefined) whole.bytes = (whole.bytes ?? 0) + part.bytes
    if (part.count !== undefined) whole.count = (whole.count ?? 0) + part.count
    const { keys, stats } = part
    if (stats !== undefined) {
      whole.stats ??= []
      const all = whole.stats
      const [{ name, value }] = stats as [{ name: string; value: string }]
      if (this.#mayList(pending, all.length, name.length + value.length)) all.push({ name, value })
    } else if (keys !== undefined) {
      whole.keys ??= []
      const all = whole.keys
      const key = keys[0] as string
      if (this.#mayList(pending, all.length, key.length)) all.push(key)
    }
  }

  /** Whether one more may be listed, of so many bytes; else it is only counted. */
  #mayList(pending: Pending, listed: number, bytes: number): boolean {
    if (listed < MAX_LISTED && this.#hold(pending, 32 + bytes)) return true
    if (!pending.cut) this.#shared.context.count('cut_lists')
    pending.cut = true
    return false
  }

  /** Makes a text of the value that was kept, for as long as the transaction lasts. */
  #keepValue(pending: Pending, message: Request | Response): void {
    const { keep } = this.#shared
    const kept = message.kept?.subarray(0, keep)
    if (keep === 0 || kept === undefined || message.bytes === undefined) return
    if ('secret' in message && message.secret) return
    const owner = 'secret' in message ? message : (pending.response ?? message)
    const { maxvalues } = this.#shared.options
    const count = owner.values?.length ?? 0
    if (maxvalues >= 0 && count >= maxvalues) return
    if (!this.#mayList(pending, count, (4 * kept.length) / 3)) return
    const value = kept.toString('base64')
    if (owner.values === undefined) owner.values = [value]
    else owner.values.push(value)
  }

  #hold(pending: Pending, bytes: number): boolean {
    const whole = Math.ceil(bytes)
    if (!this.#shared.context.memory.take(whole)) return false
    pending.held += whole
    return true
  }

  // --- how it ends --------------------------------------------------------------------------------------------------

  #finish(pending: Pending): void {
    const { context } = this.#shared
    const { request, response } = pending
    if (request === undefined) pending.status = 'Client Error'
    else if (response === undefined) pending.status = 'OK'
    else {
      pending.status = response.status
      if (isRefusedLogin(request, response)) request.command = login
      if (pending.late) {
        context.count('late_responses')
        pending.notes = [...(pending.notes ?? []), LATE_RESPONSE]
      }
    }
    const lost = (pending.late ? 0 : (request?.lost ?? 0)) + (response?.lost ?? 0)
    if (lost > 0) context.count('lost_value_bytes', lost)
    this.#emit(pending)
  }

  /** It is not answered: as it should be, or not. */
  #giveUp(pending: Pending, note: string): void {
    if (!pending.late) {
      if (pending.request?.quiet && pending.response === undefined) this.#report(pending)
      else this.#report(pending, note)
    }
    this.#free(pending)
  }

  /** Emits what was not answered; without a note it needed no answer. */
  #report(pending: Pending, note?: string): void {
    const { context } = this.#shared
    const before = pending.notes
    if (note !== undefined) {
      context.count('unmatched_requests')
      if (note === TOO_MANY_REQUESTS) context.count('evicted_requests')
      pending.status = 'Server Error'
      pending.notes = [...(before ?? []), note]
    }
    const lost = (pending.request?.lost ?? 0) + (pending.response?.lost ?? 0)
    if (lost > 0) context.count('lost_value_bytes', lost)
    context.emit(this.#endpoints, pending)
    pending.notes = before
  }

  /** Gives the oldest up, to make room. */
  #evict(pending: Pending): void {
    if (pending === this.#open) this.#open = undefined
    if (!pending.request?.quiet && pending.request?.header === undefined) this.#owed++
    this.#giveUp(pending, TOO_MANY_REQUESTS)
  }

  #emit(pending: Pending): void {
    this.#shared.context.emit(this.#endpoints, pending)
    this.#free(pending)
  }

  #free(pending: Pending): void {
    this.#shared.context.memory.give(pending.held)
    pending.held = 0
  }
}
