import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { cli, root } from './needs.js'
import { type Network, write } from './network.js'
import { type Running, start } from './processes.js'

/** A capture with events of several protocols, and flows. */
const capture = join(root, 'test/traces/sample.pcap')

const protocols = [
  ...[{ type: 'dns', ports: [53] }, { type: 'http', ports: [80, 8080] }, { type: 'icmp' }],
  { type: 'redis', ports: [6379] },
]

export interface Delivered {
  status: number
  counters: Record<string, number>
  /** Messages of its log, warnings and worse. */
  warnings: string[]
}

/** Reads the capture `loops` times, and sends its events to an output. */
export function deliver(
  network: Network,
  output: Readonly<Record<string, unknown>>,
  loops: number,
): { running: Running; done: Promise<Delivered> } {
  const home = folder()
  // JSON is YAML.
  const config = JSON.stringify({
    packetbeat: { flows: {}, protocols },
    output,
    name: 'live',
    path: { data: shared(), logs: home },
    // Small, so that the capture is still under way when something happens: at its end, tries are few.
    queue: { mem: { events: 200, flush: { min_events: 100 } } },
    logging: { to_stderr: true },
  })
  const file = write(join(home, 'packetbeat.yml'), config)
  const words = ['run', '-c', file, '-e', '-I', capture, '-l', String(loops)]
  const running = start(network.client, [process.execPath, cli, ...words])
  return { running, done: running.ended.then((status) => ({ status, ...logOf(running.stderr()) })) }
}

function logOf(text: string): Pick<Delivered, 'counters' | 'warnings'> {
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  const entries = lines.map((line) => JSON.parse(line))
  const total = entries.find(({ message }) => message === 'Total metrics')
  const warnings = entries.filter((entry) => entry['log.level'] !== 'info').map(({ message }) => message)
  // What it says without a log is an end it did not plan.
  const others = text.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  return { counters: total?.['monitoring.metrics'] ?? {}, warnings: [...warnings, ...others] }
}

let data: string | undefined
// The same `agent.id` in all runs.
const shared = (): string => (data ??= folder())

const written = new Map<number, string[]>()

/** The lines that the file output writes of the same capture. */
export async function expected(network: Network, loops: number): Promise<string[]> {
  const known = written.get(loops)
  if (known !== undefined) return known
  const path = join(folder(), 'events')
  const { status } = await deliver(network, { file: { path, rotate_every_kb: 1_000_000 } }, loops).done
  assert.equal(status, 0)
  const lines = readdirSync(path).flatMap((name) =>
    readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1),
  )
  assert.ok(lines.length > loops)
  written.set(loops, lines)
  return lines
}

const counted = (lines: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

/** Every line came, as often as it was written and once. */
export function allOnce(came: readonly string[], lines: readonly string[]): void {
  assert.equal(came.length, lines.length)
  assert.deepEqual([...came].sort(), [...lines].sort())
}

/** No line is missing, none is strange, and no more came twice than were sent once more. Returns how many came twice. */
export function allAtLeastOnce(
  came: readonly string[],
  lines: readonly string[],
  { counters, status }: Delivered,
): number {
  assert.equal(status, 0)
  for (const lost of ['dropped', 'abandoned', 'rejected'])
    assert.equal(counters[`pipeline.events.${lost}`], undefined, lost)
  assert.equal(counters['pipeline.events.acked'], lines.length)
  const counts = counted(came)
  for (const [line, count] of counted(lines)) {
    const times = counts.get(line) ?? 0
    assert.ok(times >= count, `${count - times} are missing of: ${line.slice(0, 1000)}`)
    counts.delete(line)
  }
  assert.deepEqual([...counts.keys()], [], 'strange lines')
  const twice = came.length - lines.length
  assert.ok(twice <= (counters['pipeline.events.retried'] ?? 0), `${twice} came twice`)
  return twice
}

/** It ended well, without a warning. */
export function wentWell({ status, warnings, counters }: Delivered, events: number): void {
  assert.deepEqual(warnings, [])
  assert.equal(status, 0)
  assert.equal(counters['pipeline.events.acked'], events)
  assert.equal(counters['pipeline.events.retried'], undefined)
}
