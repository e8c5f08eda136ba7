// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import assert from 'node:assert/strict'
import { chmodSync, chownSync } from 'node:fs'
import { describe, it } from 'node:test'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import { failure, loaded, refused, requestOf, written } from './support.js'

describe('keys', () => {
  it('may be dotted, nested, or both in one file', () => {
    const { interfaces, flows } = loaded(`
packetbeat.interfaces.device: eth1
packetbeat:
  interfaces:
    snaplen: 1500
  flows.timeout: 5s
packetbeat.flows: {period: 2s}
`)
    assert.equal(interfaces[0]?.device, 'eth1')
    assert.equal(interfaces[0]?.snaplen, 1500)
    assert.equal(flows?.timeout, 5e9)
    assert.equal(flows?.period, 2e9)
  })

  it('may not be set twice, in whatever spelling', () => {
    assert.equal(
      refused('name: a\ntags: []\nname: b\n'),
      'packetbeat.yml:3: "name" is already set in line 1.',
    )
    assert.equal(
      refused('path.data: a\npath:\n  data: b\n'),
      'packetbeat.yml:3: "path.data" is already set in line 1.',
    )
  })

  it('may not be a value in one place and a section in another', () => {
    assert.equal(refused('path: a\npath.data: b\n'), 'packetbeat.yml:2: "path" is already set in line 1.')
  })
})

describe('values', () => {
  it('may be the truth values and octal numbers of older YAML', () => {
    const { ignore_outgoing, logging } = loaded(
      'packetbeat.ignore_outgoing: yes\nlogging.files.permissions: 0640\n',
    )
    assert.equal(ignore_outgoing, true)
    assert.equal(logging.files.permissions, 0o640)
  })

  it('may be numbers and truth values given as text', () => {
    const { protocols } = loaded(
      'packetbeat.protocols:\n- {type: http, ports: ["80", "8080"], send_request: "on", max_message_size: "1024"}\n',
    )
    assert.deepEqual(protocols[0]?.ports, [80, 8080])
    assert.equal(protocols[0]?.options.send_request, true)
    assert.equal(protocols[0]?.options.max_message_size, 1024)
  })

  it('stand for a list of one', () => {
    const { protocols, added } = loaded('tags: a\npacketbeat.protocols: {type: redis, ports: 81}\n')
    assert.deepEqual(added.tags, ['a'])
    assert.deepEqual(protocols[0]?.ports, [81])
  })

  it('may use anchors and merge keys', () => {
    const { protocols } = loaded(`
packetbeat.protocols:
- &base {type: http, ports: [80], send_request: true}
- {<<: *base, ports: [81], tags: [second]}
`)
    assert.deepEqual(
      protocols.map(({ ports, options }) => [ports, options.send_request]),
      [
        [[80], true],
        [[81], true],
      ],
    )
  })

  it('may be large numbers that are names', () => {
    assert.equal(loaded('name: 123456789012345678901234567890\n').name, '123456789012345678901234567890')
  })
})

describe('a file', () => {
  it('that is not YAML is refused with its line', () => {
    assert.match(refused('name: a\n b: c\n'), /^packetbeat\.yml:\d: .+\.$/)
    assert.equal(
      refused('packetbeat.flows:\n\ttimeout: 1s\n'),
      'packetbeat.yml:2: Tabs are not allowed as indentation.',
    )
  })

  it('that is a list or a text is refused', () => {
    for (const text of ['- a\n- b\n', 'hello\n'])
      assert.equal(refused(text), 'packetbeat.yml: the configuration must consist of "key: value" lines.')
  })

  it('that is binary is refused', () => {
    assert.equal(refused('a\0b'), 'packetbeat.yml is not a text file.')
  })

  it('that does not exist is refused', () => {
    const { code, exit, message } = failure(() => load(requestOf(['/nowhere/p.yml']), registries))
    assert.deepEqual([code, exit], ['ERR_CONFIG_FILE', 3])
    assert.equal(message, 'there is no configuration file /nowhere/p.yml.')
  })

  it('that is a directory is refused', () => {
    assert.match(failure(() => load(requestOf(['/tmp']), registries)).message, /\/tmp is a directory/)
  })

  it('that others may write is refused with the command that mends it', () => {
    const file = written('name: a\n')
    chmodSync(file, 0o622)
    const { code, exit, message } = failure(() => load(requestOf([file]), registries))
    assert.deepEqual([code, exit], ['ERR_CONFIG_PERMISSIONS', 3])
    assert.match(message, new RegExp(`\`chmod go-w ${file}\``))
    assert.equal(load(requestOf([file], { strictPermissions: false }), registries).name, 'a')
  })

  it('of another user is refused with the command that mends it', {
    skip: process.getuid?.() !== 0 && 'needs root',
  }, () => {
    const file = written('name: a\n')
    chownSync(file, 12345, 12345)
    assert.match(
      failure(() => load(requestOf([file]), registries)).message,
      new RegExp(`\`chown root ${file}\``),
    )
  })

  it('of aliases to aliases does not fill the memory', () => {
    const rows = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
    for (const [from, to] of [...'abcdefgh'].map((name, index) => [name, 'bcdefghi'[index]]))
      rows.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`)
    assert.match(refused(`${rows.join('\n')}\n`), /is too large/)
  })
})

describe('several sources', () => {
  it('are laid over each other: sections merge, lists are replaced', () => {
    const first = written('tags: [a, b]\nqueue.mem.events: 64\nname: one\n')
    const second = written('tags: [c]\nqueue.mem.flush.timeout: 1s\n')
    const settings = load(
      requestOf([first, second], { overrides: ['name=two', 'queue.mem.flush.min_events=32'] }),
      registries,
    )
    assert.deepEqual(settings.added.tags, ['c'])
    assert.equal(settings.name, 'two')
    assert.deepEqual(settings.queue, { disk: undefined, events: 64, flush: { min_events: 32, timeout: 1e9 } })
  })

  it('take inline YAML and entries of lists by -E', () => {
    const settings = loaded('packetbeat.protocols:\n- {type: http, ports: [80]}\n- {type: redis}\n', {
      overrides: ['packetbeat.protocols.0.ports=[81, 82]', 'packetbeat.flows={timeout: 3s}'],
    })
    assert.deepEqual(
      settings.protocols.map(({ ports }) => ports),
      [[81, 82], [6379]],
    )
    assert.equal(settings.flows?.timeout, 3e9)
  })

  it('refuse an entry of a list that is not there', () => {
    assert.match(refused('tags: [a]\n', { overrides: ['tags.5=x'] }), /^-E tags\.5: there is no entry 5/)
  })

  it('refuse -E without a key or a value', () => {
    const { code, exit } = failure(() => loaded('', { overrides: ['name'] }))
    assert.deepEqual([code, exit], ['ERR_USAGE', 2])
  })

  it('name -E in messages about it', () => {
    assert.match(
      refused('', { overrides: ['nmae=x'] }),
      /^-E nmae: nmae is not a setting; did you mean name\?/,
    )
  })
})

describe('protocols', () => {
  it('may be a map, and a list and a map at once', () => {
    const map = loaded('packetbeat.protocols:\n  http: {ports: [80]}\n  redis:\n')
    assert.deepEqual(
      map.protocols.map(({ protocol }) => protocol.name),
      ['http', 'redis'],
    )
    const both = loaded(
      'packetbeat.protocols:\n- {type: http, ports: [80]}\npacketbeat.protocols.redis.ports: [7000]\n',
    )
    assert.deepEqual(
      both.protocols.map(({ protocol, ports }) => [protocol.name, ports]),
      [
        ['http', [80]],
        ['redis', [7000]],
      ],
    )
  })

  it('of a map are called as they were written', () => {
    assert.match(
      refused('packetbeat.protocols:\n  http:\n    prots: [80]\n'),
      /^packetbeat\.yml:3: packetbeat\.protocols\.http\.prots is not a setting; did you mean ports\?/,
    )
  })
})
