import { type Cursor, Malformed } from '../../wire/cursor.js'

/** Type bytes of messages; the same letter may mean one thing from the client and another from the server. */
export const letter = (character: string): number => character.charCodeAt(0)

/** What has no type byte: a startup packet, and TLS, whose records begin with 0x14 to 0x17 and a 3. */
export const STARTUP = 0
export const TLS = 0x16

// Bytes of a body that are kept, however long it is: more SQL than anybody reads, and more columns than a table may have.
// PostgreSQL allows 1 GiB.
const KEPT = 1024 * 1024

/**
 * A message. Its body is on loan: it is read during the call that hands it over, from `at` to `end`, and one object
 * serves for all messages. What goes beyond `end` says so in `cut`.
 */
export class Message {
  type = 0
  /** Bytes on the wire, with type and length. */
  length = 0
  /** Its body is longer than what is kept of it. */
  cut = false
  bytes: Buffer = NOTHING
  at = 0
  end = 0
  #start = 0

  set(type: number, length: number, cut: boolean, bytes: Buffer, at: number, end: number): this {
    this.type = type
    this.length = length
    this.cut = cut
    this.bytes = bytes
    this.at = at
    this.#start = at
    this.end = end
    return this
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.bytes[this.skip(1)] as number
  }

  i16(): number {
    return this.bytes.readInt16BE(this.skip(2))
  }

  /** The next two bytes, which are read again. */
  peekI16(): number {
    const { at } = this
    const value = this.i16()
    this.at = at
    return value
  }

  i32(): number {
    return this.bytes.readInt32BE(this.skip(4))
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.skip(4))
  }

  /** Passes over that many bytes; answers where they begin. @throws {Malformed} when there are not that many */
  skip(length: number): number {
    const { at } = this
    if (length < 0 || at + length > this.end) throw this.malformed(`${length} bytes past its end`)
    this.at = at + length
    return at
  }

  /** Text up to a NUL; where the message is cut, up to there. What is not UTF-8 becomes U+FFFD. */
  text(): string {
    const { bytes, at, end } = this
    let stop = at
    while (stop < end && bytes[stop] !== 0) stop++
    if (stop === end && !this.cut) throw this.malformed('a text without an end')
    this.at = Math.min(stop + 1, end)
    return stop === at ? '' : bytes.utf8Slice(at, stop)
  }

  /** The whole body as text: SQL, a command tag. */
  wholeText(): string {
    if (this.cut) return this.bytes.utf8Slice(this.at, this.end)
    if (this.at === this.end || this.bytes[this.end - 1] !== 0) throw this.malformed('a text without an end')
    return this.bytes.utf8Slice(this.at, this.end - 1)
  }

  malformed(what: string): Malformed {
    return new Malformed(`message ${String.fromCharCode(this.type)}: ${what}`, this.at - this.#start)
  }
}

const NOTHING = Buffer.alloc(0)
const message = new Message()

/** By type byte: the shortest and the longest that may stand in a message's length field; 0 where there is no such type. */
interface Lengths {
  least: Uint32Array
  most: Uint32Array
}

const HUGE = 0x3fffffff // PQ_LARGE_MESSAGE_LIMIT
const SMALL = 10_000 // PQ_SMALL_MESSAGE_LIMIT
const LARGE = 16 * 1024 * 1024

function lengths(types: Record<string, readonly [least: number, most: number]>): Lengths {
  const least = new Uint32Array(256)
  const most = new Uint32Array(256)
  for (const [type, [from, to]] of Object.entries(types)) {
    least[letter(type)] = from
    most[letter(type)] = to
  }
  return { least, most }
}

// PostgreSQL 17 documentation, §55.7 "Message Formats"; what the server accepts: SocketBackend in postgres.c.
const fromClient = lengths({
  B: [12, HUGE], // Bind
  C: [6, SMALL], // Close
  D: [6, SMALL], // Describe
  E: [9, SMALL], // Execute
  F: [14, HUGE], // FunctionCall
  H: [4, 4], // Flush
  P: [8, HUGE], // Parse
  Q: [5, HUGE], // Query
  S: [4, 4], // Sync
  X: [4, 4], // Terminate
  c: [4, 4], // CopyDone
  d: [4, HUGE], // CopyData
  f: [5, SMALL], // CopyFail
  p: [4, 65_535], // PasswordMessage, SASL and GSS responses
})

const fromServer = lengths({
  1: [4, 4], // ParseComplete
  2: [4, 4], // BindComplete
  3: [4, 4], // CloseComplete
  A: [10, LARGE], // NotificationResponse
  C: [5, SMALL], // CommandComplete
  D: [6, HUGE], // DataRow
  E: [5, LARGE], // ErrorResponse
  G: [7, SMALL], // CopyInResponse
  H: [7, SMALL], // CopyOutResponse
  I: [4, 4], // EmptyQueryResponse
  K: [12, 264], // BackendKeyData; up to 256 bytes of key from 3.2 on
  N: [5, LARGE], // NoticeResponse
  R: [8, 65_535], // Authentication…
  S: [6, LARGE], // ParameterStatus
  T: [6, LARGE], // RowDescription
  V: [8, HUGE], // FunctionCallResponse
  W: [7, SMALL], // CopyBothResponse
  Z: [5, 5], // ReadyForQuery
  c: [4, 4], // CopyDone
  d: [4, HUGE], // CopyData
  n: [4, 4], // NoData
  s: [4, 4], // PortalSuspended
  t: [6, 262_150], // ParameterDescription
  v: [12, SMALL], // NegotiateProtocolVersion
})

const COPY_DATA = letter('d')
const DATA_ROW = letter('D')

/**
 * Cuts one side's bytes into messages. What is not asked for (rows that are only counted, copied data, the end of what is
 * longer than anybody reads) is passed over as it comes, and never held.
 */
export class Framing {
  /** Bytes of the body under way that are passed over. */
  rest = 0
  /** The server's: whether anybody wants the values of rows. */
  values = false
  /** The server's: the answer to SSLRequest or GSSENCRequest is one byte. */
  oneByte = false
  readonly #lengths: Lengths
  readonly #client: boolean

  constructor(side: 'client' | 'server') {
    this.#client = side === 'client'
    this.#lengths = this.#client ? fromClient : fromServer
  }

  /** One message; see `Messages`. */
  readonly parse = (cursor: Cursor): Message => {
    const type = cursor.u8()
    if (this.#client) {
      if (type === STARTUP) return startup(cursor)
      if (type >= 0x14 && type <= 0x17) {
        if (cursor.u8() !== 3) throw cursor.malformed('neither PostgreSQL nor TLS')
        cursor.skip(cursor.left)
        return message.set(TLS, 1, false, cursor.bytes, cursor.at, cursor.at)
      }
    } else if (this.oneByte && (type === 0x53 || type === 0x4e || type === 0x47) /* S N G */)
      return message.set(type, 1, false, cursor.bytes, cursor.at, cursor.at)
    const least = this.#lengths.least[type] as number
    if (least === 0) throw new Malformed(`message type ${JSON.stringify(String.fromCharCode(type))}`, 0)
    const length = cursor.i32()
    if (length < least || length > (this.#lengths.most[type] as number))
      throw cursor.malformed(`message ${String.fromCharCode(type)} of ${length} bytes`)
    const body = length - 4
    const kept = Math.min(body, this.#wanted(type))
    const at = cursor.at
    cursor.skip(kept)
    if (kept < body) {
      const here = Math.min(body - kept, cursor.left)
      cursor.skip(here)
      this.rest = body - kept - here
    }
    return message.set(type, length + 1, kept < body, cursor.bytes, at, at + kept)
  }

  /** Bytes of a body that somebody wants to see. */
  #wanted(type: number): number {
    if (type === COPY_DATA) return 0
    if (type === DATA_ROW && !this.#client && !this.values) return 2 // the number of its columns
    return KEPT
  }
}

// MAX_STARTUP_PACKET_LENGTH; less than 2^16, so that its first two bytes are 0.
const MAX_STARTUP = 10_000

/** A startup packet, its first byte read. §55.7: StartupMessage, SSLRequest, GSSENCRequest, CancelRequest. */
function startup(cursor: Cursor): Message {
  if (cursor.u8() !== 0) throw cursor.malformed('a startup packet of more than 65,535 bytes')
  const length = cursor.u16()
  if (length < 8 || length > MAX_STARTUP) throw cursor.malformed(`a startup packet of ${length} bytes`)
  const at = cursor.at
  cursor.skip(length - 4)
  return message.set(STARTUP, length, false, cursor.bytes, at, at + length - 4)
}
