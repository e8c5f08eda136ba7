// What the way from an event's text into a file costs: events and their CPU time, the text's making included and apart.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discard } from '../lib/outputs/discard/index.js'
import { file } from '../lib/outputs/file/index.js'
import type { Output } from '../lib/outputs/output.js'
import { Pipeline } from '../lib/pipeline/pipeline.js'
import { outputContext } from '../test/support/output-context.js'

const EVENTS = 300_000
const context = outputContext()

// Made of pieces, as the writers make them: flattening is a part of the price.
const prefix = `{"@timestamp":"2024-01-01T00:00:00.000Z","agent":{"name":"bench"},"note":"${'x'.repeat(900)}"`
const event = (number: number): string =>
  `${prefix},"network":{"bytes":${number}},"query":"GET /item/${number}"}`

async function measure(name: string, open: () => Promise<Output>): Promise<number> {
  const output = await open()
  const queue = { events: 3200, flush: { min_events: 1600, timeout: 10e9 } }
  const ended = (failure: Error | undefined) => console.error(failure)
  const pipeline = new Pipeline({ output, wants: 'text', queue, log: context.log, ended })
  const sink = pipeline.sink('wait')
  const before = process.cpuUsage()
  let bytes = 0
  for (let number = 0; number < EVENTS; number++) {
    const text = event(number)
    bytes += text.length + 1
    sink.text(text)
  }
  await pipeline.close()
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `${name}: ${Math.round((seconds / EVENTS) * 1e9)} ns/event (user ${(user / 1e6).toFixed(2)} s, system ${(system / 1e6).toFixed(2)} s), ` +
      `${Math.round(bytes / seconds / 1e6)} MB per CPU-second, peak ${peak} MB`,
  )
  return seconds
}

function floor(): void {
  const buffer = Buffer.alloc(1 << 20) as Buffer & { utf8Write(text: string, at: number): number }
  const before = process.cpuUsage()
  let at = 0
  for (let number = 0; number < EVENTS; number++) {
    if (at > buffer.length - 4096) at = 0
    at += buffer.utf8Write(event(number), at)
  }
  const { user, system } = process.cpuUsage(before)
  console.log(`text and utf8Write alone: ${Math.round(((user + system) / EVENTS) * 1e3)} ns/event`)
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
for (let round = 0; round < 3; round++) {
  floor()
  await measure('discard', () => discard.open({}, context))
  const options = file.options.parse({ path: join(folder, String(round)), rotate_every_kb: 10_000_000 })
  await measure('file   ', () => file.open(options, context))
  rmSync(join(folder, String(round)), { recursive: true })
}
rmSync(folder, { recursive: true })
