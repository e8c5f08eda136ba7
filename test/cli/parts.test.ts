import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkCapture } from '../../lib/cli/check-capture.js'
import { deviceTable } from '../../lib/cli/devices.js'
import { coloured } from '../../lib/cli/io.js'
import { parseArguments } from '../../lib/cli/parse.js'
import { progressLine } from '../../lib/cli/progress.js'
import { UserError } from '../../lib/errors.js'
import { loaded } from '../config/support.js'

const flagsOf = (...argv: string[]) => ({ ...parseArguments(argv).flags })

describe('flags', () => {
  it('may have one dash or two, and their value after a space or an equals sign', () => {
    for (const argv of [['-path.data', '/d'], ['--path.data', '/d'], ['-path.data=/d'], ['--path.data=/d']])
      assert.deepEqual(flagsOf(...argv), { 'path.data': '/d' })
    for (const argv of [['-I', 'f'], ['--I', 'f'], ['-I=f'], ['--I=f']])
      assert.deepEqual(flagsOf(...argv), { I: 'f' })
  })

  it('of one letter may stand in a row', () => {
    assert.deepEqual(flagsOf('-et'), { e: true, t: true })
  })

  it('that switch may be given true or false', () => {
    assert.deepEqual(flagsOf('-e=true', '--N=false', '-strict.perms'), { e: true, 'strict.perms': 'true' })
    assert.deepEqual(flagsOf('--strict.perms', 'false', '-e'), { 'strict.perms': 'false', e: true })
  })

  it('may be repeated, and keep equals signs in values', () => {
    assert.deepEqual(flagsOf('-c', 'a', '-c=b', '-E', 'x=1=2', '-E=y.z={a: 1}'), {
      c: ['a', 'b'],
      E: ['x=1=2', 'y.z={a: 1}'],
    })
  })

  it('take a dash for standard input', () => {
    assert.deepEqual(flagsOf('-I', '-'), { I: '-' })
  })
})

it('devices stand in aligned columns', () => {
  const device = (name: string, addresses: string[]) => ({
    name,
    description: '',
    addresses,
    up: true,
    loopback: false,
  })
  assert.equal(
    deviceTable([device('lo', ['127.0.0.1', '::1']), device('enp0s31f6', [])]),
    [
      'INDEX  NAME       STATE  DESCRIPTION  ADDRESSES',
      '0      lo         up     -            127.0.0.1, ::1',
      '1      enp0s31f6  up     -            -',
      '',
    ].join('\n'),
  )
})

it('progress shows the share of the file, packets, events and the rate', () => {
  const counters = {
    'capture.packets': 10_000,
    'file.bytes': 1000,
    'file.position': 250,
    'pipeline.events.published': 42,
  }
  assert.equal(progressLine(counters, 2), '25 %  10,000 packets  42 events  5,000 packets/s')
  assert.equal(progressLine({}, 0), '0 packets  0 events  0 packets/s')
})

it('colours are for terminals whose owner wants them', () => {
  const terminal = { write: () => true, isTTY: true }
  assert.equal(coloured(terminal, {}), true)
  assert.equal(coloured(terminal, { NO_COLOR: '1' }), false)
  assert.equal(coloured(terminal, { TERM: 'dumb' }), false)
  assert.equal(coloured({ write: () => true }, {}), false)
})

describe('before a capture', () => {
  const machine = async () => ({
    devices: () => [{ name: 'lo' }],
    checkFilter: (expression: string) => {
      if (expression === 'bad') throw new UserError('ERR_CAPTURE_FILTER', 'the filter is bad')
    },
  })

  it('a number of a device that is not there is refused', async () => {
    await checkCapture(loaded('packetbeat.interfaces.device: 0\n'), machine)
    await assert.rejects(checkCapture(loaded('packetbeat.interfaces.device: 4711\n'), machine), {
      code: 'ERR_CAPTURE_DEVICE_UNKNOWN',
      message: /there is no device number 4711; .* lists 1, from 0\./,
    })
  })

  it('a filter is compiled', async () => {
    await checkCapture(loaded('packetbeat.interfaces.bpf_filter: good\n'), machine)
    await assert.rejects(checkCapture(loaded('packetbeat.interfaces.bpf_filter: bad\n'), machine), {
      code: 'ERR_CAPTURE_FILTER',
    })
  })

  it('none of it matters for a capture file', async () => {
    await checkCapture(loaded('packetbeat.interfaces.device: 4711\n', { capture: { file: 'x' } }), machine)
  })
})

it('a reader who leaves early ends the program quietly', async () => {
  const cli = fileURLToPath(new URL('../../lib/cli.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  let told = ''
  child.stderr.on('data', (bytes) => (told += bytes))
  const [status] = await once(child, 'close')
  assert.deepEqual([status, told], [0, ''])
})
