import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { defineOutput, type Lane, NOTHING_LEFT, type OutputPlugin } from '../../lib/outputs/output.js'
import { guardOutput } from '../../lib/plugins/guard-output.js'
import { pipelineTo } from '../pipeline/fake-output.js'
import { notBuilt } from '../support/command.js'
import { outputContext } from '../support/output-context.js'
import { traceFolder } from '../support/traces.js'
import { type Ran, ran } from './support.js'

/**
 * The module of a plug-in with one output, which keeps what it has taken. `output`: members of what `open` answers, over
 * those that work; `plugin`: members of the plug-in.
 */
const output = (output_: string, plugin = ''): string => `
import { NOTHING_LEFT, OutputEnded, UserError, z } from 'packetbeat-native'
const taken = (globalThis.taken = [])
const take = (batch) => {
  taken.push(...batch.bytes.toString('utf8', 0, batch.length).split('\\n').slice(0, -1))
  return NOTHING_LEFT
}
let tries = 0
export default {
  outputs: [
    {
      name: 'own',
      title: 'a list',
      options: z.strictObject({}),
      wants: () => 'text',
      delivery: () => ({ maxRetries: 3, backoff: { init: 1, max: 1 } }),
      open: async (options, context) => ({
        lanes: [{ name: 'list', send: async (batch) => take(batch) }],
        close: async () => undefined,
        ${output_}
      }),
      ${plugin}
    },
  ],
}
`

interface Delivered extends Ran {
  taken: string[]
}

/** What it takes of the events of a small capture. */
async function delivered(module: string): Promise<Delivered> {
  const result = await ran(module, ['output.own={}'], join(traceFolder, 'sample.pcap'))
  return { ...result, taken: (globalThis as unknown as { taken: string[] }).taken }
}

const lane = (send: string): string => `lanes: [{ name: 'list', ${send} }],`

/** What fails once, and then works. */
const failures: [string, string, RegExp][] = [
  [
    'throws',
    `send(batch) { if (tries++ === 0) throw new Error('no'); return take(batch) }`,
    /send: no at \S+own/,
  ],
  [
    'rejects',
    `async send(batch) { if (tries++ === 0) undefined.x; return take(batch) }`,
    /TypeError: .* at \S+own/,
  ],
  [
    'answers nothing',
    `async send(batch) { return tries++ === 0 ? undefined : take(batch) }`,
    /answered undefined/,
  ],
  [
    'has a remainder that is no list',
    `async send(batch) { return tries++ === 0 ? { retry: 1, rejected: [] } : take(batch) }`,
    /it answered an object, not \{ retry, rejected \}/,
  ],
  [
    'leaves an event there is not',
    `async send(batch) { return tries++ === 0 ? { retry: [4711], rejected: [] } : take(batch) }`,
    /it answered the number 4711, not the number of an event, 0 to \d+/,
  ],
  [
    'leaves an event twice',
    `async send(batch) { return tries++ === 0 ? { retry: [0], rejected: [{ index: 0 }] } : take(batch) }`,
    /not each event once/,
  ],
]

describe('an output of a plug-in', { skip: notBuilt }, () => {
  for (const [what, send, says] of failures)
    it(`that ${what} is sent the batch again`, async () => {
      const { counters, taken, warnings } = await delivered(output(lane(send)))
      assert.ok(taken.length > 10)
      assert.equal(counters['pipeline.events.published'], taken.length)
      assert.equal(counters['pipeline.events.acked'], taken.length)
      assert.equal(counters['pipeline.events.retried'], taken.length)
      assert.equal(counters['output.failures'], 1)
      assert.match(warnings[0] ?? '', /plug-in \.\/own\.mjs: output own: send: /)
      assert.match(warnings[0] ?? '', says)
    })

  it('that throws every time is given up after its retries, and counted', async () => {
    const { counters, taken } = await delivered(output(lane(`send() { throw new Error('no') }`)))
    assert.deepEqual(taken, [])
    assert.equal(counters['pipeline.events.abandoned'], counters['pipeline.events.published'])
    assert.equal(counters['output.failures'], 4)
  })

  it('may refuse events for good, and leave them in any order', async () => {
    const send = `async send(batch) {
      if (tries++ > 0) return take(batch)
      return { retry: [1, 0], rejected: [] }
    }`
    const { counters, taken } = await delivered(output(lane(send)))
    assert.equal(new Set(taken).size, 2)
    assert.equal(counters['pipeline.events.retried'], 2)
    const refusing = `async send({ count }) { return { retry: [], rejected: [{ index: count - 1, reason: 'no' }] } }`
    const refused = await delivered(output(lane(refusing)))
    assert.equal(refused.counters['pipeline.events.rejected'], 1)
    assert.equal(refused.counters['pipeline.events.acked'], (counters['pipeline.events.acked'] as number) - 1)
  })

  for (const [what, sendNow] of [
    ['throws', `sendNow() { throw new Error('no disk') },`],
    ['answers a promise', `async sendNow() { throw new Error('no disk') },`],
  ] as const)
    it(`whose sendNow ${what} is sent the batch over a lane`, async () => {
      const { counters, taken, warnings } = await delivered(output(sendNow))
      assert.ok(taken.length > 10)
      assert.equal(counters['pipeline.events.acked'], taken.length)
      assert.ok((counters['output.own.defects'] ?? 0) > 0)
      assert.match(warnings[0] ?? '', /output own: sendNow: /)
      assert.equal(warnings.length, 1)
    })

  it('ends the run by an error for the user, and quietly when its reader has gone', async () => {
    const refusing = lane(`send() { throw new UserError('ERR_OUTPUT_WRITE', 'the account is closed.') }`)
    await assert.rejects(delivered(output(refusing)), { message: 'the account is closed.' })
    const { counters } = await delivered(output(lane(`send() { throw new OutputEnded() }`)))
    assert.equal(counters['pipeline.events.unread'], counters['pipeline.events.published'])
  })

  for (const [what, close] of [
    ['throws', `close() { throw new Error('no end') },`],
    ['rejects', `async close() { throw new Error('no end') },`],
  ] as const)
    it(`whose close ${what} has ended all the same`, async () => {
      const { counters, taken, warnings } = await delivered(output(close))
      assert.equal(counters['pipeline.events.acked'], taken.length)
      assert.equal(counters['output.own.defects'], 1)
      assert.match(warnings[0] ?? '', /output own: close: no end at \S+own\.mjs:\d+$/)
    })

  it('counts under its own name only, and may not fail to', async () => {
    const counts = `counters: () => ({ 'output.own.posts': 2, 'sip.own': 9, 'output.own.x': 'y' }),`
    const { counters } = await delivered(output(counts))
    assert.equal(counters['output.own.posts'], 2)
    assert.equal(counters['sip.own'], undefined)
    assert.equal(counters['output.own.x'], undefined)
    const broken = await delivered(output(`counters() { throw new Error('no') },`))
    assert.equal(broken.counters['pipeline.events.acked'], counters['pipeline.events.acked'])
    assert.ok((broken.counters['output.own.defects'] ?? 0) > 0)
  })

  for (const [what, members, plugin, says] of [
    [
      'cannot be opened',
      '',
      `open() { throw new Error('no server') },`,
      /open: no server at \S+own\.mjs:\d+\.$/,
    ],
    ['opens nothing', '', `open: async () => undefined,`, /open: it answered undefined, not an output with/],
    ['has no lane', 'lanes: [],', '', /open: it answered an object, not an output with/],
    ['has a lane that cannot send', `lanes: [{ name: 'a' }],`, '', /at least one lane that has `send`/],
    ['has a window of no size', `window: 0,`, '', /open: it answered an object/],
    [
      'wants what there is not',
      '',
      `wants: () => 'xml',`,
      /wants: it answered a string, not 'text' or 'document'/,
    ],
    ['throws when asked what it wants', '', `wants() { throw new Error('all') },`, /wants: all at/],
    [
      'waits for a batch of nothing',
      '',
      `delivery: () => ({ batchEvents: 0 }),`,
      /delivery: it answered an object/,
    ],
    ['tunes into nothing', '', `tuned: () => 7,`, /tuned: it answered the number 7/],
  ] as const)
    it(`that ${what} ends the start of the run with one sentence`, async () => {
      const module = output(members, plugin)
      await assert.rejects(delivered(module), { code: 'ERR_PLUGIN_FAILED', message: says })
    })
})

/** An output whose lane never answers; `signals`: those it was given. */
function silent(): { plugin: OutputPlugin; signals: AbortSignal[] } {
  const signals: AbortSignal[] = []
  const send: Lane['send'] = (_, signal) => {
    signals.push(signal)
    return new Promise(() => undefined)
  }
  const close = () => new Promise<void>(() => undefined)
  const plugin = defineOutput({
    name: 'silent',
    title: 'nobody',
    options: z.strictObject({}),
    wants: () => 'text',
    open: async () => ({ lanes: [{ name: 'nobody', send }], close }),
  })
  return { plugin: plugin as unknown as OutputPlugin, signals }
}

// By the clock these would take minutes.
describe('an output of a plug-in that never answers', () => {
  it('is aborted after a minute, and sent the batch again', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { plugin, signals } = silent()
    const output = await guardOutput(plugin, { name: 'silent' }).open({}, outputContext())
    const { pipeline, warnings } = pipelineTo(output)
    pipeline.sink('wait').text('{}')
    pipeline.flush()
    await turns()
    assert.equal(signals.length, 1)
    t.mock.timers.tick(60_000)
    await turns()
    assert.equal(signals[0]?.aborted, true)
    assert.match(warnings[0] ?? '', /took nothing of 1 events: no answer in 60 s/)
    // Its pause before the next try is by another clock.
    for (let millisecond = 0; millisecond < 100 && signals.length < 2; millisecond++) {
      t.mock.timers.tick(1)
      await turns()
    }
    assert.equal(signals.length, 2)
  })

  it('is waited for once at the end of the run, and its close ten seconds', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { plugin } = silent()
    const context = outputContext()
    const output = await guardOutput(plugin, { name: 'silent' }).open({}, context)
    const { pipeline } = pipelineTo(output)
    for (let event = 0; event < 30; event++) pipeline.sink('wait').text('{}')
    let closed = false
    const closing = pipeline.close().then(() => {
      closed = true
    })
    await turns()
    t.mock.timers.tick(60_000)
    await turns()
    t.mock.timers.tick(9_999)
    await turns()
    assert.equal(closed, false)
    t.mock.timers.tick(1)
    await closing
    assert.equal(pipeline.counters()['pipeline.events.abandoned'], 30)
    assert.match(context.warnings[0] ?? '', /output silent: close: there was no answer in 10 s/)
  })

  it('ends at once when it is given up', async () => {
    const { plugin, signals } = silent()
    const output = await guardOutput(plugin, { name: 'silent' }).open({}, outputContext())
    const controller = new AbortController()
    const batch = { count: 1, bytes: Buffer.from('{}\n'), length: 3, ends: [3], documents: [] }
    const sent = output.lanes[0]?.send(batch, controller.signal)
    controller.abort(new Error('enough'))
    await assert.rejects(sent ?? Promise.resolve(NOTHING_LEFT), { message: 'enough' })
    assert.equal(signals[0]?.aborted, true)
  })
})

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}
