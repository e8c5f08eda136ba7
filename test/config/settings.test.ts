import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { locate } from '../../lib/config/files.js'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import { loaded, requestOf } from './support.js'

const empty = mkdtempSync(join(tmpdir(), 'packetbeat-none-'))

describe('without any file', () => {
  const settings = load(requestOf([], { path: { config: empty } }), registries)

  it('all protocols are on, on their usual ports', () => {
    assert.deepEqual(
      settings.protocols.map(({ protocol, ports }) => [protocol.name, ports]),
      registries.protocols.map(({ name, ports }) => [name, [...ports]]),
    )
  })

  it('flows are on, all interfaces are captured from, and no output is configured', () => {
    assert.deepEqual([settings.flows?.timeout, settings.flows?.period], [30e9, 10e9])
    assert.deepEqual(
      settings.interfaces.map(({ device }) => device),
      [process.platform === 'linux' ? 'any' : 'default_route'],
    )
    assert.equal(settings.output, undefined)
  })

  it('the log goes to standard error, and says only what is important', () => {
    assert.deepEqual([settings.logging.to_stderr, settings.logging.to_files], [true, false])
    assert.equal(settings.logging.level, 'warning')
  })

  it('-E changes one thing and leaves the rest', () => {
    const changed = load(
      requestOf([], { path: { config: empty }, overrides: ['packetbeat.flows.period=-1s'] }),
      registries,
    )
    assert.equal(changed.flows?.period, -1e9)
    assert.equal(changed.protocols.length, registries.protocols.length)
  })
})

describe('where files are', () => {
  it('the one of path.config, then that of the system', () => {
    const config = mkdtempSync(join(tmpdir(), 'packetbeat-etc-'))
    writeFileSync(join(config, 'packetbeat.yml'), '')
    assert.deepEqual(locate([], config), [join(config, 'packetbeat.yml')])
    assert.deepEqual(locate([], empty), [])
    const system = { home: '', config, data: '', logs: '' }
    assert.deepEqual(locate([], undefined, system), [join(config, 'packetbeat.yml')])
  })

  it('names of -c are those below path.config, unless they are absolute', () => {
    assert.deepEqual(locate(['a.yml', '/b.yml'], '/etc/x'), ['/etc/x/a.yml', '/b.yml'])
    assert.deepEqual(locate(['a.yml'], undefined), ['a.yml'])
  })
})

describe('a capture file', () => {
  it('takes the place of all devices', () => {
    const { interfaces } = loaded(
      'packetbeat.interfaces:\n- {device: lo, internal_networks: [private]}\n- device: eth0\n',
      {
        capture: { file: 'a.pcap', loops: 3, dumpfile: 'd' },
      },
    )
    assert.equal(interfaces.length, 1)
    const [{ file, loops, dumpfile, realtime, internal_networks } = assert.fail()] = interfaces
    assert.deepEqual(
      [file, loops, dumpfile, realtime, internal_networks],
      ['a.pcap', 3, 'd', false, ['private']],
    )
  })
})

describe('what does not exist yet', () => {
  it('is named with its place, once for each part', () => {
    const { notices } = loaded(`
packetbeat.npcap.never_install: true
packetbeat.protocols:
- {type: http}
processors:
- decode_cef:
- if.equals.type: http
  then: [{decode_cef: ~}, {add_tags: {tags: [a]}}]
instrumentation.enabled: true
`)
    assert.deepEqual(
      notices.map((notice) => notice.replace(/, \S*\/packetbeat/, ', packetbeat')),
      [
        'not available yet: packetbeat.npcap, packetbeat.yml:2',
        'not available yet: instrumentation, packetbeat.yml:9',
        'not available yet: processors[0].decode_cef, packetbeat.yml:6',
        'not available yet: processors[1].then[0].decode_cef, packetbeat.yml:8',
      ],
    )
  })

  it('is not missed when it is switched off', () => {
    const { notices } = loaded('seccomp.enabled: false\ninstrumentation.enabled: no\n')
    assert.deepEqual(notices, [])
  })

  it('is left out of lists, and the rest keeps its place', () => {
    const { processors } = loaded('processors: [{decode_cef: ~}, {drop_event: ~}]\n')
    assert.equal(processors.length, 1)
  })
})

it('an entry without ports has the usual ones, one with an empty list says that it decodes nothing', () => {
  const { protocols, notices } = loaded('packetbeat.protocols: [{type: redis}, {type: http, ports: []}]\n')
  assert.deepEqual(
    protocols.map(({ ports }) => ports),
    [[6379], []],
  )
  assert.deepEqual(notices, ['packetbeat.protocols[1] (http) has no ports, so it decodes nothing'])
})

it('-e, -d and -v decide about the log', () => {
  const file = 'logging: {level: error, selectors: [a], to_files: true}\n'
  assert.equal(loaded(file).logging.to_files, true)
  const { logging } = loaded(file, { logging: { stderr: true, level: 'debug', selectors: ['http'] } })
  assert.deepEqual(
    [logging.to_stderr, logging.to_files, logging.level, logging.selectors],
    [true, false, 'debug', ['http']],
  )
})

it('processors do what they were configured to', () => {
  const { processors } = loaded('processors:\n- drop_event.when.range.http.response.status_code.lt: 300\n')
  const event = (code: number) => ({ http: { response: { status_code: code } } })
  assert.equal(processors[0]?.(event(200)), null)
  assert.deepEqual(processors[0]?.(event(404)), event(404))
})
