import type { Endpoints } from '../../events/endpoints.js'
import { LOSS_IN_REQUEST, LOSS_IN_RESPONSE } from '../../transactions/notes.js'
import { Malformed } from '../../wire/cursor.js'
import type { CloseReason, Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT, FROM_SERVER } from '../protocol.js'
import { chain } from './chain.js'
import { clientHello, serverHello, ssl2ClientHello } from './hello.js'
import { alerts, isTls13, unknown } from './names.js'
import * as notes from './notes.js'
import { ocspStatus } from './ocsp.js'
import * as parser from './parser.js'
import { ProtectedHandshake } from './protected.js'
import * as records from './records.js'
import { resumption } from './resumption.js'
import type { Pending, Shared } from './shared.js'
import { type Listener, Side } from './side.js'

// A fatal alert ends a handshake; of warnings there are one or two.
const MAX_ALERTS = 16

const FATAL = 2
const severities: Readonly<Record<number, string>> = { 1: 'warning', 2: 'fatal' }

/** One connection, up to the end of its handshake: what follows is not even handed over (`enough`). */
export class TlsConversation implements Conversation, Listener {
  /** The event is written, or there will be none. */
  done = false
  #endpoints: Endpoints
  readonly #shared: Shared
  readonly #sides: readonly [Side, Side]
  /** Made with the first byte of a hello. */
  #pending: Pending | undefined
  /** The side that sent the ClientHello, or did not send the ServerHello. */
  #client: Side
  /** Of TLS 1.3, from the ServerHello on. */
  #protected: ProtectedHandshake | undefined
  #time = 0

  constructor(endpoints: Endpoints, shared: Shared) {
    const { memory } = shared.context
    this.#endpoints = endpoints
    this.#shared = shared
    this.#sides = [new Side(FROM_CLIENT, this, memory), new Side(FROM_SERVER, this, memory)]
    this.#client = this.#sides[FROM_CLIENT]
  }

  get enough(): boolean {
    return this.done
  }

  data(segment: Segment): void {
    if (this.done) return
    this.#time = segment.time
    try {
      this.#sides[segment.direction].feed(segment)
    } catch (error) {
      if (this.#pending !== undefined || !(error instanceof Malformed)) throw error
      this.#undecoded()
    }
    // What came behind the end of the handshake in one record is held by now.
    if (this.done) this.#over()
  }

  gap(direction: Direction, bytes: number): 'keep' {
    if (this.done || this.#sides[direction].gap(bytes)) return 'keep'
    if (this.#pending === undefined) this.#undecoded()
    else this.#end(direction === this.#client.direction ? LOSS_IN_REQUEST : LOSS_IN_RESPONSE)
    return 'keep'
  }

  close(reason: CloseReason): void {
    if (!this.done) this.#end(closing[reason] ?? notes.NOT_SEEN)
  }

  // --- what the sides say -------------------------------------------------------------------------------------------

  record(side: Side, type: number, length: number): boolean {
    const pending = this.#pending
    const begins = type === records.HANDSHAKE || type === records.SSL2_HELLO
    if (pending === undefined && !begins) {
      this.#undecoded()
      return false
    }
    if (pending?.end === undefined) side.bytes += length + (type === records.SSL2_HELLO ? 2 : 5)
    if (type === records.CHANGE_CIPHER_SPEC) this.#changed(side)
    else if (type === records.APPLICATION_DATA) this.#protectedRecord(side, length)
    else return (begins || type === records.ALERT) && !this.#isEncrypted(side)
    return false
  }

  begins(side: Side, type: number, byte: number): boolean {
    if (this.#pending !== undefined) return true
    const isClient = byte === parser.CLIENT_HELLO
    if (isClient || (byte === parser.SERVER_HELLO && type === records.HANDSHAKE)) {
      this.#begin(isClient ? side : this.#sides[side.direction === FROM_CLIENT ? FROM_SERVER : FROM_CLIENT])
      return true
    }
    this.#undecoded()
    return false
  }

  message(side: Side, { type, bytes, start, end }: parser.Handshake): void {
    const pending = this.#pending as Pending
    const { context } = this.#shared
    const isClient = side === this.#client
    switch (type) {
      case parser.TOO_LONG:
        context.count('oversized_messages')
        this.#end(notes.MALFORMED)
        break
      case parser.CLIENT_HELLO:
        if (!isClient || pending.client !== undefined) break
        pending.client = clientHello(bytes, start, end)
        if (pending.client.own.cut) context.count('left_out_extensions')
        break
      case parser.SSL2_CLIENT_HELLO:
        if (isClient) pending.client ??= ssl2ClientHello(bytes, start, end)
        break
      case parser.SERVER_HELLO:
        if (!isClient) this.#answered(pending, bytes, start, end)
        break
      case parser.CERTIFICATE: {
        const found = chain(bytes, start, end, this.#shared)
        if (isClient) pending.clientCertificates ??= found
        else pending.serverCertificates ??= found
        break
      }
      case parser.CERTIFICATE_REQUEST:
        pending.certificateRequested = true
        break
      case parser.CERTIFICATE_STATUS:
        pending.ocsp ??= ocspStatus(bytes, start, end)
        break
      case parser.SERVER_KEY_EXCHANGE:
      case parser.CLIENT_KEY_EXCHANGE:
        pending.fullHandshake = true
    }
  }

  alert(side: Side, level: number, code: number): void {
    const pending = this.#pending as Pending
    pending.alerts ??= []
    if (pending.alerts.length === MAX_ALERTS) this.#shared.context.count('left_out_alerts')
    else
      pending.alerts.push({
        code,
        severity: severities[level] ?? unknown(level, 2),
        source: side === this.#client ? 'client' : 'server',
        type: alerts.get(code) ?? unknown(code, 2),
      })
    if (level === FATAL) this.#failed(undefined)
  }

  // --- the handshake ------------------------------------------------------------------------------------------------

  #begin(client: Side): void {
    const { options, room } = this.#shared
    this.#client = client
    if (client.direction === FROM_SERVER) this.#endpoints = this.#endpoints.reversed()
    const pending: Pending = {
      start: this.#time,
      end: undefined,
      sourceBytes: 0,
      destinationBytes: 0,
      status: 'Error',
      notes: undefined,
      client: undefined,
      server: undefined,
      retried: false,
      clientCertificates: undefined,
      serverCertificates: undefined,
      certificateRequested: false,
      fullHandshake: false,
      ocsp: undefined,
      alerts: undefined,
      established: false,
      resumption: undefined,
      detailed: options.include_detailed_fields,
      certificates: options.send_certificates && options.include_detailed_fields,
      ahead: undefined,
      behind: undefined,
      waits: false,
      timedOut: () => this.#end(notes.NOT_FINISHED),
    }
    this.#pending = pending
    room.enter(pending)
  }

  #answered(pending: Pending, bytes: Buffer, start: number, end: number): void {
    if (pending.server !== undefined) return
    const hello = serverHello(bytes, start, end)
    if (hello.retry) {
      pending.retried = true
      return
    }
    pending.server = hello
    if (hello.own.cut) this.#shared.context.count('left_out_extensions')
    if (isTls13(hello.selected))
      this.#protected = new ProtectedHandshake(hello, pending.client, pending.retried)
  }

  /** Up to TLS 1.2 a side encrypts after ChangeCipherSpec; in TLS 1.3 it means nothing (RFC 8446 §5). */
  #isEncrypted(side: Side): boolean {
    return side.changed && this.#pending?.server !== undefined && this.#protected === undefined
  }

  #changed(side: Side): void {
    side.changed = true
    const pending = this.#pending as Pending
    if (pending.server === undefined || this.#protected !== undefined) return
    if (!this.#sides[FROM_CLIENT].changed || !this.#sides[FROM_SERVER].changed) return
    pending.end = this.#time
    this.#established(pending)
  }

  #protectedRecord(side: Side, length: number): void {
    const pending = this.#pending as Pending
    const isClient = side === this.#client
    const said = isClient ? this.#protected?.client(length) : this.#protected?.server(length)
    if (said === 'finished') pending.end = this.#time
    else if (said === 'established') this.#established(pending)
    else if (said === 'refused') this.#failed(isClient ? notes.CLIENT_REFUSED : notes.SERVER_REFUSED)
  }

  #established(pending: Pending): void {
    pending.established = true
    pending.status = 'OK'
    this.#emit(pending)
  }

  #failed(note: string | undefined): void {
    const pending = this.#pending as Pending
    this.#shared.context.count('failed_handshakes')
    pending.end = undefined
    pending.notes = note === undefined ? undefined : [note]
    this.#emit(pending)
  }

  /** Nothing more will come, or be understood. A TLS 1.3 client that has finished took the handshake for good. */
  #end(note: string): void {
    const pending = this.#pending
    if (pending === undefined) {
      this.#over()
      return
    }
    if (this.#protected?.clientFinished) {
      this.#established(pending)
      return
    }
    this.#shared.context.count('unmatched_requests')
    pending.notes = [note]
    this.#emit(pending)
  }

  #emit(pending: Pending): void {
    const { context, room } = this.#shared
    room.leave(pending)
    const client = this.#client
    const server = this.#sides[client.direction === FROM_CLIENT ? FROM_SERVER : FROM_CLIENT]
    pending.sourceBytes = client.bytes
    pending.destinationBytes = server.bytes
    pending.resumption = resumption(pending, server.changed)
    this.#over()
    context.emit(this.#endpoints, pending)
  }

  #undecoded(): void {
    this.#shared.context.count('undecoded_connections')
    this.#over()
  }

  #over(): void {
    this.done = true
    for (const side of this.#sides) side.discard()
  }
}

const closing: Partial<Record<CloseReason, string>> = {
  fin: notes.CLOSED,
  reset: notes.RESET,
  idle: notes.NOT_FINISHED,
  malformed: notes.MALFORMED,
}
