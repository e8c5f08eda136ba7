import { chownSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Settings } from '../config/settings.js'
import { UserError } from '../errors.js'
import { makeFolder } from '../outputs/make-folder.js'
import type { Account } from './account.js'

// Others may pass through, not look: at the next start root may be one of them, when it was left without CAP_DAC_OVERRIDE.
const FOLDER_MODE = 0o751
const WRITABLE_BY_OTHERS = 0o022

/** Folders that a run makes by itself when they are not there. */
export const ownFolders = ({ path, interfaces, queue, logging }: Settings): string[] => [
  ...(interfaces.some(({ file }) => file === undefined) ? [path.data] : []),
  ...(queue.disk === undefined ? [] : [queue.disk.path]),
  ...(logging.to_files ? [logging.files.path] : []),
]

/**
 * While root: makes a folder with those above it that are missing, for that account. One that is there stays as it is.
 * Only below folders that are root's alone: whoever may write to one of them could lead root elsewhere by a link.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' with the command that makes it.
 */
export function makeFolderFor(account: Account, folder: string): void {
  if (!isMissing(folder)) return
  const missing = [folder]
  let above = dirname(folder)
  for (; isMissing(above); above = dirname(above)) missing.unshift(above)
  // What the user may make, the user makes, when it is needed.
  if (!isOfRootAlone(above)) return
  try {
    for (const path of missing) {
      mkdirSync(path, { mode: FOLDER_MODE })
      chownSync(path, account.user, account.group)
    }
  } catch (cause) {
    throw new UserError(
      'ERR_OUTPUT_OPEN',
      `cannot make the folder ${folder} for packetbeat.run_as: ${(cause as Error).message}; \`${makingOf(account, folder)}\` makes it.`,
      { cause },
    )
  }
}

/** As the user: makes what may be made. What may not is told by whoever needs it. */
export function makeFolderHere(folder: string): void {
  try {
    makeFolder(folder, FOLDER_MODE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
  }
}

/** False also for what root may not look at, as without CAP_DAC_OVERRIDE: that is the user's then. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return false
    throw error
  }
}

/** The command that makes it. */
export const makingOf = ({ user, group }: Pick<Account, 'user' | 'group'>, folder: string): string =>
  `sudo install -d -m 750 -o ${user} -g ${group} ${folder}`

/** Whether nobody but root can put something into it, or into one above it. */
export function isOfRootAlone(folder: string): boolean {
  const above = dirname(folder)
  if (above !== folder && !isOfRootAlone(above)) return false
  const stats = lstatSync(folder)
  return stats.isDirectory() && stats.uid === 0 && (stats.mode & WRITABLE_BY_OTHERS) === 0
}
