import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { Histogram } from '../../lib/outputs/terminal/histogram.js'
import { openTerminal } from '../../lib/outputs/terminal/index.js'
import { cells, cut, harmless, pad } from '../../lib/outputs/terminal/text.js'
import { count, size, time } from '../../lib/outputs/terminal/units.js'
import { pipelineTo } from '../pipeline/fake-output.js'
import { outputContext } from '../support/output-context.js'

const http = {
  '@timestamp': '2024-01-01T10:20:30.456Z',
  type: 'http',
  method: 'GET',
  query: 'GET /index.html',
  status: 'OK',
  client: { ip: '10.0.0.1', port: 40000 },
  server: { ip: '10.0.0.2', port: 80 },
  http: { response: { status_code: 200 } },
  event: { duration: 1_234_567 },
  network: { bytes: 4321, community_id: '1:x' },
}
const flow = {
  '@timestamp': '2024-01-01T10:20:30.456Z',
  type: 'flow',
  source: { ip: '10.0.0.1', port: 40000 },
  destination: { ip: '10.0.0.3', port: 22 },
  flow: { final: true },
  network: { bytes: 1000, packets: 7, transport: 'tcp', community_id: '1:y' },
}

async function shown(
  events: Record<string, unknown>[],
  { columns = 120, environment = {}, isTTY = true, counters = {} } = {},
): Promise<string> {
  const screen = Object.assign(new PassThrough(), { columns, isTTY })
  const output = openTerminal(screen, outputContext({ counters: () => counters }), environment)
  const { pipeline } = pipelineTo(output, { wants: 'document', delivery: { maxDelay: 0 } })
  for (const event of events) pipeline.sink('wait').document(structuredClone(event))
  await pipeline.close()
  assert.equal(pipeline.counters()['pipeline.events.acked'], events.length)
  return String(screen.read() ?? '')
}

describe('the terminal output', () => {
  it('shows a transaction on a line: who, what, how it went, how long, how much', async () => {
    const [line] = (await shown([http], { isTTY: false })).split('\n') as [string]
    assert.match(
      line,
      /^\d\d:\d\d:30\.456 http {4}10\.0\.0\.1:40000 → 10\.0\.0\.2:80 +200 +1\.2 ms +4\.3 kB GET \/index\.html$/,
    )
  })

  it('shows what Memcached was asked, which has no query', async () => {
    const memcache = { request: { command: 'get', keys: ['one', 'two'] } }
    const event = {
      ...http,
      type: 'memcache',
      method: undefined,
      query: undefined,
      http: undefined,
      memcache,
    }
    assert.match(await shown([event], { isTTY: false }), / get one two\n/)
  })

  it('keeps its columns whatever the values are', async () => {
    const other = {
      ...http,
      type: 'dns',
      query: 'class IN, type A, example.org',
      client: { ip: '192.168.100.200', port: 65535 },
      event: { duration: 17 },
    }
    const [first, second] = (await shown([http, other], { isTTY: false })).split('\n') as [string, string]
    assert.equal(first.indexOf('GET /'), second.indexOf('A example.org'))
  })

  it('stays within the width of the terminal', async () => {
    const long = { ...http, query: `GET /${'漢字'.repeat(200)}` }
    for (const columns of [90, 100, 120, 200]) {
      const [line] = (await shown([long], { columns, isTTY: false })).split('\n') as [string]
      assert.ok(cells(line) <= columns, `${cells(line)} cells on ${columns}`)
    }
  })

  it('never lets control characters of the traffic reach the terminal', async () => {
    const evil = '\u001b[2J\u001b]0;title\u0007\r\n\u009b31m\u202e\u0000'
    const event = {
      ...http,
      type: `http${evil}`,
      query: `GET /${evil}`,
      status: `Error${evil}`,
      http: {},
      error: { message: [evil] },
      client: { ip: evil, port: 1 },
    }
    const text = await shown([event], { columns: 400, isTTY: false })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\0-\x1f\x7f-\x9f\u202e]/)
    assert.match(text, /\\x1b\[2J/)
  })

  it('colours what it shows on a terminal, unless NO_COLOR is set', async () => {
    assert.ok((await shown([http])).includes('\u001b[32m200'))
    assert.ok(!(await shown([http], { environment: { NO_COLOR: '1' } })).includes('\u001b'))
    assert.ok(!(await shown([http], { environment: { TERM: 'dumb' } })).includes('\u001b'))
    assert.ok((await shown([http], { isTTY: false, environment: { FORCE_COLOR: '1' } })).includes('\u001b'))
  })

  it('shows a flow at its end, if no transaction was shown for it', async () => {
    const text = await shown(
      [
        http,
        flow,
        { ...flow, flow: { final: false } },
        { ...flow, network: { ...flow.network, community_id: '1:x' } },
      ],
      { isTTY: false },
    )
    assert.equal(text.match(/ flow /g)?.length, 1)
    assert.match(text, /10\.0\.0\.3:22 .*7 packets/)
    assert.match(text, /2 flows, 14 packets, 2 kB on the wire/)
  })

  it('ends with a table of the protocols and what was lost', async () => {
    const events = Array.from({ length: 100 }, (_, index) => ({
      ...http,
      status: index < 7 ? 'Error' : 'OK',
      event: { duration: (index + 1) * 1e6 },
    }))
    const text = await shown(events, {
      isTTY: false,
      counters: { 'capture.dropped': 12, 'http.malformed': 0, 'capture.packets': 9 },
    })
    assert.match(
      text,
      /transactions +errors +p50 +p95 +max +bytes\nhttp +100 +7 +50\.\d ms +9[456](\.\d)? ms +100 ms +432 kB\ncapture\.dropped: 12\n$/,
    )
  })

  it('says nothing when there was nothing', async () => {
    assert.equal(await shown([]), '')
  })
})

it('text is made harmless, cut and padded by the cells it takes', () => {
  assert.equal(harmless('a\tb\u001b\u0085\u200f\ud800ü漢'), 'a\\tb\\x1b\\x85\\u200f\\ud800ü漢')
  assert.equal(cells('ab漢字e\u0301'), 7)
  assert.equal(cut('漢字漢字', 5), '漢字…')
  assert.equal(cut('short', 5), 'short')
  assert.equal(pad('漢', 4), '漢  ')
  assert.equal(pad('7', 3, 'left'), '  7')
})

it('amounts are told in units that people read', () => {
  assert.deepEqual([0, 17, 999.7e3, 1_234_567, 61.84e6, 12.3e9, 90e9].map(time), [
    '0 ns',
    '17 ns',
    '1 ms',
    '1.2 ms',
    '61.8 ms',
    '12.3 s',
    '1.5 min',
  ])
  assert.deepEqual([0, 999, 1000, 4321, 1_999_999].map(size), ['0 B', '999 B', '1 kB', '4.3 kB', '2 MB'])
  assert.equal(count(1234567), '1 234 567')
})

it('a histogram knows quantiles within two percent', () => {
  const histogram = new Histogram()
  for (let value = 1; value <= 100_000; value++) histogram.add(value * 1000)
  for (const quantile of [0.01, 0.5, 0.95, 0.999]) {
    const exact = quantile * 1e8
    assert.ok(Math.abs(histogram.quantile(quantile) - exact) / exact < 0.02, String(quantile))
  }
  assert.equal(histogram.quantile(1), 1e8)
  assert.equal(new Histogram().quantile(0.5), 0)
  histogram.add(0)
  histogram.add(Number.MAX_SAFE_INTEGER)
  assert.equal(histogram.max, Number.MAX_SAFE_INTEGER)
})
