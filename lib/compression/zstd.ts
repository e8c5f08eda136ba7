import * as zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { TooLarge, tooLarge } from './too-large.js'

type Native = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer

// Node has it since 22.15; before that the one in JavaScript does.
const native = (zlib as { zstdDecompressSync?: Native }).zstdDecompressSync

/** Decodes Zstandard. Spec: RFC 8878. @throws {TooLarge} past `limit` bytes */
export const unzstd = (bytes: Buffer, limit: number): Buffer =>
  native === undefined ? portable(bytes, limit) : tooLarge(() => native(bytes, { maxOutputLength: limit }))

/** Without the help of Node. */
export function portable(bytes: Buffer, limit: number): Buffer {
  checkWindows(bytes)
  const parts: Uint8Array[] = []
  let length = 0
  const decoder = new Decompress((part) => {
    length += part.length
    if (length > limit) throw new TooLarge()
    // What is handed over is used again for the next part.
    parts.push(part.slice())
  })
  decoder.push(bytes, true)
  return Buffer.concat(parts, length)
}

// RFC 9659 §3: what a content coding may ask of a decoder.
const MAX_WINDOW = 8 * 1024 * 1024
const MAGIC = 0xfd2fb528

/**
 * Walks from frame to frame and refuses one with too large a window, before the decoder sets that much memory aside.
 * Frames: RFC 8878 §3.1.
 */
function checkWindows(bytes: Buffer): void {
  for (let at = 0; at + 5 < bytes.length; ) {
    const magic = bytes.readUInt32LE(at)
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + (at + 8 <= bytes.length ? bytes.readUInt32LE(at + 4) : 0)
      continue
    }
    if (magic !== MAGIC) throw new Error('zstd: invalid header')
    at = frame(bytes, at + 4)
  }
}

/** Where the frame whose header begins at `start` ends. */
function frame(bytes: Buffer, start: number): number {
  const byte = (index: number): number => bytes[index] ?? 0
  const descriptor = byte(start)
  const single = (descriptor & 0x20) !== 0
  const window = byte(start + 1)
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number
  const sizeLength = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number
  const sizeAt = start + 1 + (single ? 0 : 1) + dictionary
  let size = 0
  for (let index = sizeLength - 1; index >= 0; index--) size = size * 256 + byte(sizeAt + index)
  const base = 2 ** (10 + (window >>> 3))
  if ((single ? size : base + (base / 8) * (window & 7)) > MAX_WINDOW)
    throw new Error('zstd: window too large')
  let at = sizeAt + sizeLength
  for (let last = false; !last && at + 3 <= bytes.length; ) {
    const block = bytes.readUIntLE(at, 3)
    last = (block & 1) !== 0
    at += 3 + (((block >>> 1) & 3) === 1 ? 1 : block >>> 3)
  }
  return at + ((descriptor & 4) !== 0 ? 4 : 0)
}
