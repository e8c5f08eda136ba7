import type { Endpoints } from '../../events/endpoints.js'
import { LOSS_IN_REQUEST, LOSS_IN_RESPONSE, UNMATCHED_REQUEST } from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Messages } from '../../wire/messages.js'
import type { CloseReason, Context, Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT } from '../protocol.js'
import { ExtendedQueries } from './extended.js'
import { Pairing } from './pairing.js'
import { Framing, type Message, TLS } from './parser.js'
import { Replies } from './replies.js'
import { Requests } from './requests.js'
import { type Options, Session } from './session.js'
import { PreparedStatements } from './statements.js'
import type { PgsqlTransaction } from './transaction.js'

export const counters = {
  unmatched_requests: 'statements without an answer, each reported as an event',
  unmatched_responses: 'answers to statements that were not captured',
  evicted_requests: 'statements reported without their answer because too many waited on a connection',
  late_responses: 'answers that came after transaction_timeout; the event tells',
  not_run: 'statements that the server passed over because one before them failed; the event tells',
  encrypted_sessions: 'connections that went on in TLS or GSSAPI encryption and are not decoded',
  replication_bytes: 'bytes of replication streams, which are not decoded',
  forgotten_statements: 'prepared statements whose SQL was forgotten for want of room',
  forgotten_portals: 'open portals that were forgotten because a connection had more than 1000',
  cut_queries: 'queries of more than 1 MiB, of which the rest is left out',
  cut_parameters: 'executions of whose parameters some are cut or left out',
  dropped_notices: 'notices left out of an event that has ten',
}

/** What all conversations of one configured entry have in common. */
interface Shared {
  options: Options
  context: Context<PgsqlTransaction>
  room: WaitingRoom<PgsqlTransaction>
}

/** One connection. What each side says is cut into messages here; `Requests` and `Replies` know what they mean. */
export class PgsqlConversation implements Conversation {
  readonly #context: Context<PgsqlTransaction>
  readonly #client = new Framing('client')
  readonly #server = new Framing('server')
  readonly #asked: Messages<Message>
  readonly #answered: Messages<Message>
  readonly #requests: Requests
  readonly #replies: Replies
  readonly #pairing: Pairing
  readonly #extended: ExtendedQueries
  #encrypted = false
  /** Where the server's messages begin is not known: until the client has said something, nobody listens. */
  #deaf = true
  #begun = false

  static shared(options: Options, context: Context<PgsqlTransaction>): Shared {
    return { options, context, room: context.waitingRoom((request) => request.pairing.timedOut(request)) }
  }

  constructor(endpoints: Endpoints, { options, context, room }: Shared) {
    this.#context = context
    this.#asked = new Messages(this.#client.parse, context.memory)
    this.#answered = new Messages(this.#server.parse, context.memory)
    const session = new Session(options)
    const statements = new PreparedStatements(context)
    const pairing = new Pairing(endpoints, session, context, room, statements)
    const extended = new ExtendedQueries(pairing, statements)
    this.#pairing = pairing
    this.#extended = extended
    this.#requests = new Requests(pairing, extended, this.#server)
    this.#replies = new Replies(pairing, extended, statements, this.#server)
  }

  data(segment: Segment): void {
    if (this.#encrypted) return
    if (segment.direction === FROM_CLIENT) {
      this.#begun = true
      if (goesOn(this.#client, segment)) this.#asked.feed(segment, this.#takeRequest)
    } else if (this.#deaf) {
      if (this.#begun) return
      this.#begun = true
      this.#context.count('unmatched_responses')
    } else if (goesOn(this.#server, segment)) this.#answered.feed(segment, this.#takeReply)
  }

  get enough(): boolean {
    return this.#encrypted && this.#pairing.isEmpty
  }

  /** What is passed over anyway may be missing. Else the answers are; the session goes on, and who is at work is known. */
  gap(direction: Direction, bytes: number): 'keep' {
    if (this.#encrypted) return 'keep'
    const framing = direction === FROM_CLIENT ? this.#client : this.#server
    if (bytes <= framing.rest) {
      framing.rest -= bytes
      return 'keep'
    }
    this.#discard()
    this.#deaf = true
    if (direction === FROM_CLIENT) this.#extended.forget()
    else this.#extended.interrupted()
    this.#pairing.drop(direction === FROM_CLIENT ? LOSS_IN_REQUEST : LOSS_IN_RESPONSE)
    return 'keep'
  }

  close(reason: CloseReason): void {
    this.#discard()
    this.#pairing.drop(reason === 'gap' ? LOSS_IN_RESPONSE : UNMATCHED_REQUEST)
    this.#extended.forget()
  }

  #discard(): void {
    this.#asked.discard()
    this.#answered.discard()
    this.#client.rest = 0
    this.#server.rest = 0
    this.#server.oneByte = false
  }

  readonly #takeRequest = (message: Message, time: number): void => {
    if (this.#encrypted) return
    if (message.type === TLS) {
      // TLS from the first byte (sslnegotiation=direct). Later it would be no message of the protocol.
      if (!this.#deaf) throw message.malformed('TLS in the midst of a session')
      this.#goDark()
      return
    }
    this.#deaf = false
    this.#requests.take(message, time)
  }

  readonly #takeReply = (message: Message, time: number): void => {
    if (this.#encrypted) return
    this.#replies.take(message, time)
    if (this.#replies.encrypted) this.#goDark()
  }

  #goDark(): void {
    this.#encrypted = true
    this.#context.count('encrypted_sessions')
  }
}

/** Passes over what is left of a body that nobody wants. False: the segment has nothing else. */
function goesOn(framing: Framing, segment: Segment): boolean {
  if (framing.rest === 0) return true
  const here = Math.min(framing.rest, segment.end - segment.start)
  framing.rest -= here
  segment.start += here
  return segment.start < segment.end
}
