import { unlz4 } from '../../compression/lz4.js'
import { unsnappy } from '../../compression/snappy.js'
import { lz4Limit } from './segment.js'

// The longest body that a server takes unless it is told otherwise (native_transport_max_frame_size, since 4.1).
const MOST = 16 * 1024 * 1024
const NOTHING = Buffer.alloc(0)

/**
 * Undoes the compression of a body: LZ4 after a length of four bytes, or Snappy. Which of them is negotiated when a
 * connection begins, but the bytes tell as well: a length below 16 MiB begins with a zero, and with a zero Snappy says
 * that there is nothing. undefined: it is neither, or broken. Spec: native_protocol_v4.spec §5.
 */
export function decompress(bytes: Buffer): Buffer | undefined {
  if (bytes.length === 1 && bytes[0] === 0) return NOTHING
  try {
    if (bytes[0] !== 0) return unsnappy(bytes, Math.min(MOST, snappyLimit(bytes.length)))
    if (bytes.length < 4) return undefined
    const length = bytes.readUInt32BE(0)
    if (length === 0) return NOTHING
    return unlz4(bytes.subarray(4), length, Math.min(MOST, lz4Limit(bytes.length)))
  } catch {
    return undefined
  }
}

/** What so many bytes of Snappy can become: three bytes copy 64 at most (format_description.txt §2). */
const snappyLimit = (length: number): number => Math.ceil((length * 64) / 3)
