// What a connection speaks whose login was not captured.

/** What a TLS record begins with, read as the length of a packet: 16 03 01. Spec: RFC 8446 §5.1. */
export const isTls = (length: number): boolean =>
  (length & 0xff) >= 0x14 && (length & 0xff) <= 0x17 && ((length >>> 8) & 0xff) === 3 && length >>> 16 <= 4

const ZSTANDARD = 0xfd2fb528

/** Spec: RFC 1950 §2.2, for the window of 32 KB that zlib has. */
const isZlib = (header: number): boolean => header >>> 8 === 0x78 && header % 31 === 0

/**
 * Whether the payload of what was taken for a packet is the rest of a compressed one: small ones are carried as they are
 * (their uncompressed length is 0, and a packet follows whose sequence is 0), others as zlib or Zstandard.
 */
export const looksCompressed = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > 8 &&
  ((bytes.readUIntLE(start, 3) === 0 && bytes[start + 6] === 0) ||
    isZlib(bytes.readUInt16BE(start + 3)) ||
    bytes.readUInt32LE(start + 3) === ZSTANDARD)
