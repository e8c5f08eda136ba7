import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, describe, it } from 'node:test'
import { analyse, collectGarbage, type Event } from '../support/analyse.js'
import { corpus, isOurs, noCorpus } from '../support/corpus.js'
import { broken } from '../support/invariants.js'
import { cutEverywhere, type Mutation, mutations, random, recutCapture } from '../support/mutations.js'
import { traceFolder, traces } from '../support/traces.js'

const folder = mkdtempSync(join(tmpdir(), 'mutations-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'mutation.pcap')

// CPU time of what is asked of one capture: a fixed part, and the same for each byte.
const SECONDS = 2
const SECONDS_PER_MEGABYTE = 4

/** What goes wrong with captures that are made worse. */
async function problemsOf(
  which: string,
  worse: Iterable<Mutation>,
  ports: Readonly<Record<string, readonly number[]>> = {},
): Promise<{ runs: number; problems: string[] }> {
  const problems: string[] = []
  let runs = 0
  for (const { name, bytes } of worse) {
    writeFileSync(file, bytes)
    let events = 0
    const start = process.cpuUsage()
    const analysis = await analyse(file, { ports, event: () => events++ })
    const { user, system } = process.cpuUsage(start)
    const found = broken(analysis)
    const flows = analysis.counters['flows.reported'] ?? 0
    if (events - flows > bytes.length / 4 + 16) found.push(`${events} events of ${bytes.length} bytes`)
    const seconds = (user + system) / 1e6
    if (seconds > SECONDS + (SECONDS_PER_MEGABYTE * bytes.length) / 1e6) found.push(`took ${seconds} s`)
    problems.push(...found.map((problem) => `${which}, ${name}: ${problem}`))
    if (runs++ % 50 === 0) collectGarbage()
  }
  return { runs, problems }
}

describe('our own captures, made worse', { timeout: 300_000 }, () => {
  for (const trace of traces()) {
    const name = relative(traceFolder, trace)
    const bytes = readFileSync(trace)
    it(`${name}, damaged in every way, breaks nothing`, async () => {
      const { runs, problems } = await problemsOf(name, mutations(bytes, 1, 3))
      assert.ok(runs > 40)
      assert.deepEqual(problems, [])
    })

    it(`${name}, cut before and in its packets, breaks nothing`, async () => {
      const { runs, problems } = await problemsOf(name, cutEverywhere(bytes, 40))
      assert.ok(runs > 10)
      assert.deepEqual(problems, [])
    })
  }
})

describe('TCP segments cut in other places', { timeout: 120_000 }, () => {
  for (const trace of traces())
    it(`${relative(traceFolder, trace)} has the same transactions`, async () => {
      const transactions = async (path: string) => {
        const events: Event[] = []
        assert.deepEqual(
          broken(await analyse(path, { flows: false, event: (event) => events.push(event) })),
          [],
        )
        return events
      }
      const expected = await transactions(trace)
      const bytes = readFileSync(trace)
      for (const size of [1, 2, 3, 5, 7, 13, 100]) {
        const cut = recutCapture(bytes, size)
        assert.ok(cut !== undefined)
        writeFileSync(file, cut)
        assert.deepEqual(await transactions(file), expected, `segments of ${size} bytes`)
      }
    })
})

describe('independent captures, made worse', { skip: noCorpus, timeout: 300_000 }, () => {
  it('break nothing', async () => {
    // Those that have what we decode and are small enough for many rounds; the same ones until the index changes.
    const fit = corpus().filter((capture) => capture.packets <= 300 && isOurs(capture))
    const below = random(7)
    const problems: string[] = []
    let runs = 0
    for (let i = 0; i < 40; i++) {
      const [capture] = fit.splice(below(fit.length), 1)
      if (capture === undefined) break
      const result = await problemsOf(
        capture.name,
        mutations(readFileSync(capture.path), i, 1),
        capture.ports,
      )
      runs += result.runs
      problems.push(...result.problems)
    }
    assert.ok(runs > 300, `${runs}`)
    assert.deepEqual(problems, [])
  })
})
