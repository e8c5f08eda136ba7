import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Endpoint, type EndpointOptions, openEndpoint } from '../../lib/monitoring/endpoint.js'
import type { Source } from '../../lib/monitoring/source.js'
import { nested } from '../../lib/monitoring/stats.js'

const counters = {
  'capture.packets': 10,
  'conversations.open': 2,
  'http.events': 3,
  'http.events_dropped': 1,
  'dns.events': 4,
  'pipeline.events.published': 7,
  'pipeline.events.acked': 5,
  'pipeline.events.dropped': 1,
  'pipeline.events.retried': 0,
  'pipeline.queue.events': 2,
  'output.batches': 1,
}
const source: Source = {
  identity: { name: 'a "name"', id: 'id', ephemeralId: 'run', version: '1.2.3' },
  started: Date.now() - 5000,
  output: 'file',
  queue: 'mem',
  counters: () => counters,
  inputs: () => [{ device: 'lo', counters: { 'capture.packets': 10 } }],
}
const protocols = new Set(['http', 'dns'])
const options = (more: Partial<EndpointOptions> = {}): EndpointOptions => ({
  host: '127.0.0.1',
  port: 0,
  source: () => source,
  protocols,
  ...more,
})

describe('the endpoint', () => {
  let endpoint: Endpoint
  before(async () => {
    endpoint = await openEndpoint(options())
  })
  after(() => endpoint.close())
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${endpoint.address}${path}`, init)
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    }
  }

  it('says who it is', async () => {
    const { status, type, text } = await get('/')
    assert.deepEqual([status, type], [200, 'application/json; charset=utf-8'])
    assert.equal(JSON.parse(text).uuid, 'id')
    assert.match((await get('/?pretty')).text, /^\{\n {2}"beat": "packetbeat"/)
  })

  it('tells upstream’s tree, and all counters beside it', async () => {
    const stats = JSON.parse((await get('/stats')).text)
    assert.deepEqual(stats.libbeat.pipeline.events, {
      active: 2,
      dropped: 1,
      filtered: 1,
      published: 7,
      retry: 0,
      total: 8,
    })
    assert.equal(stats.libbeat.output.events.acked, 5)
    assert.equal(stats.libbeat.output.type, 'file')
    assert.deepEqual(stats.capture, { packets: 10 })
    assert.ok(stats.beat.info.uptime.ms >= 5000)
  })

  it('tells each capture by itself, and its state', async () => {
    const [lo, ...more] = JSON.parse((await get('/inputs/')).text)
    assert.deepEqual([lo.device, lo.capture.packets, more.length], ['lo', 10, 0])
    assert.equal((await get('/inputs/?type=other')).text, '[]\n')
    assert.equal((await get('/dataset')).text, (await get('/inputs')).text)
    assert.equal(JSON.parse((await get('/state')).text).output.name, 'file')
  })

  it('speaks Prometheus', async () => {
    const { type, text } = await get('/metrics')
    assert.equal(type, 'text/plain; version=0.0.4; charset=utf-8')
    for (const line of [
      '# TYPE packetbeat_capture_packets_total counter',
      'packetbeat_capture_packets_total 10',
      '# TYPE packetbeat_conversations_open gauge',
      'packetbeat_protocol_events_total{protocol="http"} 3',
      'packetbeat_protocol_events_total{protocol="dns"} 4',
      'packetbeat_info{name="a \\"name\\"",version="1.2.3",output="file"} 1',
    ])
      assert.ok(text.includes(`${line}\n`), line)
    // Each metric is announced once, before its samples.
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    assert.equal(new Set(names).size, names.length)
    for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
      assert.match(line, /^packetbeat_\w+(\{.*\})? \d+(\.\d+)?$/)
  })

  it('answers nothing else', async () => {
    assert.equal((await get('/secrets')).status, 404)
    assert.equal((await get('/__proto__')).status, 404)
    assert.equal((await get('/', { method: 'POST', body: 'x' })).status, 405)
    assert.equal((await get('/', { method: 'HEAD' })).text, '')
  })
})

it('the endpoint says so while there is nothing to tell', async () => {
  const endpoint = await openEndpoint(options({ source: () => undefined }))
  assert.equal((await fetch(`${endpoint.address}/stats`)).status, 503)
  await endpoint.close()
})

it('the endpoint listens on a socket, in the place of one that was left behind', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'endpoint-')), 'socket')
  const ask = () =>
    new Promise<number | undefined>((resolve, reject) =>
      request({ socketPath: path, path: '/' }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end(),
    )
  for (let round = 0; round < 2; round++) {
    // The second finds the socket of the first, as after `kill -9`.
    const endpoint = await openEndpoint(options({ host: `unix://${path}` }))
    assert.equal(endpoint.address, path)
    assert.equal(await ask(), 200)
    if (round > 0) await endpoint.close()
  }
  writeFileSync(path, 'somebody’s')
  await assert.rejects(openEndpoint(options({ host: `unix://${path}` })), /cannot listen on /)
})

it('the endpoint tells in one sentence that a port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  await assert.rejects(openEndpoint(options({ port })), {
    code: 'ERR_ENDPOINT',
    message: `cannot listen on 127.0.0.1:${port} (http.host, http.port): it is in use; choose another http.port.`,
  })
  taken.close()
})

it('names become objects, and a name that begins another keeps its rest', () => {
  assert.deepEqual(nested({ 'a.b': 1, 'a.b.c': 2, d: 3 }), { a: { b: 1, 'b.c': 2 }, d: 3 })
})
