import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../errors.js'
import { decode, encode, type Secrets } from './format.js'

const MODE = 0o600

/**
 * Reads a keystore. undefined: there is none.
 * @throws {UserError} 'ERR_KEYSTORE' when it cannot be read, 'ERR_CONFIG_PERMISSIONS' when others may read or write it.
 */
export function readKeystore(path: string, strict: boolean): Secrets | undefined {
  let file: Buffer
  try {
    const fd = openSync(path, 'r')
    try {
      if (strict) checkPermissions(path, fd)
      file = readFileSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failed(`cannot read the keystore ${path}: ${(error as Error).message}.`, error)
  }
  try {
    return decode(file)
  } catch (error) {
    throw failed(
      `the keystore ${path} is of no use: ${(error as Error).message}; put a copy of it back, or begin anew by \`keystore create --force\`.`,
      error,
    )
  }
}

/**
 * Writes a keystore in the place of the one that may be there: all of it or nothing.
 * @throws {UserError} 'ERR_KEYSTORE'
 */
export function writeKeystore(path: string, secrets: Secrets): void {
  const part = `${path}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const fd = openSync(part, 'w', MODE)
    try {
      chmodSync(part, MODE)
      writeSync(fd, encode(secrets))
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw failed(`cannot write the keystore ${path}: ${(error as Error).message}.`, error)
  }
}

function checkPermissions(path: string, fd: number): void {
  const own = process.getuid?.()
  if (own === undefined) return
  const { uid, mode } = fstatSync(fd)
  if (uid !== 0 && uid !== own)
    throw new UserError(
      'ERR_CONFIG_PERMISSIONS',
      `the keystore ${path} must belong to root or to the user who runs this; \`chown ${own === 0 ? 'root' : own} ${path}\` mends it.`,
    )
  if ((mode & 0o777) !== MODE)
    throw new UserError(
      'ERR_CONFIG_PERMISSIONS',
      `the keystore ${path} may be read or written by others than its owner; \`chmod 600 ${path}\` mends it, --strict.perms=false allows it.`,
    )
}

const failed = (message: string, cause: unknown): UserError =>
  new UserError('ERR_KEYSTORE', message, { cause })
