import { unsnappy } from '../../compression/snappy.js'
import { unzlib } from '../../compression/zlib.js'
import { unzstd } from '../../compression/zstd.js'
import type { Cursor } from '../../wire/cursor.js'

/** What the bytes of a frame with a header begin with. */
export const MAGIC = 0x0fff

// Protocols in a header.
export const BINARY = 0
export const COMPACT = 2

// What a compressed message may grow to: as long as one that is not compressed may be.
const MAX_UNPACKED = 10 * 1024 * 1024

/** What can be done to a message, by its number. zlib is Thrift's; the others are those of fbthrift. */
const transforms: Readonly<Record<number, (bytes: Buffer) => Buffer>> = {
  1: (bytes) => unzlib(bytes, MAX_UNPACKED),
  3: (bytes) => unsnappy(bytes, MAX_UNPACKED),
  5: (bytes) => unzstd(bytes, MAX_UNPACKED),
}

/** What stands in a frame before its message. */
export interface Header {
  protocol: number
  /** Of the call and its reply. */
  seqid: number
  /** The message, when it was compressed; undefined: it follows in the frame. */
  unpacked: Buffer | undefined
  /** It cannot be read. */
  isUnknown: boolean
}

/** Reads a header after its magic number, up to `end`, an index of the cursor's bytes. Spec: HeaderFormat.md. */
export function header(cursor: Cursor, end: number): Header {
  cursor.skip(2) // flags
  const seqid = cursor.i32()
  const words = cursor.u16()
  const start = cursor.at
  const body = start + 4 * words
  if (body > end) throw cursor.malformed(`a header of ${words} words`)
  const protocol = varint(cursor)
  const count = varint(cursor)
  if (count > 8) throw cursor.malformed(`${count} transforms`)
  const ids = Array.from({ length: count }, () => varint(cursor))
  if (cursor.at > body) throw cursor.malformed('transforms past the header')
  cursor.skip(body - cursor.at) // what is told of the call in key and value, and zeros
  const read: Header = { protocol, seqid, unpacked: undefined, isUnknown: false }
  if (count === 0) return read
  read.isUnknown = ids.some((id) => transforms[id] === undefined)
  if (read.isUnknown) return read
  let bytes = cursor.bytes.subarray(body, end)
  try {
    for (const id of ids.reverse()) bytes = (transforms[id] as (bytes: Buffer) => Buffer)(bytes)
  } catch {
    read.isUnknown = true
    return read
  }
  read.unpacked = bytes
  return read
}

function varint(cursor: Cursor): number {
  let value = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = cursor.u8()
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw cursor.malformed('a number of more than 28 bits')
}
