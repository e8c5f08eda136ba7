import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { exitCodes } from '../../lib/errors.js'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'loading-test-'))
after(() => rmSync(folder, { recursive: true }))

/** The command with the addons below `folder` alone. */
function command(environment: NodeJS.ProcessEnv = {}) {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'lib/cli.ts', 'devices'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PREBUILDS_ONLY: '1', PACKETBEAT_NATIVE_PREBUILD: folder, ...environment },
  })
  return { status, stderr }
}

describe('an addon that cannot be had', () => {
  const remedy = `with a C++ compiler and CMake, \`cd "${root}" && npm install && npm run build:native\` makes one.\n`

  it('is missing: one sentence says how to make it', () => {
    assert.deepEqual(command({ npm_config_arch: 'riscv64' }), {
      status: exitCodes.addon,
      stderr: `Exiting: There is no compiled addon for ${process.platform}-${process.arch}; ${remedy}`,
    })
  })

  it('is there but does not load: the reason of the system is told', () => {
    const place = join(folder, 'prebuilds', `${process.platform}-${process.arch}`)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'packetbeat-native.node'), 'no library at all. '.repeat(100))
    const { status, stderr } = command()
    assert.equal(status, exitCodes.addon)
    assert.match(stderr, /^Exiting: The compiled addon for \S+ does not load on this system \(.*header.*\); /)
    assert.ok(stderr.endsWith(remedy), stderr)
  })
})
