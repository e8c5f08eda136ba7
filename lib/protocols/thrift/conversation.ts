import type { Endpoints } from '../../events/endpoints.js'
import {
  LATE_RESPONSE,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import { Malformed } from '../../wire/cursor.js'
import { Messages } from '../../wire/messages.js'
import type { Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT, FROM_SERVER } from '../protocol.js'
import { Calls } from './calls.js'
import { type Foreign, isForeign, isStep, type Message, type Piece, type Step } from './message.js'
import type { MethodOf } from './parser.js'
import { BAD, COMPLETE, ERROR, START } from './sasl.js'
import type { Pending, Shared } from './shared.js'
import { mayBegin } from './transport.js'
import { CALL, ONEWAY } from './types.js'

// Bytes of a waiting call beside its texts, roughly.
const HELD = 400

// A login has no number: this is one that no call can have.
const LOGIN = 2 ** 32
const SASL = 'SASL'

/** One connection: a reply carries the number and the name of its call. */
export class ThriftConversation implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #calls: Calls<Pending>
  readonly #fromClient: Messages<Piece>
  readonly #fromServer: Messages<Piece>
  /** Bytes that came and that no message has taken yet. */
  #untaken = 0
  /** It speaks what is not for us. */
  #isForeign = false
  /** Replies come in another order than their calls. */
  #reorders = false
  /** By direction: bytes are missing, so that the next segment need not begin with a message. */
  readonly #isAstray: [boolean, boolean] = [false, false]

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    const { context, parser, room } = shared
    this.#calls = new Calls(room, context.memory)
    this.#fromClient = new Messages((cursor) => parser.read(cursor), context.memory)
    this.#fromServer = new Messages((cursor) => parser.read(cursor, this.#methodOf), context.memory)
  }

  data(segment: Segment): void {
    const { direction, bytes, start, end } = segment
    if (this.#isAstray[direction]) {
      if (!mayBegin(bytes, start, end)) {
        this.#shared.context.count('skipped_bytes', end - start)
        return
      }
      this.#isAstray[direction] = false
    }
    this.#untaken += end - start
    if (direction === FROM_CLIENT) this.#fromClient.feed(segment, this.#asked)
    else this.#fromServer.feed(segment, this.#answered)
  }

  get idle(): boolean {
    return (
      this.#untaken === 0 &&
      this.#calls.size === 0 &&
      !this.#isForeign &&
      !this.#isAstray[FROM_CLIENT] &&
      !this.#isAstray[FROM_SERVER]
    )
  }

  get enough(): boolean {
    return this.#isForeign
  }

  /** The next messages can be told from what is left of this one. Calls that may have lost their replies are given up. */
  gap(direction: Direction): 'keep' | 'drop' {
    this.#isAstray[direction] = true
    if (direction === FROM_CLIENT) this.#fromClient.discard()
    else {
      this.#fromServer.discard()
      for (const pending of this.#calls.takeOldest()) this.#giveUp(pending, LOSS_IN_RESPONSE)
    }
    return 'keep'
  }

  close(): void {
    this.#fromClient.discard()
    this.#fromServer.discard()
    for (const pending of this.#calls.drain()) this.#giveUp(pending, UNMATCHED_REQUEST)
  }

  // --- calls --------------------------------------------------------------------------------------------------------

  readonly #asked = (found: Piece, start: number, bytes: number): void => {
    const piece = this.#ours(found, bytes)
    if (piece === undefined) return
    if (isStep(piece)) {
      this.#loggingIn(piece, start)
      return
    }
    if (piece.type !== CALL && piece.type !== ONEWAY) throw new Malformed('a reply from the client', 0)
    const pending = this.#pendingOf(start, piece.name, piece.seqid)
    pending.service = piece.service
    pending.definition = piece.method
    pending.params = piece.text
    pending.sourceBytes = piece.bytes
    pending.held += piece.text.length
    if (piece.isCut) this.#shared.context.count('cut_messages')
    if (piece.type === ONEWAY || piece.method?.isOneway) this.#shared.context.emit(this.#endpoints, pending)
    else this.#wait(pending)
  }

  #pendingOf(start: number, method: string, seqid: number): Pending {
    const { send_request, send_response } = this.#shared.options
    return {
      start,
      end: undefined,
      sourceBytes: 0,
      destinationBytes: 0,
      status: 'OK',
      notes: undefined,
      method,
      service: undefined,
      definition: undefined,
      params: '',
      returned: undefined,
      exceptions: undefined,
      user: undefined,
      withRequest: send_request,
      withResponse: send_response,
      seqid,
      held: HELD,
      ahead: undefined,
      behind: undefined,
      waits: false,
      conversation: this,
      isOvertaken: false,
      late: false,
    }
  }

  #wait(pending: Pending): void {
    const evicted = this.#calls.add(pending)
    if (evicted === undefined || evicted.late) return
    this.#shared.context.count('evicted_requests')
    this.#giveUp(evicted, TOO_MANY_REQUESTS)
  }

  timedOut(pending: Pending): void {
    if (this.#wasOneway(pending)) this.#calls.forget(pending)
    this.#giveUp(pending, UNMATCHED_REQUEST)
    pending.late = true
  }

  // --- replies ------------------------------------------------------------------------------------------------------

  readonly #methodOf: MethodOf = (seqid, name) => this.#calls.find(seqid, name)?.definition

  readonly #answered = (found: Piece, time: number, bytes: number): void => {
    const piece = this.#ours(found, bytes)
    if (piece === undefined) return
    if (isStep(piece)) {
      this.#loginAnswered(piece, time)
      return
    }
    if (piece.type === CALL || piece.type === ONEWAY) throw new Malformed('a call from the server', 0)
    if (piece.isCut) this.#shared.context.count('cut_messages')
    const pending = this.#calls.take(piece.seqid, piece.name)
    if (pending === undefined) {
      this.#shared.context.count('unmatched_responses')
      return
    }
    if (pending.isOvertaken) this.#reorders = true
    pending.destinationBytes = piece.bytes
    pending.returned = piece.text
    pending.exceptions = piece.exceptions
    this.#finish(pending, time, piece.hasFailed)
  }

  #finish(pending: Pending, time: number, hasFailed: boolean): void {
    pending.end = time
    pending.status = hasFailed ? 'Error' : 'OK'
    if (pending.late) this.#shared.context.count('late_responses')
    pending.notes = pending.late ? [LATE_RESPONSE] : undefined
    this.#shared.context.emit(this.#endpoints, pending)
  }

  #giveUp(pending: Pending, note: string): void {
    if (pending.late) return // it has been told
    if (this.#wasOneway(pending)) {
      this.#shared.context.emit(this.#endpoints, pending)
      return
    }
    this.#shared.context.count('unmatched_requests')
    pending.status = 'Error'
    pending.notes = [note]
    this.#shared.context.emit(this.#endpoints, pending)
  }

  /**
   * Libraries before Thrift 0.9 send calls that are never answered as all others. A server that answers in order has then
   * answered what was called later.
   */
  #wasOneway(pending: Pending): boolean {
    return pending.isOvertaken && !this.#reorders
  }

  // --- logins -------------------------------------------------------------------------------------------------------

  #loggingIn({ status, text, user, bytes }: Step, start: number): void {
    if (status === START) {
      const pending = this.#pendingOf(start, SASL, LOGIN)
      pending.params = `(${text})`
      pending.sourceBytes = bytes
      this.#wait(pending)
      return
    }
    const pending = this.#calls.find(LOGIN, SASL)
    if (pending === undefined) return
    pending.sourceBytes += bytes
    pending.user ??= user
  }

  #loginAnswered({ status, text, bytes }: Step, time: number): void {
    const pending = this.#calls.find(LOGIN, SASL)
    if (pending === undefined) {
      this.#shared.context.count('unmatched_responses')
      return
    }
    pending.destinationBytes += bytes
    const hasFailed = status === BAD || status === ERROR
    if (status !== COMPLETE && !hasFailed) return
    this.#calls.take(LOGIN, SASL)
    pending.returned = ''
    if (hasFailed) pending.exceptions = text
    this.#finish(pending, time, hasFailed)
  }

  // --- what is not for us -------------------------------------------------------------------------------------------

  /** What there is to take of a piece of that many bytes; undefined: it is empty, or nothing from here on is for us. */
  #ours(piece: Piece, bytes: number): Message | Step | undefined {
    this.#untaken -= bytes
    if (piece === 'empty') return undefined
    if (!isForeign(piece)) return piece
    this.#turnForeign(piece)
    return undefined
  }

  #turnForeign(what: Foreign): void {
    this.#isForeign = true
    this.#shared.context.count(what === 'tls' ? 'encrypted_connections' : 'undecoded_connections')
    this.close()
  }
}
