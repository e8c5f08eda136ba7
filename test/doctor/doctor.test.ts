import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { binding } from '../../lib/binding.js'
import type { Finding } from '../../lib/doctor/finding.js'
import { holderOf } from '../../lib/doctor/locks.js'
import { nodeVersion } from '../../lib/doctor/program.js'
import { trafficOf } from '../../lib/doctor/traffic.js'
import { cli, command, notBuilt, repository, shell } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'packetbeat-doctor-'))
after(() => rmSync(folder, { recursive: true }))
const linux = process.platform === 'linux' ? false : 'needs /proc'

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

describe('the parts of doctor', () => {
  const versions = ['20.19.0', '22.12.0', '24.0.0', '26.1.0']
  const others = ['18.20.8', '20.18.3', '21.7.3', '22.11.0']
  for (const version of versions)
    it(`Node.js ${version} is one it is for`, () => assert.equal(nodeVersion(version).level, 'ok'))
  for (const version of others)
    it(`Node.js ${version} is none`, () => assert.equal(nodeVersion(version).level, 'problem'))

  it('sees who holds a lock, without touching it', { skip: linux }, () => {
    const path = join(folder, 'lock')
    assert.equal(holderOf(path), undefined)
    const lock = binding.lockFile(path)
    assert.equal(holderOf(path), process.pid)
    binding.unlockFile(lock as number)
    assert.equal(holderOf(path), undefined)
  })

  it('reads what interfaces have counted', { skip: linux }, () => {
    const counted = trafficOf().get('lo')
    assert.deepEqual(Object.keys(counted ?? {}), ['received', 'sent', 'dropped', 'overruns'])
    assert.ok(Object.values(counted ?? {}).every(Number.isInteger))
  })
})

describe('doctor', { skip: notBuilt }, () => {
  it('tells a configuration that is wrong in one line, and what it could not examine', () => {
    const path = file('wrong.yml', 'packetbeat.protocol: []\nqueue: {mem: {events: few}}\n')
    const { status, stdout, stderr } = command(['doctor', '-c', path])
    assert.deepEqual([status, stderr], [3, ''])
    assert.match(
      stdout,
      /^problem {2}configuration: there are 2 mistakes .*wrong\.yml:1: .*wrong\.yml:2: .*To mend it: packetbeat-native test config -c /m,
    )
    assert.match(stdout, /^note {5}all else: depends on the configuration/m)
    assert.match(stdout, /^1 problem, \d+ notes?\.$/m)
  })

  it('shows no secret', () => {
    const path = file(
      'secret.yml',
      'output.elasticsearch: {hosts: ["http://me:hunter22@127.0.0.1:9"], password: hunter22, username: me}\n',
    )
    const { stdout } = command(['doctor', '-c', path])
    assert.match(stdout, /^problem {2}output\.elasticsearch: /m)
    assert.doesNotMatch(stdout, /hunter22/)
  })

  it('says which command builds the addon where there is none', () => {
    const package_ = join(folder, 'package')
    mkdirSync(package_)
    for (const part of ['dist', 'package.json'])
      cpSync(join(repository, part), join(package_, part), { recursive: true })
    symlinkSync(join(repository, 'node_modules'), join(package_, 'node_modules'))
    const alone = cli.replace(repository, package_)
    const { status, stdout } = shell(`'${process.execPath}' ${alone} doctor --json`, { cwd: folder })
    const findings = JSON.parse(stdout) as Finding[]
    const addon = findings.find(({ subject }) => subject === 'addon')
    assert.deepEqual([status, addon?.level], [1, 'problem'])
    assert.match(addon?.command ?? '', /^\S.*(npm|packetbeat)/)
    assert.ok(findings.some(({ subject }) => subject === 'output'))
  })

  it('makes nothing', () => {
    const home = join(folder, 'home')
    mkdirSync(home)
    const disk = ['-E', 'queue.disk.max_size=10MB', '-E', 'output.console.enabled=true']
    command(['doctor', '--path.home', home, ...disk], { cwd: home })
    assert.deepEqual(readdirSync(home), [])
  })
})
