import type { Waiting, WaitingRoom } from '../../transactions/waiting.js'
import type { Context } from '../protocol.js'
import type { SipMessage } from './message.js'

// What is remembered at once, of requests and of calls: some tens of MB at most. A switch with 1,000 calls a second has
// 20,000 requests in the time of a usual transaction_timeout.
const LIMIT = 65_536
// What a message's names have together, Call-ID, branch and tag; with longer ones somebody wants to fill our memory.
const MAX_KEY = 512
const SECOND = 1e9
// How long a phone may ring: RFC 3261 §16.6, timer C is more than three minutes.
const RINGING = 200 * SECOND
// How long after it was answered, or after a retransmission, another one may come: RFC 3261 §17, timer T2 is 4 seconds.
const ANSWERED = 5 * SECOND
// Calls that last longer have no duration.
const LONGEST_CALL = 24 * 3600 * SECOND

/** A request that was seen. */
interface Asked extends Waiting {
  /** Packet time of the request. */
  asked: number
  key: string
  /** Where it waits. */
  room: WaitingRoom<Asked>
  /** It was counted as unanswered. */
  late: boolean
  /** The last final response, and the tag of who gave it: forked requests have several. '': none yet. */
  answer: string
}

/** A call that was answered; it waits for its BYE. */
interface Call extends Waiting {
  key: string
}

/**
 * What belongs together, for all conversations of an entry: a response may take another way than its request (RFC 3261
 * §18.2.2), and a call's BYE may come from either side, over another connection.
 */
export class Calls {
  readonly #context: Context<SipMessage>
  readonly #requests = new Map<string, Asked>()
  readonly #calls = new Map<string, Call>()
  readonly #unanswered: WaitingRoom<Asked>
  /** Those with a provisional response, and those whose answer is late. */
  readonly #ringing: WaitingRoom<Asked>
  /** They are kept to tell a retransmission. */
  readonly #answered: WaitingRoom<Asked>
  readonly #talking: WaitingRoom<Call>
  readonly #limit: number

  /** `limit`: requests, and calls, that are remembered. */
  constructor(context: Context<SipMessage>, limit = LIMIT) {
    this.#context = context
    this.#limit = limit
    const forget = ({ key }: Asked) => void this.#requests.delete(key)
    this.#unanswered = context.waitingRoom((asked) => this.#timedOut(asked))
    this.#ringing = context.waitingRoom(forget, RINGING)
    this.#answered = context.waitingRoom(forget, ANSWERED)
    this.#talking = context.waitingRoom(({ key }) => void this.#calls.delete(key), LONGEST_CALL)
  }

  /** Tells a message what it has to do with those before it. */
  take(message: SipMessage): void {
    // An ACK has no response, and what lacks these headers belongs to nothing.
    if (message.method === 'ACK' || message.callId === '' || message.sequenceMethod === '') return
    if (namesLength(message) > MAX_KEY) {
      this.#context.count('uncorrelated')
      return
    }
    if (message.isRequest) this.#asked(message)
    else this.#responded(message)
  }

  /** The capture is over: what is unanswered now stays so. */
  end(): void {
    for (let asked = this.#unanswered.oldest; asked !== undefined; asked = this.#unanswered.oldest)
      this.#forget(asked)
  }

  #asked(message: SipMessage): void {
    const key = keyOf(message)
    const before = this.#requests.get(key)
    if (before !== undefined) {
      message.isRetransmission = true
      if (before.answer !== '') this.#move(before, this.#answered, message.start)
      return
    }
    if (this.#requests.size >= this.#limit) this.#evict()
    const room = this.#unanswered
    const { start } = message
    const asked: Asked = {
      start,
      ahead: undefined,
      behind: undefined,
      waits: false,
      asked: start,
      key: own(key),
      room,
      late: false,
      answer: '',
    }
    this.#requests.set(asked.key, asked)
    room.enter(asked)
    if (message.method === 'BYE') this.#hungUp(message)
  }

  #responded(message: SipMessage): void {
    const asked = this.#requests.get(keyOf(message))
    if (asked === undefined) {
      this.#context.count('unmatched_responses')
      return
    }
    const { code, start } = message
    message.responseTime = Math.max(0, start - asked.asked)
    if (asked.late) {
      this.#context.count('late_responses')
      asked.late = false
    }
    if (code < 200) {
      if (asked.answer === '') this.#move(asked, this.#ringing, start)
      return
    }
    this.#move(asked, this.#answered, start)
    const answer = `${code} ${message.to?.tag ?? ''}`
    if (asked.answer === answer) {
      message.isRetransmission = true
      return
    }
    asked.answer = own(answer)
    if (message.sequenceMethod === 'INVITE' && code < 300) this.#answeredCall(message)
  }

  #answeredCall(message: SipMessage): void {
    const key = callOf(message)
    // A call is answered once: later INVITEs change what is talked with, and a proxy's other side is the same call.
    if (this.#calls.has(key)) return
    const { oldest } = this.#talking
    if (this.#calls.size >= this.#limit && oldest !== undefined) {
      this.#talking.leave(oldest)
      this.#calls.delete(oldest.key)
      this.#context.count('evicted_calls')
    }
    const { start } = message
    const call: Call = { start, ahead: undefined, behind: undefined, waits: false, key: own(key) }
    this.#calls.set(call.key, call)
    this.#talking.enter(call)
  }

  #hungUp(message: SipMessage): void {
    const call = this.#calls.get(callOf(message))
    if (call === undefined) return
    this.#calls.delete(call.key)
    this.#talking.leave(call)
    message.callDuration = Math.max(0, message.start - call.start)
  }

  #move(asked: Asked, room: WaitingRoom<Asked>, now: number): void {
    asked.room.leave(asked)
    asked.room = room
    asked.start = now
    room.enter(asked)
  }

  #timedOut(asked: Asked): void {
    this.#context.count('unmatched_requests')
    asked.late = true
    this.#move(asked, this.#ringing, asked.start)
  }

  /** Makes room: at the cost of one that is answered, if there is one. */
  #evict(): void {
    const asked = this.#answered.oldest ?? this.#ringing.oldest ?? this.#unanswered.oldest
    if (asked === undefined) return
    if (asked.answer === '') this.#context.count('evicted_requests')
    this.#forget(asked)
  }

  #forget(asked: Asked): void {
    if (asked.room === this.#unanswered) this.#context.count('unmatched_requests')
    asked.room.leave(asked)
    this.#requests.delete(asked.key)
  }
}

const namesLength = ({ callId, branch, sequenceMethod, to }: SipMessage): number =>
  callId.length + branch.length + sequenceMethod.length + (to?.tag.length ?? 0)

/** What names a transaction: RFC 3261 §17.1.3; the Call-ID for those that name none, as RFC 2543 had it. */
const keyOf = ({ callId, sequence, sequenceMethod, branch }: SipMessage): string =>
  `${callId} ${sequence} ${sequenceMethod} ${branch}`

const callOf = ({ callId }: SipMessage): string => `${callId} call`

/**
 * The same text, without the message that its parts are of in memory: V8 joins texts only when it has to, as for a look at a
 * letter, and until then keeps all they are made of.
 */
function own(text: string): string {
  text.charCodeAt(0)
  return text
}
