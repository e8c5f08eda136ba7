import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capture, type CaptureSettings, type Event } from './support/capture.js'
import { lost, wentWell } from './support/losses.js'
import { lacking } from './support/needs.js'
import { Network, serve } from './support/network.js'
import { nginx } from './support/nginx.js'
import { call, start } from './support/processes.js'
import { asNobody, forking, fromForking, listening, processAt, question, timeless } from './support/procs.js'
import { redis } from './support/redis.js'

const procs = { enabled: true }
const engine = 'af_packet'
const flows = { timeout: '5s', period: '1s' }

const during = (network: Network, settings: Partial<CaptureSettings>, clients: () => Promise<unknown>) =>
  Capture.during(network, { engine, protocols: [], procs, ...settings }, clients)

/** The last reports of flows with ports; in a young network there are questions for neighbours, too. */
const finals = (events: readonly Event[]) =>
  events.filter(({ type, flow, source }) => type === 'flow' && flow.final && source.port !== undefined)

describe('Processes on lo', {
  skip: lacking('redis-server', 'nginx', 'curl', 'dnsmasq', 'python3'),
}, () => {
  let network: Network
  before(async () => {
    network = new Network('lo')
    await redis(network)
  })
  after(() => network?.remove())

  test('both ends are found, with all that is known of them, over IPv4 and IPv6, in transactions and flows', async () => {
    const [pid = 0] = await listening(network.server, 6379)
    const server = processAt(pid)
    // Long enough to be read whole, even on a busy machine: of a process that ends its command line goes first.
    const asked = (host: string) => [
      'redis-cli',
      '-h',
      host,
      '-r',
      '3',
      '-i',
      '0.1',
      'set',
      'key',
      'two words',
    ]
    const result = await during(network, { protocols: [{ type: 'redis' }], flows }, async () => {
      for (const host of [network.ip4, network.ip6]) await network.ask(asked(host))
    })
    const requests = result.events.filter(({ type }) => type === 'redis')
    deepEqual([requests.length, finals(result.events).length], [6, 2])
    for (const event of [...requests, ...finals(result.events)]) {
      deepEqual(timeless(event.destination.process), server)
      deepEqual(event.process, event.destination.process)
      const { pid, ...client } = timeless(event.source.process)
      ok(pid > 1 && pid !== server.pid)
      deepEqual(client, {
        name: 'redis-cli',
        args: asked(event.source.ip.includes(':') ? network.ip6 : network.ip4),
        executable: '/usr/bin/redis-cli',
        parent: { pid: process.pid },
        working_directory: process.cwd(),
      })
    }
    wentWell(result)
  })

  test('a connection older than the capture is found, and each of its transactions has the same process', async () => {
    const command = ['redis-cli', '-h', network.ip4, '-r', '40', '-i', '0.05', 'incr', 'n']
    const client = start(network.server, command)
    await sleep(200)
    const result = await during(network, { protocols: [{ type: 'redis' }] }, () => client.ended)
    ok(result.events.length > 10)
    for (const event of result.events) equal(event.source.process?.pid, client.pid)
    wentWell(result)
  })

  test('of a server with workers it is the worker that took the connection', async () => {
    await nginx(network)
    const [master = 0, worker = 0] = await listening(network.server, 80)
    const result = await during(network, { protocols: [{ type: 'http', ports: [80] }] }, async () => {
      const asked = ['curl', '-s', '--limit-rate', '2M', '-o', '/dev/null', `http://${network.ip4}/long.txt`]
      for (let i = 0; i < 3; i++) await network.ask(asked)
    })
    equal(result.events.length, 3)
    for (const { destination, source } of result.events) {
      deepEqual([destination.process.pid, destination.process.parent.pid], [worker, master])
      deepEqual(destination.process.args, ['nginx: worker process'])
      equal(source.process.name, 'curl')
    }
    wentWell(result)
  })

  test('of a server that forks it is the child that serves, or the parent until it has forked, by the name that the configuration gives it', async () => {
    await serve(network, ['python3', '-c', forking], 7000)
    const [parent = 0] = await listening(network.server, 7000)
    const monitored = [{ process: 'forking', cmdline_grep: 'os.fork()' }]
    const said: number[] = []
    const result = await during(
      network,
      { protocols: [{ type: 'http', ports: [7000] }], procs: { enabled: true, monitored } },
      async () => {
        for (let i = 0; i < 12; i++) said.push(Number(await network.ask(['python3', '-c', fromForking])))
      },
    )
    equal(result.events.length, said.length)
    // Until the parent has forked and closed it, the connection is the parent's: on a busy machine the look-up comes first
    // more often than not.
    const byChild = result.events.filter(({ destination }, index) => destination.process.pid === said[index])
    ok(byChild.length > 0)
    for (const { destination } of byChild) equal(destination.process.parent.pid, parent)
    for (const { destination } of result.events) {
      if (!byChild.some((each) => each.destination === destination)) equal(destination.process.pid, parent)
      equal(destination.process.name, 'forking')
    }
    wentWell(result)
  })

  test('datagrams have processes, whether their sockets are connected or not', async () => {
    const zone = ['--no-resolv', '--no-hosts', '--address=/shop.example/192.0.2.7', '--port=53']
    const command = ['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--pid-file=', ...zone]
    await serve(network, command, 53)
    const [pid = 0] = await listening(network.server, 53)
    const result = await during(network, { protocols: [{ type: 'dns' }], flows }, async () => {
      for (const host of [network.ip4, network.ip6])
        for (const how of ['connected', 'unconnected'])
          await network.ask(['python3', '-c', question, host, how])
    })
    const answers = result.events.filter(({ type }) => type === 'dns')
    deepEqual([answers.length, finals(result.events).length], [4, 4])
    for (const { source, destination } of [...answers, ...finals(result.events)]) {
      match(source.process?.args?.join(' '), / (un)?connected$/)
      deepEqual([destination.process?.pid, destination.process?.name], [pid, 'dnsmasq'])
    }
    wentWell(result)
  })

  test('most commands that are over within milliseconds are found', async (t) => {
    const count = 300
    const result = await during(network, { protocols: [{ type: 'redis' }] }, () =>
      call(network.server, [
        'bash',
        '-c',
        `for i in {1..${count}}; do redis-cli -h ${network.ip4} incr i; done >/dev/null`,
      ]),
    )
    equal(result.events.length, count)
    const known = result.events.filter(({ source }) => source.process?.name === 'redis-cli')
    const pids = new Set(known.map(({ source }) => source.process.pid))
    equal(pids.size, known.length, 'each has a process of its own')
    t.diagnostic(`${known.length} of ${count}`)
    // Nearly all on a machine at rest; each needs its turn of a processor in time, which a busy one does not give.
    ok(known.length > count / 2, `${known.length} of ${count}`)
    ok(result.events.every(({ destination }) => destination.process?.name === 'redis-server'))
    wentWell(result)
  })

  test('without the right to look at others, events go without them, and it is counted', async (t) => {
    const before = asNobody()
    if (before === undefined) return t.skip('other users cannot read this checkout')
    const capture = await Capture.ready(network, { engine, protocols: [{ type: 'redis' }], procs }, before)
    await network.ask(['redis-cli', '-h', network.ip4, 'ping'])
    const result = await capture.stop()
    equal(result.events.length, 1)
    equal(result.events[0].process, undefined)
    ok((result.counters['procs.denied'] ?? 0) > 0)
    equal(result.counters['procs.missed'], 2)
    deepEqual([result.status, lost(result.counters)], [0, {}])
  })

  test('switched off nothing is looked up', async () => {
    const result = await during(network, { protocols: [{ type: 'redis' }], procs: {} }, () =>
      network.ask(['redis-cli', '-h', network.ip4, 'ping']),
    )
    equal(result.events.length, 1)
    deepEqual([result.events[0].process, result.events[0].source.process], [undefined, undefined])
    deepEqual(
      Object.keys(result.counters).filter((name) => name.startsWith('procs.')),
      [],
    )
    wentWell(result)
  })
})

describe('Processes behind a veth pair', { skip: lacking('redis-server', 'redis-cli') }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await redis(network)
  })
  after(() => network?.remove())

  for (const device of ['server0', 'any'])
    test(`a process in another network namespace is found, by the addresses there, on ${device}`, async () => {
      const result = await during(network, { device, protocols: [{ type: 'redis' }], flows }, async () => {
        // The first packet from a namespace that nobody knows makes it known.
        const hello = ['redis-cli', '-h', network.ip4, '-r', '3', '-i', '0.2', 'ping']
        await network.ask(hello)
        for (const host of [network.ip4, network.ip6])
          await network.ask(['redis-cli', '-h', host, '-r', '3', '-i', '0.05', 'incr', 'n'])
      })
      const requests = result.events.filter(({ method }) => method === 'INCR')
      equal(requests.length, 6)
      for (const { source, destination } of [...requests, ...finals(result.events)]) {
        equal(source.process?.name, 'redis-cli')
        equal(destination.process?.name, 'redis-server')
      }
      ok((result.counters['procs.other_namespaces'] ?? 0) > 0)
      wentWell(result)
    })

  test('an address that comes while it runs is local from then on', async () => {
    const inside = (...words: string[]) => call(network.server, ['ip', ...words])
    await network.ask(['ip', 'route', 'add', '203.0.113.0/24', 'via', '192.0.2.1'])
    // Nobody listens: what the kernel says to that is no matter here.
    const send = (port: number) => network.ask(['bash', '-c', `echo hello >/dev/udp/203.0.113.5/${port}`])
    const result = await during(network, { flows }, async () => {
      await send(7001)
      await sleep(300)
      await inside('address', 'add', '203.0.113.5/32', 'dev', 'lo')
      await sleep(1500)
      await send(7002)
      await sleep(1500)
    })
    const direction = (port: number) => [
      ...new Set(
        result.events
          .filter(({ destination }) => destination?.port === port)
          .map((event) => event.network.direction),
      ),
    ]
    // The first flow was reported before and after.
    match(direction(7001).join(), /unknown|ingress/)
    deepEqual(direction(7002), ['ingress'])
    equal(result.status, 0)
  })
})
