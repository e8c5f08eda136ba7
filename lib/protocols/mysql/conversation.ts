import type { Endpoints } from '../../events/endpoints.js'
import { InOrder } from '../../transactions/in-order.js'
import {
  LATE_RESPONSE,
  LOSS_IN_REQUEST,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import type { WaitingRoom } from '../../transactions/waiting.js'
import { Cursor, Incomplete, Malformed } from '../../wire/cursor.js'
import { Messages } from '../../wire/messages.js'
import {
  type CloseReason,
  type CommonOptions,
  type Context,
  type Conversation,
  type Direction,
  FROM_CLIENT,
  FROM_SERVER,
  type Segment,
} from '../protocol.js'
import { Answer } from './answer.js'
import { CLIENT_SSL } from './capabilities.js'
import {
  COM_CHANGE_USER,
  COM_INIT_DB,
  COM_QUERY,
  COM_RESET_CONNECTION,
  COM_STMT_CLOSE,
  COM_STMT_PREPARE,
  COM_STMT_SEND_LONG_DATA,
  type Command,
  commands,
  LOGIN,
} from './commands.js'
import { compressedPacket, LONGEST } from './compressed.js'
import type { MysqlTransaction } from './fields.js'
import { greeting, handshakeResponse } from './login.js'
import { firstSequence, Packets, type Reader } from './packets.js'
import { Pending } from './pending.js'
import { ask, isCommand, loggingIn, longData, UNKNOWN_QUERY_NOTE } from './requests.js'
import { EOF, ERR } from './responses.js'
import { LAST_PREPARED, Session } from './session.js'
import { Tables } from './tables.js'

interface Options extends CommonOptions {
  max_rows: number
  max_row_length: number
  statement_timeout: number
}

/** What all conversations of one configured entry have in common. */
interface Shared {
  options: Options
  context: Context<MysqlTransaction>
  room: WaitingRoom<Pending>
  tables: Tables
}

// What may wait on one connection: drivers that send ahead have some hundreds under way.
const WAITING = { bytes: 10 * 1024 * 1024, messages: 20_000 }

// What is kept of a command. Inserts of many rows have megabytes, which nobody reads; how they begin is enough.
const LONGEST_COMMAND = 1024 * 1024
// Of one that came compressed: a peer may have sent a thousandth of it.
const LONGEST_COMPRESSED_COMMAND = 128 * 1024

// Greetings have some 100 bytes.
const LONGEST_GREETING = 1024

// What is kept of an execution until its statement is known.
const LONGEST_DEFERRED = 16_384

// What `message` may say of it; ours, for what upstream has no words for.
const INCOMPLETE_RESPONSE = 'The response is incomplete'

const cursor = new Cursor()

/**
 * One connection: a login, and then commands that are answered in their order. It may have begun long before the capture;
 * then nothing is known of it but what its bytes tell.
 */
export class MysqlConversation implements Conversation {
  readonly #endpoints: Endpoints
  readonly #shared: Shared
  readonly #session: Session
  readonly #answer: Answer
  readonly #waiting: InOrder<Pending>
  readonly #packets: readonly [Packets, Packets]
  readonly #readers: readonly [Reader, Reader]
  /** Both directions once the connection is compressed. */
  #frames: readonly [Messages<Buffer>, Messages<Buffer>] | undefined
  #stage: 'start' | 'greeted' | 'commands' | 'replication' | 'over' = 'start'
  #greetingBytes = 0
  /** Bytes of the client were lost: what it says is ignored up to the next command. */
  #lost = false
  /** The client sends a file, whose next packet has that sequence; -1: it does not. */
  #file = -1
  /** The server said something that nobody asked for; counted once. */
  #unasked = false

  static shared(options: Options, context: Context<MysqlTransaction>): Shared {
    return {
      options,
      context,
      room: context.waitingRoom((pending) => pending.conversation.#timedOut(pending)),
      tables: new Tables(),
    }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    const { options, context, room, tables } = shared
    const { memory } = context
    this.#endpoints = endpoints
    this.#shared = shared
    this.#session = new Session(memory, options.statement_timeout, () =>
      context.count('forgotten_statements'),
    )
    this.#answer = new Answer({ session: this.#session, tables, limits: options })
    this.#waiting = new InOrder(room, WAITING)
    this.#packets = [new Packets(memory), new Packets(memory)]
    this.#readers = [
      { wanted: (length, sequence) => this.#wantedOfClient(length, sequence), packet: this.#asked },
      { wanted: (length, sequence) => this.#wantedOfServer(length, sequence), packet: this.#answered },
    ]
  }

  data(segment: Segment): void {
    const { direction, bytes, start, end, time } = segment
    if (this.#stage === 'over' || start === end) return
    if (this.#stage === 'replication') {
      if (direction === FROM_SERVER) this.#shared.context.count('replication_bytes', end - start)
      return
    }
    if (direction === FROM_SERVER && this.#stage === 'commands' && this.#isSilenceExpected()) {
      this.#unmatched()
      return
    }
    try {
      let at = start
      if (this.#frames === undefined)
        at = this.#packets[direction].feed(bytes, start, end, time, this.#readers[direction])
      if (this.#frames !== undefined && at < end)
        this.#frames[direction].feed(
          { ...segment, start: at },
          direction === FROM_CLIENT ? this.#carriedAsk : this.#carriedAnswer,
        )
    } catch (error) {
      throw error === Incomplete.signal ? new Malformed('a packet that ends too early', 0) : error
    }
  }

  gap(direction: Direction, _bytes: number, time: number): 'keep' | 'drop' {
    if (this.#stage === 'over' || this.#stage === 'replication') return 'keep'
    if (this.#stage !== 'commands') return 'drop'
    const begun = this.#packets[direction].begun
    if (direction === FROM_CLIENT) {
      if (begun !== undefined) this.#lostIn(begun, time)
      this.#lost = true
    } else {
      // Most logins succeed, and one that did not ends its connection.
      const waiting = this.#waiting.peek()
      this.#giveUpAll(LOSS_IN_RESPONSE)
      if (waiting?.code === LOGIN) this.#followed(waiting)
      this.#answer.begin()
    }
    this.#packets[direction].discard()
    this.#frames?.[direction].discard()
    return 'keep'
  }

  close(reason: CloseReason): void {
    this.#giveUpAll(reason === 'gap' ? LOSS_IN_RESPONSE : INCOMPLETE_RESPONSE)
    this.#forget()
  }

  #forget(): void {
    for (const packets of this.#packets) packets.discard()
    for (const frames of this.#frames ?? []) frames.discard()
    this.#session.reset()
  }

  /** Nothing more is decoded; what it costs from now on is nothing. */
  #end(counter: 'encrypted_connections' | 'undecoded_connections'): void {
    this.#shared.context.count(counter)
    this.#stage = 'over'
    this.#forget()
  }

  // --- the client ---------------------------------------------------------------------------------------------------

  #wantedOfClient(length: number, sequence: number): number {
    if (this.#stage === 'start' && isTls(length)) {
      this.#end('encrypted_connections')
      return -1
    }
    if (this.#file >= 0) return 0
    if (sequence !== 0 && this.#frames === undefined && !this.#mayContinue(sequence)) {
      if (this.#lost) return -1
      throw new Malformed(`a command with sequence ${sequence}`, 3)
    }
    return this.#frames === undefined ? LONGEST_COMMAND : LONGEST_COMPRESSED_COMMAND
  }

  /** Whether a packet of that sequence may come from a client: only in a login is one not the first of its kind. */
  #mayContinue(sequence: number): boolean {
    return (
      this.#waiting.peek()?.command.answered === 'login' || (sequence === 1 && this.#stage !== 'commands')
    )
  }

  readonly #asked = (
    bytes: Buffer,
    start: number,
    end: number,
    size: number,
    last: number,
    time: number,
  ): boolean => {
    const waiting = this.#waiting.peek()
    const sequence = firstSequence(last, size)
    if (this.#file >= 0) {
      if (sequence === this.#file || this.#frames !== undefined) return this.#fileSent(waiting, size, last)
      this.#file = -1
    }
    if (sequence !== 0 && waiting?.command.answered === 'login') {
      waiting.sentLater += size
      waiting.sequence = next(sequence)
      return true
    }
    if (sequence === 1 && this.#stage !== 'commands') return this.#loggingIn(bytes, start, end, size, time)
    if (this.#stage === 'start' && looksCompressed(bytes, start, end)) {
      this.#end('undecoded_connections')
      return false
    }
    const code = start === end ? -1 : (bytes[start] as number)
    const command = commands[code]
    // In compressed packets numbers go on from those of the compressed ones.
    if ((sequence !== 0 && this.#frames === undefined) || !isCommand(command, size - HEADER)) {
      if (this.#lost) return false
      throw new Malformed(`command ${code} of ${size} bytes with sequence ${sequence}`, 0)
    }
    this.#stage = 'commands'
    this.#lost = false
    this.#unasked = false
    if (end - start < size - HEADER) this.#shared.context.count('cut_requests')
    if (command.answered === 'not') this.#unanswered(code, bytes, start, end, time)
    else this.#push(this.#read(code, command, bytes, start, end, size, last, time))
    return true
  }

  #read(
    code: number,
    command: Command,
    bytes: Buffer,
    start: number,
    end: number,
    size: number,
    sequence: number,
    time: number,
  ): Pending {
    const pending = this.#pending(code, command, time, size, sequence)
    ask(pending, bytes, start, end, this.#session)
    if (code === COM_STMT_PREPARE) this.#session.preparing = pending
    else if (pending.id === LAST_PREPARED && this.#session.preparing !== undefined)
      this.#defer(pending, bytes, start, end)
    return pending
  }

  #pending(code: number, command: Command, time: number, size: number, sequence: number): Pending {
    const expected = this.#frames === undefined ? next(sequence) : -1
    const { identity } = this.#session
    return new Pending(this, code, command, time, size, expected, identity, this.#shared.options)
  }

  #push(pending: Pending): void {
    const evicted = this.#waiting.push(pending)
    if (evicted === undefined) return
    // Nobody answers so much: most likely only one direction is captured. All begin anew.
    const { context } = this.#shared
    for (const each of [evicted, ...this.#waiting.drain()]) {
      if (each === pending) continue
      context.count('evicted_requests')
      if (!each.late) this.#giveUp(each, TOO_MANY_REQUESTS)
    }
    this.#answer.begin()
    this.#packets[FROM_SERVER].discard()
    this.#waiting.push(pending)
  }

  #unanswered(code: number, bytes: Buffer, start: number, end: number, time: number): void {
    const session = this.#session
    if (code === COM_STMT_CLOSE) session.statements.delete(cursor.reset(bytes, start + 1, end).u32le())
    else if (code === COM_STMT_SEND_LONG_DATA) longData(bytes, start, end, session, time)
  }

  #fileSent(waiting: Pending | undefined, size: number, sequence: number): boolean {
    this.#file = size === HEADER ? -1 : next(sequence)
    if (waiting === undefined) return true
    waiting.sentLater += size
    waiting.sequence = this.#frames === undefined ? next(sequence) : -1
    return true
  }

  #loggingIn(bytes: Buffer, start: number, end: number, size: number, time: number): boolean {
    const session = this.#session
    const login = handshakeResponse(cursor.reset(bytes, start, end), session.offered)
    const pending = this.#pending(LOGIN, commands[LOGIN] as Command, time, size, 1)
    pending.destinationBytes = this.#greetingBytes
    pending.login = login
    loggingIn(pending, login)
    this.#stage = 'commands'
    if ((login.capabilities & CLIENT_SSL) === 0) {
      this.#push(pending)
      return true
    }
    pending.tls = true
    this.#shared.context.emit(this.#endpoints, pending)
    this.#end('encrypted_connections')
    return false
  }

  /** An execution of what is being prepared: how many parameters it has the server says later. */
  #defer(pending: Pending, bytes: Buffer, start: number, end: number): void {
    const { memory } = this.#shared.context
    const length = end - start
    if (length > LONGEST_DEFERRED || !memory.take(length)) return
    pending.deferred = Buffer.from(bytes.subarray(start, end))
  }

  // --- the server ---------------------------------------------------------------------------------------------------

  #wantedOfServer(length: number, sequence: number): number {
    const waiting = this.#waiting.peek()
    if (waiting !== undefined) return this.#answer.wanted(waiting)
    if (this.#answer.mayTrail) return length
    if (this.#stage === 'start' && isTls(length)) this.#end('encrypted_connections')
    else if (this.#stage !== 'commands' && sequence === 0 && length < LONGEST_GREETING) return length
    else this.#unmatched()
    return -1
  }

  readonly #answered = (
    bytes: Buffer,
    start: number,
    end: number,
    size: number,
    sequence: number,
    time: number,
  ): boolean => {
    const answer = this.#answer
    if (answer.mayTrail) {
      answer.begin()
      if (bytes[start] === EOF && size === HEADER + 5) {
        this.#session.classicEof = true
        return this.#waiting.length > 0
      }
    }
    const pending = this.#waiting.peek()
    if (pending === undefined) return this.#unaskedFor(bytes, start, end, size, sequence, time)
    if (pending.sequence >= 0 && firstSequence(sequence, size) !== pending.sequence)
      throw new Malformed(`sequence ${sequence} after ${pending.sequence - 1}`, 3)
    pending.sequence = this.#frames === undefined ? next(sequence) : -1
    pending.destinationBytes += size
    if (pending.deferred !== undefined) this.#resume(pending, pending.deferred)
    const step = answer.read(pending, bytes, start, end, size, time)
    // What has begun to arrive waits no longer, however long all of it takes.
    if (pending.end !== undefined && pending.waits) this.#shared.room.leave(pending)
    if (step === 'more') return true
    if (step === 'file') this.#file = next(sequence)
    else if (step === 'replication') this.#stage = 'replication'
    if (step === 'file') return true
    return this.#finish(pending)
  }

  /** A greeting, or a refusal in its place; all else has no request that was captured. */
  #unaskedFor(
    bytes: Buffer,
    start: number,
    end: number,
    size: number,
    sequence: number,
    time: number,
  ): boolean {
    const first = start === end ? -1 : bytes[start]
    if (sequence !== 0 || this.#stage === 'commands' || (first !== PROTOCOL_VERSION && first !== ERR)) {
      this.#unmatched()
      return false
    }
    if (first === PROTOCOL_VERSION) {
      this.#stage = 'greeted'
      this.#greetingBytes = size
      this.#session.greeted(greeting(cursor.reset(bytes, start, end)))
      return true
    }
    const pending = this.#pending(LOGIN, commands[LOGIN] as Command, time, 0, -1)
    pending.query = pending.command.name
    pending.destinationBytes = size
    this.#answer.read(pending, bytes, start, end, size, time)
    this.#shared.context.emit(this.#endpoints, pending)
    return false
  }

  /** True when the server has nothing to answer, not even with an EOF packet that may or may not be there. */
  #isSilenceExpected(): boolean {
    return this.#waiting.length === 0 && !this.#answer.mayTrail
  }

  #unmatched(): void {
    if (this.#unasked) return
    this.#unasked = true
    this.#shared.context.count('unmatched_responses')
  }

  #resume(pending: Pending, packet: Buffer): void {
    this.#release(pending)
    ask(pending, packet, 0, packet.length, this.#session)
  }

  #release(pending: Pending): void {
    if (pending.deferred === undefined) return
    this.#shared.context.memory.give(pending.deferred.length)
    pending.deferred = undefined
  }

  // --- transactions that are over -----------------------------------------------------------------------------------

  /** Answers whether the server still has to answer something. */
  #finish(pending: Pending): boolean {
    const { context } = this.#shared
    const { mayTrail } = this.#answer
    this.#waiting.shift()
    this.#answer.begin()
    this.#answer.mayTrail = mayTrail
    pending.sourceBytes += pending.sentLater
    pending.sentLater = 0
    if (pending.code === COM_STMT_PREPARE) this.#session.preparationOver(pending)
    if (pending.late) context.count('late_responses')
    pending.notes = notes(pending, pending.late ? LATE_RESPONSE : undefined)
    pending.status = pending.errorCode === 0 ? 'OK' : 'Error'
    if (pending.errorCode === 0) this.#followed(pending)
    context.emit(this.#endpoints, pending)
    return this.#waiting.length > 0 || mayTrail
  }

  /** What a command that was carried out changed. */
  #followed({ code, login, query, method }: Pending): void {
    const session = this.#session
    if (code === COM_QUERY) {
      if (method === 'USE') session.use(/^use\s+`?([^`;\s]+)/i.exec(query)?.[1] ?? '')
    } else if (code === LOGIN && login !== undefined) {
      session.loggedIn(login)
      if (session.compressed) this.#compress()
    } else if (code === COM_CHANGE_USER && login !== undefined) session.changedUser(login)
    else if (code === COM_RESET_CONNECTION) session.reset()
    else if (code === COM_INIT_DB) session.use(query.slice('INIT_DB '.length))
  }

  #compress(): void {
    const { memory } = this.#shared.context
    // A packet that has begun before its sender could know is none of a client's.
    for (const packets of this.#packets) packets.discard()
    const frames = () => new Messages(compressedPacket, memory, LONGEST)
    this.#frames = [frames(), frames()]
  }

  readonly #carriedAsk = (piece: Buffer, time: number): void => {
    this.#packets[FROM_CLIENT].feed(piece, 0, piece.length, time, this.#readers[FROM_CLIENT])
  }

  readonly #carriedAnswer = (piece: Buffer, time: number): void => {
    if (this.#isSilenceExpected()) this.#unmatched()
    else this.#packets[FROM_SERVER].feed(piece, 0, piece.length, time, this.#readers[FROM_SERVER])
  }

  #timedOut(pending: Pending): void {
    pending.late = true
    this.#giveUp(pending, UNMATCHED_REQUEST)
  }

  /** `lost`: what is said of an answer that has begun. */
  #giveUpAll(lost: string): void {
    for (let pending = this.#waiting.shift(); pending !== undefined; pending = this.#waiting.shift()) {
      this.#release(pending)
      if (pending.late) continue
      const hasBegun = pending.end !== undefined
      this.#giveUp(pending, hasBegun || lost === LOSS_IN_RESPONSE ? lost : UNMATCHED_REQUEST)
    }
  }

  #giveUp(pending: Pending, note: string): void {
    const { context } = this.#shared
    context.count('unmatched_requests')
    pending.sourceBytes += pending.sentLater
    pending.sentLater = 0
    // As upstream has it: a result of which some rows were lost was none the less a success.
    if (pending.end === undefined || note !== LOSS_IN_RESPONSE) pending.status = 'Error'
    pending.notes = notes(pending, note)
    context.emit(this.#endpoints, pending)
  }

  /** A command of which some bytes were lost: what came before them tells what it was. */
  #lostIn(begun: Buffer, time: number): void {
    const code = begun[0] as number
    const command = commands[code]
    if (this.#file >= 0 || command === undefined || command.answered === 'not') return
    const pending = this.#pending(code, command, time, begun.length, -1)
    try {
      ask(pending, begun, 0, begun.length, this.#session)
    } catch (error) {
      if (error !== Incomplete.signal) throw error
    }
    this.#giveUp(pending, LOSS_IN_REQUEST)
  }
}

const HEADER = 4
const PROTOCOL_VERSION = 10

const next = (sequence: number): number => (sequence + 1) & 0xff

/** What a TLS record begins with, read as the length of a packet: 16 03 01. Spec: RFC 8446 §5.1. */
const isTls = (length: number): boolean =>
  (length & 0xff) >= 0x14 && (length & 0xff) <= 0x17 && ((length >>> 8) & 0xff) === 3 && length >>> 16 <= 4

const notes = ({ isUnknown }: Pending, note: string | undefined): string[] | undefined => {
  const all = isUnknown ? [UNKNOWN_QUERY_NOTE] : []
  if (note !== undefined) all.push(note)
  return all.length > 0 ? all : undefined
}

/** Spec: RFC 1950 §2.2, for the window of 32 KB that zlib has. */
const isZlib = (header: number): boolean => header >>> 8 === 0x78 && header % 31 === 0

/** A packet of the compressed protocol taken for a plain one: a small one is carried as it is, others as zlib or zstd. */
const looksCompressed = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > 8 &&
  ((bytes.readUIntLE(start, 3) === 0 && bytes[start + 6] === 0) ||
    isZlib(bytes.readUInt16BE(start + 3)) ||
    bytes.readUInt32LE(start + 3) === 0xfd2fb528)
