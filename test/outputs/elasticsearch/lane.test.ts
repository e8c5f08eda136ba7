import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { elasticsearch } from '../../../lib/outputs/elasticsearch/index.js'
import type { Output } from '../../../lib/outputs/output.js'
import { textBatch } from '../../support/batch.js'
import { type BulkServer, bulkServer, taken } from '../../support/bulk-server.js'
import { outputContext } from '../../support/output-context.js'

let server: BulkServer
let opened: Output[] = []

beforeEach(async () => {
  server = await bulkServer()
})
afterEach(async () => {
  await Promise.all(opened.map((output) => output.close()))
  opened = []
  await server.close()
})

const events = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    '@metadata': { beat: 'p' },
    '@timestamp': '2024-01-01T00:00:00Z',
    n,
  }))

async function open(configured: object = {}, context = outputContext()) {
  const options = elasticsearch.options.parse({ hosts: [server.url], index: 'i', ...configured })
  const output = await elasticsearch.open(options, context)
  opened.push(output)
  const [lane = assert.fail()] = output.lanes
  return {
    context,
    counters: () => output.counters?.() ?? {},
    send: (list: readonly object[], signal = new AbortController().signal) =>
      lane.send(textBatch(list), signal),
  }
}

const sent = () => server.requests.map(({ items }) => items.map(({ event }) => event?.n))

describe('a request', () => {
  it('asks who the server is first, once, and tells whoever wants to know', async () => {
    const servers: unknown[] = []
    const context = outputContext({ connected: async (_, found) => void servers.push(found) })
    const { send } = await open({}, context)
    assert.deepEqual(await send(events(2)), { retry: [], rejected: [] })
    await send(events(2))
    assert.equal(server.asked, 1)
    assert.deepEqual(servers, [{ product: 'elasticsearch', version: '8.19.21' }])
  })

  it('is compressed, unless it should not be', async () => {
    await (await open()).send(events(1))
    await (await open({ compression_level: 0 })).send(events(1))
    assert.deepEqual(
      server.requests.map(({ headers }) => [headers['content-encoding'], headers['content-type']]),
      [
        ['gzip', 'application/x-ndjson'],
        [undefined, 'application/x-ndjson'],
      ],
    )
  })

  it('has the configured path, parameters, headers and credentials', async () => {
    const more = { parameters: { 'a.b': 'c d' }, headers: { 'X-One': '1' } }
    await (await open({ ...more, path: '/es/', username: 'u', password: 'p:é' })).send(events(1))
    await (await open({ api_key: 'id:key' })).send(events(1))
    await (await open({ api_key: 'aWQ6a2V5' })).send(events(1))
    const [first, second, third] = server.requests
    assert.match(first?.url ?? '', /^\/es\/_bulk\?filter_path=errors%2C.*&a\.b=c\+d$/)
    assert.equal(first?.headers['x-one'], '1')
    assert.equal(first?.headers.authorization, `Basic ${Buffer.from('u:p:é').toString('base64')}`)
    assert.equal(second?.headers.authorization, 'ApiKey aWQ6a2V5')
    assert.equal(third?.headers.authorization, 'ApiKey aWQ6a2V5')
  })

  it('goes over as many lanes as hosts and workers say', async () => {
    const options = elasticsearch.options.parse({ hosts: ['a', 'https://[::1]/x', '::2', 'b:1'], worker: 2 })
    const output = await elasticsearch.open(options, outputContext())
    assert.deepEqual(
      [...new Set(output.lanes.map(({ name }) => name))],
      ['http://a:9200', 'https://[::1]:9200/x', 'http://[::2]:9200', 'http://b:1'],
    )
    assert.equal(output.lanes.length, 8)
    await output.close()
  })

  it('ends when the pipeline gives up', async () => {
    server.answer = () => ({ wait: 60_000 })
    const { send } = await open()
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 100)
    await assert.rejects(send(events(1), abort.signal), { name: 'AbortError' })
  })
})

describe('what the server says of single events', () => {
  const errors = {
    0: { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'queue is full' } },
    2: {
      status: 400,
      error: { type: 'mapper_parsing_exception', reason: "bad [n]\nPreview of field's value: 'hush'" },
    },
    3: { status: 409, error: { type: 'version_conflict_engine_exception' } },
    4: { status: 503, error: 'odd' },
  }

  it('decides: busy and failed ones again, refused ones never, those it has are done', async () => {
    server.answer = (items) => taken(items, errors)
    const { send, counters, context } = await open()
    const { retry, rejected } = await send(events(6))
    assert.deepEqual(retry, [0, 4])
    assert.deepEqual(
      rejected.map(({ index, reason }) => [index, reason]),
      [[2, 'mapper_parsing_exception: bad [n]']],
    )
    assert.equal(counters()['output.elasticsearch.duplicates'], 1)
    assert.equal(counters()['output.elasticsearch.put_off'], 2)
    assert.match(
      context.warnings.join(),
      /puts off events; of the first it says: es_rejected_execution_exception: queue is full/,
    )
  })

  const dead = { non_indexable_policy: { dead_letter_index: { index: 'Dead' } } }

  it('sends refused ones to the dead letter index, as text', async () => {
    server.answer = (items) => (items[0]?.meta._index === 'dead' ? taken(items) : taken(items, errors))
    const { send, counters } = await open(dead)
    assert.deepEqual(await send(events(6)), { retry: [0, 4], rejected: [] })
    const letters = server.requests[1]?.items ?? []
    assert.equal(letters.length, 1)
    assert.deepEqual(letters[0]?.event, {
      '@timestamp': '2024-01-01T00:00:00Z',
      message: '{"@timestamp":"2024-01-01T00:00:00Z","n":2}',
      error: { type: 400, message: JSON.stringify(errors[2].error) },
    })
    assert.equal(counters()['output.elasticsearch.dead_letters'], 1)
  })

  it('tries a dead letter again that the server could not take yet, and gives one up that it refuses', async () => {
    const { send, counters } = await open(dead)
    for (const [status, leftover] of [
      [503, { retry: [0, 2, 4], rejected: 0 }],
      [429, { retry: [0, 2, 4], rejected: 0 }],
      [400, { retry: [0, 4], rejected: 1 }],
    ] as const) {
      server.answer = (items) =>
        items[0]?.meta._index !== 'dead'
          ? taken(items, errors)
          : status === 503
            ? { status, body: '' }
            : taken(items, { 0: { status } })
      const { retry, rejected } = await send(events(6))
      assert.deepEqual({ retry, rejected: rejected.length }, leftover)
    }
    assert.equal(counters()['output.elasticsearch.dead_letters'], 0)
  })

  it('keeps events that the credentials may not write, until they may', async () => {
    const forbidden = { status: 403, error: { type: 'security_exception', reason: 'no' } }
    server.answer = (items) => taken(items, Object.fromEntries(items.map((_, n) => [n, forbidden])))
    const { send } = await open()
    assert.deepEqual(await send(events(2)), { retry: [0, 1], rejected: [] })
    server.answer = (items) => taken(items, { 0: forbidden })
    const { retry, rejected } = await send(events(2))
    assert.deepEqual([retry, rejected.map(({ index }) => index)], [[], [0]])
  })
})

describe('a request that is refused as a whole', () => {
  it('is halved when it is too large, until one event alone is', async () => {
    const large = (items: { event?: Record<string, unknown> | undefined }[]) =>
      items.some(({ event }) => event?.n === 5)
    server.answer = (items) =>
      items.length > 4 || large(items) ? { status: 413, body: '<html>' } : undefined
    const { send, counters } = await open()
    const { retry, rejected } = await send(events(8))
    assert.deepEqual([retry, rejected.map(({ index }) => index)], [[], [5]])
    assert.deepEqual(sent(), [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]])
    assert.equal(counters()['output.elasticsearch.split'], 3)
  })

  it('loses only the event that spoils it', async () => {
    server.answer = (items) =>
      items.some(({ event }) => event?.n === 0) ? { status: 400, body: { error: 'what?' } } : undefined
    const { send } = await open()
    const { retry, rejected } = await send(events(8))
    assert.deepEqual([retry, rejected.map(({ index }) => index)], [[], [0]])
  })

  it('is kept when the server says so of every request', async () => {
    server.answer = () => ({
      status: 400,
      body: { error: { type: 'illegal_argument', reason: 'unknown parameter' } },
    })
    const { send } = await open()
    await assert.rejects(send(events(1000)), /status 400: illegal_argument: unknown parameter/)
    await assert.rejects(send(events(1)), /unknown parameter/)
    assert.ok(server.requests.length < 20)
  })

  for (const [status, said] of [
    [401, /does not know these credentials \(401\); check username and password, or api_key/],
    [403, /does not permit this with these credentials \(403\)/],
    [404, /check host, port and path/],
    [429, /busy/],
    [500, /status 500/],
    [503, /not available \(503\)/],
  ] as const)
    it(`says in one sentence what ${status} means, and keeps the events`, async () => {
      server.answer = () => ({ status, body: `<html>${'x'.repeat(1e6)}` })
      await assert.rejects((await open()).send(events(2)), { message: said })
    })

  it('in its second half loses nothing and doubles nothing', async () => {
    server.answer = (items, request) =>
      items.length > 2 ? { status: 413 } : request === 2 ? { status: 503, body: '' } : undefined
    const { send, context } = await open()
    assert.deepEqual(await send(events(4)), { retry: [2, 3], rejected: [] })
    assert.match(context.warnings.join(), /not available \(503\)/)
  })
})

describe('an answer that is none', () => {
  for (const [name, body, said] of [
    ['a page of a proxy', '<html>welcome', /no JSON; is there a proxy/],
    ['nothing', '', /no JSON/],
    ['JSON of something else', '[]', /not what Elasticsearch says/],
    [
      'about fewer events',
      '{"errors":true,"items":[{"create":{"status":201}}]}',
      /about 1 events instead of 2/,
    ],
    ['cut off', '{"errors":false,"items":[', /no JSON/],
  ] as const)
    it(`leaves all events to be sent again: ${name}`, async () => {
      server.answer = () => ({ body })
      const { send } = await open()
      await assert.rejects(send(events(2)), { message: said })
      server.answer = () => undefined
      assert.deepEqual(await send(events(2)), { retry: [], rejected: [] })
    })

  it('with items that make no sense leaves these to be sent again', async () => {
    server.answer = () => ({
      body: {
        errors: true,
        items: [null, { create: 7 }, {}, { create: { status: 'x' } }, { create: { status: 201 } }],
      },
    })
    assert.deepEqual((await (await open()).send(events(5))).retry, [0, 1, 2, 3])
  })

  it('does not fill the memory', async () => {
    server.answer = () => ({ body: `{"errors":false,"x":"${'y'.repeat(65 * 1024 * 1024)}"}` })
    await assert.rejects((await open()).send(events(1)), { message: /too long/ })
  })

  it('but silence ends at the timeout, and a cut connection at once', async () => {
    const { send } = await open({ timeout: '0.2s' })
    server.answer = () => ({ wait: 5000 })
    await assert.rejects(send(events(1)), { message: /no answer in 0\.2 s/ })
    server.answer = () => ({ cut: true })
    await assert.rejects(send(events(1)), { message: /closed|reset/ })
    server.answer = () => undefined
    assert.deepEqual(await send(events(1)), { retry: [], rejected: [] })
    assert.equal(server.asked, 3)
  })
})

describe('a server', () => {
  for (const [name, root, said] of [
    ['that is another', { body: { hello: 1 } }, /neither Elasticsearch nor OpenSearch/],
    ['that answers with a page', { body: '<html>' }, /neither Elasticsearch nor OpenSearch/],
    [
      'that wants other credentials',
      { status: 401, body: { error: { type: 'security_exception', reason: 'missing\n"x"' } } },
      /\(401\).*: security_exception: missing "x"$/,
    ],
  ] as const)
    it(`gets no events: ${name}`, async () => {
      server.root = root
      await assert.rejects((await open()).send(events(1)), { message: said })
      assert.equal(server.requests.length, 0)
    })

  it('may be OpenSearch, even where it is told to look like Elasticsearch', async () => {
    for (const [version, tagline] of [
      [{ number: '2.19.1', distribution: 'opensearch' }, undefined],
      [{ number: '7.10.2' }, 'The OpenSearch Project: https://opensearch.org/'],
    ] as const) {
      server.root = { body: { version, tagline } }
      const found: string[] = []
      const context = outputContext({ connected: async (_, { product }) => void found.push(product) })
      await (await open({}, context)).send(events(1))
      assert.deepEqual(found, ['opensearch'])
    }
  })

  it('that is old is refused only where that is wanted', async () => {
    server.root = { body: { version: { number: '7.17.28' } } }
    await (await open()).send(events(1))
    await assert.rejects((await open({ allow_older_versions: false })).send(events(1)), {
      message: /Elasticsearch 7\.17\.28 is older than 8\.0\.0/,
    })
  })

  it('that nobody runs is told with what to do', async () => {
    const port = server.port
    await server.close()
    await assert.rejects((await open({ hosts: [`localhost:${port}`] })).send(events(1)), {
      message: /ECONNREFUSED\); check host and port/,
    })
    server = await bulkServer()
  })

  it('is asked again when what it needs could not be loaded', async () => {
    let failures = 1
    const connected = async () => {
      if (failures-- > 0) throw new Error('no template')
    }
    const { send } = await open({}, outputContext({ connected }))
    await assert.rejects(send(events(1)), { message: 'no template' })
    assert.equal(server.requests.length, 0)
    assert.deepEqual(await send(events(1)), { retry: [], rejected: [] })
  })
})
