import type { Endpoints } from '../../events/endpoints.js'
import { ById } from '../../transactions/by-id.js'
import {
  INCOMPLETE_RESPONSE,
  LATE_RESPONSE,
  LOSS_IN_REQUEST,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../transactions/notes.js'
import { type Direction, FROM_CLIENT } from '../protocol.js'
import { CALL, REPLY, RPC_VERSION, readBody, readHeader, readReply } from './call.js'
import { Credentials } from './credential.js'
import { Names } from './names.js'
import { Recent } from './recent.js'
import type { Pending, Shared } from './shared.js'
import { type Hole, Unreadable, Xdr } from './xdr.js'

const UDP = 17
// What objects a call that waits takes beside its texts, roughly.
const WEIGHT = 600
/** Bytes of xid and message type. */
const HEAD = 8

// One reader serves all: messages are read one after the other.
const xdr = new Xdr()

/** Bytes of a message were lost, or it ended with its connection or the capture. */
export type Lack = 'lost' | 'end' | undefined

/** A message of ONC RPC: `bytes` from `start` to `end`. */
export interface Message {
  bytes: Buffer
  start: number
  end: number
  /** Data that were not kept. */
  hole: Hole | undefined
  /** Bytes it had on the wire. */
  size: number
  /** Why it lacks bytes, if it does. */
  lacks: Lack
  /** Packet time of its first byte. */
  time: number
}

/** Pairs calls and replies of one conversation, by who calls and by the xid. Either side may call the other. */
export class Exchanges {
  readonly #endpoints: Endpoints
  #reversed: Endpoints | undefined
  readonly #shared: Shared
  readonly #names: Names
  readonly #credentials = new Credentials()
  /** Calls of the client. */
  readonly #calls: ById<Pending>
  /** Calls of the server, made by the first one. */
  #callbacks: ById<Pending> | undefined
  /** Of UDP, where calls and replies come more than once. */
  readonly #recent: Recent | undefined
  /** When bytes were last lost. */
  #lost = Number.NEGATIVE_INFINITY
  /** What follows is TLS. */
  encrypted = false

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#endpoints = endpoints
    this.#shared = shared
    const { context, room } = shared
    this.#names = new Names(shared.nameMemory, () => context.count('forgotten_names'))
    this.#calls = new ById(room, context.memory)
    this.#recent = endpoints.protocol === UDP ? new Recent() : undefined
  }

  /** Calls that wait for their reply. */
  get waiting(): number {
    return this.#calls.size + (this.#callbacks?.size ?? 0)
  }

  /** A reply with that xid is expected from that side. */
  expects(xid: number, direction: Direction): boolean {
    return this.#callsTo(direction)?.find(xid) !== undefined
  }

  lost(time: number): void {
    this.#lost = time
  }

  take(message: Message, direction: Direction): void {
    const { bytes, start, end, hole } = message
    xdr.reset(bytes, start, end, hole)
    if (end - start < HEAD + 4) {
      this.#shared.context.count('malformed_messages')
      return
    }
    const id = xdr.u32()
    const type = xdr.u32()
    if (type === REPLY) this.#answered(id, message, direction)
    else if (type === CALL && xdr.u32() === RPC_VERSION) this.#asked(id, message, direction)
    else this.#shared.context.count('malformed_messages')
  }

  /** Finds the data of a READ or WRITE in the begin of a message, so that they need not be kept. */
  payload(bytes: Buffer, start: number, end: number, direction: Direction): Hole | undefined {
    xdr.reset(bytes, start, end)
    if (end - start < HEAD + 4) return undefined
    const id = xdr.u32()
    if (xdr.u32() === REPLY) {
      const pending = this.#callsTo(direction)?.find(id)
      if (pending !== undefined) readReply(xdr, pending, this.#names)
      return xdr.missing
    }
    xdr.skip(4)
    try {
      const begun = this.#begun(id, 0, 0)
      readHeader(xdr, begun, this.#credentials)
      readBody(xdr, begun, this.#names)
    } catch (error) {
      if (error !== Unreadable.signal) throw error
    }
    return xdr.missing
  }

  timedOut(pending: Pending): void {
    // It keeps its place: NFS clients wait for ever, and a reply may still come.
    pending.late = true
    this.#giveUp(pending, this.#why(pending))
  }

  /** Reports all that still wait. */
  close(): void {
    for (const pending of [...this.#calls.drain(), ...(this.#callbacks?.drain() ?? [])])
      if (!pending.late) this.#giveUp(pending, this.#why(pending))
    this.#names.clear()
  }

  #asked(id: number, message: Message, direction: Direction): void {
    const { context } = this.#shared
    const calls = this.#callsOf(direction)
    const same = calls.find(id)
    const pending = this.#begun(id, message.time, message.size)
    try {
      readHeader(xdr, pending, this.#credentials)
    } catch (error) {
      if (error !== Unreadable.signal) throw error
      if (message.lacks === undefined) context.count('malformed_messages')
      return
    }
    const again = same?.program === pending.program && same.procedure === pending.procedure
    if (again || this.#recent?.wasAnswered(id)) {
      context.count('retransmitted_calls')
      if (again) same.retransmissions++
      return
    }
    pending.fromServer = direction !== FROM_CLIENT
    const whole = readBody(xdr, pending, this.#names)
    if (!whole && message.lacks === undefined) context.count('unread_messages')
    if (message.lacks === 'lost') note(pending, LOSS_IN_REQUEST)
    pending.held = WEIGHT + weight(pending)
    const displaced = calls.add(pending)
    if (displaced === undefined || displaced.late) return
    if (displaced !== pending && displaced.id === id) {
      this.#giveUp(displaced, UNMATCHED_REQUEST)
      return
    }
    context.count('evicted_requests')
    this.#giveUp(displaced, TOO_MANY_REQUESTS)
  }

  #answered(id: number, message: Message, direction: Direction): void {
    const { context } = this.#shared
    const pending = this.#callsTo(direction)?.take(id)
    if (pending === undefined) {
      context.count(this.#recent?.wasAnswered(id) ? 'duplicate_responses' : 'unmatched_responses')
      return
    }
    this.#recent?.answered(id)
    pending.end = message.time
    pending.destinationBytes = message.size
    const { whole, startsTls } = readReply(xdr, pending, this.#names)
    if (!whole && message.lacks === undefined) context.count('unread_messages')
    if (startsTls) {
      context.count('encrypted_connections')
      this.encrypted = true
    }
    if (pending.late) {
      context.count('late_responses')
      // The note of the timeout was in the event of the timeout.
      pending.notes = undefined
      note(pending, LATE_RESPONSE)
    }
    if (message.lacks !== undefined)
      note(pending, message.lacks === 'lost' ? LOSS_IN_RESPONSE : INCOMPLETE_RESPONSE)
    const failed = pending.rpcStatus !== 'success' || (pending.code !== undefined && pending.code !== 0)
    pending.status = failed ? 'Error' : 'OK'
    this.#emit(pending)
  }

  #why({ start }: Pending): string {
    return this.#lost >= start ? LOSS_IN_RESPONSE : UNMATCHED_REQUEST
  }

  #giveUp(pending: Pending, why: string): void {
    this.#shared.context.count('unmatched_requests')
    pending.status = 'NO_REPLY'
    note(pending, why)
    this.#emit(pending)
  }

  #emit(pending: Pending): void {
    if (pending.fromServer) this.#reversed ??= this.#endpoints.reversed()
    const endpoints = pending.fromServer ? this.#reversed : this.#endpoints
    this.#shared.context.emit(endpoints as Endpoints, pending)
  }

  #callsOf(direction: Direction): ById<Pending> {
    if (direction === FROM_CLIENT) return this.#calls
    this.#callbacks ??= new ById(this.#shared.room, this.#shared.context.memory)
    return this.#callbacks
  }

  /** Calls that a message of that side may answer. */
  #callsTo(direction: Direction): ById<Pending> | undefined {
    return direction === FROM_CLIENT ? this.#callbacks : this.#calls
  }

  #begun(id: number, start: number, size: number): Pending {
    return {
      start,
      end: undefined,
      sourceBytes: size,
      destinationBytes: 0,
      status: 'OK',
      notes: undefined,
      id,
      program: 0,
      version: 0,
      procedure: 0,
      flavor: 0,
      credential: undefined,
      rpcStatus: undefined,
      authError: undefined,
      code: undefined,
      opcode: '',
      retransmissions: 0,
      tag: undefined,
      minorVersion: undefined,
      operations: undefined,
      main: -1,
      failedAt: undefined,
      asked: undefined,
      handle: undefined,
      path: undefined,
      target: undefined,
      offset: undefined,
      length: undefined,
      count: undefined,
      eof: undefined,
      entries: undefined,
      fromServer: false,
      held: 0,
      late: false,
      ahead: undefined,
      behind: undefined,
      waits: false,
      exchanges: this,
    }
  }
}

function note(pending: Pending, text: string): void {
  pending.notes = pending.notes === undefined ? [text] : [...pending.notes, text]
}

/** Bytes of its texts, roughly. */
const weight = ({ operations, path, target, tag, handle }: Pending): number =>
  16 * (operations?.length ?? 0) +
  2 * ((path?.length ?? 0) + (target?.length ?? 0) + (tag?.length ?? 0)) +
  (handle?.length ?? 0)
