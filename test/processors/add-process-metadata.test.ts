import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { processing } from './support.js'

const skip = process.platform !== 'linux' && 'needs Linux'

function child(t: TestContext, ...words: [string, ...string[]]) {
  const running = spawn(words[0], words.slice(1), { env: { SECRET: 'x' }, stdio: 'ignore' })
  t.after(() => running.kill())
  return running
}

const match = { match_pids: ['process.pid', 'process.parent.pid'] }

describe('add_process_metadata', { skip }, () => {
  it('says what the kernel knows', async (t) => {
    const { pid = 0 } = child(t, '/bin/sleep', '50')
    await new Promise((done) => setTimeout(done, 100))
    const { of, failures } = processing([{ add_process_metadata: match }])
    const event = (await of({ process: { pid } })) as { process: Document & { start_time: string } }
    const { start_time, executable, ...rest } = event.process
    assert.deepEqual(failures, [])
    assert.deepEqual(rest, {
      name: 'sleep',
      title: '/bin/sleep 50',
      args: ['/bin/sleep', '50'],
      pid,
      parent: { pid: process.pid },
      owner: { id: String(process.getuid?.()), name: userInfo().username },
    })
    assert.match(String(executable), /\/(sleep|coreutils|busybox)$/)
    assert.ok(Math.abs(Date.parse(start_time) - Date.now()) < 5000)
    assert.equal('container' in event, false)
  })

  it('puts only what is wanted, below its target, and secrets only for those who ask for them', async (t) => {
    const { pid = 0 } = child(t, '/bin/sleep', '50')
    await new Promise((done) => setTimeout(done, 100))
    const options = {
      ...match,
      target: 'who',
      include_fields: ['process.name', 'process.env'],
      restricted_fields: true,
    }
    const { of } = processing([{ add_process_metadata: options }])
    assert.deepEqual(((await of({ process: { pid } })) as { who: unknown }).who, {
      process: { name: 'sleep', env: { SECRET: 'x' } },
    })
    const secret = { ...options, restricted_fields: false }
    assert.throws(() => processing([{ add_process_metadata: secret }]), /set restricted_fields/)
    assert.throws(
      () => processing([{ add_process_metadata: { ...match, include_fields: ['x'] } }]),
      /process\.name/,
    )
  })

  it('takes the first number of a process that is running', async () => {
    const { of } = processing([
      { add_process_metadata: { ...match, include_fields: ['process.owner'], target: 'p' } },
    ])
    const event = { process: { pid: 2 ** 30, parent: { pid: process.pid } } }
    const { p } = (await of(event)) as { p: { process: { owner: Document } } }
    assert.equal(p.process.owner.name, userInfo().username)
  })

  it('leaves events as they are when a field is there, unless told otherwise', async () => {
    const event = { process: { pid: process.pid, name: 'other' } }
    const careful = processing([{ add_process_metadata: match }])
    assert.deepEqual(await careful.of(event), event)
    assert.match(careful.failures[0] as string, /process\.name is there already; set overwrite_keys/)
    const bold = processing([{ add_process_metadata: { ...match, overwrite_keys: true } }])
    assert.notEqual(((await bold.of(event)) as typeof event).process.name, 'other')
  })

  it('says so for processes that have ended, and for missing numbers where they are wanted', async (t) => {
    const running = child(t, '/bin/true')
    await once(running, 'exit')
    const { of, failures } = processing([{ add_process_metadata: match }])
    const event = { process: { pid: running.pid } }
    assert.deepEqual(await of(event), event)
    for (const pid of ['1', -1, 1.5, null]) await of({ process: { pid } })
    assert.deepEqual(failures, ['add_process_metadata: there is no such process any more'])
    const strict = processing([{ add_process_metadata: { ...match, ignore_missing: false } }])
    await strict.of({})
    assert.equal(strict.failures.length, 1)
  })

  it('reads a process once in thirty seconds', async () => {
    const { of, run } = processing([{ add_process_metadata: { ...match, target: 'p' } }])
    for (let i = 0; i < 10; i++) await of({ process: { pid: process.pid } })
    assert.equal(run.counters['processors.add_process_metadata.reads'], 1)
  })

  it('reads the files of a host that is mounted elsewhere', async (t) => {
    const host = mkdtempSync(join(tmpdir(), 'host-'))
    t.after(() => rmSync(host, { recursive: true }))
    const files = {
      'proc/5/stat': `5 (web) S 1 ${'0 '.repeat(17)}100 0`,
      'proc/5/cmdline': 'web\0-x\0',
      'proc/5/status': 'Name:\tweb\nUid:\t0\t33\t33\t33\n',
      'proc/5/cgroup': `0::/system.slice/docker-${'ab'.repeat(32)}.scope\n`,
      'proc/stat': 'cpu 1\nbtime 1700000000\n',
      'etc/passwd': 'root:x:0:0::/root:/bin/sh\nbad\nwww-data:x:33:33::/:/bin/false\n',
    }
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(host, name, '..'), { recursive: true })
      writeFileSync(join(host, name), text)
    }
    const { of } = processing([{ add_process_metadata: { ...match, host_path: host } }])
    assert.deepEqual(await of({ process: { pid: 5 } }), {
      process: {
        pid: 5,
        name: 'web',
        title: 'web -x',
        args: ['web', '-x'],
        parent: { pid: 1 },
        start_time: '2023-11-14T22:13:21.000Z',
        owner: { id: '33', name: 'www-data' },
      },
      container: { id: 'ab'.repeat(32) },
    })
  })
})
