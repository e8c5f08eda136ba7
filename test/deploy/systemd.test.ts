import { deepEqual, equal, match } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { repository } from '../support/command.js'

const NAME = 'packetbeat-native.service'
const text = readFileSync(join(repository, 'deploy/systemd', NAME), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'packetbeat-unit-'))
after(() => rmSync(folder, { recursive: true }))

// Of 10, in tenths. A service of root without settings has 9.6; what is left here are packet sockets and the network,
// which it is for, and the memory that V8 makes machine code in.
const EXPOSURE = 25

const analyze = (...words: string[]) => spawnSync('systemd-analyze', words, { encoding: 'utf8' })
const missing =
  analyze('--version').error === undefined ? false : 'needs systemd-analyze, of the Debian package systemd'

describe('the systemd unit', { skip: missing }, () => {
  const program = join(folder, 'packetbeat-native')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
  const unit = join(folder, NAME)
  // Verified is also that its program is there.
  writeFileSync(unit, text.replaceAll(/^(Exec\w+=)packetbeat-native /gm, `$1${program} `))

  it('has no mistakes', () => {
    const { status, stdout, stderr } = analyze('verify', unit)
    deepEqual([status, stdout, stderr], [0, '', ''])
  })

  it('exposes little', () => {
    const { status, stdout } = analyze(
      'security',
      '--offline=yes',
      `--threshold=${EXPOSURE}`,
      '--no-pager',
      unit,
    )
    equal(status, 0, stdout)
    match(stdout, /Overall exposure level/)
  })
})
