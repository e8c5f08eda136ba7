import { fstatSync } from 'node:fs'
import type { EventBatch } from '../../pipeline/batch.js'
import type { Encode } from '../codec.js'
import { print } from '../lines.js'
import { type Lane, type Leftover, type Output, OutputEnded } from '../output.js'
import { outputError } from '../system-error.js'
import { writeLines } from '../write-lines.js'

const STDOUT = 1

/**
 * Standard output: written at once when it is a file, and when its reader is ready when it is a pipe, so that a slow
 * reader slows the delivery and not the capture.
 */
export function openStandardOutput(encode?: Encode): Output {
  return isFile(STDOUT) ? toFile(encode) : toStream(process.stdout, encode)
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile()
  } catch (error) {
    // Closed by whoever started us: `>&-`.
    throw outputError('ERR_OUTPUT_OPEN', 'stdout', error)
  }
}

function toFile(encode: Encode | undefined): Output {
  const sendNow = (batch: EventBatch): Leftover => {
    const { lines, leftover } = print(batch, encode)
    const { written, error } = writeLines(STDOUT, lines, 0, lines.count)
    if (error !== undefined && written === 0) throw outputError('ERR_OUTPUT_WRITE', 'stdout', error)
    return leftover(written)
  }
  return {
    lanes: [{ name: 'stdout', send: async (batch) => sendNow(batch) }],
    sendNow,
    close: async () => undefined,
  }
}

/** Writes to a stream, one batch at a time. Its reader's going ends the output. */
export function toStream(stream: NodeJS.WritableStream, encode?: Encode): Output {
  // Every write hears of its own failure; without this the stream's event would end the process.
  const heard = () => undefined
  stream.on('error', heard)
  const send: Lane['send'] = (batch, signal) =>
    new Promise((resolve, reject) => {
      const { lines, leftover } = print(batch, encode)
      const aborted = () => reject(new Error('given up'))
      signal.addEventListener('abort', aborted, { once: true })
      stream.write(lines.bytes.subarray(0, lines.length), (error) => {
        signal.removeEventListener('abort', aborted)
        if (error) reject(ended(error))
        else resolve(leftover(lines.count))
      })
    })
  return {
    lanes: [{ name: 'stdout', send }],
    // The stream outlives the output, and so does the listener: a late error must find it.
    close: async () => undefined,
  }
}

function ended(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
    return new OutputEnded('nobody reads stdout', { cause: error })
  return outputError('ERR_OUTPUT_WRITE', 'stdout', error)
}
