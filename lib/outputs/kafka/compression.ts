import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { library } from '../../compression/library.js'
import { UserError } from '../../errors.js'

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** How the records of a batch are compressed, and the number that tells the reader. */
export interface Compressor {
  /** Bits 0 to 2 of a record batch's attributes. */
  id: number
  /** undefined: they stay as they are. */
  compress: ((bytes: Buffer) => Promise<Buffer>) | undefined
}

/**
 * What compresses. Loads the library that this needs. `level`: of gzip and zstd.
 * @throws {UserError} 'ERR_CONFIG_INVALID' where this Node.js cannot.
 */
export function compressor(name: Compression, level: number): Compressor {
  switch (name) {
    case 'none':
      return { id: 0, compress: undefined }
    case 'gzip': {
      const gzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip)
      return { id: 1, compress: (bytes) => gzip(bytes, { level }) }
    }
    case 'snappy': {
      const { compress } = library('snappy')
      return { id: 2, compress: async (bytes) => xerial(await eachBlock(bytes, compress)) }
    }
    case 'lz4': {
      const { compressFrame } = library('lz4-napi')
      return { id: 3, compress: (bytes) => compressFrame(bytes) }
    }
    case 'zstd':
      return { id: 4, compress: zstd(level) }
  }
}

// What snappy itself looks at, at once: longer pieces would compress no better, and readers would need more memory.
const BLOCK = 65536

const eachBlock = (bytes: Buffer, compress: (bytes: Buffer) => Promise<Buffer>): Promise<Buffer[]> =>
  Promise.all(
    Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, index) =>
      compress(bytes.subarray(index * BLOCK, (index + 1) * BLOCK)),
    ),
  )

// Its name, then its version and the oldest version that can read it: 1 and 1.
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])

/** Blocks of snappy as Java's library frames them, each behind its length: every reader of Kafka knows it. */
export function xerial(blocks: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [XERIAL]
  for (const block of blocks) {
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

type Zstd = (
  bytes: Buffer,
  options: { params: Record<number, number> },
  done: (error: Error | null, compressed: Buffer) => void,
) => void

/** Node.js has it since 22.15. */
export function zstd(level: number, library: object = zlib): (bytes: Buffer) => Promise<Buffer> {
  const { zstdCompress, constants } = library as { zstdCompress?: Zstd; constants?: Record<string, number> }
  const parameter = constants?.ZSTD_c_compressionLevel
  if (zstdCompress === undefined || parameter === undefined)
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `output.kafka.compression: zstd needs Node.js 22.15 or later, and this is ${process.versions.node}; choose lz4, snappy or gzip.`,
    )
  return (bytes) =>
    new Promise((resolve, reject) =>
      zstdCompress(bytes, { params: { [parameter]: level } }, (error, compressed) =>
        error === null ? resolve(compressed) : reject(error),
      ),
    )
}
