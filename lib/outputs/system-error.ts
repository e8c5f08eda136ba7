import { UserError } from '../errors.js'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left there; free some or choose another place',
  EDQUOT: 'the disk quota is used up; free some space or choose another place',
  EACCES: 'permission is denied; choose another place, or another user to run as',
  EPERM: 'permission is denied; choose another place, or another user to run as',
  EROFS: 'the file system is read-only; choose another place',
  ENOTDIR: 'a part of that path is a file, not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'that is a folder',
  EFBIG: 'the file has the largest size the system allows; set rotate_every_kb lower',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
}

/** What the system said of an output, in one sentence that says what to do. `where`: a path or a name like `stdout`. */
export function outputError(
  code: 'ERR_OUTPUT_OPEN' | 'ERR_OUTPUT_WRITE',
  where: string,
  cause: unknown,
): UserError {
  const { code: errno = '', message } = cause as NodeJS.ErrnoException
  const doing = code === 'ERR_OUTPUT_OPEN' ? 'open the output' : 'write to the output'
  return new UserError(code, `cannot ${doing} ${where}: ${reasons[errno] ?? message}`, { cause })
}
