import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import type { Settings } from '../../lib/config/settings.js'
import { requestOf, written } from './support.js'

const loaded = (objects: readonly object[], files: string[] = [], device?: string): Settings =>
  load(
    {
      ...requestOf(files),
      search: false,
      objects: objects.map((value, index) => ({ name: `object ${index}`, value })),
      ...(device !== undefined && { capture: { device } }),
    },
    registries,
  )

describe('a configuration given as an object', () => {
  it('is laid over the built-in defaults, or over files, a later one over an earlier', () => {
    const { name, added, protocols, flows } = loaded([{ name: 'a', tags: ['a'] }, { name: 'b' }])
    assert.equal(name, 'b')
    assert.deepEqual(added.tags, ['a'])
    assert.equal(protocols.length, registries.protocols.length)
    assert.notEqual(flows, undefined)
    const file = written('packetbeat.protocols: [{type: http, ports: [8080]}]\nname: file')
    const settings = loaded([{ tags: 'b' }], [file])
    assert.equal(settings.name, 'file')
    assert.deepEqual(settings.added.tags, ['b'])
    assert.deepEqual(
      settings.protocols.map(({ ports }) => ports),
      [[8080]],
    )
    assert.equal(settings.flows, undefined)
  })

  it('says the same with dots, with references and without what is undefined', () => {
    const { protocols, name } = loaded([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference.
      { 'packetbeat.protocols': [{ type: 'http', ports: 8080 }], name: '${UNSET:here}', tags: undefined },
    ])
    assert.equal(name, 'here')
    assert.deepEqual(
      protocols.map(({ protocol, ports }) => [protocol.name, ports]),
      [['http', [8080]]],
    )
  })

  it('is told by its name where it is wrong', () => {
    assert.throws(() => loaded([{ packetbeat: { flows: { perod: '1s' } } }]), {
      code: 'ERR_CONFIG_INVALID',
      message: /^object 0: packetbeat\.flows\.perod is not a setting; did you mean period\?/,
    })
  })

  it('a key called __proto__ is a key', () => {
    const fields = JSON.parse('{"__proto__": {"a": 1}}')
    assert.throws(() => loaded([fields]), /__proto__\.?a? is not a setting/)
  })
})

describe('a device that was asked for', () => {
  it('takes the place of those configured, with the options of the first', () => {
    const { interfaces } = loaded(
      [{ packetbeat: { interfaces: [{ device: 'a', snaplen: 100 }, { device: 'b' }] } }],
      [],
      'c',
    )
    assert.deepEqual(
      interfaces.map(({ device, snaplen, file }) => [device, snaplen, file]),
      [['c', 100, undefined]],
    )
  })

  it('is what entries for one device are held against', () => {
    const protocols = [{ type: 'http', interface: { device: 'eth1' } }]
    assert.throws(() => loaded([{ packetbeat: { protocols } }], [], 'eth0'), /must be a device of .*\(eth0\)/)
  })
})
