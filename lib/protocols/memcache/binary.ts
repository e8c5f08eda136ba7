import type { Cursor } from '../../wire/cursor.js'
import { type Header, type Request, type Response, request, response } from './message.js'
import { smallest, type Whole } from './numbers.js'
import { goesOn, type Opcode, opcodes, SASL_AUTH, SASL_STEP, STAT, VERSION } from './opcodes.js'

export const REQUEST = 0x80
export const RESPONSE = 0x81

const HEADER = 24
// memcached takes items of up to 1 GiB (-I); a header that says more is none.
const MAX_BODY = 2 ** 30 + 65_536
// What is read of an error, a version, a statistic or a login; they are short texts.
const SHORT = 4096
const SERVER_ERRORS = 0x80

/**
 * A request of the binary protocol, but for its value. `keep`: bytes that are wanted of a value.
 * Spec: Memcached Binary Protocol, "Request header".
 */
export function binaryRequest(cursor: Cursor, keep: number): Request {
  const { bytes, at } = cursor
  const body = head(cursor)
  const opcode = opcodes[bytes[at + 1] as number] as Opcode
  const keyLength = bytes.readUInt16BE(at + 2)
  const extras = bytes[at + 4] as number
  const made = request(opcode.command)
  made.header = {
    opcode,
    opaque: bytes.readUInt32BE(at + 12),
    vbucket: bytes.readUInt16BE(at + 6),
    status: 0,
  }
  made.quiet = opcode.quiet
  const cas = casOf(bytes, at)
  if (cas !== 0) made.cas = cas
  readExtras(made, opcode, bytes, at + HEADER, extras)
  if (keyLength > 0) made.keys = [bytes.utf8Slice(at + HEADER + extras, at + HEADER + extras + keyLength)]
  made.follows = body - extras - keyLength
  if (made.follows > 0 || opcode.extras === 'flags expiry') made.bytes = made.follows
  made.keep = keep
  if (opcode.value === SASL_AUTH || opcode.value === SASL_STEP) {
    made.secret = true
    made.keep = opcode.value === SASL_AUTH && made.keys?.[0] === 'PLAIN' ? SHORT : 0
  }
  cursor.skip(HEADER + extras + keyLength)
  return made
}

/** Makes sure of header, extras and key, and answers the bytes of the whole body. */
function head(cursor: Cursor): number {
  cursor.want(HEADER)
  const { bytes, at } = cursor
  const before = bytes.readUInt16BE(at + 2) + (bytes[at + 4] as number)
  const body = bytes.readUInt32BE(at + 8)
  if (before > body || body > MAX_BODY) throw cursor.malformed(`a body of ${body} bytes`)
  cursor.want(HEADER + before)
  return body
}

function casOf(bytes: Buffer, at: number): Whole {
  const high = bytes.readUInt32BE(at + 16)
  // A bigint only where there must be one.
  return high < 2 ** 20
    ? high * 2 ** 32 + bytes.readUInt32BE(at + 20)
    : smallest(bytes.readBigUInt64BE(at + 16))
}

function readExtras(
  made: Request,
  { extras: kind }: Opcode,
  bytes: Buffer,
  at: number,
  length: number,
): void {
  if (kind === 'flags expiry' && length >= 8) {
    made.flags = bytes.readUInt32BE(at)
    made.exptime = bytes.readUInt32BE(at + 4)
  } else if (kind === 'counter' && length >= 20) {
    made.details = {
      delta: smallest(bytes.readBigUInt64BE(at)),
      initial: smallest(bytes.readBigUInt64BE(at + 8)),
    }
    made.exptime = bytes.readUInt32BE(at + 16)
  } else if (kind === 'expiry' && length >= 4) made.exptime = bytes.readUInt32BE(at)
  else if (kind === 'level' && length >= 4) made.details = { verbosity: bytes.readUInt32BE(at) }
}

/** A login's user, of what PLAIN sends: authorisation, user and password, with NUL between (RFC 4616). */
export function loginOf(made: Request): void {
  const [, user] = made.kept?.toString('utf8').split('\0') ?? []
  if (user) made.user = user
  made.kept = undefined
}

/** A response of the binary protocol, but for its value; `binaryValue` reads that when it is there. */
export function binaryResponse(cursor: Cursor, keep: number): Response {
  const { bytes, at } = cursor
  const body = head(cursor)
  const opcode = opcodes[bytes[at + 1] as number] as Opcode
  const keyLength = bytes.readUInt16BE(at + 2)
  const extras = bytes[at + 4] as number
  const status = bytes.readUInt16BE(at + 6)
  const header: Header = { opcode, opaque: bytes.readUInt32BE(at + 12), vbucket: 0, status }
  const { name: command, type } = opcode.command
  const made = response({ command, type, status: statusOf(status), answer: 0 })
  made.header = header
  const cas = casOf(bytes, at)
  if (cas !== 0) made.cas = cas
  if (extras >= 4 && type === 'Load') made.flags = bytes.readUInt32BE(at + HEADER)
  if (keyLength > 0) made.keys = [bytes.utf8Slice(at + HEADER + extras, at + HEADER + extras + keyLength)]
  const follows = body - extras - keyLength
  made.follows = follows
  if (hasText(made, opcode)) made.keep = SHORT
  else if (follows > 0 || (status === 0 && type === 'Load')) {
    made.bytes = follows
    made.count = 1
    made.keep = type === 'Auth' ? 0 : keep
  }
  // The last of the statistics is empty.
  made.more = opcode.value === STAT && status === 0 && body > 0
  cursor.skip(HEADER + extras + keyLength)
  return made
}

/** 0x80 and above say that the server is at fault. */
const statusOf = (status: number): Response['status'] =>
  status === 0 || goesOn(status) ? 'OK' : status > SERVER_ERRORS ? 'Server Error' : 'Error'

/** Whether the value says something about the answer, and is no item. */
const hasText = ({ status, type }: Response, { value }: Opcode): boolean =>
  status !== 'OK' || value === STAT || value === VERSION || type === 'Counter'

/** Reads what the value says. */
export function binaryValue(made: Response): void {
  const { header, kept } = made
  if (header === undefined || made.count !== undefined) return
  made.kept = undefined
  if (made.status !== 'OK') {
    if (kept !== undefined && kept.length > 0) made.error = kept.toString('utf8')
  } else if (header.opcode.value === STAT) {
    if (made.more) made.stats = [{ name: made.keys?.[0] ?? '', value: kept?.toString('utf8') ?? '' }]
  } else if (header.opcode.value === VERSION) made.version = kept?.toString('utf8')
  else if (kept?.length === 8) made.value = smallest(kept.readBigUInt64BE(0))
}
