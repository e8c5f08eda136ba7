import { close, fdatasync, fsync, open, read, unlink, write, writev } from 'node:fs'
import { promisify } from 'node:util'

// All of it in the thread pool: a slow disk never holds up a capture.
export const openFile: (path: string, flags: string, mode?: number) => Promise<number> = promisify(open)
export const closeFile: (fd: number) => Promise<void> = promisify(close)
export const removeFile: (path: string) => Promise<void> = promisify(unlink)
export const syncFile: (fd: number) => Promise<void> = promisify(fdatasync)
const readSome = promisify(read)
const writeSome = promisify(write)
const writeSomeOf = promisify(writev)
const syncAll = promisify(fsync)

/** Only the owner may read what the network said. */
export const FILE_MODE = 0o600

/** Fills `buffer` from `offset` on; answers the bytes there were. */
export async function readAt(fd: number, buffer: Buffer, offset: number): Promise<number> {
  let done = 0
  while (done < buffer.length) {
    const { bytesRead } = await readSome(fd, buffer, done, buffer.length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

/** Writes all of it at `offset`. What a failure leaves half written is written over by the next try. */
export async function writeAt(fd: number, buffers: readonly Buffer[], offset: number): Promise<void> {
  const total = buffers.reduce((sum, { length }) => sum + length, 0)
  let { bytesWritten: done } = await writeSomeOf(fd, buffers, offset)
  if (done === total) return
  const rest = Buffer.concat(buffers)
  while (done < total) done += (await writeSome(fd, rest, done, total - done, offset + done)).bytesWritten
}

/** So that a file's name outlives a loss of power as its content does. Not every system can. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const fd = await openFile(path, 'r')
    await syncAll(fd).finally(() => closeFile(fd))
  } catch {
    // Windows does not open folders; there the file system sees to it.
  }
}
