import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { cli, notBuilt } from '../support/command.js'
import { traceFolder } from '../support/traces.js'

const folder = mkdtempSync(join(tmpdir(), 'memory-'))
after(() => rmSync(folder, { recursive: true }))

const tell = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS))`

/** Megabytes that a run takes at its height. */
function peak(capture: string, loops: number, flows: boolean): number {
  const { status, stderr, error } = spawnSync(
    process.execPath,
    [
      ...['--import', `data:text/javascript,${encodeURIComponent(tell)}`, cli],
      ...['run', '-I', capture, '-l', String(loops), '-E', 'output.discard='],
      ...['-E', `packetbeat.flows.enabled=${flows}`, '--path.home', folder],
    ],
    { encoding: 'utf8', timeout: 120_000 },
  )
  assert.equal(error, undefined)
  assert.equal(status, 0, stderr)
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024
}

/** The least of some runs: garbage collection has its moods, a leak has not. */
const least = (runs: number, measure: () => number) =>
  Math.min(...Array.from({ length: runs }, () => measure()))

// Where the benchmark keeps its captures; see bench/captures.bench.ts.
const large = ['packetbeat-native-captures', 'bench-captures']
  .map((name) => join(tmpdir(), name, 'redis.pcap'))
  .find((path) => existsSync(path))

describe('a capture twice as long takes no more memory:', { skip: notBuilt, timeout: 300_000 }, () => {
  const assertFlat = (capture: string, loops: number, flows: boolean) => {
    const once = least(3, () => peak(capture, loops, flows))
    const twice = least(3, () => peak(capture, 2 * loops, flows))
    assert.ok(twice < once * 1.05, `${once.toFixed(1)} MB, then ${twice.toFixed(1)} MB`)
  }

  it('our sample two thousand times, with flows', () => {
    assertFlat(join(traceFolder, 'sample.pcap'), 2000, true)
  })

  it('the Redis capture of the benchmark', { skip: large === undefined && 'npm run bench makes it' }, () => {
    assertFlat(large as string, 1, false)
  })
})
