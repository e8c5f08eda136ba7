import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { exitCodes } from '../../lib/errors.js'
import { assertRefused, command, notBuilt } from '../support/command.js'
import { traceFolder } from '../support/traces.js'

const folder = mkdtempSync(join(tmpdir(), 'bad-configuration-'))
after(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'packetbeat.yml')
const run = (...flags: string[]) => command(['run', ...flags, '-I', join(traceFolder, 'sample.pcap')])

/** Both commands that read a configuration say the same of it. */
function refused(text: string | Buffer, says: RegExp): void {
  writeFileSync(path, text, { mode: 0o600 })
  const ended = run('-c', path)
  assertRefused(ended, 'configuration', says)
  assert.equal(ended.stdout, '')
  assert.deepEqual(command(['test', 'config', '-c', path]), ended)
}

// Texts of single mistakes are in test/config; here is what a user sees of each kind.
describe('one sentence, with its line, and status 3 for a configuration', { skip: notBuilt }, () => {
  const cases: [string, string | Buffer, RegExp][] = [
    ['that is not YAML', 'name: a\npacketbeat: [unclosed\n', /packetbeat\.yml:\d: /],
    ['that is a list', '- a\n- b\n', /must consist of "key: value" lines/],
    ['that is not text', Buffer.from([0, 1, 2, 0xff]), /is not a text file/],
    [
      'with a word for a number',
      'queue.mem.events: many\n',
      /:1: queue\.mem\.events must be a number, not "many"/,
    ],
    [
      'with a number for a duration',
      'packetbeat.flows.timeout: soon\n',
      /must be a duration, such as .*"soon"/,
    ],
    ['with a section for a value', 'name: {a: 1}\n', /packetbeat\.yml:1: name must be/],
    ['with a misspelt setting', 'packetbeat.flows:\n  timout: 30s\n', /:2: .*timout.*did you mean timeout\?/],
    ['with a misspelt section', 'packetbeet.flows: {}\n', /did you mean packetbeat/],
    ['with a misspelt output', 'output.fiel: {path: /tmp}\n', /did you mean file\?/],
    ['with a misspelt protocol', 'packetbeat.protocols: [{type: htpp}]\n', /did you mean http\?/],
    [
      'with one port for two protocols',
      'packetbeat.protocols: [{type: http, ports: [80]}, {type: redis, ports: [80]}]\n',
      /TCP port 80 between http and redis/,
    ],
  ]
  for (const [what, text, says] of cases) it(what, () => refused(text, says))

  it('that is not there, or a directory', () => {
    assertRefused(run('-c', join(folder, 'nowhere.yml')), 'configuration', /no configuration file .*nowhere/)
    assertRefused(run('-c', folder), 'configuration', /is a directory/)
  })

  it('that others may write', () => {
    const shared = join(folder, 'shared.yml')
    writeFileSync(shared, 'name: a\n')
    chmodSync(shared, 0o666)
    assertRefused(run('-c', shared), 'configuration', /chmod go-w/)
  })

  it('given on the command line', () => {
    assertRefused(
      run('-E', 'packetbeat.flows.timout=3s'),
      'configuration',
      /-E packetbeat\.flows\.timout.*timeout\?/,
    )
  })
})

it('several mistakes are told at once, one a line', { skip: notBuilt }, () => {
  writeFileSync(path, 'packetbeat.flows.timeout: soon\nqueue.mem.events: many\n', { mode: 0o600 })
  const { status, stderr } = run('-c', path)
  assert.match(stderr, /^Exiting: there are 2 mistakes[^\n]*:\n {2}\S+:1: [^\n]+\.\n {2}\S+:2: [^\n]+\.\n$/)
  assert.equal(status, exitCodes.configuration)
})
