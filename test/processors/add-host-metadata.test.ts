import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Document } from '../../lib/events/writer.js'
import { addresses } from '../../lib/machine/interfaces.js'
import { thisMachine } from '../../lib/machine/machine.js'
import { processing } from './support.js'

const event = { host: { name: 'configured' } }

describe('add_host_metadata', () => {
  it('says what is known of the machine', async () => {
    const { of } = processing([{ add_host_metadata: null }])
    const { host } = (await of(event)) as { host: Document }
    assert.equal(host.name, hostname())
    assert.deepEqual(host, { ...thisMachine(), ...addresses() })
  })

  it('leaves addresses out, and has a name and a place as configured', async () => {
    const geo = { name: 'rack 1', location: '52.5, 13.4', city_name: 'Berlin' }
    const { of } = processing([{ add_host_metadata: { netinfo: { enabled: false }, name: 'mine', geo } }])
    const { host } = (await of(event)) as { host: Document }
    assert.deepEqual([host.ip, host.mac, host.name, host.geo], [undefined, undefined, 'mine', geo])
  })

  it('leaves hosts of others alone where replace_fields is off', async () => {
    const { of } = processing([{ add_host_metadata: { replace_fields: false } }])
    const forwarded = { host: { name: 'far', id: '1' } }
    assert.deepEqual(await of(forwarded), forwarded)
    assert.equal(((await of(event)) as { host: Document }).host.hostname, hostname())
  })

  it('keeps what the event says beside, and gives each event a copy of its own', async () => {
    const { of } = processing([{ add_host_metadata: null }])
    const first = (await of({ host: { name: 'x', uptime: 5 } })) as { host: { uptime: number; os: Document } }
    first.host.os.name = 'changed'
    assert.equal(first.host.uptime, 5)
    assert.notEqual(((await of(event)) as { host: { os: Document } }).host.os.name, 'changed')
  })

  it('says so when there is no place for it', async () => {
    const { of, failures } = processing([{ add_host_metadata: null }])
    assert.deepEqual(await of({ host: 'x' }), { host: 'x' })
    assert.deepEqual(failures, ['add_host_metadata: the field host is there and no object'])
  })

  it('is read anew in the background when it is old', async () => {
    const { of, run, end } = processing([{ add_host_metadata: { cache: { ttl: '1ms' } } }])
    await of(event)
    await of(event)
    assert.equal(run.counters['processors.add_host_metadata.refreshes'], undefined)
    await sleep(1050)
    await of(event)
    await sleep(5)
    assert.equal(run.counters['processors.add_host_metadata.refreshes'], 1)
    end()
  })

  it('refuses a place that is none', () => {
    assert.throws(
      () => processing([{ add_host_metadata: { geo: { location: 'here' } } }]),
      /latitude and longitude/,
    )
  })
})

describe('add_observer_metadata', () => {
  it('says who watches', async () => {
    const { of } = processing([{ add_observer_metadata: { geo: { name: 'x' } } }])
    assert.deepEqual(await of({}), {
      observer: {
        type: 'packetbeat',
        vendor: 'elastic',
        hostname: hostname(),
        ...addresses(),
        geo: { name: 'x' },
      },
    })
  })

  it('leaves observers alone unless told otherwise', async () => {
    const there = { observer: { hostname: 'far' } }
    assert.deepEqual(await processing([{ add_observer_metadata: null }]).of(there), there)
    const { observer } = (await processing([{ add_observer_metadata: { overwrite: true } }]).of(there)) as {
      observer: Document
    }
    assert.equal(observer.hostname, hostname())
  })
})
