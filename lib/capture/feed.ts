import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Capture } from '../binding.js'
import { UserError } from '../errors.js'

const GZIP = Buffer.from([0x1f, 0x8b])

/** Hands standard input (`-`) or a compressed file to a capture whose source is a stream, to its end. */
export async function feed(capture: Capture, file: string, signal: AbortSignal): Promise<void> {
  const from = file === '-' ? process.stdin : createReadStream(file)
  const into = new Writable({
    write: (chunk: Buffer, _, taken) => capture.feed(chunk, () => taken()),
  })
  try {
    // Standard input says by its first bytes whether it is compressed.
    const first = await firstChunk(from, signal)
    if (first === undefined) return
    from.unshift(first)
    if (first.subarray(0, 2).equals(GZIP)) await pipeline(from, createGunzip(), into, { signal })
    else await pipeline(from, into, { signal })
  } catch (error) {
    if (!signal.aborted) throw asUserError(error, file)
  } finally {
    capture.feedEnd()
  }
}

async function firstChunk(from: NodeJS.ReadableStream, signal: AbortSignal): Promise<Buffer | undefined> {
  return await new Promise((resolve, reject) => {
    const done = () => {
      from.off('readable', readable)
      from.off('end', end)
      from.off('error', reject)
      signal.removeEventListener('abort', end)
    }
    const end = () => {
      done()
      resolve(undefined)
    }
    const readable = () => {
      const chunk = from.read() as unknown as Buffer | null
      if (chunk === null) return
      done()
      resolve(chunk)
    }
    from.on('readable', readable)
    from.on('end', end)
    from.on('error', reject)
    signal.addEventListener('abort', end)
  })
}

function asUserError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT')
    return new UserError('ERR_CAPTURE_FILE_NOT_FOUND', `There is no file ${file}; check the path after -I.`)
  if (code === 'EACCES')
    return new UserError(
      'ERR_CAPTURE_FILE_UNREADABLE',
      `${file} cannot be read by this user; check its permissions.`,
    )
  if (code?.startsWith('Z_'))
    return new UserError(
      code === 'Z_BUF_ERROR' ? 'ERR_CAPTURE_FILE_TRUNCATED' : 'ERR_CAPTURE_FILE_CORRUPT',
      `${file} is not whole: decompressing it failed (${message}); what came before was read.`,
      { cause: error },
    )
  return error
}
