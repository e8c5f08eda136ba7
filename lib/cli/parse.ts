import { parseArgs } from 'node:util'
import { nearestName } from '../config/nearest-name.js'
import { truth } from '../config/scalar.js'
import { UserError } from '../errors.js'
import { commandFlags, foreignFlags, globalFlags, runFlags } from './flags.js'

export interface ParseArgsOptionDescriptor {
  type: 'string' | 'boolean'
  short?: string
  multiple?: boolean
}

const options = { ...globalFlags, ...runFlags, ...commandFlags }

type Options = typeof options

export type Flags = {
  -readonly [K in keyof Options]?: Options[K] extends { multiple: true }
    ? string[]
    : Options[K]['type'] extends 'string'
      ? string
      : boolean
}

export interface Arguments {
  /** The command and what follows it; empty: none was given. */
  words: string[]
  flags: Flags
}

/** @throws {UserError} 'ERR_USAGE' */
export function parseArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: normal(argv), options, allowPositionals: true })
    return { words: positionals, flags: values as Flags }
  } catch (error) {
    throw new UserError('ERR_USAGE', told(error as Error), { cause: error })
  }
}

// Names of more than one letter that Go's flag package took with one dash too. Other words after one dash are
// one-letter flags in a row, such as -et.
const LONG = new RegExp(
  `^-(${[...Object.keys(options), ...Object.keys(foreignFlags)]
    .filter((name) => name.length > 1)
    .map((name) => name.replaceAll('.', '\\.'))
    .join('|')})(=.*)?$`,
)

/** One-dash spellings of long names become two dashes; `-d=x` is `-d x`; truth values of switches are dissolved. */
function normal(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  const rest = end === -1 ? [] : argv.slice(end)
  return [...flags.flatMap((flag, at) => normalFlag(flag, flags[at + 1])), ...rest]
}

function normalFlag(argument: string, next: string | undefined): string[] {
  const spelled = LONG.test(argument) ? `-${argument}` : argument.replace(/^-([A-Za-z])=/, '--$1=')
  if (spelled === '--strict.perms' && next !== 'true' && next !== 'false') return ['--strict.perms=true']
  const [, name = '', value] = /^--([\w.-]+)=(.*)$/s.exec(spelled) ?? []
  const option = options[name as keyof Options] as ParseArgsOptionDescriptor | undefined
  const on = option?.type === 'boolean' && value !== undefined ? truth(value) : undefined
  if (on === undefined) return [spelled]
  return on ? [`--${name}`] : []
}

function told(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  const name = /'(?:-\w, )?--?([^' =]+)/.exec(error.message)?.[1] ?? ''
  const dashed = (flag: string) => `${flag.length === 1 ? '-' : '--'}${flag}`
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const instead = foreignFlags[name]
    if (instead !== undefined) return `${dashed(name)} is not available; ${instead}.`
    const meant = name.length === 1 ? undefined : nearestName(name, Object.keys(options))
    return `there is no flag ${dashed(name)}; ${meant === undefined ? '' : `did you mean ${dashed(meant)}? `}\`packetbeat-native help\` lists them all.`
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    const option = options[name as keyof Options] as ParseArgsOptionDescriptor | undefined
    return option?.type === 'boolean'
      ? `${dashed(name)} is a switch: it takes no value but true or false.`
      : `${dashed(name)} needs a value${/ambiguous/.test(error.message) ? `; write ${dashed(name)}=VALUE when it begins with a dash` : ''}.`
  }
  return error.message
}
