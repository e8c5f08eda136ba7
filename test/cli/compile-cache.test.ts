import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { folderOf } from '../../lib/cli/compile-cache.js'

const folder = mkdtempSync(join(tmpdir(), 'compile-cache-'))
after(() => rmSync(folder, { recursive: true }))

/** Where it keeps what is compiled when that folder is for caches. */
const kept = (base: string): string | undefined => folderOf({ XDG_CACHE_HOME: base })

describe('what is compiled is kept', { skip: process.platform === 'win32' && 'not on Windows' }, () => {
  it('in a folder of the user’s own, which is made', () => {
    assert.equal(kept(join(folder, 'new')), join(folder, 'new/packetbeat-native/compiled'))
    assert.equal(kept(join(folder, 'new')), join(folder, 'new/packetbeat-native/compiled'))
  })

  it('nowhere when others could put something else there', () => {
    const shared = join(folder, 'shared')
    mkdirSync(shared)
    chmodSync(shared, 0o777)
    assert.equal(kept(shared), undefined)
    chmodSync(shared, 0o755)
    assert.notEqual(kept(shared), undefined)
    chmodSync(join(shared, 'packetbeat-native'), 0o770)
    assert.equal(kept(shared), undefined)
    if (process.geteuid?.() !== 0) return
    chmodSync(join(shared, 'packetbeat-native'), 0o700)
    chownSync(shared, 65534, 65534)
    assert.equal(kept(shared), undefined)
  })

  it('nowhere when there is no place', () => {
    writeFileSync(join(folder, 'file'), '')
    assert.equal(kept(join(folder, 'file')), undefined)
  })
})
