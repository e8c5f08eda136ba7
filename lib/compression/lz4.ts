import { library } from './library.js'
import { TooLarge } from './too-large.js'

/**
 * Decodes an LZ4 block, which does not tell its own length: that is `length` bytes. Spec: lz4_Block_format.md.
 * @throws {TooLarge} when `length` is past `limit`; other errors when it is broken
 */
export function unlz4(bytes: Buffer, length: number, limit: number): Buffer {
  if (length > limit) throw new TooLarge()
  // The library wants the length before the block, the lowest byte first.
  const prefixed = Buffer.allocUnsafe(4 + bytes.length)
  prefixed.writeUInt32LE(length, 0)
  bytes.copy(prefixed, 4)
  const decoded = library('lz4-napi').uncompressSync(prefixed)
  if (decoded.length !== length) throw new Error(`lz4: ${decoded.length} bytes, not ${length}`)
  return decoded
}
