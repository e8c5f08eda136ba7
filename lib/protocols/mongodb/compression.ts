import { unsnappy } from '../../compression/snappy.js'
import { TooLarge } from '../../compression/too-large.js'
import { unzlib } from '../../compression/zlib.js'
import { unzstd } from '../../compression/zstd.js'

/** Compressors by their number. Spec: the MongoDB specifications' "Wire Compression in Drivers". */
export const compressors = ['noop', 'snappy', 'zlib', 'zstd'] as const
export type Compressor = (typeof compressors)[number]

/** Why a message could not be expanded; what `error.message` says. */
export const UNKNOWN_COMPRESSOR = 'The message is compressed in a way that is not known'
export const NOT_EXPANDED = 'The compressed message could not be expanded'
export const EXPANDS_TOO_MUCH = 'The compressed message would grow too much to be expanded'

// What a message expands to costs time and memory, and its sender next to nothing. Documents shrink to a tenth at best;
// what is only zeros is worth no more than this.
const MAX_GROWTH = 100
// Small messages may be as repetitive as they like: to expand so much takes hardly longer than to begin.
const FREE = 16_384

/** The body that a compressor of that number made `bytes` of; or why there is none. */
export function expand(bytes: Buffer, compressor: number, length: number): Buffer | string {
  const limit = Math.min(length, Math.max(FREE, MAX_GROWTH * bytes.length))
  if (length < 0 || length > limit) return EXPANDS_TOO_MUCH
  try {
    const expanded = decode(bytes, compressor, limit)
    if (expanded === undefined) return UNKNOWN_COMPRESSOR
    return expanded.length === length ? expanded : NOT_EXPANDED
  } catch (error) {
    return error instanceof TooLarge ? EXPANDS_TOO_MUCH : NOT_EXPANDED
  }
}

function decode(bytes: Buffer, compressor: number, limit: number): Buffer | undefined {
  switch (compressors[compressor]) {
    case 'noop':
      return bytes
    case 'snappy':
      return unsnappy(bytes, limit)
    case 'zlib':
      return unzlib(bytes, limit)
    case 'zstd':
      return unzstd(bytes, limit)
    case undefined:
      return undefined
  }
}
