import { createRequire } from 'node:module'
import { TooLarge } from './too-large.js'

// Loaded with the first message that is compressed; most captures have none.
const require = createRequire(import.meta.url)
let lz4: typeof import('lz4-napi') | undefined

/**
 * Decodes an LZ4 block, which does not tell its own length: that is `length` bytes. Spec: lz4_Block_format.md.
 * @throws {TooLarge} when `length` is past `limit`; other errors when it is broken
 */
export function unlz4(bytes: Buffer, length: number, limit: number): Buffer {
  if (length > limit) throw new TooLarge()
  lz4 ??= require('lz4-napi') as typeof import('lz4-napi')
  // The library wants the length before the block, the lowest byte first.
  const prefixed = Buffer.allocUnsafe(4 + bytes.length)
  prefixed.writeUInt32LE(length, 0)
  bytes.copy(prefixed, 4)
  const decoded = lz4.uncompressSync(prefixed)
  if (decoded.length !== length) throw new Error(`lz4: ${decoded.length} bytes, not ${length}`)
  return decoded
}
