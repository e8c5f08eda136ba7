import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { assertRefused, command, events, notBuilt, shell } from '../support/command.js'
import { traceFolder } from '../support/traces.js'

const folder = mkdtempSync(join(tmpdir(), 'bad-output-'))
after(() => rmSync(folder, { recursive: true }))
const sample = join(traceFolder, 'sample.pcap')
const run = (...flags: string[]) => command(['run', '-I', sample, ...flags])
const all = () => events(command(['run', '-I', sample]).stdout)
const noFull = !existsSync('/dev/full') && 'needs /dev/full'
const notRoot = (process.platform !== 'linux' || process.getuid?.() !== 0) && 'needs root on Linux'

describe('one sentence and status 6 for', { skip: notBuilt }, () => {
  it('a file where the folder of the output should be', () => {
    writeFileSync(join(folder, 'taken'), '')
    assertRefused(run('-E', `output.file.path=${folder}/taken`), 'output', /cannot open the output .*taken/)
    assertRefused(
      run('-E', `output.file.path=${folder}/taken/below`),
      'output',
      /cannot open the output .*below/,
    )
  })

  it('a place where no folder can be made', { skip: process.platform !== 'linux' && 'needs /proc' }, () => {
    assertRefused(
      run('-E', 'output.file.path=/proc/nowhere'),
      'output',
      /cannot open the output \/proc\/nowhere/,
    )
  })

  it('a folder that this user may not write to', { skip: notRoot }, () => {
    mkdirSync(join(folder, 'closed'), { mode: 0o700 })
    const path = join('/', 'packetbeat-native-test-closed')
    const ended = command(['run', '-I', '-', '-E', `output.file.path=${path}`], {
      cwd: '/',
      user: 65534,
      input: readFileSync(sample),
    })
    assertRefused(ended, 'output', /permission is denied/)
  })

  it('packets that cannot be dumped', () => {
    assertRefused(run('--dump', join(folder, 'nowhere', 'packets')), 'output', /dump file .*nowhere/)
  })

  it('a full standard output, of any command', { skip: noFull }, () => {
    for (const what of [`run -I ${sample}`, 'help', 'version', 'export config'])
      assertRefused(shell(`$cli ${what} >/dev/full`), 'output', /cannot write .*stdout: no space is left/)
  })

  it('a full disk; what was written before is whole and in order', { skip: notRoot }, () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', disk])
    try {
      // Flushed often, as a run that lasts does by itself.
      const often = ['-E', 'queue.mem.flush.min_events=4', '-E', 'queue.mem.events=64']
      const ended = run('-E', `output.file.path=${disk}`, ...often)
      assertRefused(ended, 'output', /cannot write to the output .*ndjson: no space is left there/)
      const [name = ''] = readdirSync(disk)
      const written = events(readFileSync(join(disk, name), 'utf8'))
      assert.ok(written.length > 8, `${written.length} events`)
      const key = (event: Record<string, unknown>) => [event.type, event['@timestamp'], event.source]
      assert.deepEqual(written.map(key), all().slice(0, written.length).map(key))
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

describe('nobody', { skip: notBuilt }, () => {
  it('who reads the first events only makes the run fail', () => {
    const ended = shell(`$cli run -I ${sample} -l 200 | head -n 1; exit \${PIPESTATUS[0]}`)
    assert.equal(ended.stderr, '')
    assert.equal(ended.status, 0)
    assert.equal(events(ended.stdout).length, 1)
  })

  it('who closed standard output or error makes it fail otherwise than it would', () => {
    assert.equal(shell(`$cli run -I ${sample} >&-`).status, 0)
    assert.equal(shell(`$cli run -I ${folder}/nowhere 2>&-`).status, 7)
  })

  it('who cannot take the complaint changes the exit status', { skip: noFull }, () => {
    assert.equal(shell(`$cli run -I ${folder}/nowhere 2>/dev/full`).status, 7)
  })
})
