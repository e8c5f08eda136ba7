import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { notBuilt } from '../support/command.js'
import { traceFolder } from '../support/traces.js'
import { capture, type Ran, ran } from './support.js'

/** The module of a plug-in with one processor; `create`: the body of its function. */
const processor = (create: string): string => `
import { field, z } from 'packetbeat-native'
export default {
  processors: [
    {
      name: 'own',
      title: 'does something to events',
      options: z.strictObject({ word: z.string().default('word') }),
      create({ word }, context) { ${create} },
    },
  ],
}
`

/** What it makes of the one flow of the capture. */
const processed = (create: string, more: readonly string[] = [], file = capture): Promise<Ran> =>
  ran(processor(create), ['packetbeat.flows.enabled=true', 'processors=[{own: {}}]', ...more], file)

const broken: [string, string, RegExp][] = [
  ['throws', `return (event) => { event.type = 'gone'; undefined.x }`, /TypeError: .* at \S+own\.mjs:\d+;/],
  [
    'answers nothing',
    `return (event) => { event.type = 'gone' }`,
    /it answered undefined, not the event or null/,
  ],
  ['answers a number', `return () => 7`, /it answered the number 7, not the event or null/],
  ['answers a list', `return (event) => [event]`, /it answered a list/],
  ['makes an event no JSON has', `return (event) => ({ ...event, a: { b: 7n } })`, /a\.b is a bigint/],
  ['makes an event in itself', `return (event) => { event.own = event; return event }`, /is too deep/],
  ['puts a class in an event', `return (event) => ({ ...event, at: new Date() })`, /at is a Date/],
  [
    'rejects',
    `return async (event) => { event.type = 'gone'; throw new Error('no server') }`,
    /: no server at /,
  ],
  ['resolves with a number', `return async () => 7`, /it answered the number 7/],
]

describe('a processor of a plug-in that', { skip: notBuilt }, () => {
  for (const [what, create, says] of broken)
    it(`${what} leaves the event as it was`, async () => {
      const { events, counters, warnings } = await processed(create)
      assert.deepEqual(
        events.map(({ type }) => type),
        ['flow'],
      )
      assert.equal('own' in (events[0] as object), false)
      assert.equal(counters['processors.own.failures'], 1)
      assert.match(warnings[0] ?? '', /^plug-in \.\/own\.mjs: processor own: /)
      assert.match(warnings[0] ?? '', says)
      assert.equal(warnings.length, 1)
    })

  it('never answers has the event go on after ten seconds', async () => {
    const start = performance.now()
    const { events, counters, warnings } = await processed(`return () => new Promise(() => {})`)
    const seconds = (performance.now() - start) / 1000
    assert.ok(seconds > 9.5 && seconds < 20, `${seconds} s`)
    assert.equal(events.length, 1)
    assert.equal(counters['processors.own.failures'], 1)
    assert.match(warnings[0] ?? '', /there was no answer in 10 s/)
  })

  it('fails on every event says so once', async () => {
    const fails = `return () => { throw new Error('no') }`
    const { events, counters, warnings } = await processed(fails, [], join(traceFolder, 'sample.pcap'))
    assert.ok(events.length > 10)
    assert.equal(counters['processors.own.failures'], events.length)
    assert.equal(warnings.length, 1)
  })

  it('works changes events, drops them and takes its time', async () => {
    const changes = await processed(`
      const own = field('own.word')
      return async (event) => { own.put(event, word); return event }`)
    assert.deepEqual(changes.warnings, [])
    assert.deepEqual(changes.events[0]?.own, { word: 'word' })
    const drops = await processed(`return () => null`)
    assert.deepEqual(drops.events, [])
    assert.equal(drops.counters['flow.events_dropped'], 1)
  })

  it('is conditional is asked only about what is meant', async () => {
    const configured = 'processors=[{own: {when: {equals: {type: dns}}}}]'
    const { counters } = await processed(`return () => { throw new Error('no') }`, [configured])
    assert.equal(counters['processors.own.failures'], undefined)
  })

  for (const [what, create, says] of [
    [
      'cannot be made',
      `throw new Error('no licence')`,
      /processor own: create: no licence at \S+own\.mjs:\d+\.$/,
    ],
    ['is no function', `return {}`, /processor own: create: it answered an object, not a function/],
    [
      'cannot begin',
      `context.atStart(async () => { throw new Error('no file') }); return (event) => event`,
      /processor own: atStart: no file at \S+own\.mjs:\d+\.$/,
    ],
  ] as const)
    it(`${what} ends the start of the run with one sentence`, async () => {
      await assert.rejects(processed(create), { code: 'ERR_PLUGIN_FAILED', message: says })
    })

  it('throws when the run begins is told in the log', async () => {
    const create = `context.run.onBegin(() => { throw new Error('no timer') }); return (event) => event`
    const { events, warnings } = await processed(create)
    assert.equal(events.length, 1)
    assert.match(warnings[0] ?? '', /processor own: onBegin: no timer at \S+own\.mjs:\d+$/)
  })
})
