import { deepEqual, equal, match, notEqual } from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { lacking, root } from './support/needs.js'
import { Network } from './support/network.js'
import { until } from './support/processes.js'
import { redis } from './support/redis.js'
import { Machine, unbootable } from './support/systemd.js'

const unit = join(root, 'deploy/systemd/packetbeat-native.service')
// CAP_NET_ADMIN and CAP_NET_RAW, by their bits.
const CAPABILITIES = ((1n << 12n) | (1n << 13n)).toString(16).padStart(16, '0')

const configuration = (tag: string) =>
  JSON.stringify({
    packetbeat: {
      interfaces: { device: 'server0', auto_promisc_mode: true },
      protocols: [{ type: 'redis' }],
      procs: { enabled: true },
    },
    output: { file: { path: '/var/lib/packetbeat/events' } },
    http: { enabled: true },
    tags: [tag],
  })

describe('The systemd unit', {
  skip: lacking('systemctl', 'unshare', 'setpriv', 'redis-server', 'redis-cli', 'curl') || unbootable(),
}, () => {
  let network: Network
  let machine: Machine
  before(async () => {
    network = new Network('veth')
    await redis(network)
    machine = await Machine.boot(network, unit, configuration('first'))
    await running()
  })
  after(async () => {
    await machine?.shutDown()
    network?.remove()
  })

  const running = () =>
    until('the service to capture', async () => {
      notEqual(
        await machine.state(),
        'failed',
        await machine.call('systemctl', 'status', '-n20', '--no-pager'),
      )
      return (await capturing()) !== ''
    })
  const capturing = () => machine.call('curl', '-sf', 'http://localhost:5066/inputs').catch(() => '')
  // Again and again, for what comes between two captures is nobody's.
  const asked = async (key: string, tag: string) => {
    const found = () => events().find(({ resource, tags }) => resource === key && tags?.[0] === tag)
    await until(`the event of ${key}`, async () => {
      await network.ask(['redis-cli', '-h', network.ip4, 'GET', key])
      return found() !== undefined
    })
    return found()
  }
  const events = (): { resource?: string; tags?: string[]; process?: object }[] => {
    const folder = machine.file('var/lib/packetbeat/events')
    if (!existsSync(folder)) return []
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line))
  }
  const main = () => machine.show('MainPID')

  test('runs as its user with two capabilities, none more, in every thread', async () => {
    const statuses = await machine.call('sh', '-c', `cat /proc/${await main()}/task/*/status`)
    const all = (name: string) => [
      ...new Set([...statuses.matchAll(new RegExp(`^${name}:\\s+(.*)$`, 'gm'))].map(([, value]) => value)),
    ]
    deepEqual(all('Uid'), ['64321\t64321\t64321\t64321'])
    deepEqual(all('Gid'), ['64321\t64321\t64321\t64321'])
    for (const set of ['CapEff', 'CapPrm', 'CapAmb', 'CapBnd']) deepEqual(all(set), [CAPABILITIES], set)
    deepEqual([all('NoNewPrivs'), all('Seccomp')], [['1'], ['2']])
  })

  test('captures, and events of servers of another user go without their process', async () => {
    equal((await asked('one', 'first'))?.process, undefined)
    const { procs } = JSON.parse(await machine.call('curl', '-sf', 'http://localhost:5066/stats'))
    deepEqual([procs.found, procs.missed > 0], [0, true], JSON.stringify(procs))
  })

  test('may write to its own folders, and to nothing else', async () => {
    const inside = ['nsenter', '-t', await main(), '-m']
    for (const place of ['/etc/packetbeat', '/usr', '/opt', '/var'])
      match(
        await machine.call(...inside, 'sh', '-c', `touch ${place}/x 2>&1 || true`),
        /Read-only file system/,
        place,
      )
    for (const place of ['/var/lib/packetbeat', '/var/log/packetbeat'])
      equal(await machine.call(...inside, 'touch', `${place}/x`), '')
  })

  test('takes another configuration over by reload', async () => {
    writeFileSync(machine.file('etc/packetbeat/packetbeat.yml'), configuration('second'))
    const before = await main()
    await machine.call('systemctl', 'reload', 'packetbeat-native')
    await asked('two', 'second')
    equal(await main(), before)
  })

  test('is started again when it was killed, and ends well when it is stopped', async () => {
    const before = await main()
    await machine.call('kill', '-KILL', before)
    await until('another process', async () => !['0', before].includes(await main()))
    await running()
    await asked('three', 'second')
    await machine.call('systemctl', 'stop', 'packetbeat-native')
    deepEqual([await machine.state(), await machine.show('Result')], ['inactive', 'success'])
  })
})
