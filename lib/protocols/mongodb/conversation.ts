import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import {
  LATE_RESPONSE,
  LOSS_IN_REQUEST,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Messages } from '../../wire/messages.js'
import type { CommonOptions, Context, Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT, FROM_SERVER } from '../protocol.js'
import type { Limits } from './command.js'
import type { MongodbTransaction } from './fields.js'
import { LongCommand } from './long-command.js'
import { LongReply } from './long-reply.js'
import { type Message, OP_COMMANDREPLY, OP_MSG, OP_REPLY, Parser, type Piece } from './parser.js'
import { type Reply, readReply } from './reply.js'
import { readRequest, UNREAD } from './request.js'

export const counters = {
  unmatched_requests: 'requests without a reply, each reported as an event',
  unmatched_responses: 'replies to requests that were not captured',
  evicted_requests: 'requests reported without their reply because too many waited, or for want of memory',
  late_responses: 'replies that came after transaction_timeout; the event tells',
  undecoded_messages: 'compressed messages that could not be expanded; the event tells',
  unknown_operations: 'messages whose operation is not known, left out',
  encrypted_bytes: 'bytes of connections that use TLS, which are not decoded',
}

interface Options extends CommonOptions {
  max_docs: number
  max_doc_length: number
}

/** What all conversations of one configured entry have in common. */
interface Shared {
  options: Options
  limits: Limits
  context: Context<MongodbTransaction>
  room: WaitingRoom<Pending>
}

/** A request that waits for its reply; or a reply that came before its request. */
interface Pending extends MongodbTransaction {
  conversation: MongodbConversation
  /** `transaction_timeout` is over, and it has been reported. */
  late: boolean
  /** The reply came first: TCP's two directions may be captured out of step. */
  early: boolean
  /** It was answered, and more replies are to come. */
  streams: boolean
}

// Drivers ask one thing at a time on a connection; what is never answered should not be remembered for ever.
const MAX_WAITING = 1024
// Bytes of a waiting request beside its texts, roughly.
const HELD = 400

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

  static shared(options: Options, limits: Limits, context: Context<MongodbTransaction>): Shared {
    return {
      options,
      limits,
      context,
      room: context.waitingRoom((pending) => pending.conversation.#timedOut(pending)),
    }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    this.#requests = new Messages(this.#fromClient.parse, shared.context.memory)
    this.#replies = new Messages(this.#fromServer.parse, shared.context.memory)
    this.#waiting = new ById(shared.room, shared.context.memory, MAX_WAITING)
  }

  data(segment: Segment): void {
    const bytes = segment.end - segment.start
    if (this.#encrypted) {
      this.#shared.context.count('encrypted_bytes', bytes)
      return
    }
    this.#untaken += bytes
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
    if (request.session?.user !== undefined) this.#candidate = request.session.user
    const pending = this.#pending(piece.id, start)
    pending.request = request
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

  #timedOut(pending: Pending): void {
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
    const pending = this.#pending(message.to, time)
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
    if (!reply.failed && (reply.loggedIn || pending.request.method === 'authenticate'))
      this.#user = this.#candidate
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

  // --- both ---------------------------------------------------------------------------------------------------------

  /** Whether a piece is a message to be read. */
  #took(piece: Piece, bytes: number): piece is Message {
    this.#untaken -= bytes
    if (typeof piece === 'object') return true
    if (piece === 'unknown') this.#shared.context.count('unknown_operations')
    else if (piece === 'encrypted') {
      this.#encrypted = true
      this.#shared.context.count('encrypted_bytes', bytes)
    }
    return false
  }

  #pending(id: number, start: number): Pending {
    return {
      start,
      end: undefined,
      sourceBytes: 0,
      destinationBytes: 0,
      status: 'OK',
      notes: undefined,
      request: UNREAD,
      reply: undefined,
      user: undefined,
      compressor: undefined,
      id,
      held: HELD,
      ahead: undefined,
      behind: undefined,
      waits: false,
      conversation: this,
      late: false,
      early: false,
      streams: false,
    }
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
    pending.user = pending.request.session?.user ?? this.#user
    this.#shared.context.emit(this.#endpoints, pending)
  }
}

/** What only servers send; clients do not answer. */
const isAnswer = ({ operation, to }: Message): boolean =>
  operation === OP_MSG ? to !== 0 : operation === OP_REPLY || operation === OP_COMMANDREPLY

/** What servers may send. The first request of the MongoDB shell has the id 0, so that a reply may name no request. */
const isReply = ({ operation }: Message): boolean =>
  operation === OP_MSG || operation === OP_REPLY || operation === OP_COMMANDREPLY
