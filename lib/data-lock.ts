import { join } from 'node:path'
import { binding } from './binding.js'
import type { Settings } from './config/settings.js'
import { UserError } from './errors.js'
import { makeFolder } from './outputs/make-folder.js'

const NAME = 'packetbeat.lock'
const FOLDER_MODE = 0o750

/**
 * Makes this process the only one that uses `path.data`, for a capture of devices by a configuration file, and always
 * for a queue on disk. Freed by the system, should the process be killed. Answers what frees it.
 * @throws {UserError} 'ERR_DATA_LOCKED' when another one has it; 'ERR_OUTPUT_OPEN' when a queue on disk has to do
 * without. A capture that only wanted to be alone goes on with a warning.
 */
export function lockData(
  { path: { data }, files, interfaces, queue }: Settings,
  log: { warn(message: string): void },
): () => void {
  const needed = queue.disk !== undefined
  const live = interfaces.some(({ file }) => file === undefined)
  if (!needed && !(live && files.length > 0)) return () => undefined
  const path = join(data, NAME)
  let lock: number | null
  try {
    makeFolder(data, FOLDER_MODE)
    lock = binding.lockFile(path)
  } catch (error) {
    const why = `cannot lock ${path}: ${(error as Error).message}`
    if (needed)
      throw new UserError(
        'ERR_OUTPUT_OPEN',
        `${why}; the disk queue needs the lock, so choose another folder with --path.data`,
        { cause: error },
      )
    log.warn(`${why}; another capture with the same configuration would not be noticed`)
    return () => undefined
  }
  if (lock === null)
    throw new UserError(
      'ERR_DATA_LOCKED',
      `the data folder ${data} is in use by another packetbeat: stop that one, or give this one a folder of its own with --path.data`,
    )
  const held = lock
  return () => binding.unlockFile(held)
}
