import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { Capture } from '../binding.js'
import { UserError } from '../errors.js'

const GZIP = Buffer.from([0x1f, 0x8b])

// Handed to the decompressor at once: what comes of it is held until it is fed, and may be a thousand times as much.
const PIECE = 4096

/**
 * Hands standard input (`-`) or a compressed file to a capture whose source is a stream, to its end or until `signal`.
 * @throws {UserError} when it cannot be read or decompressed; what came before was handed over.
 */
export async function feed(capture: Capture, file: string, signal: AbortSignal): Promise<void> {
  const from = file === '-' ? process.stdin : createReadStream(file)
  const stop = () => from.destroy()
  try {
    // Standard input says by its first bytes whether it is compressed.
    const first = await firstChunk(from, signal)
    if (first === undefined) return
    from.unshift(first)
    signal.addEventListener('abort', stop)
    const chunks = first.subarray(0, 2).equals(GZIP) ? decompressed(from) : (from as AsyncIterable<Buffer>)
    for await (const chunk of chunks) await new Promise<void>((taken) => capture.feed(chunk, taken))
  } catch (error) {
    if (!signal.aborted) throw asUserError(error, file)
  } finally {
    signal.removeEventListener('abort', stop)
    from.destroy()
    // A capture that was told to stop must not take the end of its food for a broken file.
    if (!signal.aborted) capture.feedEnd()
  }
}

/** Throws only after all that could be decompressed, which a pipeline of streams would throw away. */
async function* decompressed(from: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const ready: Buffer[] = []
  let over = false
  let failure: Error | undefined
  let goOn = () => {}
  gunzip.on('data', (chunk: Buffer) => ready.push(chunk))
  // The write that fails, or comes after the end, is never called back.
  gunzip.on('error', (error) => {
    failure = error
    goOn()
  })
  gunzip.on('end', () => {
    over = true
    goOn()
  })
  const until = (begin: (done: () => void) => void) =>
    new Promise<void>((done) => {
      goOn = done
      begin(done)
    })
  for await (const chunk of from)
    for (let at = 0; at < chunk.length && !over; at += PIECE) {
      await until((done) => gunzip.write(chunk.subarray(at, at + PIECE), () => done()))
      yield* ready.splice(0)
      if (failure !== undefined) throw failure
    }
  if (!over) await until(() => gunzip.end())
  yield* ready.splice(0)
  if (failure !== undefined) throw failure
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
  if (code === 'EISDIR')
    return new UserError(
      'ERR_CAPTURE_FILE_UNREADABLE',
      `${file === '-' ? 'Standard input' : file} is a directory; name a capture file in it.`,
    )
  if (code?.startsWith('Z_'))
    return new UserError(
      code === 'Z_BUF_ERROR' ? 'ERR_CAPTURE_FILE_TRUNCATED' : 'ERR_CAPTURE_FILE_CORRUPT',
      `${file === '-' ? 'Standard input' : file} is not whole: decompressing it failed (${message}); what came before was read.`,
      { cause: error },
    )
  return error
}
