import { chownSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Settings } from '../config/settings.js'
import { UserError } from '../errors.js'
import type { Account } from './account.js'

// Readable and searchable by the group, as others make them who make folders of ours.
const FOLDER_MODE = 0o750
const WRITABLE_BY_OTHERS = 0o022

/** Folders that a run makes by itself when they are not there. */
export const ownFolders = ({ path, queue, logging }: Settings): string[] => [
  path.data,
  ...(queue.disk === undefined ? [] : [queue.disk.path]),
  ...(logging.to_files ? [logging.files.path] : []),
]

/**
 * While root: makes a folder with those above it that are missing, for that account. One that is there stays as it is.
 * Only below folders that are root's alone: whoever may write to one of them could lead root elsewhere by a link.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' with the command that makes it.
 */
export function makeFolderFor(account: Account, folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return
  const missing = [folder]
  let above = dirname(folder)
  for (; lstatSync(above, { throwIfNoEntry: false }) === undefined; above = dirname(above))
    missing.unshift(above)
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

/** The command that makes it. */
export const makingOf = ({ user, group }: Pick<Account, 'user' | 'group'>, folder: string): string =>
  `sudo install -d -m 750 -o ${user} -g ${group} ${folder}`

/** Whether nobody but root can put something into it, or into one above it. */
export function isOfRootAlone(folder: string): boolean {
  const { uid, mode } = lstatSync(folder)
  const above = dirname(folder)
  const own = lstatSync(folder).isDirectory() && uid === 0 && (mode & WRITABLE_BY_OTHERS) === 0
  return own && (above === folder || isOfRootAlone(above))
}
