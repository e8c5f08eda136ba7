// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { main } from '../../lib/cli/main.js'
import { refused } from '../config/support.js'

/** A folder of its own with commands that use it. */
function place() {
  const data = mkdtempSync(join(tmpdir(), 'packetbeat-keystore-'))
  const command = async (argv: string[], input?: { text: string; isTTY?: boolean }) => {
    const result = { status: 0, out: '', err: '' }
    const stdin = input && Object.assign(new PassThrough(), { isTTY: input.isTTY === true })
    stdin?.end(input?.text)
    result.status = await main([...argv, '--path.data', data], {
      stdout: { write: (text: string) => (result.out += text) },
      stderr: { write: (text: string) => (result.err += text) },
      env: { A: 'of the environment', B: 'of the environment' },
      ...(stdin && { stdin }),
    })
    return result
  }
  return { data, command }
}

describe('the keystore commands', () => {
  it('create, add, list and remove', async () => {
    const { command } = place()
    assert.match(
      (await command(['keystore', 'list'])).err,
      /there is no keystore .*; `keystore create` makes one\./,
    )
    assert.match((await command(['keystore', 'create'])).out, /^Created the keystore /)
    assert.equal((await command(['keystore', 'add', 'B', '--stdin'], { text: 'second\nrest' })).status, 0)
    assert.equal((await command(['keystore', 'add', 'A', '-stdin'], { text: 'first' })).status, 0)
    assert.equal((await command(['keystore', 'list'])).out, 'A\nB\n')
    const unknown = await command(['keystore', 'remove', 'A', 'C'])
    assert.deepEqual([unknown.status, unknown.out], [3, ''])
    assert.match(unknown.err, /has no C, so nothing was removed/)
    assert.equal((await command(['keystore', 'remove', 'A', 'B'])).out, 'Removed A\nRemoved B\n')
    assert.equal((await command(['keystore', 'list'])).out, '')
  })

  it('replace nothing without being told to', async () => {
    const { command } = place()
    await command(['keystore', 'add', 'A', '--stdin'], { text: 'first' })
    const second = await command(['keystore', 'add', 'A', '--stdin'], { text: 'second' })
    assert.equal(second.status, 2)
    assert.match(second.err, /there is a secret A already; --force replaces it\./)
    assert.match((await command(['keystore', 'create'])).out, /stays as it is/)
    const asked = await command(['keystore', 'add', 'A'], { text: 'n\n', isTTY: true })
    assert.match(asked.err, /There is a secret A already\. Replace it\? \[y\/N\]/)
    assert.match(asked.out, /stays as it is/)
    assert.equal((await command(['keystore', 'add', 'A', '--force', '--stdin'], { text: 'third' })).status, 0)
    assert.match((await command(['keystore', 'create', '--force'])).out, /^Created/)
    assert.equal((await command(['keystore', 'list'])).out, '')
  })

  it('ask a terminal, and do not show what is typed', async () => {
    const { command } = place()
    const { status, out, err } = await command(['keystore', 'add', 'A'], { text: 'geheim\n', isTTY: true })
    assert.deepEqual([status, err], [0, 'Value of A: \n'])
    assert.doesNotMatch(out, /geheim/)
  })

  it('take no empty secret, and need somebody to ask', async () => {
    const { command } = place()
    assert.equal((await command(['keystore', 'add', 'A', '--stdin'], { text: '\n' })).status, 2)
    assert.match((await command(['keystore', 'add', 'A'])).err, /--stdin reads it from standard input/)
    assert.match((await command(['keystore', 'add'])).err, /takes one name/)
  })
})

describe('a reference', () => {
  it('finds a secret before a variable, and takes it as it is', async () => {
    const { data, command } = place()
    await command(['keystore', 'add', 'A', '--stdin'], { text: '[a, 1]' })
    const file = join(data, 'packetbeat.yml')
    writeFileSync(file, 'name: ${A}\ntags: ["${B}"]\noutput.file.path: ${A}/x\n', { mode: 0o600 })
    // Whatever is wrong with a setting is told without the secret in it.
    const wrong = await command(['test', 'config', '-c', file, '-E', 'queue.mem.events=${A}'])
    assert.equal(wrong.status, 3)
    assert.doesNotMatch(wrong.err, /\[a, 1\]/)
    assert.equal((await command(['test', 'config', '-c', file])).out, 'Config OK\n')
    const exported = await command(['export', 'config', '-c', file])
    assert.match(exported.out, /name: \$\{A\}/)
  })
})

it('what a secret setting says is masked wherever it is quoted', () => {
  const text = 'output.console.enabled: true\nx_password: "s3cret-value"\ntags: {a: "s3cret-value"}\n'
  assert.doesNotMatch(refused(text), /s3cret-value/)
})
