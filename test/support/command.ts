import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ExitReason, exitCodes } from '../../lib/errors.js'

export const repository: string = join(import.meta.dirname, '../..')
/** The command as it is installed. */
export const cli: string = join(repository, 'dist/cli.js')

/** Why tests of the command are skipped; false: it is built. */
export const notBuilt: string | false = existsSync(cli) ? false : 'needs `npm run build:lib`'

export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

export interface CommandOptions {
  cwd?: string
  input?: Buffer
  /** Also the group; for tests that run as root and need somebody who may do less. */
  user?: number
}

/** Runs the command as a process of its own. */
export const command = (arguments_: readonly string[], options: CommandOptions = {}): Ended =>
  start(process.execPath, [cli, ...arguments_], options)

/** Runs a line of bash in which `$cli` is the command. */
export const shell = (line: string, options: CommandOptions = {}): Ended =>
  start('bash', ['-c', `cli='${process.execPath} ${cli}'; ${line}`], options)

function start(program: string, arguments_: readonly string[], { user, ...options }: CommandOptions): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, arguments_, {
    encoding: 'utf8',
    // Whoever waits longer than that hangs.
    timeout: 30_000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
    ...options,
    ...(user !== undefined && { uid: user, gid: user }),
  })
  if (error !== undefined) throw error
  return { status, stdout, stderr }
}

/** It ended for that reason, and said so in one line that names what is at fault. */
export function assertRefused({ status, stderr }: Ended, reason: ExitReason, says: RegExp): void {
  assert.match(stderr, says)
  assert.match(stderr, /^Exiting: [^\n]+\.\n$/)
  assert.equal(status, exitCodes[reason])
}

/** The lines of NDJSON, each checked to be whole. */
export const events = (text: string): Record<string, unknown>[] => {
  assert.ok(text === '' || text.endsWith('\n'), 'the last line is not whole')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
