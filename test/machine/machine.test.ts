import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hostname } from 'node:os'
import { describe, it } from 'node:test'
import { addresses } from '../../lib/machine/interfaces.js'
import { thisMachine } from '../../lib/machine/machine.js'
import { distribution } from '../../lib/machine/os.js'

const distributions: [string, object][] = [
  [
    'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
    {
      platform: 'debian',
      family: 'debian',
      name: 'Debian GNU/Linux',
      version: '12 (bookworm)',
      codename: 'bookworm',
    },
  ],
  [
    'NAME=\'Pop\\$OS\'\nID=pop\nID_LIKE="ubuntu debian"\nVERSION_ID=22.04\n',
    { platform: 'pop', family: 'debian', name: 'Pop$OS', version: '22.04' },
  ],
  [
    '# a comment\nID="rocky"\nID_LIKE="rhel centos fedora"\nNAME="Rocky Linux"\n',
    { platform: 'rocky', family: 'redhat', name: 'Rocky Linux' },
  ],
  ['nonsense\nID=\u0000\n=', { platform: '\u0000' }],
  ['', { platform: 'linux' }],
]

describe('this machine', () => {
  for (const [text, said] of distributions)
    it(`is told from os-release ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.deepEqual(distribution(text), said))

  it('is what other programs call it', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
    const { name, architecture, os, id, containerized } = thisMachine()
    assert.equal(name, hostname())
    assert.equal(architecture, execFileSync('uname', ['-m']).toString().trim())
    assert.deepEqual(
      [(os as { type: string }).type, (os as { kernel: string }).kernel],
      ['linux', execFileSync('uname', ['-r']).toString().trim()],
    )
    assert.equal(typeof containerized, 'boolean')
    if (id !== undefined) assert.match(String(id), /^[\da-f]{32}$/)
  })

  it('has addresses, without those of loopback', () => {
    const { ip, mac } = addresses()
    assert.ok(ip.every((address) => address !== '127.0.0.1' && address !== '::1'))
    assert.ok(mac.every((address) => /^([\dA-F]{2}-){5}[\dA-F]{2}$/.test(address)))
    assert.deepEqual([new Set(ip).size, new Set(mac).size], [ip.length, mac.length])
  })
})
