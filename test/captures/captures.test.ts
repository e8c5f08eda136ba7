import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { isUserError } from '../../lib/errors.js'
import { type Analysis, analyse, collectGarbage } from '../support/analyse.js'
import { type Capture, corpus, noCorpus } from '../support/corpus.js'
import { broken } from '../support/invariants.js'

interface Read extends Analysis {
  capture: Capture
  /** CPU time of the whole process, so that a busy machine does not matter. */
  seconds: number
  events: number
}

/** Failures that a capture's description calls for: by code, the marks of INDEX.tsv one of which it must have. */
const expected: Readonly<Record<string, readonly string[]>> = {
  ERR_CAPTURE_LINK_TYPE: ['odd-linktype'],
  ERR_CAPTURE_FILE_FORMAT: ['not-a-capture'],
  ERR_CAPTURE_FILE_EMPTY: ['not-a-capture', 'no-packets'],
  ERR_CAPTURE_FILE_TRUNCATED: ['tshark-rejects'],
  ERR_CAPTURE_FILE_CORRUPT: ['tshark-rejects'],
}

// The largest takes half a second.
const MAX_SECONDS = 5
// Of one process that reads all 887, one after the other; it begins with 130.
const MAX_MEGABYTES = 450

describe('every independent capture, with all protocols and flows', {
  skip: noCorpus,
  timeout: 300_000,
}, () => {
  const all: Read[] = []
  const those = (wrong: (read: Read) => unknown) =>
    all.filter(wrong).map(({ capture, failure }) => `${capture.name}: ${failure?.message ?? 'no failure'}`)

  before(async () => {
    for (const capture of corpus()) {
      let events = 0
      const start = process.cpuUsage()
      const analysis = await analyse(capture.path, { ports: capture.ports, event: () => events++ })
      const { user, system } = process.cpuUsage(start)
      all.push({ ...analysis, capture, events, seconds: (user + system) / 1e6 })
      // Seldom, because it takes as long as reading a capture.
      if (all.length % 20 === 0) collectGarbage()
    }
  })

  it('is read without a crash, an exception or anything left over', () => {
    assert.ok(all.length > 800)
    const problems = all.flatMap((read) => broken(read).map((problem) => `${read.capture.name}: ${problem}`))
    assert.deepEqual(problems, [])
  })

  it('fails only where it is broken or of a link type we do not decode, and says so', () => {
    const isExpected = ({ failure, capture }: Read) =>
      isUserError(failure) && expected[failure.code]?.some((mark) => capture.odd.includes(mark))
    assert.deepEqual(
      those((read) => read.failure !== undefined && !isExpected(read)),
      [],
    )
    // None of those that no program can read passes for a good one.
    assert.deepEqual(
      those(({ failure, capture }) => failure === undefined && capture.odd.includes('not-a-capture')),
      [],
    )
  })

  it('has as many packets as tshark sees, and each is a copy or in one counter of the decoder', () => {
    const opened = all.filter(
      ({ failure }) => (failure as { code?: string })?.code !== 'ERR_CAPTURE_LINK_TYPE',
    )
    const wrong = opened.filter(({ counters, capture }) => {
      const packets = counters['capture.packets'] ?? 0
      const fates = ['decoded', 'fragments', 'not_ip', 'truncated', 'malformed', 'too_deep', 'unknown_link']
      const decoded = fates.reduce(
        (sum, fate) => sum + (counters[`decode.${fate}`] ?? 0),
        counters['copies.frames'] ?? 0,
      )
      return packets + (counters['file.unsupported'] ?? 0) !== capture.packets || decoded !== packets
    })
    assert.deepEqual(
      wrong.map(({ capture }) => capture.name),
      [],
    )
  })

  it('gives no more events than its packets can hold', () => {
    // A packet may hold many small messages (pipelined commands); each is some bytes, and each flow reports every ten
    // seconds of the capture.
    const most = ({ counters }: Read) =>
      (counters['capture.bytes'] ?? 0) / 4 +
      (counters['flows.reported'] ?? 0) +
      (counters['capture.packets'] ?? 0)
    assert.deepEqual(
      those((read) => read.events > most(read)),
      [],
    )
  })

  it('is over in bounded time and memory', () => {
    assert.deepEqual(
      those(({ seconds }) => seconds > MAX_SECONDS),
      [],
    )
    const megabytes = process.resourceUsage().maxRSS / 1024
    assert.ok(megabytes < MAX_MEGABYTES, `${megabytes.toFixed(0)} MB`)
  })
})
