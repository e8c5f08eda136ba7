import { library } from './library.js'
import { TooLarge } from './too-large.js'

/** Decodes a Snappy block. Spec: snappy's format_description.txt. @throws {TooLarge} past `limit` bytes; other errors when it is broken */
export function unsnappy(bytes: Buffer, limit: number): Buffer {
  if (uncompressedLength(bytes) > limit) throw new TooLarge()
  return library('snappy').uncompressSync(bytes) as Buffer
}

/** The length that the block begins with: seven bits a byte, the lowest first. */
function uncompressedLength(bytes: Buffer): number {
  let length = 0
  for (let at = 0; at < 5; at++) {
    const byte = bytes[at] ?? 0
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) break
  }
  return length
}
