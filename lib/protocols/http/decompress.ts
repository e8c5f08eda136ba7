import * as zlib from 'node:zlib'
import { TooLarge } from '../../compression/too-large.js'
import { unzstd } from '../../compression/zstd.js'

/** A body without its codings, and what went wrong on the way. */
export interface Decoded {
  /** As far as it could be decoded. */
  bytes: Buffer
  problem: string | undefined
}

export const TRUNCATED = 'body truncated due to size limitation'

/** Undoes the codings in their order; answers at most `limit` bytes, whatever the input would grow to. */
export function decompress(codings: readonly string[], body: Buffer, limit: number): Decoded {
  let bytes = body
  for (const name of codings) {
    if (name === 'identity') continue
    const decoder = decoders[name]
    if (decoder === undefined) return { bytes: NOTHING, problem: unable(name, 'decoder not found') }
    try {
      bytes = decoder(bytes, limit, undefined)
    } catch (error) {
      return salvage(name, decoder, bytes, limit, error)
    }
  }
  return { bytes, problem: undefined }
}

/** `flush`: answers what there is instead of failing at the missing end. */
type Decoder = (bytes: Buffer, limit: number, flush: number | undefined) => Buffer

const gunzip: Decoder = (bytes, maxOutputLength, flush) =>
  zlib.gunzipSync(bytes, { maxOutputLength, finishFlush: flush })

const decoders: Record<string, Decoder | undefined> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate,
  'x-deflate': deflate,
  br: (bytes, maxOutputLength, flush) =>
    zlib.brotliDecompressSync(bytes, {
      maxOutputLength,
      finishFlush: flush === undefined ? undefined : zlib.constants.BROTLI_OPERATION_FLUSH,
    }),
  zstd: (bytes, limit) => unzstd(bytes, limit),
}

/** RFC 9110 §8.4.1.2 wants the zlib format around it; some send the bare stream, and browsers take both. */
function deflate(bytes: Buffer, maxOutputLength: number, flush: number | undefined): Buffer {
  const options = { maxOutputLength, finishFlush: flush }
  const [first = 0, second = 0] = bytes
  // RFC 1950 §2.2: the method is 8, and the two bytes together are a multiple of 31.
  if ((first & 0x0f) !== 8 || ((first << 8) | second) % 31 !== 0) return zlib.inflateRawSync(bytes, options)
  return zlib.inflateSync(bytes, options)
}

function salvage(name: string, decoder: Decoder, bytes: Buffer, limit: number, error: unknown): Decoded {
  const { code, message } = error as Error & { code?: string }
  if (error instanceof TooLarge || code === 'ERR_BUFFER_TOO_LARGE')
    return { bytes: NOTHING, problem: TRUNCATED }
  if (code !== 'Z_BUF_ERROR') {
    const isNone = name.endsWith('gzip') && !(bytes[0] === 0x1f && bytes[1] === 0x8b)
    return { bytes: NOTHING, problem: unable(name, isNone ? 'gzip: invalid header' : message) }
  }
  const problem = unable(name, 'unexpected EOF')
  try {
    return { bytes: decoder(bytes, limit, zlib.constants.Z_SYNC_FLUSH), problem }
  } catch {
    return { bytes: NOTHING, problem }
  }
}

const unable = (name: string, why: string): string => `unable to decode body using ${name} encoding: ${why}`

const NOTHING = Buffer.alloc(0)
