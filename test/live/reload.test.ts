import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { folderWith } from '../plugins/support.js'
import { Capture, type CaptureSettings } from './support/capture.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { call } from './support/processes.js'
import { redis } from './support/redis.js'

const settings = (more: CaptureSettings['more'] = {}): CaptureSettings => ({
  engine: 'af_packet',
  protocols: [{ type: 'redis' }],
  more,
})

describe('SIGHUP', { skip: lacking('redis-server', 'redis-cli', 'curl') }, () => {
  test('takes a right configuration over, and goes on without a wrong one', async (t) => {
    const network = new Network('veth')
    t.after(network.remove)
    await redis(network)
    const ask = (key: string) => network.ask(['redis-cli', '-h', network.ip4, 'GET', key])
    const capture = await Capture.ready(network, settings({ tags: ['first'] }))
    t.after(() => capture.kill())
    await ask('one')
    await capture.reload(network, settings({ tags: ['second'] }), [/^capturing on /, 2])
    await ask('two')
    await capture.reload(network, settings({ tags: ['third'], queue: { mem: { events: 'few' } } }), [
      /^SIGHUP: going on as before, for the configuration is wrong: /,
      1,
    ])
    await ask('three')
    // It is right, but what it asks for cannot be had.
    const nowhere = { ...settings({ tags: ['fourth'] }), device: 'nowhere0' }
    await capture.reload(network, nowhere, [/^going back to the configuration before: /, 1])
    await ask('four')
    const { status, events } = await capture.stop()
    equal(status, 0)
    // Each start begins another file.
    const inOrder = events.sort((a, b) => a['@timestamp'].localeCompare(b['@timestamp']))
    const seen = inOrder.flatMap(({ method, resource, tags }) => (method === 'GET' ? [[resource, tags]] : []))
    deepEqual(seen, [
      ['one', ['first']],
      ['two', ['second']],
      ['three', ['second']],
      ['four', ['second']],
    ])
  })

  test('loads the plug-ins that the configuration has come to name, and goes on without one that is broken', async (t) => {
    const network = new Network('veth')
    t.after(network.remove)
    await redis(network)
    const config = folderWith({
      'mark.mjs': `import { defineProcessor, z } from 'packetbeat-native'
        const options = z.strictObject({ as: z.string() })
        const create = ({ as }) => (event) => ({ ...event, mark: as })
        export default { processors: [defineProcessor({ name: 'mark', title: 'marks', options, create })] }`,
      'broken.mjs': 'export default { processors: 1 }',
    })
    const marking = (as: string, ...plugins: string[]) => ({
      ...settings({ path: { config, data: join(config, 'data') }, 'packetbeat.plugins': plugins }),
      processors: plugins.length === 0 ? [] : [{ mark: { as } }],
    })
    const ask = (key: string) => network.ask(['redis-cli', '-h', network.ip4, 'GET', key])
    const capture = await Capture.ready(network, marking('nothing'))
    t.after(() => capture.kill())
    await ask('one')
    await capture.reload(network, marking('second', './mark.mjs'), [/^capturing on /, 2])
    await ask('two')
    const wrong = /^SIGHUP: going on as before, .*broken\.mjs.*processors/s
    await capture.reload(network, marking('third', './mark.mjs', './broken.mjs'), [wrong, 1])
    await ask('three')
    await capture.reload(network, marking('fourth', './mark.mjs'), [/^capturing on /, 3])
    await ask('four')
    const { status, events, said } = await capture.stop()
    equal(status, 0)
    deepEqual(said, [])
    const inOrder = events.sort((a, b) => a['@timestamp'].localeCompare(b['@timestamp']))
    const seen = inOrder.flatMap(({ method, resource, mark }) => (method === 'GET' ? [[resource, mark]] : []))
    deepEqual(seen, [
      ['one', undefined],
      ['two', 'second'],
      ['three', 'second'],
      ['four', 'fourth'],
    ])
  })

  test('counters are told over HTTP while it captures', async (t) => {
    const network = new Network('veth')
    t.after(network.remove)
    await redis(network)
    const capture = await Capture.ready(network, settings({ http: { enabled: true } }))
    t.after(() => capture.kill())
    await network.ask(['redis-cli', '-h', network.ip4, 'GET', 'one'])
    const get = (path: string) => call(network.server, ['curl', '-sS', `http://localhost:5066${path}`])
    await new Promise((resolve) => setTimeout(resolve, 500))
    const stats = JSON.parse(await get('/stats'))
    ok(stats.capture.packets > 0)
    ok(stats.redis.events >= 1)
    match(await get('/metrics'), /^packetbeat_protocol_events_total\{protocol="redis"\} [1-9]/m)
    equal((await capture.stop()).status, 0)
  })
})
