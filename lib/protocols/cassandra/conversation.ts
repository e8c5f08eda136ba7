import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import {
  LATE_RESPONSE,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNKNOWN_STATEMENT,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import type { CommonOptions, Context, Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT } from '../protocol.js'
import * as code from './codes.js'
import { CUT, type Reader } from './frame.js'
import { LONGEST, type Prepared, type PreparedStatements, preparedStatements } from './prepared.js'
import { newRequest, type Request, readRequest } from './request.js'
import { newResponse, type Response, readResponse } from './response.js'
import { withoutQuotes } from './secrets.js'
import { Side } from './side.js'
import type { CassandraTransaction } from './transaction.js'
import { hasSegments, headerBytes } from './version.js'

export const counters = {
  unmatched_requests: 'requests without a response, each reported as an event',
  unmatched_responses: 'responses to requests that were not captured',
  evicted_requests: 'requests reported without their response because too many waited',
  late_responses: 'responses that came after transaction_timeout; the event tells',
  unknown_statements: 'statements that were executed but prepared before the capture began',
  forgotten_statements: 'prepared statements that were forgotten because there were too many',
  undecoded_frames: 'frames that could not be decompressed; the event tells',
  truncated_frames: 'frames of which only the first MiB was read; the event tells',
  passed_bytes: 'bytes after a gap or at the begin of a capture that were passed over up to the next frame',
  encrypted_connections: 'connections with TLS, which is not decoded',
}

export interface Options extends CommonOptions {
  send_request_header: boolean
  send_response_header: boolean
  ignored_ops: readonly string[]
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  context: Context<CassandraTransaction>
  room: WaitingRoom<Pending>
  requests: Reader<Request>
  statements: PreparedStatements
  /** By opcode. */
  ignored: readonly boolean[]
}

/** A request that waits, and whose it is. */
interface Pending extends CassandraTransaction {
  conversation: CassandraConversation
  request: Request
  /** `transaction_timeout` is over, and it has been reported. */
  late: boolean
}

// What objects a request that waits takes, beside its texts.
const WEIGHT = 200

/** One connection: a response has the stream id of its request, and comes whenever it is ready. */
export class CassandraConversation implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #client: Side<Request>
  readonly #server: Side<Response>
  readonly #waiting: ById<Pending>
  #keyspace: string | undefined
  #user: string | undefined
  /** When bytes of the server were last lost. */
  #lost = Number.NEGATIVE_INFINITY
  #encrypted = false

  static shared(options: Options, context: Context<CassandraTransaction>): Shared {
    const statements = preparedStatements(() => context.count('forgotten_statements'))
    const known = { statements, values: options.send_request }
    return {
      options,
      context,
      room: context.waitingRoom((pending) => pending.conversation.#timedOut(pending)),
      requests: {
        create: newRequest,
        read: (body, request) => readRequest(body, request, known),
      },
      statements,
      ignored: code.operations.map((name) => options.ignored_ops.includes(name)),
    }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    const { memory } = shared.context
    this.#client = new Side(false, memory, shared.requests, this.#asked)
    this.#server = new Side(true, memory, responses, this.#answered)
    this.#waiting = new ById(shared.room, memory)
  }

  data(segment: Segment): void {
    if (this.#encrypted) return
    const fromClient = segment.direction === FROM_CLIENT
    const side = fromClient ? this.#client : this.#server
    const other = fromClient ? this.#server : this.#client
    const passed = side.feed(segment, other.framing !== undefined)
    if (passed > 0) this.#shared.context.count('passed_bytes', passed)
    if (side.framing === 'tls') {
      this.#encrypted = true
      this.#shared.context.count('encrypted_connections')
    }
  }

  get enough(): boolean {
    return this.#encrypted && this.#waiting.size === 0
  }

  /** Stream ids find their requests again, whatever was lost; a frame at the begin of a segment is where it goes on. */
  gap(direction: Direction, bytes: number, time: number): 'keep' {
    if (direction === FROM_CLIENT) this.#client.gap(bytes)
    else if (!this.#server.gap(bytes)) this.#lost = time
    return 'keep'
  }

  close(): void {
    this.#client.discard()
    this.#server.discard()
    for (const pending of this.#waiting.drain()) if (!pending.late) this.#giveUp(pending)
  }

  readonly #asked = (request: Request, time: number): void => {
    const { options, context } = this.#shared
    const bytes = headerBytes(request.version) + request.length
    const pending: Pending = {
      start: time,
      end: undefined,
      sourceBytes: bytes,
      destinationBytes: 0,
      status: 'OK',
      notes: undefined,
      id: request.stream,
      held: WEIGHT + 2 * request.kept,
      request,
      response: undefined,
      keyspace: this.#keyspace,
      user: request.user ?? this.#user,
      withRequest: options.send_request,
      withRequestHeader: options.send_request && options.send_request_header,
      withResponse: options.send_response,
      withResponseHeader: options.send_response && options.send_response_header,
      conversation: this,
      late: false,
      ahead: undefined,
      behind: undefined,
      waits: false,
    }
    if (request.unknown) {
      context.count('unknown_statements')
      note(pending, UNKNOWN_STATEMENT)
    }
    if (request.unread !== undefined) this.#unread(pending, request.unread)
    const displaced = this.#waiting.add(pending)
    if (displaced === undefined || displaced.late) return
    if (displaced.id === pending.id && displaced !== pending) {
      // A stream id is used again for a request that was given up.
      this.#giveUp(displaced)
      return
    }
    context.count('evicted_requests')
    this.#giveUp(displaced, TOO_MANY_REQUESTS)
  }

  readonly #answered = (response: Response, time: number): void => {
    const { context } = this.#shared
    if (response.opcode === code.EVENT) {
      this.#pushed(response, time)
      return
    }
    const begins = response.opcode === code.READY || response.opcode === code.AUTHENTICATE
    if (begins && this.#server.framing === 'frames' && hasSegments(response.version)) {
      // From here on there are segments, of a kind that their first header tells.
      this.#client.framing = undefined
      this.#server.framing = undefined
    }
    const pending = this.#waiting.take(response.stream)
    if (pending === undefined) {
      context.count('unmatched_responses')
      return
    }
    pending.end = time
    pending.destinationBytes = headerBytes(response.version) + response.length
    pending.response = response
    if (pending.late) {
      context.count('late_responses')
      note(pending, LATE_RESPONSE)
    }
    if (response.unread !== undefined) this.#unread(pending, response.unread)
    pending.status = response.opcode === code.ERROR ? 'Error' : 'OK'
    const { error } = response
    if (error !== undefined) error.message = withoutQuotes(error.message, pending.request.cql)
    this.#learn(pending.request, response)
    this.#emit(pending)
  }

  /** What a response changes for the requests that follow. */
  #learn(request: Request, response: Response): void {
    if (response.keyspace !== undefined) this.#keyspace = response.keyspace
    else if (response.preparedId !== undefined && request.cql !== undefined)
      this.#shared.statements.set(
        response.preparedId,
        prepared(request, request.cql, response, this.#keyspace),
      )
    const ready = response.opcode === code.READY || response.opcode === code.AUTH_SUCCESS
    if (ready && request.user !== undefined) this.#user = request.user
  }

  /** A server tells those who registered: an event of its own, without a request. */
  #pushed(response: Response, time: number): void {
    const { options } = this.#shared
    const transaction: CassandraTransaction = {
      start: time,
      end: undefined,
      sourceBytes: 0,
      destinationBytes: headerBytes(response.version) + response.length,
      status: 'OK',
      notes: undefined,
      id: response.stream,
      held: 0,
      request: undefined,
      response,
      keyspace: undefined,
      user: this.#user,
      withRequest: false,
      withRequestHeader: false,
      withResponse: options.send_response,
      withResponseHeader: options.send_response && options.send_response_header,
    }
    if (response.unread !== undefined) this.#unread(transaction, response.unread)
    this.#emit(transaction)
  }

  #unread(transaction: CassandraTransaction, why: string): void {
    this.#shared.context.count(why === CUT ? 'truncated_frames' : 'undecoded_frames')
    note(transaction, why)
  }

  #timedOut(pending: Pending): void {
    pending.late = true
    this.#giveUp(pending)
  }

  #giveUp(pending: Pending, why = pending.start <= this.#lost ? LOSS_IN_RESPONSE : UNMATCHED_REQUEST): void {
    this.#shared.context.count('unmatched_requests')
    const { notes } = pending
    pending.status = 'Error'
    note(pending, why)
    this.#emit(pending)
    // Should a response come late, this does not hold for its event.
    pending.notes = notes
  }

  #emit(transaction: CassandraTransaction): void {
    const { ignored, context } = this.#shared
    const { request, response } = transaction
    if (request !== undefined && ignored[request.opcode]) return
    if (response !== undefined && ignored[response.opcode]) return
    context.emit(this.#endpoints, transaction)
  }
}

function note(transaction: CassandraTransaction, text: string): void {
  transaction.notes = transaction.notes === undefined ? [text] : [...transaction.notes, text]
}

/** What is remembered of a statement that a server prepared. */
function prepared(request: Request, cql: string, response: Response, keyspace: string | undefined): Prepared {
  const { bound, metadata, types = [] } = response
  const told = bound?.table === undefined ? metadata : bound
  return {
    cql: cql.length > LONGEST ? `${cql.slice(0, LONGEST)}…` : cql,
    keyspace: told?.keyspace ?? (request.keyspace || (keyspace ?? '')),
    table: told?.table ?? '',
    types,
    held: 256 + 2 * Math.min(cql.length, LONGEST) + 8 * Math.min(response.length, 1024 * 1024),
  }
}

const responses = { create: newResponse, read: readResponse }
