import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { binding } from '../lib/binding.js'
import { assertRefused, command, events, notBuilt } from './support/command.js'
import { traceFolder } from './support/traces.js'

const folder = mkdtempSync(join(tmpdir(), 'data-lock-'))
after(() => rmSync(folder, { recursive: true }))
const sample = join(traceFolder, 'sample.pcap')
const run = (data: string, ...flags: string[]) =>
  command(['run', '-I', sample, '--path.data', data, ...flags])
const disk = ['-E', 'queue.disk.max_size=10MB']

describe('the data folder', { skip: notBuilt }, () => {
  it('is locked while a queue on disk is in use, which a second run tells and touches nothing', () => {
    const data = join(folder, 'locked')
    assert.equal(run(data, ...disk).status, 0)
    const lock = binding.lockFile(join(data, 'packetbeat.lock'))
    assert.notEqual(lock, null)
    const said = /the data folder .*locked is in use by another packetbeat: .* --path\.data\.$/m
    assertRefused(run(data, ...disk), 'configuration', said)
    // Who reads a capture file into a queue in memory is in nobody's way.
    assert.equal(run(data).status, 0)
    binding.unlockFile(lock as number)
    assert.equal(run(data, ...disk).status, 0)
  })

  it('that cannot be made is told where a queue on disk needs it', {
    skip: process.platform !== 'linux' && 'needs /proc',
  }, () => {
    assertRefused(run('/proc/nowhere', ...disk), 'output', /cannot lock \/proc\/nowhere.*--path\.data/)
  })
})

describe('a run with a queue on disk', { skip: notBuilt }, () => {
  it('writes the same events as one with a queue in memory, and leaves nothing behind', () => {
    const data = join(folder, 'same')
    const codec = ['-E', 'output.console.codec.format.string="%{[type]} %{[@timestamp]}"']
    for (const flags of [[], codec]) {
      const kept = run(data, ...disk, ...flags)
      assert.equal(kept.stderr, '')
      assert.equal(kept.stdout, run(data, ...flags).stdout)
    }
    assert.ok(events(run(data, ...disk).stdout).length > 20)
    assert.deepEqual(readdirSync(join(data, 'diskqueue')), [])
  })

  it('refuses the queue of another program with one sentence, and leaves it as it is', () => {
    const data = join(folder, 'foreign')
    assert.equal(run(data, ...disk).status, 0)
    const state = join(data, 'diskqueue', 'state.dat')
    writeFileSync(state, 'theirs')
    assertRefused(run(data, ...disk), 'output', /holds a disk queue of another program.*queue\.disk\.path/)
    assert.equal(readFileSync(state, 'utf8'), 'theirs')
  })
})
