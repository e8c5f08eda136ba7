import { nearestName } from '../config/nearest-name.js'
import { withoutSecrets } from '../config/secrets.js'
import { exitCodeOf, isUserError, UserError } from '../errors.js'
import type { Command } from './command.js'
import { completionOf } from './completion.js'
import { devices } from './devices.js'
import { doctor } from './doctor.js'
import { exportAssets } from './export-assets.js'
import { exportConfig } from './export-config.js'
import { commandFlags, runFlags } from './flags.js'
import { commandHelp, generalHelp } from './help.js'
import type { Io } from './io.js'
import { keystore } from './keystore.js'
import { type Flags, parseArguments } from './parse.js'
import { run } from './run.js'
import { setup } from './setup.js'
import { testConfig } from './test-config.js'
import { testOutput } from './test-output.js'
import { version } from './version.js'

const help: Command = {
  name: 'help',
  title: 'Say what there is, or what one command does.',
  words: '[COMMAND]',
  execute: (_flags, words, io) => {
    io.stdout.write(words.length === 0 ? generalHelp(commands) : commandHelp(find(words).command))
    return 0
  },
}

const commands: readonly Command[] = [
  run,
  testConfig,
  testOutput,
  setup,
  exportConfig,
  ...exportAssets,
  ...keystore,
  devices,
  doctor,
  completionOf(() => commands),
  version,
  help,
]

/** Runs a command line; answers the exit status. Whatever goes wrong is told in one sentence. */
export async function main(argv: readonly string[], io: Io = process): Promise<number> {
  try {
    const { words, flags } = parseArguments(argv)
    const { command, rest } = words.length === 0 ? { command: run, rest: [] } : find(words)
    if (flags.help) {
      io.stdout.write(words.length === 0 ? generalHelp(commands) : commandHelp(command))
      return 0
    }
    if (flags.version) return await version.execute(flags, [], io)
    check(command, flags, rest)
    return await command.execute(flags, rest, io)
  } catch (error) {
    return tell(error, io)
  }
}

/** Says why a command ends; answers the exit status. */
export function tell(error: unknown, io: Pick<Io, 'stderr'> = process): number {
  io.stderr.write(`Exiting: ${withoutSecrets(sentence(error))}\n`)
  return exitCodeOf(error)
}

/** The command that the first words name. */
function find(words: readonly string[]): { command: Command; rest: string[] } {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = commands.find((candidate) => candidate.name === name)
    if (command !== undefined) return { command, rest: words.slice(length) }
  }
  const names = commands.map(({ name }) => name)
  const first = words[0] as string
  const below = names.filter((name) => name.startsWith(`${first} `))
  if (below.length > 0) {
    const given = words[1] === undefined ? 'needs another word' : `knows no ${words[1]}`
    throw new UserError('ERR_USAGE', `${first} ${given}: there is ${below.join(', ')}.`)
  }
  const meant = nearestName(words.slice(0, 2).join(' '), names) ?? nearestName(first, names)
  const guess =
    meant === undefined
      ? /[./]/.test(first)
        ? `a capture file is given by -I ${first}`
        : `there are ${names.join(', ')}`
      : `did you mean ${meant}? There are ${names.join(', ')}`
  throw new UserError('ERR_USAGE', `there is no command ${first}; ${guess}.`)
}

function check(command: Command, flags: Flags, rest: readonly string[]): void {
  if (rest.length > 0 && command.words === undefined)
    throw new UserError(
      'ERR_USAGE',
      `${command.name} takes no ${rest[0]}; a capture file is given by -I ${rest[0]}.`,
    )
  for (const flag of Object.keys(flags)) {
    const dashed = `${flag.length === 1 ? '-' : '--'}${flag}`
    if (Object.hasOwn(runFlags, flag) && !command.runs)
      throw new UserError('ERR_USAGE', `${dashed} belongs to run, not to ${command.name}.`)
    const own: readonly string[] = command.flags ?? []
    if (Object.hasOwn(commandFlags, flag) && !own.includes(flag)) {
      const others = commands.filter(({ flags: taken = [] }) => (taken as readonly string[]).includes(flag))
      throw new UserError(
        'ERR_USAGE',
        `${dashed} belongs to ${others.map(({ name }) => name).join(', ')}, not to ${command.name}.`,
      )
    }
  }
}

/** One sentence for what a user can mend; a defect shows where it is. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isUserError(error)) return /[.:]$/.test(error.message) ? error.message : `${error.message}.`
  return `an unexpected error, which is a defect of this program.\n${error.stack ?? error.message}`
}
