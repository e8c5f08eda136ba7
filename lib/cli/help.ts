import { exitCodes } from '../errors.js'
import type { Command } from './command.js'
import { commandFlags, type Flag, globalFlags, runFlags } from './flags.js'

const exits: readonly (readonly [number, string])[] = [
  [0, 'Done: the command succeeded, the capture file ended, or a signal ended the run.'],
  [exitCodes.internal, 'A defect of this program.'],
  [exitCodes.usage, 'A command or flag that does not exist.'],
  [exitCodes.configuration, 'The configuration is missing or wrong.'],
  [exitCodes.permission, 'No permission to capture.'],
  [exitCodes.device, 'The interface cannot be captured from.'],
  [exitCodes.output, 'Events or packets cannot be written.'],
  [exitCodes.file, 'A capture file that cannot be read, or not to its end.'],
  [exitCodes.addon, 'There is no compiled addon for this system, or it does not load.'],
]

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('')
}

const flagTable = (flags: Readonly<Record<string, Flag>>): string =>
  table(
    Object.entries(flags).map(([name, { short, value, help }]) => {
      const spelled =
        short === undefined ? `--${name}` : name === short ? `-${short}` : `-${short}, --${name}`
      return [value === undefined ? spelled : `${spelled} ${value}`, help]
    }),
  )

/** All there is to know about the command line. */
export const generalHelp = (
  commands: readonly Command[],
): string => `Captures packets, understands the protocols in them, and writes one event per transaction and per flow.

Usage: packetbeat-native [command] [flags]

Commands (run when none is given):
${table(commands.map(({ name, title }) => [name, title]))}
Flags of all commands:
${flagTable(globalFlags)}
Flags of run:
${flagTable(runFlags)}
Exit status:
${table(exits.map(([code, text]) => [String(code), text]))}
Examples:
  packetbeat-native run -I capture.pcap           show what is in a capture file
  sudo packetbeat-native run                      show what happens on this machine
  packetbeat-native run -c packetbeat.yml -e      run as configured, with the log on standard error
  packetbeat-native run -E output.file.path=/tmp/events -I capture.pcap
`

/** What one command does. */
export function commandHelp({ name, title, details, runs, flags = [], words }: Command): string {
  const own = {
    ...(runs && runFlags),
    ...Object.fromEntries(flags.map((flag) => [flag, commandFlags[flag]])),
  }
  return `${title}
${details === undefined ? '' : `${details}\n`}
Usage: packetbeat-native ${name}${words === undefined ? '' : ` ${words}`} [flags]

${Object.keys(own).length > 0 ? `Flags:\n${flagTable(own)}\n` : ''}Flags of all commands:
${flagTable(globalFlags)}`
}
