import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type AnalyzeOptions, analyze, type Event } from '../../lib/index.js'
import { command, notBuilt, repository } from '../support/command.js'
import { misfits } from '../support/event-shape.js'

const traces = join(repository, 'test/traces')
const sample = join(traces, 'sample.pcap')
const folder = mkdtempSync(join(tmpdir(), 'analyze-'))
after(() => rmSync(folder, { recursive: true }))

async function eventsOf(options: AnalyzeOptions): Promise<Event[]> {
  const events: Event[] = []
  for await (const event of analyze(options)) events.push(event)
  return events
}

const counted = (events: readonly Event[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

describe('analyze', () => {
  it('gives the events that the command writes, in their order', { skip: notBuilt }, async () => {
    const { stdout } = command(['run', '-I', sample], { cwd: folder })
    const written = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(await eventsOf({ file: sample }), written)
  })

  it('gives them in batches, too', async () => {
    const analysis = analyze({ file: sample })
    const events: Event[] = []
    for await (const batch of analysis.batches()) {
      assert.ok(batch.length > 0)
      events.push(...batch)
    }
    assert.deepEqual(events, await eventsOf({ file: sample }))
    assert.equal(analysis.statistics()['pipeline.events.acked'], events.length)
  })

  it('events fit their types, whatever the protocol', async () => {
    const captures = readdirSync(traces, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.pcap'),
    )
    const types = new Set<string>()
    for (const capture of captures)
      for (const event of await eventsOf({
        file: join(traces, capture),
        configuration: { name: 'x', tags: ['a'], fields: { of: 'mine' } },
      })) {
        assert.deepEqual(misfits(event as never), [], `${capture}: ${JSON.stringify(event)}`)
        types.add(event.type)
      }
    assert.ok(types.size >= 15, [...types].join())
  })

  it('decodes what is asked for alone', async () => {
    assert.deepEqual(counted(await eventsOf({ file: sample, protocols: ['http'], flows: false })), {
      http: 10,
    })
    const flows = await eventsOf({ file: sample, protocols: [], flows: { period: '-1s' } })
    assert.deepEqual(Object.keys(counted(flows)), ['flow'])
    const dns = await eventsOf({
      file: sample,
      protocols: [{ type: 'dns', ports: [53] }],
      configuration: { packetbeat: { flows: { enabled: false } } },
    })
    assert.deepEqual(Object.keys(counted(dns)), ['dns'])
  })

  it('takes a configuration as a file, as an object over it, and options over both', async () => {
    const configFile = join(folder, 'packetbeat.yml')
    writeFileSync(
      configFile,
      'packetbeat.protocols: [{type: http, ports: [80]}]\nname: file\ntags: [file]\n',
      {
        mode: 0o600,
      },
    )
    const [event] = await eventsOf({
      file: sample,
      configFile,
      configuration: { name: 'object' },
      protocols: ['redis'],
      processors: [{ add_fields: { target: 'own', fields: { level: 3 } } }],
    })
    assert.equal(event?.type, 'redis')
    assert.equal(event.agent.name, 'object')
    assert.deepEqual(event.tags, ['file'])
    assert.deepEqual((event as unknown as { own: object }).own, { level: 3 })
  })

  it('leaves nothing behind: no data folder, no lock, no output of the configuration', async () => {
    const configFile = join(folder, 'with-output.yml')
    writeFileSync(
      configFile,
      `packetbeat.flows: {}\npath.home: ${folder}/home\noutput.file.path: ${folder}/out\nqueue.disk.max_size: 10MB\nsetup.dashboards.enabled: true\n`,
      { mode: 0o600 },
    )
    assert.ok((await eventsOf({ file: sample, configFile })).length > 0)
    assert.equal(existsSync(join(folder, 'home')), false)
    assert.equal(existsSync(join(folder, 'out')), false)
  })

  it('an event is its reader’s own', async () => {
    const events = await eventsOf({ file: sample })
    const seen = new Set<object>()
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      assert.ok(!seen.has(value), `${JSON.stringify(value)} is in two places`)
      seen.add(value)
      for (const inner of Object.values(value)) walk(inner)
    }
    for (const event of events) walk(event)
  })

  it('several at once, each with its own events', async () => {
    const all = await Promise.all(
      [['http'], ['dns'], ['redis'], ['icmp']].map((protocols) =>
        eventsOf({ file: sample, protocols: protocols as ['http'], flows: false }),
      ),
    )
    assert.deepEqual(all.map(counted), [{ http: 10 }, { dns: 6 }, { redis: 15 }, { icmp: 3 }])
  })

  it('answers who asks ahead in order', async () => {
    const iterator = analyze({ file: sample })[Symbol.asyncIterator]()
    const asked = await Promise.all(Array.from({ length: 100 }, () => iterator.next()))
    const events = asked.flatMap(({ done, value }) => (done ? [] : [value as Event]))
    assert.deepEqual(events, await eventsOf({ file: sample }))
    assert.ok(asked.slice(events.length).every(({ done }) => done))
  })
})

// A million passes over the file.
const endless = { packetbeat: { interfaces: { loop: 1_000_000 } } }

describe('analyze: its end', () => {
  it('leaving the loop ends the capture', async () => {
    const analysis = analyze({ file: sample, configuration: endless })
    for await (const event of analysis) if (event.type === 'http') break
    const { 'pipeline.events.unread': unread = 0 } = analysis.statistics()
    assert.ok(unread > 0, 'events were left in the queue')
  })

  it('stop() ends a capture that has no end, and its events come', async () => {
    const analysis = analyze({ file: sample, configuration: endless })
    let events = 0
    for await (const _ of analysis) if (++events === 5000) analysis.stop()
    const { 'pipeline.events.published': published } = analysis.statistics()
    assert.ok(events >= 5000)
    assert.equal(published, events)
  })

  it('a signal ends it with its reason, while events wait and while they are waited for', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const looping = { file: sample, configuration: endless }
    await assert.rejects(async () => {
      for await (const _ of analyze({ ...looping, signal: controller.signal })) controller.abort(reason)
    }, reason)
    await assert.rejects(eventsOf({ file: sample, signal: AbortSignal.abort(reason) }), reason)
    const timed = new AbortController()
    const slow = analyze({
      file: sample,
      realtime: true,
      protocols: [],
      flows: { timeout: '1h', period: '1h' },
      signal: timed.signal,
    })
    const next = slow[Symbol.asyncIterator]().next()
    setTimeout(() => timed.abort(reason), 100)
    await assert.rejects(next, reason)
  })

  it('a file waits for its reader', async () => {
    const analysis = analyze({ file: sample, configuration: endless })
    let most = 0
    let events = 0
    for await (const _ of analysis) {
      events++
      if (events % 500 > 0) continue
      await new Promise((done) => setTimeout(done, 5))
      const counters = analysis.statistics()
      most = Math.max(most, counters['pipeline.queue.events'] ?? 0)
      assert.equal(counters['pipeline.events.dropped'], 0)
      if (events >= 20_000) break
    }
    // The queue, and what one batch of the capture may add to it.
    assert.ok(most < 10_000, `${most} events waited`)
  })

  it('events come before the error that ends their file', async () => {
    const cut = join(folder, 'cut.pcap')
    writeFileSync(cut, readFileSync(sample).subarray(0, 9001))
    const events: Event[] = []
    await assert.rejects(
      async () => {
        for await (const event of analyze({ file: cut })) events.push(event)
      },
      { code: 'ERR_CAPTURE_FILE_TRUNCATED' },
    )
    assert.ok(events.length > 0)
  })

  it('is read once', async () => {
    const analysis = analyze({ file: sample })
    const iterator = analysis[Symbol.asyncIterator]()
    assert.throws(() => analysis.batches(), { code: 'ERR_ITERATED' })
    assert.deepEqual(await iterator.return?.(), { done: true, value: undefined })
    assert.deepEqual(await iterator.next(), { done: true, value: undefined })
    assert.deepEqual(analysis.statistics(), {})
  })
})

describe('analyze: what is wrong with options', () => {
  const wrong: readonly [options: unknown, code: string, says: RegExp][] = [
    [undefined, 'ERR_OPTIONS', /they must be an object/],
    [{ fil: 'x' }, 'ERR_OPTIONS', /there is no fil \(did you mean file\?\); allowed: file, device, /],
    [{ file: 'x', device: 'y' }, 'ERR_OPTIONS', /leave out one of file and device/],
    [{ file: 3 }, 'ERR_OPTIONS', /file must be a text, not 3/],
    [{ file: 'x', signal: {} }, 'ERR_OPTIONS', /signal must be an AbortSignal/],
    [{ file: 'x', protocols: ['htp'] }, 'ERR_CONFIG_INVALID', /"htp" is not known; did you mean http\?/],
    [{ file: 'x', protocols: [{ type: 'http', prots: [1] }] }, 'ERR_CONFIG_INVALID', /did you mean ports\?/],
    [
      { file: 'x', flows: { period: 3 } },
      'ERR_CONFIG_INVALID',
      /packetbeat\.flows\.period must be a duration/,
    ],
    [{ file: 'x', processors: [{ add_feilds: {} }] }, 'ERR_CONFIG_INVALID', /did you mean add_fields\?/],
    [{ file: 'x', configuration: { name: () => 1 } }, 'ERR_CONFIG_INVALID', /name must be plain data/],
    [
      { file: 'x', configuration: { fields: { a: new Date(0) } } },
      'ERR_CONFIG_INVALID',
      /fields\.a must be plain/,
    ],
    [{ file: 'x', configuration: [1] }, 'ERR_CONFIG_INVALID', /must be an object with settings/],
    [{ file: 'x', configuration: { 'a.b': 1, a: { b: 2 } } }, 'ERR_CONFIG_SYNTAX', /"a\.b" is already set\./],
    [{ file: 'x', configFile: '/nowhere.yml' }, 'ERR_CONFIG_FILE', /no configuration file \/nowhere\.yml/],
  ]
  for (const [options, code, says] of wrong)
    it(`${code} ${says}`, () => {
      assert.throws(
        () => analyze(options as AnalyzeOptions),
        (error: Error & { code: string }) => {
          assert.equal(error.name, 'UserError')
          assert.equal(error.code, code)
          assert.match(error.message, says)
          return true
        },
      )
    })

  it('a configuration that contains itself', () => {
    const fields: Record<string, unknown> = {}
    fields.self = fields
    assert.throws(
      () => analyze({ file: 'x', configuration: { fields } }),
      /too deep; does it contain itself\?/,
    )
  })

  it('no secret gets into an error or the log', async () => {
    const lines: string[] = []
    const log = { warn: (line: string) => lines.push(line), debug: (line: string) => lines.push(line) }
    const password = 'correct-horse'
    const configuration = { output: { elasticsearch: { hosts: ['h'], password } } }
    await assert.rejects(
      eventsOf({ file: `/nowhere/${password}`, configuration, log }),
      (error: Error) => !error.message.includes(password) && /nowhere/.test(error.message),
    )
    assert.throws(
      () => analyze({ file: 'x', configuration: { ...configuration, name: [password] as never } }),
      (error: Error) => !error.message.includes(password),
    )
    assert.ok(!lines.join().includes(password))
  })
})
