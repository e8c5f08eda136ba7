import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readKeystore, writeKeystore } from '../../lib/keystore/keystore.js'
import { failure } from '../config/support.js'

const folder = () => mkdtempSync(join(tmpdir(), 'packetbeat-keystore-'))
// Written by upstream's own library, elastic-agent-libs 0.18.0.
const upstream = join(import.meta.dirname, 'upstream.keystore')

/** A copy that only its owner may read, as upstream writes it. */
function copyOfUpstream(): string {
  const path = join(folder(), 'packetbeat.keystore')
  copyFileSync(upstream, path)
  chmodSync(path, 0o600)
  return path
}

describe('a keystore', () => {
  it('that upstream wrote is read', () => {
    assert.deepEqual(
      [...(readKeystore(copyOfUpstream(), true) ?? [])],
      [
        ['ES_PASSWORD', ',s3cRet~`! @#$%^&*()'],
        ['output.elasticsearch.username', 'élan'],
      ],
    )
  })

  it('holds what was put into it, and only its owner may read the file', () => {
    const path = join(folder(), 'below', 'packetbeat.keystore')
    const secrets = new Map([
      ['empty', ''],
      ['lines', 'a\nb\u0000'],
      ['wide', '🔑'.repeat(1000)],
    ])
    writeKeystore(path, secrets)
    assert.deepEqual(readKeystore(path, true), secrets)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    writeKeystore(path, new Map())
    assert.deepEqual(readKeystore(path, true), new Map())
  })

  it('tells nothing of its secrets to who looks at the file', () => {
    const path = join(folder(), 'k')
    writeKeystore(path, new Map([['NAME', 'geheim']]))
    const file = readFileSync(path, 'latin1')
    assert.match(file, /^v1[A-Za-z\d+/=]+$/)
    assert.doesNotMatch(Buffer.from(file.slice(2), 'base64').toString('latin1'), /NAME|geheim/)
  })

  it('that is not there is none', () => {
    assert.equal(readKeystore(join(folder(), 'nowhere'), true), undefined)
  })

  it('that others may read is refused, unless that is allowed', {
    skip: process.platform === 'win32',
  }, () => {
    const path = copyOfUpstream()
    chmodSync(path, 0o640)
    const { code, message } = failure(() => readKeystore(path, true))
    assert.equal(code, 'ERR_CONFIG_PERMISSIONS')
    assert.match(message, /chmod 600/)
    assert.equal(readKeystore(path, false)?.size, 2)
  })

  it('that is damaged in any byte is refused in one sentence', () => {
    const path = copyOfUpstream()
    const whole = readFileSync(path)
    const damaged = [whole.subarray(0, 2), Buffer.alloc(0), Buffer.from('v2xx')]
    for (let at = 0; at < whole.length - 4; at += 7) {
      const copy = Buffer.from(whole)
      copy[at] = copy[at] === 65 ? 66 : 65
      damaged.push(copy, whole.subarray(0, at))
    }
    for (const bytes of damaged) {
      writeFileSync(path, bytes)
      const { code, message } = failure(() => readKeystore(path, true))
      assert.equal(code, 'ERR_KEYSTORE')
      assert.match(message, /^the keystore .* is of no use: [^\n]*\.$/)
    }
  })
})
