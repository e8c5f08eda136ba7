import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { assertRefused, cli, command, events, notBuilt, shell } from '../support/command.js'
import { readPcap, writePcap } from '../support/pcap.js'
import { traceFolder } from '../support/traces.js'

const folder = mkdtempSync(join(tmpdir(), 'bad-captures-'))
after(() => rmSync(folder, { recursive: true }))
const sample = readFileSync(join(traceFolder, 'sample.pcap'))

function file(name: string, bytes: Buffer | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function folderNamed(name: string): string {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}

/** The sample as if it came from a device of link type 147, which is anybody's own. */
function ofOtherLink(): Buffer {
  const bytes = Buffer.from(sample)
  bytes.writeUInt32LE(147, 20)
  return bytes
}

/** The sample with a record of four gigabytes in its middle. */
function damaged(): Buffer {
  const bytes = Buffer.from(sample)
  const pcap = readPcap(bytes)
  assert.ok(pcap !== undefined)
  const before = writePcap({ ...pcap, records: pcap.records.slice(0, 100) }).length
  bytes.writeUInt32LE(0xfffffff0, before + 8)
  return bytes
}

describe('one sentence and status 7 for', { skip: notBuilt }, () => {
  const refused: [string, () => string, RegExp][] = [
    ['a file that is not there', () => join(folder, 'nowhere.pcap'), /nowhere\.pcap.*No such file/],
    ['a compressed one that is not there', () => join(folder, 'nowhere.gz'), /no file .*nowhere\.gz/],
    ['an empty file', () => file('empty.pcap', ''), /empty\.pcap" is empty/],
    ['a directory', () => folderNamed('folder.pcap'), /folder\.pcap": Is a directory/],
    ['a directory that looks compressed', () => folderNamed('folder.gz'), /folder\.gz is a directory/],
    [
      'a text file',
      () => file('text.pcap', 'GET / HTTP/1.1\n'),
      /text\.pcap" is not a capture file: it is text/,
    ],
    [
      'a binary file',
      () => file('elf.pcap', readFileSync(process.execPath).subarray(0, 9999)),
      /not a capture/,
    ],
    ['a compressed text file', () => file('text.gz', gzipSync('hello')), /not a capture file: it is text/],
    ['half a file header', () => file('head.pcap', sample.subarray(0, 10)), /cut off/],
    ['a link type nobody knows', () => file('link.pcap', ofOtherLink()), /link type 147/],
  ]
  for (const [what, make, says] of refused)
    it(what, () => {
      const ended = command(['run', '-I', make()])
      assertRefused(ended, 'file', says)
      assert.equal(ended.stdout, '')
    })

  it('a file that this user may not read', {
    skip: process.getuid?.() !== 0 && 'needs root, to be somebody else',
  }, () => {
    const path = file('secret.pcap', sample)
    chmodSync(folder, 0o755)
    chmodSync(path, 0o600)
    const ended = command(['run', '-I', path], { cwd: '/', user: 65534 })
    assertRefused(ended, 'file', /secret\.pcap": Permission denied/)
  })

  it('standard input without a capture in it, even when it never ends', () => {
    assertRefused(command(['run', '-I', '-'], { input: Buffer.alloc(0) }), 'file', /is empty/)
    assertRefused(shell('set -o pipefail; yes | $cli run -I -'), 'file', /it is text/)
    assertRefused(shell('$cli run -I - </dev/zero'), 'file', /not a capture file/)
  })
})

describe('what was captured before is kept of', { skip: notBuilt }, () => {
  /** The events of the sample's first packets. */
  function ofFirst(packets: number): string {
    const pcap = readPcap(sample)
    assert.ok(pcap !== undefined)
    const path = file('first.pcap', writePcap({ ...pcap, records: pcap.records.slice(0, packets) }))
    const ended = command(['run', '-I', path])
    assert.equal(ended.status, 0)
    assert.ok(events(ended.stdout).length > 10)
    return ended.stdout
  }
  const first = (packets: number) => {
    const pcap = readPcap(sample)
    assert.ok(pcap !== undefined)
    return writePcap({ ...pcap, records: pcap.records.slice(0, packets) }).length
  }

  it('a file that is cut off in a packet, and in the head of one', () => {
    for (const more of [20, 3]) {
      const ended = command(['run', '-I', file('cut.pcap', sample.subarray(0, first(100) + more))])
      assertRefused(ended, 'file', /cut\.pcap" is cut off/)
      assert.equal(ended.stdout, ofFirst(100))
    }
  })

  it('a file that is damaged in its middle', () => {
    const ended = command(['run', '-I', file('damaged.pcap', damaged())])
    assertRefused(ended, 'file', /damaged\.pcap" is damaged at byte/)
    assert.equal(ended.stdout, ofFirst(100))
  })

  it('standard input that ends too early', () => {
    const ended = command(['run', '-I', '-'], { input: sample.subarray(0, first(100) + 20) })
    assertRefused(ended, 'file', /stream is cut off/)
    assert.equal(ended.stdout, ofFirst(100))
  })

  it('a compressed file that is cut off, or damaged', () => {
    const whole = gzipSync(sample)
    const cut = command(['run', '-I', file('cut.gz', whole.subarray(0, whole.length * 0.8))])
    assertRefused(cut, 'file', /cut\.gz is not whole/)
    assert.ok(events(cut.stdout).length > 20)
    const bytes = Buffer.from(whole)
    bytes.fill(0xff, whole.length - 1000, whole.length - 900)
    const bad = command(['run', '-I', file('bad.gz', bytes)])
    assertRefused(bad, 'file', /bad\.gz is not whole/)
    assert.ok(events(bad.stdout).length > 20)
  })

  it('a compressed file with padding or something else behind it', () => {
    const whole = command(['run', '-I', join(traceFolder, 'sample.pcap')])
    const behind = (bytes: Buffer) =>
      command(['run', '-I', file('behind.gz', Buffer.concat([gzipSync(sample), bytes]))])
    assert.deepEqual(behind(Buffer.alloc(512)), whole)
    const ended = behind(Buffer.from('something else'))
    assertRefused(ended, 'file', /behind\.gz is not whole/)
    // What is decompressed together with the damage is lost with it: some kilobytes.
    const kept = events(ended.stdout).length
    assert.ok(kept > 20, `${kept}`)
  })

  it('standard input when a signal ends the run, which is no error', async () => {
    const child = spawn(process.execPath, [cli, 'run', '-I', '-'])
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.stdin.write(sample.subarray(0, first(100) + 20))
    // The first events tell that it is reading, but flows and open connections come with the end.
    while (stdout === '') await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill('SIGTERM')
    const status = await new Promise((resolve) => child.on('close', resolve))
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.deepEqual(events(stdout).length, events(ofFirst(100)).length)
  })
})
