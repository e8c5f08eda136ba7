import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import {
  LATE_RESPONSE,
  LOSS_IN_REQUEST,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import { Messages } from '../../wire/messages.js'
import type { Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT, FROM_SERVER } from '../protocol.js'
import { LongCommand } from './long-command.js'
import { LongReply } from './long-reply.js'
import { type Message, OP_COMMANDREPLY, OP_MSG, OP_REPLY, Parser, type Piece } from './parser.js'
import { type Reply, readReply } from './reply.js'
import { readRequest } from './request.js'
import { type Pending, pendingOf, type Shared } from './shared.js'

// Drivers ask one thing at a time on a connection; what is never answered should not be remembered for ever.
const MAX_WAITING = 1024

/** One connection: a reply names the request that it answers. */
export class MongodbConversation implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #requests: Messages<Piece>
  readonly #replies: Messages<Piece>
  readonly #fromClient = new Parser()
  readonly #fromServer = new Parser()
  readonly #waiting: ById<Pending>
  /** What is being sent, and whose reply is, when that is long. */
  #asking: Pending | undefined
  #answering: Pending | undefined
  /** Bytes that came and that no message has taken yet. */
  #untaken = 0
  /** Who logs in, and who has logged in. */
  #candidate: string | undefined
  #user: string | undefined
  #encrypted = false
  #lost: string | undefined

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    this.#requests = new Messages(this.#fromClient.parse, shared.context.memory)
    this.#replies = new Messages(this.#fromServer.parse, shared.context.memory)
    this.#waiting = new ById(shared.room, shared.context.memory, MAX_WAITING)
  }

  data(segment: Segment): void {
    if (this.#encrypted) return
    this.#untaken += segment.end - segment.start
    if (segment.direction === FROM_CLIENT) this.#requests.feed(segment, this.#asked)
    else this.#replies.feed(segment, this.#answered)
  }

  /** Nobody has logged in, nothing is open: the next message tells all there is to know. */
  get idle(): boolean {
    return (
      this.#untaken === 0 &&
      this.#waiting.size === 0 &&
      this.#asking === undefined &&
      this.#answering === undefined &&
      this.#user === undefined &&
      this.#candidate === undefined &&
      !this.#encrypted &&
      !this.#fromClient.isInside &&
      !this.#fromServer.isInside
    )
  }

  get enough(): boolean {
    return this.#encrypted && this.#waiting.size === 0
  }

  gap(direction: Direction): 'keep' | 'drop' {
    if (this.#encrypted) return 'keep'
    if (direction === FROM_SERVER) this.#lost = LOSS_IN_RESPONSE
    return 'drop'
  }

  close(): void {
    this.#requests.discard()
    this.#replies.discard()
    const answering = this.#answering
    this.#answering = undefined
    if (answering !== undefined) {
      answering.notes = [...(answering.notes ?? []), LOSS_IN_RESPONSE]
      this.#emit(answering)
    }
    for (const pending of this.#waiting.drain()) this.#abandon(pending)
    const asking = this.#asking
    this.#asking = undefined
    if (asking !== undefined) this.#giveUp(asking, LOSS_IN_REQUEST)
  }

  // --- requests -----------------------------------------------------------------------------------------------------

  readonly #asked = (piece: Piece, start: number, bytes: number): void => {
    const isTaken = this.#took(piece, bytes)
    if (piece === 'rest' && this.#asking !== undefined && !this.#fromClient.isInside) {
      const asking = this.#asking
      this.#asking = undefined
      this.#sent(asking)
    }
    if (!isTaken) return
    if (isAnswer(piece)) {
      this.#shared.context.count('unmatched_responses')
      return
    }
    const { options, limits } = this.#shared
    const request = readRequest(piece, limits, options.send_request)
    const pending = pendingOf(this, piece.id, start)
    pending.request = request
    const login = request.session?.user
    if (login !== undefined) this.#candidate = login
    pending.user = login ?? this.#user
    pending.sourceBytes = piece.length
    pending.compressor = piece.compressor
    pending.held += (request.query?.length ?? 0) + (request.text?.length ?? 0)
    if (piece.problem !== undefined) this.#problem(pending, piece.problem)
    if (piece.whole) {
      this.#sent(pending)
      return
    }
    this.#asking = pending
    if (request.method !== '') this.#fromClient.readOn(piece, new LongCommand(request))
  }

  /** A request that is all there. */
  #sent(pending: Pending): void {
    if (pending.request.unanswered) this.#emit(pending)
    else this.#wait(pending)
  }

  #wait(pending: Pending): void {
    const displaced = this.#waiting.add(pending)
    if (displaced === undefined) return
    if (displaced.early && displaced.id === pending.id) {
      this.#waiting.take(pending.id)
      pending.end = displaced.end
      pending.destinationBytes = displaced.destinationBytes
      if (displaced.notes !== undefined) pending.notes = [...(pending.notes ?? []), ...displaced.notes]
      this.#finish(pending, displaced.reply as Reply)
    } else if (displaced === pending || displaced.id !== pending.id) {
      this.#shared.context.count('evicted_requests')
      this.#abandon(displaced, TOO_MANY_REQUESTS)
    } else this.#abandon(displaced)
  }

  timedOut(pending: Pending): void {
    // What waits on purpose is not late: it stays until its reply comes, or the end.
    if (pending.request.patience > 0) return
    if (pending.early) {
      this.#waiting.forget(pending)
      this.#abandon(pending)
      return
    }
    this.#giveUp(pending, UNMATCHED_REQUEST)
    pending.late = true
  }

  // --- replies ------------------------------------------------------------------------------------------------------

  readonly #answered = (piece: Piece, time: number, bytes: number): void => {
    const isTaken = this.#took(piece, bytes)
    if (piece === 'rest' && this.#answering !== undefined && !this.#fromServer.isInside) {
      const answering = this.#answering
      this.#answering = undefined
      if (answering.reply?.failed) answering.status = 'Error'
      this.#emit(answering)
    }
    if (!isTaken) return
    if (!isReply(piece)) {
      this.#shared.context.count('unmatched_responses')
      return
    }
    const { options, limits } = this.#shared
    const waiting = this.#waiting.find(piece.to)
    const pending = waiting === undefined || waiting.early ? undefined : waiting
    const reply = readReply(piece, pending?.request, limits, options.send_response)
    if (pending === undefined) {
      this.#early(piece, reply, time)
      return
    }
    this.#waiting.take(piece.to)
    if (pending.streams) {
      // The first reply told when it was asked for.
      pending.start = time
      pending.sourceBytes = 0
      pending.notes = undefined
    } else pending.end = time
    pending.destinationBytes = piece.length
    if (piece.problem !== undefined) this.#problem(pending, piece.problem)
    this.#finish(pending, reply, piece)
  }

  #early(message: Message, reply: Reply, time: number): void {
    const pending = pendingOf(this, message.to, time)
    pending.end = time
    pending.early = true
    pending.reply = reply
    pending.destinationBytes = message.length
    pending.held += reply.text?.length ?? 0
    if (message.problem !== undefined) this.#problem(pending, message.problem)
    const displaced = this.#waiting.add(pending)
    if (displaced !== undefined) this.#abandon(displaced)
  }

  /** `message`: the reply, when it came after its request. */
  #finish(pending: Pending, reply: Reply, message?: Message): void {
    const { context } = this.#shared
    pending.reply = reply
    pending.status = reply.failed ? 'Error' : 'OK'
    if (pending.late) {
      context.count('late_responses')
      pending.notes = [LATE_RESPONSE, ...(pending.notes ?? [])]
      pending.late = false
    }
    if (!reply.failed) this.#identify(pending, reply)
    // Of replies that follow one another the long ones are told when they begin.
    if (message === undefined || message.whole || reply.more) this.#emit(pending)
    else {
      // The rest tells how it went.
      this.#answering = pending
      this.#fromServer.readOn(message, new LongReply(reply))
    }
    if (!reply.more || message === undefined) return
    pending.id = message.id
    pending.streams = true
    pending.end = undefined
    this.#wait(pending)
    this.#shared.room.leave(pending)
  }

  /** Notes who has logged in, or out. */
  #identify(pending: Pending, { loggedIn }: Reply): void {
    const { method } = pending.request
    if (method === 'logout') {
      this.#user = undefined
      this.#candidate = undefined
    } else if (loggedIn || method === 'authenticate') {
      this.#user = this.#candidate
      pending.user ??= this.#user
    }
  }

  // --- both ---------------------------------------------------------------------------------------------------------

  /** Whether a piece is a message to be read. */
  #took(piece: Piece, bytes: number): piece is Message {
    this.#untaken -= bytes
    if (typeof piece === 'object') return true
    if (piece === 'unknown') this.#shared.context.count('unknown_operations')
    else if (piece === 'encrypted' && !this.#encrypted) {
      this.#encrypted = true
      this.#shared.context.count('encrypted_connections')
    }
    return false
  }

  #problem(pending: Pending, problem: string): void {
    this.#shared.context.count('undecoded_messages')
    pending.notes = [...(pending.notes ?? []), problem]
  }

  /** One that waits no longer, and was not answered. */
  #abandon(pending: Pending, note = UNMATCHED_REQUEST): void {
    if (pending.early) this.#shared.context.count('unmatched_responses')
    else if (!pending.late && !pending.streams) this.#giveUp(pending, note)
  }

  #giveUp(pending: Pending, note: string): void {
    this.#shared.context.count('unmatched_requests')
    const { notes = [] } = pending
    pending.status = 'Error'
    pending.notes = this.#lost === undefined ? [...notes, note] : [...notes, note, this.#lost]
    this.#emit(pending)
    // What is said of the request itself is said again when its reply comes after all.
    pending.notes = notes
  }

  #emit(pending: Pending): void {
    this.#shared.context.emit(this.#endpoints, pending)
  }
}

/** What only servers send; clients do not answer. */
const isAnswer = ({ operation, to }: Message): boolean =>
  operation === OP_MSG ? to !== 0 : operation === OP_REPLY || operation === OP_COMMANDREPLY

/** What servers may send. The first request of the MongoDB shell has the id 0, so that a reply may name no request. */
const isReply = ({ operation }: Message): boolean =>
  operation === OP_MSG || operation === OP_REPLY || operation === OP_COMMANDREPLY
