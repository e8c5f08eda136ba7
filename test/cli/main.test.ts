// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { main } from '../../lib/cli/main.js'
import { packageVersion } from '../../lib/package.js'

const folder = mkdtempSync(join(tmpdir(), 'packetbeat-cli-'))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

async function command(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const result = { status: 0, out: '', err: '' }
  const io = {
    stdout: { write: (text: string) => (result.out += text) },
    stderr: { write: (text: string) => (result.err += text) },
    env: {},
  }
  result.status = await main(argv, io)
  return result
}

describe('help', () => {
  it('names all commands, flags and exit codes', async () => {
    const { status, out } = await command('help')
    assert.equal(status, 0)
    for (const part of [
      'test config',
      'export config',
      'devices',
      '-I FILE',
      '--path.home DIR',
      '--strict.perms',
      'Exit status',
    ])
      assert.ok(out.includes(part), part)
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7]) assert.match(out, new RegExp(`^ {2}${code} {2}\\S`, 'm'))
  })

  it('is the same by -h, and of one command by its name', async () => {
    assert.equal((await command('-h')).out, (await command('help')).out)
    assert.match((await command('help', 'test', 'config')).out, /Check the configuration/)
    assert.equal(
      (await command('help', 'test', 'config')).out,
      (await command('test', 'config', '--help')).out,
    )
  })
})

it('version tells the version', async () => {
  const { out } = await command('version')
  assert.match(out, new RegExp(`^packetbeat-native ${packageVersion} `))
  assert.equal((await command('--version')).out, out)
})

const wrong: readonly (readonly [string[], number, RegExp])[] = [
  [['tset', 'config'], 2, /there is no command tset; did you mean test config\?/],
  [['capture.pcap'], 2, /there is no command capture\.pcap; a capture file is given by -I capture\.pcap\./],
  [['run', 'capture.pcap'], 2, /run takes no capture\.pcap; a capture file is given by -I capture\.pcap\./],
  [['test'], 2, /test needs another word: there is test config, test output\./],
  [['setup', '--dashboards', '-I', 'x'], 2, /-I belongs to run, not to setup\./],
  [['--confg', 'x'], 2, /there is no flag --confg; /],
  [['--path.hom=/x'], 2, /did you mean --path\.home\?/],
  [['--cpuprofile=x'], 2, /--cpuprofile is not available; run it by `node --cpu-prof`\./],
  [['-I'], 2, /-I needs a value\./],
  [['-l', 'two', '-I', 'x'], 2, /-l must be a number of passes, not two\./],
  [['-t', '--realtime', '-I', 'x'], 2, /-t and --realtime are opposites/],
  [['-N=maybe'], 2, /-N is a switch/],
  [['--strict.perms=maybe'], 2, /--strict\.perms must be true or false, not maybe\./],
  [['--environment', 'moon'], 2, /--environment must be one of default, systemd, .*, not moon\./],
  [['devices', '-I', 'x'], 2, /-I belongs to run, not to devices\./],
  [['-E', 'name'], 2, /-E needs key=value/],
  [['test', 'config', '-c', '/nowhere.yml'], 3, /there is no configuration file \/nowhere\.yml\./],
]

describe('one sentence and its exit code for', () => {
  for (const [argv, code, told] of wrong)
    it(argv.join(' '), async () => {
      const { status, out, err } = await command(...argv)
      assert.match(err, told)
      assert.match(err, /^Exiting: [^\n]+\.\n$/)
      assert.deepEqual([status, out], [code, ''])
    })
})

describe('test config', () => {
  it('says OK, and what is not available yet', async () => {
    const path = file(
      'ok.yml',
      'packetbeat: {protocols: [{type: http}], npcap.never_install: true}\noutput.console:\n',
    )
    const { status, out, err } = await command('test', 'config', '-c', path)
    assert.deepEqual([status, out], [0, 'Config OK\n'])
    assert.equal(err, `Note: not available yet: packetbeat.npcap, ${path}:1\n`)
  })

  it('refuses a file without an output', async () => {
    const { status, err } = await command('test', 'config', '-c', file('none.yml', ''))
    assert.equal(status, 3)
    assert.match(err, /no output is configured/)
  })

  it('takes one-dash spellings and several files', async () => {
    const first = file('first.yml', 'output.console:\n')
    file('second.yml', 'name: "${path.data}"\n')
    const { status } = await command(
      '-path.config',
      folder,
      '-strict.perms=false',
      '-e',
      '-d',
      '*',
      '-c',
      first,
      '-c',
      'second.yml',
      'test',
      'config',
    )
    assert.equal(status, 0)
  })
})

describe('export config', () => {
  it('prints all sources as one, with references as they are and without secrets', async () => {
    const path = file(
      'secret.yml',
      'name: "${HOST:x}"\noutput.redis: {enabled: false, password: hush, hosts: ["redis://u:hush@h"]}\noutput.kafka: {enabled: false, password: "${PW}"}\n',
    )
    const { status, out } = await command('export', 'config', '-c', path, '-E', 'queue.mem.events=64')
    assert.equal(status, 0)
    assert.doesNotMatch(out, /hush/)
    for (const part of ['${HOST:x}', '${PW}', 'password: xxxxx', 'redis://u:xxxxx@h', 'events: 64'])
      assert.ok(out.includes(part), out)
  })
})

describe('run', () => {
  const trace = new URL('../traces/http/', import.meta.url)
  const capture = readdirSync(trace).find((name) => name.endsWith('.pcap'))
  const needed = { skip: capture === undefined && 'there is no capture' }
  const path = capture === undefined ? '' : new URL(capture, trace).pathname

  it('reads a capture file into the output, and logs to files', needed, async () => {
    const home = mkdtempSync(join(tmpdir(), 'packetbeat-home-'))
    const config = file(
      'run.yml',
      `output.file: {path: ${home}/events, filename: e}\npacketbeat.npcap.never_install: true\n`,
    )
    const { status, out, err } = await command(
      '-c',
      config,
      '-I',
      path,
      '--path.home',
      home,
      '-E',
      'packetbeat.protocols=[{type: http}]',
    )
    assert.equal(err, `Note: not available yet: packetbeat.npcap, ${config}:2\n`)
    assert.deepEqual([status, out], [0, ''])
    const events = readdirSync(join(home, 'events')).map((name) =>
      readFileSync(join(home, 'events', name), 'utf8'),
    )
    assert.match(events.join(''), /"type":"http"/)
    const [log = ''] = readdirSync(join(home, 'logs'))
    assert.match(log, /^packetbeat-\d{8}\.ndjson$/)
    const lines = readFileSync(join(home, 'logs', log), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(lines[0]['log.level'], 'info')
    assert.ok(lines.some((line) => line.message === `not available yet: packetbeat.npcap, ${config}:2`))
    assert.ok(lines.some((line) => line['monitoring.metrics']?.['capture.packets'] > 0))
  })

  it('publishes nothing with -N', needed, async () => {
    const { status, out } = await command('-N', '-I', path, '-E', 'logging.to_stderr=true')
    assert.deepEqual([status, out], [0, ''])
  })

  it('tells a capture file that is missing from one that is none', async () => {
    const { status, err } = await command('-N', '-I', '/nowhere.pcap')
    assert.equal(status, 7)
    assert.match(err, /^Exiting: [^\n]*nowhere\.pcap[^\n]*\.\n$/)
    assert.equal((await command('-N', '-I', file('text.pcap', 'hello\n'.repeat(99)))).status, 7)
  })
})
