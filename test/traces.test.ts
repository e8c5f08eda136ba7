// Every capture in test/traces gives the events beside it, run through the whole program. After a change that is meant,
// UPDATE=1 writes them anew; look at the difference before it is committed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const traces = join(import.meta.dirname, 'traces')
const cli = join(import.meta.dirname, '../dist/cli.js')

const captures = readdirSync(traces, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.pcap'))
  .sort()

/** What names the machine or the package, never the traffic. */
const passing = ['agent', 'host', '@metadata']

function eventsOf(capture: string): Record<string, unknown>[] {
  // No configuration: every protocol on its usual ports, and flows.
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, 'run', '-I', join(traces, capture)], {
    encoding: 'utf8',
    cwd: traces,
    maxBuffer: 1 << 26,
  })
  assert.equal(status, 0, stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const event = JSON.parse(line) as Record<string, unknown>
      for (const name of passing) delete event[name]
      return event
    })
}

describe('traces', () => {
  for (const capture of captures)
    it(capture, () => {
      const expected = join(traces, capture.replace('.pcap', '.expected.json'))
      const events = eventsOf(capture)
      if (process.env.UPDATE || !existsSync(expected))
        writeFileSync(expected, `[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]\n`)
      assert.deepEqual(events, JSON.parse(readFileSync(expected, 'utf8')))
    })
})
