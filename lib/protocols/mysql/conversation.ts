import type { Endpoints } from '../../events/endpoints.js'
import { INCOMPLETE_RESPONSE, LOSS_IN_REQUEST, LOSS_IN_RESPONSE } from '../../transactions/notes.js'
import { Cursor, Incomplete, Malformed } from '../../wire/cursor.js'
import {
  type CloseReason,
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
  COM_STMT_CLOSE,
  COM_STMT_PREPARE,
  COM_STMT_SEND_LONG_DATA,
  type Command,
  commands,
  LOGIN,
} from './commands.js'
import type { MysqlTransaction } from './fields.js'
import { greeting, handshakeResponse } from './login.js'
import { firstSequence } from './packets.js'
import { Pending } from './pending.js'
import { isTls, looksCompressed } from './recognise.js'
import { ask, isCommand, loggingIn, longData } from './requests.js'
import { EOF, ERR } from './responses.js'
import { LAST_PREPARED, Session } from './session.js'
import type { Options, Shared } from './shared.js'
import { Tables } from './tables.js'
import { Transactions } from './transactions.js'
import { Transport } from './transport.js'

// What is kept of a command. Inserts of many rows have megabytes, which nobody reads; how they begin is enough.
const LONGEST_COMMAND = 1024 * 1024
// Of one that came compressed: a peer may have sent a thousandth of it.
const LONGEST_COMPRESSED_COMMAND = 128 * 1024

// Greetings have some 100 bytes.
const LONGEST_GREETING = 1024

const HEADER = 4
const PROTOCOL_VERSION = 10

const cursor = new Cursor()

const next = (sequence: number): number => (sequence + 1) & 0xff

/**
 * One connection: a login, and then commands that are answered in their order. It may have begun long before the capture;
 * then nothing is known of it but what its bytes tell.
 */
export class MysqlConversation implements Conversation {
  readonly #shared: Shared
  readonly #session: Session
  readonly #answer: Answer
  readonly #transactions: Transactions
  readonly #transport: Transport
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
      room: context.waitingRoom((pending) => pending.conversation.#transactions.timedOut(pending)),
      tables: new Tables(),
    }
  }

  constructor(endpoints: Endpoints, shared: Shared) {
    const { options, context, tables } = shared
    this.#shared = shared
    this.#session = new Session(context.memory, options.statement_timeout, () =>
      context.count('forgotten_statements'),
    )
    this.#answer = new Answer({ session: this.#session, tables, limits: options })
    this.#transactions = new Transactions(endpoints, shared)
    this.#transport = new Transport(context.memory, [
      {
        expects: () => true,
        wanted: (length, sequence) => this.#wantedOfClient(length, sequence),
        packet: this.#asked,
      },
      {
        expects: () => this.#isAnswerExpected(),
        wanted: (length, sequence, first) => this.#wantedOfServer(length, sequence, first),
        packet: this.#answered,
      },
    ])
  }

  data(segment: Segment): void {
    const { direction, start, end } = segment
    if (this.#stage === 'over' || start === end) return
    if (this.#stage === 'replication') {
      if (direction === FROM_SERVER) this.#shared.context.count('replication_bytes', end - start)
      return
    }
    try {
      this.#transport.feed(segment)
    } catch (error) {
      throw error === Incomplete.signal ? new Malformed('a packet that ends too early', 0) : error
    }
  }

  get enough(): boolean {
    return this.#stage === 'over' && this.#transactions.head === undefined
  }

  gap(direction: Direction, _bytes: number, time: number): 'keep' | 'drop' {
    if (this.#stage === 'over' || this.#stage === 'replication') return 'keep'
    if (this.#stage !== 'commands') return 'drop'
    const { head } = this.#transactions
    if (direction === FROM_CLIENT) {
      const begun = this.#transport.begun(direction)
      if (begun !== undefined) this.#lostIn(begun, time)
      if (this.#file >= 0 && head !== undefined) head.sequence = -1
      this.#file = -1
      this.#lost = true
    } else {
      this.#transactions.giveUpAll(LOSS_IN_RESPONSE)
      // Most logins succeed, and one that did not ends its connection.
      if (head?.code === LOGIN) this.#followed(head)
      this.#answer.begin()
    }
    this.#transport.discard(direction)
    return 'keep'
  }

  close(reason: CloseReason): void {
    this.#transactions.giveUpAll(reason === 'gap' ? LOSS_IN_RESPONSE : INCOMPLETE_RESPONSE)
    this.#forget()
  }

  #forget(): void {
    this.#transport.discardAll()
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
    if (sequence !== 0 && !this.#transport.isCompressed && !this.#mayContinue(sequence)) {
      if (this.#lost) return -1
      throw new Malformed(`a command with sequence ${sequence}`, 3)
    }
    return this.#transport.isCompressed ? LONGEST_COMPRESSED_COMMAND : LONGEST_COMMAND
  }

  /** Whether a packet of that sequence may come from a client: only in a login is one not the first of its kind. */
  #mayContinue(sequence: number): boolean {
    return (
      this.#transactions.head?.command.answered === 'login' || (sequence === 1 && this.#stage !== 'commands')
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
    const waiting = this.#transactions.head
    const sequence = firstSequence(last, size)
    if (this.#file >= 0) {
      if (sequence === this.#file || this.#transport.isCompressed) return this.#fileSent(waiting, size, last)
      this.#file = -1
    }
    if (sequence !== 0 && waiting?.command.answered === 'login') {
      waiting.sentLater += size
      waiting.sequence = this.#after(last)
      return true
    }
    if (sequence === 1 && this.#stage !== 'commands') return this.#loggingIn(bytes, start, end, size, time)
    if (this.#stage === 'start' && looksCompressed(bytes, start, end)) {
      this.#end('undecoded_connections')
      return false
    }
    const code = start === end ? -1 : (bytes[start] as number)
    const command = commands[code]
    if ((sequence !== 0 && !this.#transport.isCompressed) || !isCommand(command, size - HEADER)) {
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
      this.#transactions.defer(pending, bytes, start, end)
    return pending
  }

  #pending(code: number, command: Command, time: number, size: number, sequence: number): Pending {
    const { identity } = this.#session
    return new Pending(this, code, command, time, size, this.#after(sequence), identity, this.#shared.options)
  }

  /** The sequence that follows; less than 0: in compressed packets it goes on from theirs, and tells nothing. */
  #after(sequence: number): number {
    return this.#transport.isCompressed ? -1 : next(sequence)
  }

  #push(pending: Pending): void {
    if (this.#transactions.push(pending)) return
    // Nobody answers so much: most likely only one direction is captured. All begin anew.
    this.#answer.begin()
    this.#transport.discard(FROM_SERVER)
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
    waiting.sequence = this.#after(sequence)
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
    this.#transactions.emit(pending)
    this.#end('encrypted_connections')
    return false
  }

  // --- the server ---------------------------------------------------------------------------------------------------

  #wantedOfServer(length: number, sequence: number, first: number): number {
    const waiting = this.#transactions.head
    if (waiting !== undefined) return this.#answer.wanted(waiting, first)
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
      // Another answer begins with 1.
      if (bytes[start] === EOF && size === HEADER + 5 && sequence !== 1) {
        this.#session.classicEof = true
        return !this.#transactions.areNone
      }
    }
    const pending = this.#transactions.head
    if (pending === undefined) return this.#unaskedFor(bytes, start, end, size, sequence, time)
    if (pending.sequence >= 0 && firstSequence(sequence, size) !== pending.sequence)
      throw new Malformed(`sequence ${sequence} after ${pending.sequence - 1}`, 3)
    pending.sequence = this.#after(sequence)
    pending.destinationBytes += size
    if (pending.deferred !== undefined) this.#resume(pending)
    const step = answer.read(pending, bytes, start, end, size, time)
    if (pending.end !== undefined) this.#transactions.begun(pending)
    switch (step) {
      case 'more':
        return true
      case 'file':
        this.#file = next(sequence)
        return true
      case 'replication':
        this.#stage = 'replication'
    }
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
    this.#transactions.emit(pending)
    return false
  }

  /** False when the server has nothing to answer, not even with an EOF packet that may or may not be there. */
  #isAnswerExpected(): boolean {
    if (this.#stage !== 'commands' || !this.#transactions.areNone || this.#answer.mayTrail) return true
    this.#unmatched()
    return false
  }

  #unmatched(): void {
    if (this.#unasked) return
    this.#unasked = true
    this.#shared.context.count('unmatched_responses')
  }

  /** What an execution says, now that its statement is known. */
  #resume(pending: Pending): void {
    const packet = this.#transactions.release(pending)
    if (packet !== undefined) ask(pending, packet, 0, packet.length, this.#session)
  }

  /** Answers whether the server still has to answer something. */
  #finish(pending: Pending): boolean {
    const { mayTrail } = this.#answer
    this.#answer.begin()
    this.#answer.mayTrail = mayTrail
    if (pending.code === COM_STMT_PREPARE) this.#session.preparationOver(pending)
    if (pending.errorCode === 0) this.#followed(pending)
    this.#transactions.finish(pending)
    return !this.#transactions.areNone || mayTrail
  }

  /** What a command that was carried out changed. */
  #followed(pending: Pending): void {
    this.#session.carriedOut(pending)
    if (pending.code === LOGIN && this.#session.compressed) this.#transport.compress()
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
    this.#transactions.giveUp(pending, LOSS_IN_REQUEST)
  }
}
