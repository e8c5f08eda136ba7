// What it costs to bring HTTP events to Elasticsearch: CPU time of this process alone, beside `discard`. The server is a
// process of its own, which answers and keeps nothing.
import { spawn } from 'node:child_process'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { discard } from '../lib/outputs/discard/index.js'
import { elasticsearch } from '../lib/outputs/elasticsearch/index.js'
import type { OutputPlugin } from '../lib/outputs/output.js'
import { Pipeline } from '../lib/pipeline/pipeline.js'
import { analyse } from '../test/support/analyse.js'
import { outputContext } from '../test/support/output-context.js'

const EVENTS = 200_000
const PORT = 49200

const sink = spawn(process.execPath, [
  '--import',
  'tsx',
  join(import.meta.dirname, 'bulk-sink.ts'),
  String(PORT),
])
process.on('exit', () => sink.kill('SIGKILL'))
const listens = () =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(PORT, '127.0.0.1')
    socket.on('connect', () => resolve(socket.destroy() !== undefined)).on('error', () => resolve(false))
  })
while (!(await listens())) await sleep(50)

/** Events as they are, a number put into each so that none compresses as a copy of the one before. */
async function texts(): Promise<string[]> {
  const lines: string[] = []
  await analyse(join(import.meta.dirname, '../test/traces/http/curl-nginx.pcap'), {
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

async function measure(name: string, plugin: OutputPlugin, options: object, events: string[]): Promise<void> {
  const parsed = plugin.options.parse(options)
  const pipeline = new Pipeline({
    output: await plugin.open(parsed, outputContext()),
    wants: 'text',
    queue: { events: 3200, flush: { min_events: 1600, timeout: 10e9 } },
    delivery: plugin.delivery?.(parsed),
    log: { info: () => undefined, warn: console.error },
    ended: (failure) => console.error(failure),
  })
  const entrance = pipeline.sink('wait')
  const acked = () => pipeline.counters()['pipeline.events.acked'] as number
  // Opening the connection and loading a library belong to no event.
  entrance.text(events[0] as string)
  pipeline.flush()
  while (acked() === 0) await sleep(5)
  const before = process.cpuUsage()
  const start = performance.now()
  for (let number = 0; number < EVENTS; number++) {
    entrance.text(events[number % events.length] as string)
    if (pipeline.pressure()) await pipeline.drained()
  }
  while (acked() < EVENTS) {
    pipeline.flush()
    await sleep(1)
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - start) / 1e3
  await pipeline.close()
  const cost = (user + system) / EVENTS
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `${name}: ${cost.toFixed(2)} µs of CPU per event (user ${(user / EVENTS).toFixed(2)}, system ${(system / EVENTS).toFixed(2)}), ` +
      `${Math.round(1e6 / cost)} events per CPU second, ${Math.round(EVENTS / seconds)} per second, peak ${peak} MB`,
  )
}

const events = await texts()
const bytes = Math.round(events.reduce((sum, { length }) => sum + length, 0) / events.length)
console.log(`${EVENTS} events of ${bytes} bytes`)
const server = { hosts: [`127.0.0.1:${PORT}`] }
for (let round = 0; round < 2; round++) {
  await measure('discard', discard, {}, events)
  for (const compression_level of [0, 1, 5])
    await measure(
      `elasticsearch, compression_level ${compression_level}`,
      elasticsearch,
      { ...server, compression_level },
      events,
    )
  await measure(
    'elasticsearch, index by field',
    elasticsearch,
    { ...server, compression_level: 0, index: 'p-%{[type]}' },
    events,
  )
  await measure(
    'elasticsearch, four workers',
    elasticsearch,
    { ...server, compression_level: 0, worker: 4 },
    events,
  )
}
process.exit(0)
