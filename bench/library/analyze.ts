import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Part } from '../library.bench.js'
import { measured, median } from '../measured.js'

const MOST = 1.1
const NAMES = ['http', 'redis', 'dns']

const root = join(import.meta.dirname, '../..')

/**
 * Reads benchmark captures through `analyze`, in turn with the command on the same file, which writes the same events to
 * a file, and prints per capture the CPU time of both and the ratio, for events one by one and in batches.
 */
export const analyzeBench: Part = async ({ pairs, captures }) => {
  const missing = NAMES.filter((name) => !existsSync(join(captures, `${name}.pcap`)))
  const maker = join(root, '../shared/performance/make-captures.sh')
  if (missing.length > 0) execFileSync(maker, [captures, ...missing], { stdio: 'inherit' })
  console.log('capture     read      command s   library s   peak MB   library/command (min-max)')
  const problems: string[] = []
  for (const name of NAMES)
    for (const how of ['events', 'batches'] as const) {
      const ratio = compare(join(captures, `${name}.pcap`), name, how, pairs)
      if (ratio > MOST)
        problems.push(`${name}, ${how}: ${ratio.toFixed(2)} of the command's CPU, not ${MOST}`)
    }
  return problems
}

function compare(file: string, name: string, how: 'events' | 'batches', pairs: number): number {
  const runs = Array.from({ length: pairs }, () => ({ command: command(file), library: library(file, how) }))
  const ratios = runs.map((run) => run.library.cpu / run.command.cpu)
  const seconds = (of: 'command' | 'library') => median(runs.map((run) => run[of].cpu)).toFixed(2)
  const peak = Math.max(...runs.map((run) => run.library.peak)) / 1024
  const ratio = median([...ratios])
  const range = `(${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`
  console.log(
    [
      name.padEnd(11),
      how.padEnd(9),
      seconds('command').padStart(9),
      seconds('library').padStart(11),
      peak.toFixed(0).padStart(9),
      ratio.toFixed(2).padStart(11),
      range,
    ].join(' '),
  )
  return ratio
}

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
