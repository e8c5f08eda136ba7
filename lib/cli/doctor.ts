import type { Finding } from '../doctor/finding.js'
import { exitCodes } from '../errors.js'
import type { Command } from './command.js'
import type { Flags } from './parse.js'
import { request } from './request.js'

export const doctor: Command = {
  name: 'doctor',
  title: 'Look for what keeps this machine from capturing, and say what mends it.',
  details:
    'Looks at the program, the configuration, rights, devices, the clock, memory, disks and the output, and changes\nnothing. One line for each finding: ok, note (it works, but), or problem. Without a problem the exit status is 0, else\nwhat `run` would end with.',
  flags: ['json'],
  async execute(flags, _words, io) {
    const { examine } = await import('../doctor/examine.js')
    const findings: Finding[] = []
    for await (const finding of examine(request(flags, io.env), configured(flags))) {
      findings.push(finding)
      if (!flags.json) io.stdout.write(line(finding))
    }
    io.stdout.write(flags.json ? `${JSON.stringify(findings)}\n` : summary(findings))
    const worst = findings.find(({ level }) => level === 'problem')
    const status = worst === undefined ? 0 : exitCodes[worst.reason ?? 'internal']
    // A server that did not answer in time would be waited for.
    if (io.stdout === process.stdout) process.stdout.write('', () => process.exit(status))
    return status
  },
}

const line = ({ level, subject, message, command, setting }: Finding): string => {
  const mend =
    command !== undefined
      ? `. To mend it: ${command}`
      : setting !== undefined
        ? `. In packetbeat.yml: ${setting}`
        : ''
  return `${level.padEnd(7)}  ${subject}: ${message}${mend}\n`
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding['level'], name: string) => {
    const found = findings.filter((finding) => finding.level === level).length
    return `${found} ${name}${found === 1 ? '' : 's'}`
  }
  return `${count('problem', 'problem')}, ${count('note', 'note')}.\n`
}

/** The flags that name the configuration, as they are typed. */
function configured({ c = [], E = [] }: Flags): string {
  const quoted = (text: string) => (/^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
  return [...c.map((file) => ` -c ${quoted(file)}`), ...E.map((setting) => ` -E ${quoted(setting)}`)].join('')
}
