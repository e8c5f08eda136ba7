// Reads the benchmark captures with file output, in turn with `tcpdump -n -r` on the same file, and prints per capture
// and for flows off and on: transactions and packets per CPU-second, peak memory, and our CPU time over tcpdump's.
//
//   npm run bench:captures -- [--captures DIR] [--pairs 5] [--check] [name...]
//
// DIR is filled by ../shared/performance/make-captures.sh, or by make-captures.ts beside this file, when it lacks a capture
// (real servers under their load tools; needs root). The machines such numbers come from are noisy: only the ratio, a median of pairs, is worth quoting.
// --check: exit 1 where a ratio, the memory or the number of events is not what it must be.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { names as own } from './make-captures.js'
import { measured, median, type Usage } from './measured.js'

const root = join(import.meta.dirname, '..')
const maker = join(root, '../shared/performance/make-captures.sh')

interface Target {
  /** Of our CPU time to tcpdump's. */
  ratio?: number
  /** Of the CPU time of a transaction to that of one of Redis, measured in the same run. */
  redis?: number
  /** Peak memory. */
  megabytes: number
  /** Events that the load tool does not count: logins, and statements that are prepared. */
  sessions?: number
}

/** What must hold with flows off. */
const targets: Record<string, Target> = {
  http: { ratio: 0.8, megabytes: 90 },
  redis: { ratio: 0.67, megabytes: 90 },
  dns: { ratio: 1.75, megabytes: 90 },
  conns100k: { ratio: 1.3, megabytes: 200 },
  pgsql: { ratio: 1.6, megabytes: 90, sessions: 200 },
  mysql: { ratio: 1.25, megabytes: 90, sessions: 100 },
  memcache: { redis: 2, megabytes: 90 },
  mongodb: { redis: 2, megabytes: 90 },
  cassandra: { redis: 2, megabytes: 100 },
  amqp: { redis: 3, megabytes: 90 },
  thrift: { redis: 3, megabytes: 90 },
  nfs: { redis: 3, megabytes: 90 },
  // An event is a message, with all of its text.
  // Requests are remembered for some seconds, to know retransmissions.
  sip: { redis: 3, megabytes: 100 },
  // A transaction is a handshake, and its event has 4 KB: the queue alone may hold 16 MB of them.
  tls: { redis: 10, megabytes: 100 },
}

const ports = {
  http: 80,
  redis: 6379,
  dns: 53,
  pgsql: 5432,
  mysql: 3306,
  memcache: 11211,
  mongodb: 27017,
  cassandra: 9042,
  amqp: 5672,
  thrift: 9090,
  nfs: 2049,
  sip: 5060,
  tls: 443,
}

interface Capture {
  file: string
  packets: number
  transactions: number
  at_most: number
}

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  allowPositionals: true,
  options: {
    captures: { type: 'string', default: join(tmpdir(), 'packetbeat-native-captures') },
    pairs: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
  },
})
const asked = positionals.length > 0 ? positionals : Object.keys(targets)
// Those that are held against Redis come after it.
const names = asked.some((name) => targets[name]?.redis) ? [...new Set(['redis', ...asked])] : asked
const directory = values.captures

function captures(): Map<string, Capture> {
  const missing = names.filter((name) => !existsSync(join(directory, `${name}.pcap`)))
  const ours = missing.filter((name) => own.includes(name))
  const theirs = missing.filter((name) => !own.includes(name))
  if (theirs.length > 0) {
    if (!existsSync(maker))
      throw new Error(`no ${theirs.join(', ')} in ${directory}, and no ${maker} to make them`)
    execFileSync(maker, [directory, ...theirs], { stdio: 'inherit' })
  }
  if (ours.length > 0) {
    const command = ['--import', 'tsx', join(import.meta.dirname, 'make-captures.ts'), directory, ...ours]
    execFileSync(process.execPath, command, { stdio: 'inherit' })
  }
  const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'))
  const rows = [
    ...(names.some((name) => !own.includes(name)) ? read('captures.json') : []),
    ...names.filter((name) => own.includes(name)).map((name) => read(`${name}.json`)),
  ] as Capture[]
  return new Map(rows.map((row) => [row.file.replace('.pcap', ''), row]))
}

/** Our program over one capture: what it used, and the transactions it wrote. */
function ours(file: string, flows: boolean): Usage & { events: number } {
  const out = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const config = join(out, 'packetbeat.yml')
    writeFileSync(
      config,
      `packetbeat.protocols:
${Object.entries(ports)
  .map(([type, port]) => `  - {type: ${type}, ports: [${port}]}`)
  .join('\n')}
${flows ? 'packetbeat.flows: {timeout: 30s, period: 10s}' : ''}
path: {data: ${out}/data, logs: ${out}/logs}
output.file: {path: ${out}/events, rotate_every_kb: 10000000}
`,
      { mode: 0o600 },
    )
    const usage = measured([process.execPath, join(root, 'dist/cli.js'), 'run', '-c', config, '-I', file])
    return { ...usage, events: transactions(join(out, 'events')) }
  } finally {
    rmSync(out, { recursive: true })
  }
}

function transactions(events: string): number {
  const files = readdirSync(events).map((name) => join(events, name))
  return files.reduce(
    (sum, file) => sum + Number(execFileSync('sh', ['-c', `grep -vc '"type":"flow"' ${file} || true`])),
    0,
  )
}

const all = captures()
const problems: string[] = []
/** Microseconds of CPU that a transaction of Redis takes, with flows off and on. */
const redis: Record<string, number> = {}
console.log('capture     flows   transactions/CPU-s   packets/CPU-s   peak MB   CPU/tcpdump (min-max)')
for (const name of names)
  for (const flows of [false, true]) {
    const { file, packets, transactions: least, at_most: most } = all.get(name) as Capture
    const path = join(directory, file)
    const runs = Array.from({ length: Number(values.pairs) }, () => {
      const tcpdump = measured(['tcpdump', '-n', '-r', path])
      return { tcpdump, ours: ours(path, flows) }
    })
    const ratios = runs.map((run) => run.ours.cpu / run.tcpdump.cpu)
    const cpu = median(runs.map((run) => run.ours.cpu))
    const megabytes = Math.max(...runs.map((run) => run.ours.peak)) / 1024
    const { events } = (runs[0] as (typeof runs)[0]).ours
    const ratio = median(ratios)
    const each = (cpu / events) * 1e6
    if (name === 'redis') redis[String(flows)] = each
    const overRedis = each / (redis[String(flows)] ?? Number.NaN)
    console.log(
      [
        name.padEnd(11),
        (flows ? 'on' : 'off').padEnd(5),
        Math.round(events / cpu)
          .toLocaleString('en')
          .padStart(20),
        Math.round(packets / cpu)
          .toLocaleString('en')
          .padStart(15),
        megabytes.toFixed(0).padStart(9),
        `${ratio.toFixed(2).padStart(13)} (${ratios[0]?.toFixed(2)}-${ratios.at(-1)?.toFixed(2)})`,
        ...(targets[name]?.redis === undefined ? [] : [`${overRedis.toFixed(2)} of Redis`]),
      ].join(' '),
    )
    if (events < least || events > most + (targets[name]?.sessions ?? 0))
      problems.push(`${name}: ${events} events, not ${least} to ${most}`)
    const target = targets[name]
    if (flows || target === undefined) continue
    if (target.ratio !== undefined && ratio > target.ratio)
      problems.push(`${name}: ${ratio.toFixed(2)} of tcpdump's CPU, not ${target.ratio}`)
    if (target.redis !== undefined && overRedis > target.redis)
      problems.push(`${name}: ${overRedis.toFixed(2)} of the CPU of Redis, not ${target.redis}`)
    if (megabytes > target.megabytes)
      problems.push(`${name}: ${megabytes.toFixed(0)} MB, not ${target.megabytes}`)
  }
for (const problem of problems) console.log(problem)
if (values.check && problems.length > 0) process.exitCode = 1
