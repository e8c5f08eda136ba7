import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { elasticsearch, elasticsearchTools, type SearchNode } from './support/elasticsearch.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { documents, expected, proxy, replay, sameEvents, template } from './support/search.js'

const REDIS = 'redis/redis-cli.pcap'
const redis = [{ type: 'redis' }]

describe('A node of Elasticsearch', { skip: lacking(...elasticsearchTools) }, () => {
  let network: Network
  let node: SearchNode

  before(async () => {
    network = new Network('lo')
    node = await elasticsearch(network)
    await template(node, 'packetbeat')
  })
  after(async () => {
    await node?.stop()
    network.remove()
  })

  const run = (
    trace: string,
    output: object,
    more: { loops?: number; config?: object; protocols?: typeof redis } = {},
  ) =>
    replay(network, {
      trace,
      ...more,
      config: { ...more.config, output: { elasticsearch: { hosts: [node.url], ...output } } },
    })

  for (const trace of ['sample.pcap', 'http/curl-nginx.pcap', 'memcache/text.pcap', 'amqp/amqplib.pcap'])
    test(`has each event of ${trace} once, and as the file output writes it`, async () => {
      const index = `packetbeat-${trace.replace(/\W/g, '-')}`
      const { status, counters, log, said } = await run(trace, {
        index,
        escape_html: trace.startsWith('http'),
      })
      equal(status, 0, said.join('\n'))
      deepEqual(said, [])
      ok(log.includes(`${node.url} is Elasticsearch 8.19.21`))
      const wanted = await expected(network, { trace })
      ok(wanted.length > 5)
      sameEvents(await documents(node, index), wanted)
      equal(counters['pipeline.events.acked'], wanted.length)
    })

  test('has events in the default data stream when nothing else is said', async () => {
    await run('dns/dig-dnsmasq.pcap', {}, {})
    const { data_streams } = await node.request<{ data_streams: { name: string }[] }>('GET', '/_data_stream')
    ok(
      data_streams.some(({ name }) => /^packetbeat-\d+\.\d+\.\d+$/.test(name)),
      JSON.stringify(data_streams),
    )
  })

  test('gets them in the indexes of rules, of conditions, of the day and of an entry', async () => {
    const output = {
      index: 'packetbeat-Rest-%{+yyyy.MM.dd}',
      indices: [
        { index: 'packetbeat-errors', when: { equals: { status: 'Error' } } },
        {
          index: 'packetbeat-%{[method]}',
          mappings: { 'packetbeat-SET': 'packetbeat-written' },
          when: { contains: { method: 'SET' } },
        },
      ],
    }
    const wanted = await expected(network, { trace: REDIS, protocols: redis })
    await run(REDIS, output, { protocols: redis })
    const rest = wanted.filter(({ status, method }) => status !== 'Error' && method !== 'SET')
    const day = rest[0]['@timestamp'].slice(0, 10).replaceAll('-', '.')
    sameEvents(await documents(node, `packetbeat-rest-${day}`), rest)
    sameEvents(
      await documents(node, 'packetbeat-errors'),
      wanted.filter(({ status }) => status === 'Error'),
    )
    sameEvents(
      await documents(node, 'packetbeat-written'),
      wanted.filter(({ status, method }) => status !== 'Error' && method === 'SET'),
    )
    await run(
      REDIS,
      {},
      { protocols: [{ type: 'redis', index: 'packetbeat-own-%{+yyyy}' } as { type: string }] },
    )
    sameEvents(await documents(node, `packetbeat-own-${day.slice(0, 4)}`), wanted)
  })

  test('sends them through a pipeline, and refuses them for one that is not there', async () => {
    await node.request('PUT', '/_ingest/pipeline/plain', { processors: [] })
    const wanted = await expected(network, { trace: REDIS, protocols: redis })
    const good = await run(REDIS, { index: 'packetbeat-piped', pipeline: 'Plain' }, { protocols: redis })
    equal(good.counters['pipeline.events.acked'], wanted.length)
    sameEvents(await documents(node, 'packetbeat-piped'), wanted)
    const bad = await run(REDIS, { index: 'packetbeat-piped', pipeline: 'missing' }, { protocols: redis })
    equal(bad.counters['pipeline.events.rejected'], wanted.length)
    match(
      bad.log.join('\n'),
      /refused \d+ events for good; of the first it says: .*pipeline with id \[missing\] does not exist/,
    )
    equal((await documents(node, 'packetbeat-piped')).length, wanted.length)
  })

  test('refuses single events, which are dropped and counted, or kept as dead letters', async () => {
    await node.request('PUT', '/_index_template/strict', {
      index_patterns: ['strict*'],
      data_stream: {},
      priority: 200,
      // A method that is no number does not fit.
      template: { mappings: { dynamic: false, properties: { method: { type: 'long' } } } },
    })
    const wanted = await expected(network, { trace: 'sample.pcap' })
    const unfit = wanted.filter(({ method }) => method !== undefined)
    const fit = wanted.filter(({ method }) => method === undefined)
    ok(fit.length > 0 && unfit.length > 0)
    const dropped = await run('sample.pcap', { index: 'strict-drop' })
    equal(dropped.status, 0)
    equal(dropped.counters['pipeline.events.rejected'], unfit.length)
    sameEvents(await documents(node, 'strict-drop'), fit)
    const said = dropped.log.find((message) => message.includes('refused')) ?? ''
    match(said, /failed to parse field \[method\] of type \[long\]/)
    ok(!said.includes('Preview') && !said.includes(unfit[0].method), said)

    const kept = await run('sample.pcap', {
      index: 'strict-keep',
      non_indexable_policy: { dead_letter_index: { index: 'packetbeat-dead' } },
    })
    equal(kept.counters['pipeline.events.acked'], wanted.length)
    equal(kept.counters['output.elasticsearch.dead_letters'], unfit.length)
    sameEvents(await documents(node, 'strict-keep'), fit)
    const letters = await documents(node, 'packetbeat-dead')
    sameEvents(
      letters.map(({ message }) => JSON.parse(message)),
      unfit,
    )
    equal(letters[0].error.type, 400)
    match(letters[0].error.message, /document_parsing_exception/)
  })

  test('refuses what its limits forbid, whatever traffic puts into names', async () => {
    const { status, counters } = await run(
      'http/curl-nginx.pcap',
      { index: 'packetbeat-%{[url.full]}' },
      { protocols: [{ type: 'http' }] },
    )
    equal(status, 0)
    equal(counters['pipeline.events.rejected'], counters['pipeline.events.published'])
  })

  // The capture is read while this goes on: the queue is small.
  const small = { queue: { mem: { events: 64, flush: { min_events: 16 } } } }
  const hasty = { backoff: { init: '50ms', max: '200ms' }, bulk_max_size: 16, timeout: '2s' }

  test('gets every event, and twice only those whose answer was lost', async () => {
    const faults = {
      1: 'half',
      3: 'lose',
      5: 'items',
      7: 503,
      9: 429,
      11: 'slow',
      13: 'down',
      15: 'items',
      16: 'half',
      18: 413,
    }
    const before = await proxy(network, 9400, faults)
    const replayed = { trace: REDIS, loops: 10, protocols: redis, config: small }
    const index = 'packetbeat-faults'
    const { status, counters, log } = await run(
      REDIS,
      { hosts: ['127.0.0.1:9400'], index, ...hasty },
      replayed,
    )
    const wanted = await expected(network, replayed)
    equal(status, 0, `${log.slice(-5).join('\n')}\n${before.stderr()}`)
    const unknown = before.faults().flatMap(({ unknown }) => unknown)
    await before.stop()
    const done = before.faults().map(({ fault }) => String(fault))
    for (const fault of Object.values(faults)) ok(done.includes(String(fault)), `${fault} of ${done}`)
    equal(status, 0)
    equal(counters['pipeline.events.acked'], wanted.length)
    equal(counters['pipeline.events.abandoned'] ?? 0, 0)
    ok(unknown.length > 0)
    sameEvents(await documents(node, index), [...wanted, ...unknown])
    for (const said of [/reset/, /no answer in 2 s/, /\(503\)/, /\(429\)/, /ECONNREFUSED/, /busy/])
      match(log.join('\n'), said)
  })

  for (const loadbalance of [true, false])
    test(`gets every event once while the other host is down, loadbalance: ${loadbalance}`, async () => {
      const replayed = { trace: REDIS, loops: 5, protocols: redis, config: small }
      const index = `packetbeat-half-${loadbalance}`
      const hosts = ['127.0.0.1:9401', node.url]
      const { status, counters } = await run(REDIS, { hosts, loadbalance, index, ...hasty }, replayed)
      equal(status, 0)
      const wanted = await expected(network, replayed)
      equal(counters['pipeline.events.acked'], wanted.length)
      sameEvents(await documents(node, index), wanted)
    })
})
