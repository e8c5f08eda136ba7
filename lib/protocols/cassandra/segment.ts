import { crc32 } from 'node:zlib'
import { unlz4 } from '../../compression/lz4.js'
import type { Cursor } from '../../wire/cursor.js'

// Frames of version 5 travel in segments of up to 128 KiB. Spec: native_protocol_v5.spec §2.

/** Bytes of frames, on loan. */
export interface Payload {
  bytes: Buffer
  start: number
  end: number
}

/** How the bytes after a segment's header are compressed. */
export type Framing = 'segments' | 'lz4 segments'

/** Bytes of a segment's header with its CRC. */
const HEADER = { segments: 6, 'lz4 segments': 8 }
const TRAILER = 4
const LENGTH = 0x1ffff

// §2.2.3: the CRC24 of a header, whose polynomial keeps the longest Hamming distance for such few bytes.
const POLYNOMIAL = 0x1974f0b
const START = 0x875060
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 16
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  return crc & 0xffffff
})

/** The CRC24 of `length` bytes from `at` on. */
export function crc24(bytes: Buffer, at: number, length: number): number {
  let crc = START
  for (let index = at; index < at + length; index++)
    crc = ((crc << 8) ^ (table[(crc >>> 16) ^ (bytes[index] as number)] as number)) & 0xffffff
  return crc
}

/** The CRC32 of a payload is begun with four bytes, so that zeros have one that is not zero. */
const PAYLOAD_START = crc32(Buffer.from([0xfa, 0x2d, 0x55, 0xca]))

/** The CRC32 of the bytes from `start` to `end`. */
export const payloadCrc = (bytes: Buffer, start: number, end: number): number =>
  crc32(bytes.subarray(start, end), PAYLOAD_START)

const isHeader = (bytes: Buffer, at: number, length: number): boolean =>
  bytes.readUIntLE(at + length, 3) === crc24(bytes, at, length)

/** Bytes there must be to tell whether a segment begins there. */
export const TELLING = HEADER['lz4 segments']

/** What kind of segment begins at `at`, `TELLING` bytes being there; undefined: none. */
export const framingOf = (bytes: Buffer, at: number): Framing | undefined =>
  isHeader(bytes, at, 3) ? 'segments' : isHeader(bytes, at, 5) ? 'lz4 segments' : undefined

/** Reads a segment into `payload`. */
export function readSegment(cursor: Cursor, framing: Framing, payload: Payload): void {
  const header = HEADER[framing]
  cursor.want(header)
  const { bytes, at } = cursor
  if (!isHeader(bytes, at, header - 3)) throw cursor.malformed('the header of a segment with a wrong CRC')
  const length = bytes.readUIntLE(at, 3) & LENGTH
  const start = at + header
  const end = start + length
  cursor.want(header + length + TRAILER)
  if (bytes.readUInt32LE(end) !== payloadCrc(bytes, start, end))
    throw cursor.malformed('a segment with a wrong CRC')
  const uncompressed = framing === 'segments' ? 0 : (bytes.readUIntLE(at + 2, 3) >>> 1) & LENGTH
  // Not compressed, when that would have made it longer.
  if (uncompressed === 0) {
    payload.bytes = bytes
    payload.start = start
    payload.end = end
  } else {
    payload.bytes = decompressed(cursor, bytes.subarray(start, end), uncompressed)
    payload.start = 0
    payload.end = uncompressed
  }
  cursor.skip(header + length + TRAILER)
}

function decompressed(cursor: Cursor, block: Buffer, length: number): Buffer {
  try {
    return unlz4(block, length, lz4Limit(block.length))
  } catch {
    throw cursor.malformed('a segment that cannot be decompressed')
  }
}

/** What so many bytes of an LZ4 block can become: a byte of length is 255 bytes at most (lz4_Block_format.md). */
export const lz4Limit = (length: number): number => 255 * length
