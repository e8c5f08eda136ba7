// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failure, loaded, refused } from './support.js'

const env = {
  NAME: 'box',
  PORTS: '80,81',
  LIST: '[82, 83]',
  MAP: '{team: web, size: 3}',
  QUOTED: '"1,2"',
  NUMBER: '64',
  YES: 'yes',
  EMPTY: '',
}

const nameOf = (text: string): string => loaded(`name: "${text}"\n`, { env }).name

describe('a reference', () => {
  it('becomes the variable, alone or in the middle of a text', () => {
    assert.equal(nameOf('${NAME}'), 'box')
    assert.equal(nameOf('a-${NAME}-${NAME}.z'), 'a-box-box.z')
  })

  it('takes its default when the variable is not set or empty', () => {
    assert.equal(nameOf('${NONE:other}'), 'other')
    assert.equal(nameOf('${EMPTY:other}'), 'other')
    assert.equal(nameOf('${NAME:other}'), 'box')
    assert.equal(nameOf('x${NONE:}y'), 'xy')
    assert.equal(nameOf('${NONE:http://h:80}'), 'http://h:80')
  })

  it('may stand in a default and in a name', () => {
    assert.equal(nameOf('${NONE:${NAME}}'), 'box')
    assert.equal(nameOf('${NONE:a${NAME}b}'), 'aboxb')
    assert.equal(
      loaded('name: "${${WHICH}}"\n', { env: { WHICH: 'REAL', REAL: 'yes it is' } }).name,
      'yes it is',
    )
  })

  it('is read like YAML: numbers, truth values, lists, maps, quoted texts', () => {
    const settings = loaded(
      `
packetbeat.ignore_outgoing: \${YES}
queue.mem.events: \${NUMBER}
packetbeat.protocols:
- {type: http, ports: "\${PORTS}"}
- {type: redis, ports: "\${LIST}"}
fields: \${MAP}
name: \${QUOTED}
`,
      { env },
    )
    assert.equal(settings.ignore_outgoing, true)
    assert.equal(settings.queue.events, 64)
    assert.deepEqual(
      settings.protocols.map(({ ports }) => ports),
      [
        [80, 81],
        [82, 83],
      ],
    )
    assert.deepEqual(settings.added.fields, { team: 'web', size: 3 })
    assert.equal(settings.name, '1,2')
  })

  it('becomes another setting, a whole section when it stands alone', () => {
    const settings = loaded(`
path.home: /srv
name: "\${path.data}/x"
packetbeat.flows: {fields: {a: 1}}
fields: \${packetbeat.flows.fields}
`)
    assert.equal(settings.name, '/srv/data/x')
    assert.equal(settings.path.logs, '/srv/logs')
    assert.deepEqual(settings.added.fields, { a: 1 })
  })

  it('is the variable rather than the setting when there are both', () => {
    assert.equal(loaded('name: a\ntags: ["${name}"]\n', { env: { name: 'b' } }).added.tags[0], 'b')
  })

  it('can be escaped', () => {
    assert.equal(nameOf('$${NAME}'), '${NAME}')
    assert.equal(nameOf('${NONE:a$}b}'), 'a}b')
    assert.equal(nameOf('cost: 5$'), 'cost: 5$')
  })

  it('that leads nowhere is refused, all of them at once', () => {
    assert.equal(
      refused('name: ${NONE}\n'),
      'packetbeat.yml:1: name refers to a variable that is not set, NONE; set it, or write a default: ${NONE:default}.',
    )
    const { code, exit, message } = failure(() => loaded('name: ${NONE}\ntags: ["${no.setting}"]\n'))
    assert.deepEqual([code, exit], ['ERR_CONFIG_VARIABLE', 3])
    assert.equal(message.split('\n').length, 3)
    assert.match(message, /tags\[0\] refers to a setting that is not set, no\.setting/)
  })

  it('may bring its own message', () => {
    assert.equal(
      refused('name: "${NONE:?say which box this is}"\n'),
      'packetbeat.yml:1: name needs the variable NONE: say which box this is.',
    )
  })

  it('to itself is refused', () => {
    assert.match(refused('name: "${tags.0}"\ntags: ["${name}"]\n'), /refers to itself/)
  })

  it('to a section cannot stand in the middle of a text', () => {
    assert.match(refused('name: "x${path}"\n'), /name refers to path, a map, in the middle of a text/)
  })

  it('without an end or a name is refused', () => {
    assert.match(refused('name: "a${NAME"\n'), /name has a reference without an end: \$\{NAME/)
    assert.match(refused('name: "a${}"\n'), /name has a reference without a name/)
  })
})
