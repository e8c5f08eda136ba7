// What a queue costs: events per second of CPU through the one in memory and the one on disk, written and acknowledged;
// and the memory of the process while the one on disk is full. The output takes everything at once, over a lane.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
// The heap as the command has it.
import '../lib/cli/heap.js'
import { NOTHING_LEFT, type Output } from '../lib/outputs/output.js'
import { DiskQueue } from '../lib/pipeline/disk/disk-queue.js'
import { Pipeline } from '../lib/pipeline/pipeline.js'
import { outputContext } from '../test/support/output-context.js'

const EVENTS = 300_000
const { log } = outputContext()
const prefix = `{"@timestamp":"2024-01-01T00:00:00.000Z","agent":{"name":"bench"},"note":"${'x'.repeat(900)}"`
const event = (number: number): string =>
  `${prefix},"network":{"bytes":${number}},"query":"GET /item/${number}"}`

const queue = { events: 3200, flush: { min_events: 1600, timeout: 10e9 } }

const openDisk = (path: string, maxSize: number) =>
  DiskQueue.open({
    path,
    maxSize,
    segmentSize: maxSize / 10,
    readAhead: 512,
    writeAhead: 2048,
    retry: { init: 1000, longest: 30_000 },
    batchEvents: 1600,
    gives: 'text',
    log: { info: () => undefined, warn: console.error },
  })

const output = (send: () => Promise<typeof NOTHING_LEFT>): Output => ({
  lanes: [{ name: 'bench', send }],
  close: async () => undefined,
})

function piped(to: Output, disk: DiskQueue | undefined): Pipeline {
  return new Pipeline({ output: to, wants: 'text', queue, disk, log, ended: console.error })
}

async function through(name: string, disk: DiskQueue | undefined): Promise<void> {
  const pipeline = piped(
    output(async () => NOTHING_LEFT),
    disk,
  )
  const sink = pipeline.sink('wait')
  const before = process.cpuUsage()
  const start = performance.now()
  for (let number = 0; number < EVENTS; number++) {
    sink.text(event(number))
    // As a capture does, batch by batch.
    if (number % 500 === 0) await (pipeline.pressure() ? pipeline.drained() : turn())
  }
  await pipeline.close()
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  console.log(
    `${name}: ${Math.round(EVENTS / seconds)} events per CPU-second, ${Math.round((seconds / EVENTS) * 1e9)} ns/event ` +
      `(user ${(user / 1e6).toFixed(2)} s, system ${(system / 1e6).toFixed(2)} s, ${Math.round(performance.now() - start)} ms)`,
  )
}

/** A server that is away: the queue fills up to its limit, and a live capture drops. */
async function full(path: string): Promise<void> {
  let most = 0
  const disk = await openDisk(path, 200e6)
  const pipeline = piped(
    output(() => Promise.reject(new Error('away'))),
    disk,
  )
  const sink = pipeline.sink('drop')
  const dropped = () => pipeline.counters()['pipeline.events.dropped'] as number
  for (let number = 0; dropped() < 100_000; number++) {
    sink.text(event(number))
    if (number % 500 !== 0) continue
    await turn()
    most = Math.max(most, process.memoryUsage.rss())
  }
  await sleep(100)
  const { 'queue.disk.bytes': bytes, 'queue.disk.events': events } = pipeline.counters()
  console.log(
    `full: ${events} events in ${Math.round((bytes as number) / 1e6)} MB on disk; the process took ${Math.round(most / 1e6)} MB at most`,
  )
  await pipeline.close(100)
}

const folder = mkdtempSync(join(tmpdir(), 'bench-queue-'))
try {
  const only = process.argv[2]
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < 2e9) throw new Error('the benchmark needs 2 GB of room')
  if (only === 'full') await full(join(folder, 'full'))
  else
    for (let round = 0; round < 3; round++) {
      await through('memory', undefined)
      await through('disk  ', await openDisk(join(folder, String(round)), 1e9))
    }
} finally {
  rmSync(folder, { recursive: true })
}
