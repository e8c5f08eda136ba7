import { binding } from '../binding.js'
import type { Settings } from '../config/settings.js'
import { isUserError, UserError } from '../errors.js'
import { type Account, findAccount } from './account.js'
import { makeFolderFor, makeFolderHere, ownFolders } from './folders.js'
import { rightsOfThreads } from './threads.js'

/**
 * Root for the captures, and for nothing else. From `begin` on, files, sockets and whatever else the program opens are
 * opened as the user, so that what works at the start works for ever, and that nobody who has that user's rights can lead
 * root to a file by a link. Captures are opened with CAP_NET_RAW and CAP_NET_ADMIN in one thread, and then root is gone.
 */
export class Rights {
  readonly #account: Account

  private constructor(account: Account) {
    this.#account = account
  }

  /**
   * Becomes the user of `packetbeat.run_as`, with a way back. undefined: none is configured, or it is that user already.
   * @throws {UserError} for unknown users, and where this process may not become another.
   */
  static begin(settings: Settings): Rights | undefined {
    if (settings.run_as === undefined) return undefined
    const account = findAccount(settings.run_as)
    const { name, user, group, groups } = account
    if (user === 0)
      throw new UserError(
        'ERR_CONFIG_INVALID',
        `packetbeat.run_as: ${name} is root, which is to be given up.`,
      )
    if (process.getuid?.() === user && process.getgid?.() === group) return undefined
    if (process.geteuid?.() !== 0)
      throw new UserError(
        'ERR_CAPTURE_PERMISSION',
        `packetbeat.run_as: only root can become ${name}; start it with sudo, or as ${name} with the capabilities CAP_NET_RAW and CAP_NET_ADMIN.`,
      )
    const folders = ownFolders(settings)
    for (const folder of folders) makeFolderFor(account, folder)
    try {
      process.setgroups?.([...groups])
      process.setegid?.(group)
      process.seteuid?.(user)
    } catch (cause) {
      throw refused(name, cause)
    }
    for (const folder of folders) makeFolderHere(folder)
    return new Rights(account)
  }

  get name(): string {
    return this.#account.name
  }

  /** An error of a run, which says whose permission it is about. */
  explained(error: unknown): unknown {
    if (!isUserError(error) || !/EACCES|permission (is )?denied|not permitted/i.test(error.message))
      return error
    const what = error.message.replace(/\.$/, '')
    return new UserError(
      error.code,
      `${what}; packetbeat.run_as: it is ${this.name} who needs that permission.`,
      {
        cause: error,
      },
    )
  }

  /** Opens captures. */
  opening<T>(open: () => T): T {
    binding.allowCapture(true)
    try {
      return open()
    } finally {
      binding.allowCapture(false)
    }
  }

  /** Gives up root in all threads, and makes sure of it. @throws {UserError} 'ERR_CAPTURE_PERMISSION' */
  giveUp(): void {
    const { name, user, group } = this.#account
    try {
      binding.giveUpRoot()
    } catch (cause) {
      throw refused(name, cause)
    }
    const kept = rightsOfThreads().filter(
      ({ users, groups, permitted }) =>
        users.some((id) => id !== user) || groups.some((id) => id !== group) || permitted !== 0n,
    )
    if (kept.length > 0 || regains())
      throw new UserError(
        'ERR_CAPTURE_PERMISSION',
        `packetbeat.run_as: root cannot be given up here, as where securebits keep capabilities (capabilities(7)); start it as ${name} instead.`,
      )
  }
}

function refused(name: string, cause: unknown): UserError {
  // Node refuses where libuv works through io_uring, whose kernel threads would stay root.
  const uring = /io_uring/.test((cause as Error).message)
  const what = uring
    ? 'io_uring would go on as root; start it without UV_USE_IO_URING'
    : `${(cause as Error).message}; it needs CAP_SETUID and CAP_SETGID, so start it as ${name} where root has not got them`
  return new UserError('ERR_CAPTURE_PERMISSION', `packetbeat.run_as: cannot become ${name}: ${what}.`, {
    cause,
  })
}

function regains(): boolean {
  try {
    process.seteuid?.(0)
    return true
  } catch {
    return false
  }
}
