import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

const root = join(import.meta.dirname, '../..')
const runner = join(root, '../shared/conformance/run.mjs')
const protocols = [
  'amqp',
  'cassandra',
  'dhcpv4',
  'dns',
  'http',
  'icmp',
  'memcache',
  'mongodb',
  'mysql',
  'nfs',
  'pgsql',
  'redis',
  'sip',
  'thrift',
  'tls',
  'flow',
  'processors',
]

/** Runs the suite and answers its summary; its exit status says whether every case passes or differs as listed. */
function conformance(...args: string[]): string {
  const command = `${process.execPath} ${join(root, 'dist/cli.js')}`
  const { status, stdout } = spawnSync(process.execPath, [runner, '--cmd', command, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const failures = stdout.split('\n').filter((line) => line.startsWith('FAIL'))
  assert.equal(status, 0, [...failures.slice(0, 40), ...stdout.trim().split('\n').slice(-15)].join('\n'))
  return stdout.trim().split('\n').at(-1) as string
}

const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
after(() => rmSync(folder, { recursive: true }))

const lists = join(import.meta.dirname, 'deviations')

/** The differences that are meant, a file for each type of event, as one file: what the runner reads. */
function deviations(flows = join(lists, 'flow.json')): string {
  const others = readdirSync(lists).filter((name) => name !== 'flow.json')
  const files = [...others.map((name) => join(lists, name)), flows]
  const file = join(folder, 'deviations.json')
  writeFileSync(file, JSON.stringify(files.flatMap((each) => JSON.parse(readFileSync(each, 'utf8')))))
  return file
}

describe('conformance with Packetbeat', {
  skip: existsSync(runner) ? false : `there is no ${runner}`,
}, () => {
  it('writes the same events, or differs as the deviations say', (test) => {
    test.diagnostic(
      conformance('--protocol', protocols.join(','), '--only', 'events', '--deviations', deviations()),
    )
  })

  // Packetbeat gives flows of a capture file the wall clock, so there each is reported once. Told to do the same, ours
  // must agree in every number.
  it('writes the same flows when each is reported once', (test) => {
    const meant = join(import.meta.dirname, 'deviations-one-report.json')
    const settings = '-E packetbeat.flows.timeout=100000s -E packetbeat.flows.period=-1s'
    const args = `run -c {config} -I {pcap} -t -e ${settings}`
    test.diagnostic(
      conformance(
        '--protocol',
        'flow',
        '--only',
        'events',
        '--args',
        args,
        '--deviations',
        deviations(meant),
      ),
    )
  })

  it('accepts and refuses the same configurations', (test) => {
    test.diagnostic(conformance('--only', 'config'))
  })
})
