// Reads the HTTP benchmark capture with each output, in turn with `discard`, and prints what the output side costs: events
// per CPU second beside decoding, and the share of decoding's CPU time. Then the peak memory while an output takes nothing.
//
//   npm run bench:outputs -- [--captures DIR] [--pairs 3] [--check] [name...]
//
// The servers are processes of their own: sinks that only acknowledge for Elasticsearch and Kafka, the receiver of go-lumber
// and redis-server. --check: exit 1 where an output costs more than decoding, or the memory is over 150 MB.
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { receiver } from '../test/live/support/lumberjack.js'
import { measured, median, type Usage } from './measured.js'

const root = join(import.meta.dirname, '..')
const cli = join(root, 'dist/cli.js')
const maker = join(root, '../shared/performance/make-captures.sh')
const MOST_MEGABYTES = 150
const ports = { elasticsearch: 49200, logstash: 45044, redis: 46379, silent: 49201 }

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  allowPositionals: true,
  options: {
    captures: { type: 'string', default: join(tmpdir(), 'packetbeat-native-captures') },
    pairs: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
  },
})
const file = join(values.captures, 'http.pcap')
if (!existsSync(file)) execFileSync(maker, [values.captures, 'http'], { stdio: 'inherit' })

const home = mkdtempSync(join(tmpdir(), 'bench-outputs-'))
const children: ChildProcess[] = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

async function serve(port: number, program: string, ...words: string[]): Promise<void> {
  children.push(spawn(program, words, { stdio: 'ignore' }))
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1')
      socket.on('connect', () => resolve(socket.destroy() !== undefined)).on('error', () => resolve(false))
    })
  while (!(await listens())) await sleep(50)
}

/** The fake broker of the Kafka benchmark; answers its port. */
async function kafkaSink(): Promise<number> {
  const sink = fork(join(root, 'bench/kafka.bench.ts'), ['sink'], { execArgv: ['--import', 'tsx'] })
  children.push(sink)
  return new Promise((resolve) => sink.once('message', (port) => resolve(port as number)))
}

const local = (port: number) => `hosts: ["127.0.0.1:${port}"]`
const outputs: Record<string, string> = {
  file: `{path: ${home}/events, rotate_every_kb: 10000000, number_of_files: 2}`,
  elasticsearch: `{${local(ports.elasticsearch)}}`,
  logstash: `{${local(ports.logstash)}}`,
  redis: `{${local(ports.redis)}}`,
  kafka: '',
}

/** The whole program over the capture. */
function run(
  name: string,
  options: string,
  more: readonly string[] = [],
  { allowed = [0], before = [] }: { allowed?: readonly number[]; before?: readonly string[] } = {},
): Usage {
  const settings = [
    'packetbeat.protocols=[{type: http, ports: [80]}]',
    'setup.template.enabled=false',
    'setup.ilm.enabled=false',
    `path.data=${home}/data`,
    `path.logs=${home}/logs`,
    'logging.to_files=false',
    `output.${name}=${options}`,
    ...more,
  ].flatMap((setting) => ['-E', setting])
  return measured(
    [
      ...before,
      process.execPath,
      cli,
      'run',
      '-c',
      '/dev/null',
      ...settings,
      '-I',
      file,
      '--strict.perms=false',
    ],
    allowed,
  )
}

const problems: string[] = []

function compare(name: string, options: string, events: number, more: readonly string[] = []): void {
  const pairs = Array.from({ length: Number(values.pairs) }, () => ({
    decoding: run('discard', '{}').cpu,
    whole: run(name, options, more),
  }))
  const shares = pairs.map(({ decoding, whole }) => (whole.cpu - decoding) / decoding)
  const cost = median(pairs.map(({ decoding, whole }) => whole.cpu - decoding))
  const share = median(shares)
  const megabytes = Math.max(...pairs.map(({ whole }) => whole.peak)) / 1024
  const title = more.length === 0 ? name : `${name}, ${more.join(', ')}`
  console.log(
    [
      title.padEnd(52),
      `${Math.round(events / Math.max(cost, 1e-9))
        .toLocaleString('en')
        .padStart(12)} events/CPU-s`,
      `${((cost / events) * 1e6).toFixed(1).padStart(6)} µs`,
      `${share.toFixed(2).padStart(6)} of decoding (${shares[0]?.toFixed(2)}-${shares.at(-1)?.toFixed(2)})`,
      `${megabytes.toFixed(0).padStart(5)} MB`,
    ].join(' '),
  )
  if (share > 1) problems.push(`${title}: costs ${share.toFixed(2)} of decoding`)
}

/** How many events the capture has. */
function count(): number {
  const out = `${home}/count`
  run('file', `{path: ${out}, rotate_every_kb: 10000000}`)
  return Number(execFileSync('sh', ['-c', `cat ${out}/* | wc -l`], { encoding: 'utf8' }))
}

/** Peak memory while the server takes what is sent and says nothing: for twelve seconds, and while the run ends. */
function silent(more: readonly string[]): void {
  const { peak } = run(
    'elasticsearch',
    `{${local(ports.silent)}}`,
    ['packetbeat.shutdown_timeout=1s', ...more],
    {
      allowed: [0, 6],
      before: ['timeout', '--foreground', '--preserve-status', '--signal=INT', '12'],
    },
  )
  const megabytes = peak / 1024
  console.log(`${['nothing is taken', ...more].join(', ').padEnd(52)} ${megabytes.toFixed(0)} MB`)
  if (megabytes > MOST_MEGABYTES) problems.push(`${megabytes.toFixed(0)} MB with a full queue`)
}

const mute = `require('net').createServer((s) => s.resume().on('error', () => {})).listen(${ports.silent}, '127.0.0.1')`
await serve(ports.silent, process.execPath, '-e', mute)
await serve(
  ports.elasticsearch,
  process.execPath,
  '--import',
  'tsx',
  join(root, 'bench/bulk-sink.ts'),
  String(ports.elasticsearch),
)
await serve(ports.logstash, await receiver(), '-l', `127.0.0.1:${ports.logstash}`)
await serve(ports.redis, 'redis-server', '--port', String(ports.redis), '--bind', '127.0.0.1', '--save', '')
outputs.kafka = `{${local(await kafkaSink())}, topic: events}`
const events = count()
console.log(`${events} events`)
const names = positionals.length > 0 ? positionals : Object.keys(outputs)
for (const name of names) {
  compare(name, outputs[name] as string, events)
  if (name === 'redis') execFileSync('redis-cli', ['-p', String(ports.redis), 'FLUSHALL'])
}
if (names.includes('file')) compare('file', outputs.file as string, events, ['queue.disk.max_size=1GB'])
silent([])
silent(['queue.disk.max_size=10MB'])
for (const problem of problems) console.log(`PROBLEM ${problem}`)
process.exit(values.check && problems.length > 0 ? 1 : 0)
