// Replays a benchmark capture over a veth pair to the program capturing live, and prints a line per rate: what came
// in, what was captured, what the kernel dropped for want of room, the transactions written, CPU time and memory.
//
//   npm run bench:live -- [--captures DIR] [--rates 250000,topspeed] [--engine af_packet] [--buffer MB] [--flows]
//     [--scale 1] [--check] [name]
//
// Needs root and ../shared/performance, whose live-replay.sh makes the namespace, and whose make-captures.sh fills DIR
// when it lacks the capture (at --scale; 0.1 is enough for CI). --check: exit 1 when a packet is lost or a transaction
// missing at a rate, or when the counters do not account for every packet at any speed. On a machine that does something else as well, losses say
// little: the replay keeps one core busy, and a ring of 64 MB holds less than half a second of it.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
const performance = join(root, '../shared/performance')
const ports: Record<string, [string, number]> = {
  http: ['http', 80],
  redis: ['redis', 6379],
  dns: ['dns', 53],
  conns100k: ['http', 80],
}

interface Recorded {
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
    rates: { type: 'string', default: '250000,topspeed' },
    engine: { type: 'string', default: 'af_packet' },
    buffer: { type: 'string', default: '' },
    flows: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
  },
})
const name = positionals[0] ?? 'http'

/** The capture and what is known of it; made when it is missing. */
function recorded(): Recorded {
  const path = join(values.captures, `${name}.pcap`)
  const maker = join(performance, 'make-captures.sh')
  if (!existsSync(maker))
    throw new Error(`needs ${performance}, with its live-replay.sh and make-captures.sh`)
  if (!existsSync(path))
    execFileSync(maker, [values.captures, name], {
      stdio: 'inherit',
      env: { ...process.env, SCALE: values.scale },
    })
  const rows = JSON.parse(readFileSync(join(values.captures, 'captures.json'), 'utf8')) as Recorded[]
  const found = rows.find(({ file }) => file === `${name}.pcap`)
  if (found === undefined) throw new Error(`captures.json does not tell of ${name}`)
  return found
}

interface Replayed {
  /** Packets a second. */
  rate: number
  received: number
  counters: Record<string, number>
  events: number
  cpu: string
  memory: string
}

/** Sends the capture at `rate` to the program, which reads it from the other end. */
function replay(capture: string, rate: string): Replayed {
  const home = mkdtempSync(join(tmpdir(), 'live-bench-'))
  try {
    const config = join(home, 'packetbeat.yml')
    const log = join(home, 'log')
    const [type, port] = ports[name] ?? ['http', 80]
    const settings = {
      packetbeat: {
        interfaces: {
          type: values.engine,
          ...(values.buffer === '' ? {} : { buffer_size_mb: Number(values.buffer) }),
        },
        protocols: [{ type, ports: [port] }],
        ...(values.flows ? { flows: { timeout: '30s', period: '10s' } } : {}),
      },
      output: { file: { path: join(home, 'events'), rotate_every_kb: 10_000_000 } },
      path: { data: join(home, 'data'), logs: join(home, 'logs') },
    }
    writeFileSync(config, JSON.stringify(settings), { mode: 0o600 })
    const program = `exec ${process.execPath} ${join(root, 'dist/cli.js')} run -c ${config} -e -E packetbeat.interfaces.device=$IFACE 2>${log}`
    const ran = spawnSync(
      join(performance, 'live-replay.sh'),
      ['--delay', '4', capture, rate, '--', 'sh', '-c', program],
      { encoding: 'utf8', timeout: 300_000 },
    )
    const said = readFileSync(log, 'utf8').trim().split('\n')
    if (ran.status !== 0) throw new Error(`${ran.stdout}${ran.stderr}${said.slice(-5).join('\n')}`)
    const number = (pattern: RegExp) => Number(pattern.exec(ran.stdout)?.[1])
    const total = said.find((line) => line.includes('"Total metrics"'))
    return {
      rate: number(/^rate +(\d+)/m),
      received: number(/^interface +(\d+)/m),
      counters: JSON.parse(total ?? '{}')['monitoring.metrics'] ?? {},
      events: transactions(join(home, 'events')),
      cpu: /([\d.]+) CPU s/.exec(ran.stdout)?.[1] ?? '?',
      memory: /(\d+) MB at the peak/.exec(ran.stdout)?.[1] ?? '?',
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function transactions(folder: string): number {
  const count = (file: string) =>
    Number(spawnSync('grep', ['-vc', '"type":"flow"', join(folder, file)], { encoding: 'utf8' }).stdout)
  return readdirSync(folder).reduce((sum, file) => sum + count(file), 0)
}

const { file, transactions: least, at_most: most } = recorded()
const problems: string[] = []
console.log(
  'rate asked   packets/s    received    captured     dropped    filtered   transactions   CPU s   peak MB',
)
for (const rate of values.rates.split(',')) {
  const { rate: reached, received, counters, events, cpu, memory } = replay(join(values.captures, file), rate)
  const captured = counters['capture.packets'] ?? 0
  const dropped = counters['capture.kernel_dropped'] ?? 0
  const offered = counters['capture.kernel_packets'] ?? 0
  const filtered = received - offered
  const columns = [reached, received, captured, dropped, filtered].map((n) =>
    n.toLocaleString('en').padStart(10),
  )
  console.log(
    `${rate.padEnd(10)}  ${columns.join('  ')}  ${events.toLocaleString('en').padStart(13)}  ${cpu.padStart(6)}  ${memory.padStart(8)}`,
  )
  if (captured + dropped !== offered || filtered < 0 || (values.flows && filtered > 0))
    problems.push(
      `${rate}: ${captured} captured and ${dropped} dropped are not the ${offered} of ${received}`,
    )
  for (const loss of ['pipeline.events.dropped', `${name}.defects`])
    if (counters[loss]) problems.push(`${rate}: ${loss} is ${counters[loss]}`)
  if (rate === 'topspeed') continue
  if (dropped > 0) problems.push(`${rate}: ${dropped} packets were lost`)
  if (events < least || events > most)
    problems.push(`${rate}: ${events} transactions instead of ${least} to ${most}`)
}
for (const problem of problems) console.log(`! ${problem}`)
if (values.check && problems.length > 0) process.exitCode = 1
