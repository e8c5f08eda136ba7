// Reads benchmark captures through `analyze`, in turn with the command on the same file, which writes the same events to
// a file, and prints per capture the CPU time of both and the ratio, for events one by one and in batches.
//
//   node --import tsx bench/library/analyze.ts [--captures DIR] [--pairs 5] [--check] [name...]
//
// DIR is filled by ../shared/performance/make-captures.sh. Only the ratio, a median of pairs, is worth quoting.
// --check: exit 1 where the library takes a tenth more than the command.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measured, median } from '../measured.js'

const MOST = 1.1

const root = join(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  allowPositionals: true,
  options: {
    captures: { type: 'string', default: join(tmpdir(), 'packetbeat-native-captures') },
    pairs: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
  },
})
const names = positionals.length > 0 ? positionals : ['http', 'redis', 'dns']

/** Every protocol on its usual ports, and flows, as without a configuration. */
function command(file: string): { cpu: number; peak: number } {
  const out = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const settings = [`output.file.path=${out}`, 'output.file.rotate_every_kb=10000000', `path.data=${out}`]
    return measured([
      process.execPath,
      join(root, 'dist/cli.js'),
      'run',
      '-I',
      file,
      ...settings.flatMap((setting) => ['-E', setting]),
    ])
  } finally {
    rmSync(out, { recursive: true })
  }
}

const library = (file: string, how: 'events' | 'batches') =>
  measured([process.execPath, join(import.meta.dirname, 'reader.mjs'), file, how])

const problems: string[] = []
console.log('capture     read      command s   library s   peak MB   library/command (min-max)')
for (const name of names) {
  const file = join(values.captures, `${name}.pcap`)
  if (!existsSync(file)) throw new Error(`no ${file}; ../shared/performance/make-captures.sh makes it`)
  for (const how of ['events', 'batches'] as const) {
    const runs = Array.from({ length: Number(values.pairs) }, () => ({
      command: command(file),
      library: library(file, how),
    }))
    const ratios = runs.map((run) => run.library.cpu / run.command.cpu)
    const ratio = median(ratios)
    const peak = Math.max(...runs.map((run) => run.library.peak)) / 1024
    console.log(
      [
        name.padEnd(11),
        how.padEnd(9),
        median(runs.map((run) => run.command.cpu))
          .toFixed(2)
          .padStart(9),
        median(runs.map((run) => run.library.cpu))
          .toFixed(2)
          .padStart(11),
        peak.toFixed(0).padStart(9),
        `${ratio.toFixed(2).padStart(11)} (${ratios[0]?.toFixed(2)}-${ratios.at(-1)?.toFixed(2)})`,
      ].join(' '),
    )
    if (ratio > MOST) problems.push(`${name}, ${how}: ${ratio.toFixed(2)} of the command's CPU, not ${MOST}`)
  }
}
for (const problem of problems) console.log(problem)
if (values.check && problems.length > 0) process.exitCode = 1
