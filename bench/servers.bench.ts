// What it costs to bring HTTP events to Logstash and to Redis: CPU time of this process alone, the text's making apart. The
// servers are processes of their own: the receiver of go-lumber (which only counts) and redis-server.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { discard } from '../lib/outputs/discard/index.js'
import { logstash } from '../lib/outputs/logstash/index.js'
import type { OutputPlugin } from '../lib/outputs/output.js'
import { redis } from '../lib/outputs/redis/index.js'
import { Pipeline } from '../lib/pipeline/pipeline.js'
import { receiver } from '../test/live/support/lumberjack.js'
import { analyse } from '../test/support/analyse.js'
import { outputContext } from '../test/support/output-context.js'

const EVENTS = 200_000
const LUMBERJACK = 45044
const REDIS = 46379

const children: ChildProcess[] = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

async function serve(port: number, program: string, ...words: string[]): Promise<void> {
  const child = spawn(program, words, { stdio: 'ignore' })
  children.push(child)
  child.on('error', (error) => {
    console.error(`${program}: ${error.message}`)
    process.exit(1)
  })
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1')
      socket.on('connect', () => resolve(socket.destroy() !== undefined)).on('error', () => resolve(false))
    })
  while (!(await listens())) await sleep(50)
}

/** Events as they are, a number put into each so that none compresses as a copy of the one before. */
async function texts(): Promise<string[]> {
  const lines: string[] = []
  const trace = join(import.meta.dirname, '../test/traces/http/curl-nginx.pcap')
  await analyse(trace, {
    flows: false,
    text: (text) => lines.push(...text.toString().split('\n').slice(0, -1)),
  })
  const place = '"type":"http",'
  const parts = lines.filter((line) => line.includes(place)).map((line) => line.split(place))
  return Array.from({ length: 4096 }, (_, number) => {
    const [before, ...after] = parts[number % parts.length] as string[]
    return `${before}${place}"number":"${(number * 2654435761) % 4294967296}",${after.join(place)}`
  })
}

async function measure(
  name: string,
  plugin: OutputPlugin,
  options: object,
  events: string[],
): Promise<number> {
  const parsed = plugin.options.parse(options)
  const context = outputContext()
  const pipeline = new Pipeline({
    output: await plugin.open(parsed, context),
    wants: 'text',
    queue: { events: 3200, flush: { min_events: 1600, timeout: 10e9 } },
    delivery: plugin.delivery?.(parsed),
    log: { info: () => undefined, warn: console.error },
    ended: (failure) => console.error(failure),
  })
  const sink = pipeline.sink('wait')
  // Opening the connection and loading a library belong to no event.
  sink.text(events[0] as string)
  pipeline.flush()
  while (pipeline.counters()['pipeline.events.acked'] === 0) await sleep(5)
  const before = process.cpuUsage()
  const start = performance.now()
  for (let number = 0; number < EVENTS; number++) {
    sink.text(events[number % events.length] as string)
    if (pipeline.pressure()) await pipeline.drained()
  }
  while ((pipeline.counters()['pipeline.events.acked'] as number) < EVENTS) {
    pipeline.flush()
    await sleep(1)
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - start) / 1e3
  await pipeline.close()
  const cost = (user + system) / EVENTS
  console.log(
    `${name}: ${cost.toFixed(2)} µs of CPU per event (user ${(user / EVENTS).toFixed(2)}, system ${(system / EVENTS).toFixed(2)}), ` +
      `${Math.round(1e6 / cost)} events per CPU second, ${Math.round(EVENTS / seconds)} per second`,
  )
  return cost
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
await serve(LUMBERJACK, await receiver(), '-l', `127.0.0.1:${LUMBERJACK}`, '-count')
const memory = ['--maxmemory', '2gb']
await serve(
  REDIS,
  'redis-server',
  '--port',
  String(REDIS),
  '--bind',
  '127.0.0.1',
  '--save',
  '',
  '--dir',
  folder,
  ...memory,
)

const events = await texts()
console.log(
  `${EVENTS} events of ${Math.round(events.reduce((sum, { length }) => sum + length, 0) / events.length)} bytes`,
)
for (let round = 0; round < 2; round++) {
  await measure('discard', discard, {}, events)
  const hosts = [`127.0.0.1:${LUMBERJACK}`]
  for (const compression_level of [0, 1, 3])
    await measure(
      `logstash, compression_level ${compression_level}`,
      logstash,
      { hosts, compression_level },
      events,
    )
  const server = { hosts: [`127.0.0.1:${REDIS}`] }
  await measure('redis, list', redis, server, events)
  execFileSync('redis-cli', ['-p', String(REDIS), 'FLUSHALL'], { stdio: 'ignore' })
  await measure('redis, channel', redis, { ...server, datatype: 'channel' }, events)
}
process.exit(0)
