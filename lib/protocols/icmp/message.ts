import { Malformed } from '../../wire/cursor.js'

/** An ICMP message. RFC 792; RFC 4443. */
export interface Message {
  type: number
  code: number
  /** Identifier and sequence number, of those types that have them. */
  id: number
  /** Bytes behind the header. */
  bytes: number
}

// Type, code, checksum and four bytes that each type uses in its own way.
const HEADER = 8

/** `whole`: bytes the message had on the wire. @throws {Malformed} */
export function message(bytes: Buffer, start: number, end: number, whole: number): Message {
  if (end - start < HEADER) throw new Malformed('less than a header', end - start)
  return {
    type: bytes[start] as number,
    code: bytes[start + 1] as number,
    id: bytes.readUInt32BE(start + 4),
    bytes: whole - HEADER,
  }
}
