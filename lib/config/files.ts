import { accessSync, closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { UserError } from '../errors.js'
import { readYaml } from './read-yaml.js'
import type { MapNode } from './tree.js'

const NAME = 'packetbeat.yml'

/** Where a package puts things; used when its configuration is there and no path is given. */
export const SYSTEM_PATHS = {
  home: '/usr/share/packetbeat',
  config: '/etc/packetbeat',
  data: '/var/lib/packetbeat',
  logs: '/var/log/packetbeat',
}

/**
 * Which files to read: those given, relative names below `path.config`; else packetbeat.yml in `path.config` or the
 * current directory, then /etc/packetbeat/packetbeat.yml; else none.
 */
export function locate(
  given: readonly string[],
  config: string | undefined,
  system = SYSTEM_PATHS,
): string[] {
  if (given.length > 0)
    return given.map((file) => (config === undefined || isAbsolute(file) ? file : join(config, file)))
  if (config !== undefined) {
    const file = join(config, NAME)
    return exists(file) ? [file] : []
  }
  if (exists(NAME)) return [NAME]
  const file = join(system.config, NAME)
  return exists(file) ? [file] : []
}

function exists(file: string): boolean {
  try {
    accessSync(file, constants.F_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Reads a configuration file.
 * @throws {UserError} 'ERR_CONFIG_FILE' when it cannot be read, 'ERR_CONFIG_PERMISSIONS' when others could have written
 * it, 'ERR_CONFIG_SYNTAX' when it is not YAML.
 */
export function readFile(file: string, strict: boolean): MapNode {
  let text: string
  try {
    // Checked and read through one descriptor: nobody can swap the file in between.
    const fd = openSync(file, 'r')
    try {
      if (strict) checkPermissions(file, fd)
      text = readFileSync(fd, 'utf8')
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    const code = (error as NodeJS.ErrnoException).code
    const cause = { cause: error }
    if (code === 'ENOENT')
      throw new UserError('ERR_CONFIG_FILE', `there is no configuration file ${file}.`, cause)
    if (code === 'EACCES')
      throw new UserError(
        'ERR_CONFIG_FILE',
        `the configuration file ${file} may not be read by this user.`,
        cause,
      )
    if (code === 'EISDIR')
      throw new UserError('ERR_CONFIG_FILE', `${file} is a directory, not a configuration file.`, cause)
    throw new UserError(
      'ERR_CONFIG_FILE',
      `cannot read the configuration file ${file}: ${(error as Error).message}.`,
      cause,
    )
  }
  if (text.includes('\0')) throw new UserError('ERR_CONFIG_SYNTAX', `${file} is not a text file.`)
  return readYaml(text.replace(/^\uFEFF/, ''), file)
}

/**
 * Whoever may write the file decides what this program, often run as root, reads and writes.
 * @throws {UserError} 'ERR_CONFIG_PERMISSIONS' when that is somebody else.
 */
export function checkPermissions(file: string, fd: number): void {
  const own = process.getuid?.()
  if (own === undefined) return
  const stat = fstatSync(fd)
  // Reading it will say so.
  if (stat.isDirectory()) return
  const { uid, mode } = stat
  if (uid !== 0 && uid !== own)
    throw new UserError(
      'ERR_CONFIG_PERMISSIONS',
      `${file} must belong to root or to the user who runs this; \`chown ${own === 0 ? 'root' : own} ${file}\` mends it, --strict.perms=false allows it.`,
    )
  if ((mode & 0o022) !== 0)
    throw new UserError(
      'ERR_CONFIG_PERMISSIONS',
      `${file} may be written by others than its owner; \`chmod go-w ${file}\` mends it, --strict.perms=false allows it.`,
    )
}
