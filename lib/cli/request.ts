import type { LoadRequest } from '../config/load.js'
import { among } from '../config/nearest-name.js'
import { truth } from '../config/scalar.js'
import { UserError } from '../errors.js'
import type { Io } from './io.js'
import type { Flags } from './parse.js'

const environments = ['default', 'systemd', 'container', 'macos_service', 'windows_service']

// Whoever starts it there reads standard error already.
const LOGGING_TO_STDERR = ['systemd', 'container']

/**
 * What the flags say about the configuration.
 * @throws {UserError} 'ERR_USAGE' for values that make no sense.
 */
export function request(flags: Flags, env: Io['env']): LoadRequest {
  const { environment } = flags
  if (environment !== undefined && !environments.includes(environment))
    throw new UserError(
      'ERR_USAGE',
      `--environment must be one of ${among(environments)}, not ${environment}.`,
    )
  const stderr = flags.e || LOGGING_TO_STDERR.includes(environment ?? '')
  const selectors = flags.d
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const path = {
    home: flags['path.home'],
    config: flags['path.config'],
    data: flags['path.data'],
    logs: flags['path.logs'],
  }
  return {
    files: flags.c ?? [],
    overrides: flags.E ?? [],
    path: Object.fromEntries(Object.entries(path).filter(([, value]) => value !== undefined)),
    strictPermissions: strict(flags['strict.perms'] ?? env.BEAT_STRICT_PERMS ?? 'true'),
    env,
    publish: !flags.N,
    capture: {
      ...(flags.I !== undefined && { file: flags.I }),
      ...(flags.l !== undefined && { loops: loops(flags.l) }),
      ...((flags.realtime || flags.t) && { realtime: realtime(flags) }),
      ...(flags.dump !== undefined && { dumpfile: flags.dump }),
      ...(flags.O && { oneAtATime: true }),
    },
    logging: {
      ...(stderr && { stderr }),
      ...(selectors !== undefined ? { level: 'debug', selectors } : flags.v && { level: 'info' }),
    },
  }
}

function strict(text: string): boolean {
  const value = truth(text)
  if (value === undefined)
    throw new UserError('ERR_USAGE', `--strict.perms must be true or false, not ${text}.`)
  return value
}

function loops(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UserError('ERR_USAGE', `-l must be a number of passes, not ${text}.`)
  return Number(text)
}

function realtime(flags: Flags): boolean {
  if (flags.realtime && flags.t)
    throw new UserError('ERR_USAGE', '-t and --realtime are opposites; choose one of them.')
  return flags.realtime === true
}
