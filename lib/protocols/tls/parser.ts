import type { Cursor } from '../../wire/cursor.js'

/** Types of handshake messages. RFC 8446 §4, RFC 5246 §7.4. */
export const CLIENT_HELLO = 1
export const SERVER_HELLO = 2
export const CERTIFICATE = 11
export const SERVER_KEY_EXCHANGE = 12
export const CERTIFICATE_REQUEST = 13
export const CLIENT_KEY_EXCHANGE = 16
export const CERTIFICATE_STATUS = 22
/** Ours: the message is longer than any that is sent, and not read. */
export const TOO_LONG = -1
/** Ours: a ClientHello in the format of SSL 2.0. */
export const SSL2_CLIENT_HELLO = -2

// Chains of certificates are the longest; OpenSSL takes 100 KB, others 64 or less. Upstream's bound.
export const MAX_MESSAGE = 65_536

/** A handshake message: its body is `bytes` from `start` to `end`, on loan until the next one is read. */
export interface Handshake {
  type: number
  bytes: Buffer
  start: number
  end: number
}

// One serves all: messages are taken as they are read.
const message: Handshake = { type: 0, bytes: Buffer.alloc(0), start: 0, end: 0 }

function found(type: number, { bytes, at }: Cursor, length: number): Handshake {
  message.type = type
  message.bytes = bytes
  message.start = at
  message.end = at + length
  return message
}

/** A handshake message. RFC 8446 §4. */
export function handshake(cursor: Cursor): Handshake {
  const type = cursor.u8()
  const length = (cursor.u8() << 16) | cursor.u16()
  if (length > MAX_MESSAGE) return found(TOO_LONG, cursor, 0)
  cursor.want(length)
  found(type, cursor, length)
  cursor.skip(length)
  return message
}

/** A ClientHello in the format of SSL 2.0, without its record's head. RFC 5246 Appendix E.2. */
export function ssl2Hello(cursor: Cursor): Handshake {
  cursor.want(9)
  const start = cursor.at
  const { bytes } = cursor
  const length =
    9 + bytes.readUInt16BE(start + 3) + bytes.readUInt16BE(start + 5) + bytes.readUInt16BE(start + 7)
  cursor.want(length)
  found(SSL2_CLIENT_HELLO, cursor, length)
  cursor.skip(length)
  return message
}
