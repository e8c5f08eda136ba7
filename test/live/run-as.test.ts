import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder } from './support/folder.js'
import { engines } from './support/matrix.js'
import { cli, lacking } from './support/needs.js'
import { Network, write } from './support/network.js'
import { type Running, start, until } from './support/processes.js'
import { redis } from './support/redis.js'

// Of a user and a group that need no name.
const USER = 64_322
const GROUP = 64_323

interface Asked {
  run_as?: string
  [section: string]: unknown
}

describe('packetbeat.run_as', { skip: lacking('redis-server', 'redis-cli', 'setpriv', 'capsh') }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await redis(network)
  })
  after(() => network?.remove())

  const configured = (
    home: string,
    { run_as = `${USER}:${GROUP}`, ...more }: Asked = {},
    engine = 'af_packet',
  ) =>
    write(
      join(home, 'packetbeat.yml'),
      JSON.stringify({
        packetbeat: {
          interfaces: { device: 'server0', type: engine },
          protocols: [{ type: 'redis' }],
          procs: { enabled: true },
          run_as,
        },
        output: { file: { path: join(home, 'events'), rotate_every_kb: 1, number_of_files: 1024 } },
        queue: { disk: { max_size: '10MB' } },
        path: { data: join(home, 'data'), logs: join(home, 'logs') },
        ...more,
      }),
    )
  const run = (file: string, before: readonly string[] = []) =>
    start(network.server, [...before, process.execPath, cli, 'run', '-c', file, '--strict.perms=false'])
  const log = (home: string): string[] =>
    readdirSync(join(home, 'logs')).flatMap((name) =>
      readFileSync(join(home, 'logs', name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).message as string),
    )
  const capturing = (running: Running, home: string) =>
    until('a capture', () => {
      if (!running.alive()) throw new Error(`it ended: ${running.stderr()}`)
      return existsSync(join(home, 'logs')) && log(home).some((line) => line.startsWith('capturing on'))
    })
  const keys = (home: string): string[] =>
    readdirSync(join(home, 'events')).flatMap((name) =>
      readFileSync(join(home, 'events', name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).resource as string),
    )
  const rights = (running: Running) => {
    const tasks = `/proc/${running.pid}/task`
    return readdirSync(tasks).map((task) => {
      const status = readFileSync(join(tasks, task, 'status'), 'utf8')
      const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]?.trim()
      return ['Uid', 'Gid', 'Groups', 'CapPrm', 'CapEff', 'CapAmb'].map(field).join(' ')
    })
  }
  const nothing = '0'.repeat(16)
  const own = [...Array(4).fill(USER)].join('\t')
  const ofGroup = [...Array(4).fill(GROUP)].join('\t')

  for (const engine of engines)
    test(`captures by ${engine} without root in any thread, and all its files are the user's`, async () => {
      const home = folder()
      // Root alone may write here, so that root has to make what is missing.
      chmodSync(home, 0o755)
      const made = join('/var/lib', `packetbeat-run-as-${process.pid}-${engine}`)
      const file = configured(home, { path: { data: join(made, 'data'), logs: join(home, 'logs') } }, engine)
      for (const name of ['events', 'logs']) {
        mkdirSync(join(home, name))
        chownSync(join(home, name), USER, GROUP)
      }
      const running = run(file)
      try {
        await capturing(running, home)
        const threads = rights(running)
        ok(threads.length > 5)
        deepEqual([...new Set(threads)], [`${own} ${ofGroup} ${GROUP} ${nothing} ${nothing} ${nothing}`])
        for (let asked = 0; asked < 30; asked++)
          await network.ask(['redis-cli', '-h', network.ip4, 'GET', `key${asked}`])
        await until('the events', () => keys(home).length >= 30)
        equal(await running.stop(), 0)
        // One event fills a file, so that files have been begun and queue segments opened since.
        ok(readdirSync(join(home, 'events')).length >= 10)
        const files = [made, home].flatMap((each) =>
          execFileSync('find', [each, '-mindepth', '1', '-printf', '%P %U:%G\n']).toString().split('\n'),
        )
        const others = files.filter((line) => line !== '' && !line.endsWith(` ${USER}:${GROUP}`))
        deepEqual(others, ['packetbeat.yml 0:0'])
        equal(statSync(made).uid, USER)
        ok(log(home).some((line) => /^packetbeat\.procs: without CAP_SYS_PTRACE .* are not seen/.test(line)))
      } finally {
        await running.stop()
        rmSync(made, { recursive: true, force: true })
      }
    })

  test('SIGHUP is refused in the log, and the capture goes on', async () => {
    const home = folder()
    const running = run(configured(home))
    await capturing(running, home)
    running.signal('SIGHUP')
    await until('the refusal', () =>
      log(home).some((line) => /^SIGHUP: going on as before, for 64322:64323 .* restart/.test(line)),
    )
    await network.ask(['redis-cli', '-h', network.ip4, 'GET', 'after'])
    await until('the event', () => keys(home).includes('after'))
    equal(await running.stop(), 0)
  })

  test('nobody leads root to another file by a link', async () => {
    const home = folder()
    const secret = join(home, 'root-only')
    write(secret, 'before\n')
    mkdirSync(join(home, 'logs'))
    chownSync(join(home, 'logs'), USER, GROUP)
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '')
    symlinkSync(secret, join(home, 'logs', `packetbeat-${today}.ndjson`))
    const running = run(configured(home, { logging: { files: { rotateonstartup: false } } }))
    equal(await running.ended, 6)
    match(
      running.stderr(),
      /cannot write log files.*packetbeat\.run_as: it is 64322:64323 who needs that permission\.$/m,
    )
    equal(readFileSync(secret, 'utf8'), 'before\n')
    equal(statSync(secret).uid, 0)
  })

  const refused: readonly (readonly [string, Asked, readonly string[], number, RegExp])[] = [
    [
      'an unknown user, with the line',
      { run_as: 'nobody-here' },
      [],
      3,
      /packetbeat\.yml:1: packetbeat\.run_as names the user nobody-here, whom this machine does not know; `sudo useradd/,
    ],
    [
      'an unknown group',
      { run_as: 'nobody:none-here' },
      [],
      3,
      /names the group none-here, which this machine does not know/,
    ],
    ['a number without a group', { run_as: '64322' }, [], 3, /write 64322:GROUP/],
    ['root', { run_as: 'root' }, [], 3, /root is root, which is to be given up/],
    [
      'somebody who is not root',
      {},
      ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'],
      4,
      /only root can become 64322:64323; start it with sudo/,
    ],
    [
      'root that may not change its user',
      {},
      ['setpriv', '--bounding-set=-setuid,-setgid'],
      4,
      /cannot become 64322:64323: .* CAP_SETUID/,
    ],
    [
      'root that keeps capabilities',
      {},
      ['capsh', '--secbits=4', '--', '-c', 'exec "$0" "$@"'],
      4,
      /root cannot be given up here/,
    ],
    ['io_uring', {}, ['env', 'UV_USE_IO_URING=1'], 4, /start it without UV_USE_IO_URING/],
  ]
  for (const [what, asked, before, status, said] of refused)
    test(`is refused for ${what}`, async () => {
      const home = folder()
      const running = run(configured(home, asked), before)
      const ended = await Promise.race([running.ended, sleep(20_000, -9)])
      match(running.stderr(), said)
      match(running.stderr(), /^Exiting: [^\n]+\.\n$/)
      equal(ended, status)
    })

  test('root needs no more than five capabilities, also where its folders are there', async () => {
    const home = folder()
    const bounded = ['setpriv', '--bounding-set=-all,+net_raw,+net_admin,+setuid,+setgid,+chown']
    const file = configured(home)
    for (const key of ['first', 'second']) {
      const running = run(file, bounded)
      await until('a capture', () => {
        if (!running.alive()) throw new Error(`it ended: ${running.stderr()}`)
        return (
          existsSync(join(home, 'logs')) &&
          log(home).filter((line) => line.startsWith('capturing on')).length >= (key === 'first' ? 1 : 2)
        )
      })
      await network.ask(['redis-cli', '-h', network.ip4, 'GET', key])
      await until('the event', () => keys(home).includes(key))
      equal(await running.stop(), 0)
    }
  })

  test('the user who runs it already has nothing to give up', async () => {
    const home = folder()
    const setpriv = [
      'setpriv',
      `--reuid=${USER}`,
      `--regid=${GROUP}`,
      '--clear-groups',
      '--inh-caps=+net_raw,+net_admin',
      '--ambient-caps=+net_raw,+net_admin',
    ]
    const running = run(configured(home), setpriv)
    await capturing(running, home)
    await network.ask(['redis-cli', '-h', network.ip4, 'GET', 'mine'])
    await until('the event', () => keys(home).includes('mine'))
    equal(await running.stop(), 0)
  })
})
