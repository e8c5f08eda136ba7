import { TooLarge } from '../../compression/too-large.js'
import { unzlib } from '../../compression/zlib.js'
import { unzstd } from '../../compression/zstd.js'
import { type Cursor, Malformed } from '../../wire/cursor.js'

const HEADER = 7
/** Bytes that a compressed packet may have: its length has three bytes. */
export const LONGEST = HEADER + 0xffffff

// What a frame of Zstandard begins with; a zlib stream never does.
const ZSTANDARD = 0xfd2fb528

/**
 * A compressed packet: what it carries, a piece of the packets' bytes. Small ones are carried as they are. It tells by
 * itself how it was compressed. Spec: MySQL Source Code Documentation, "Compressed Packet".
 */
export function compressedPacket(cursor: Cursor): Buffer {
  const length = cursor.u24le()
  cursor.skip(1) // sequence
  const plain = cursor.u24le()
  cursor.want(length)
  if (plain === 0) return cursor.copy(length)
  const { bytes, at } = cursor
  const payload = bytes.subarray(at, at + length)
  cursor.skip(length)
  const decompress = length >= 4 && payload.readUInt32LE(0) === ZSTANDARD ? unzstd : unzlib
  try {
    const carried = decompress(payload, plain)
    if (carried.length === plain) return carried
  } catch (error) {
    if (error instanceof TooLarge) throw cursor.malformed(`a compressed packet of more than ${plain} bytes`)
  }
  throw new Malformed('a compressed packet that is broken', HEADER)
}
