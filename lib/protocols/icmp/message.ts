/** An ICMP message. RFC 792; RFC 4443. */
export interface Message {
  type: number
  code: number
  /** Identifier and sequence number, of those types that have them. */
  id: number
  /** Bytes behind the header. */
  bytes: number
}

/** Bytes of type, code, checksum, and four that each type uses in its own way. */
export const HEADER = 8

/** Reads the message at `start`, which has at least a header. `whole`: bytes it had on the wire. */
export const message = (bytes: Buffer, start: number, whole: number): Message => ({
  type: bytes[start] as number,
  code: bytes[start + 1] as number,
  id: bytes.readUInt32BE(start + 4),
  bytes: whole - HEADER,
})
