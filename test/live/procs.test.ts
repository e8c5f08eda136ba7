import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capture, type CaptureSettings, type Event } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { lacking } from './support/needs.js'
import { Network, serve } from './support/network.js'
import { nginx } from './support/nginx.js'
import { start, until } from './support/processes.js'
import { forking, listening, processAt, timeless } from './support/procs.js'
import { redis } from './support/redis.js'

const procs = { enabled: true }
const engine = 'af_packet'

/** Each process that an event shows, by its side. */
const shown = ({ source, destination, process }: Event) => ({
  source: source?.process,
  destination: destination?.process,
  process,
})

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' })

describe('Processes on lo', {
  skip: lacking('redis-server', 'redis-cli', 'nginx', 'curl', 'python3'),
}, () => {
  let network: Network
  before(async () => {
    network = new Network('lo')
    await redis(network)
  })
  after(() => network?.remove())
  const during = (settings: Partial<CaptureSettings>, clients: () => Promise<unknown>) =>
    Capture.during(network, { engine, protocols: [], procs, ...settings }, clients)

  test('both ends are found, with all that is known of them, over IPv4 and IPv6, in transactions and in flows', async () => {
    const [pid = 0] = await listening(network.server, 6379)
    const server = processAt(pid)
    const asked = (host: string) => ['redis-cli', '-h', host, 'set', 'key', 'two words']
    const result = await during(
      { protocols: [{ type: 'redis' }], flows: { timeout: '5s', period: '1s' } },
      async () => {
        for (const host of [network.ip4, network.ip6]) await network.ask(asked(host))
      },
    )
    const requests = result.events.filter(({ type }) => type === 'redis')
    const flows = result.events.filter(({ type, flow }) => type === 'flow' && flow.final)
    deepEqual([requests.length, flows.length], [2, 2])
    for (const event of [...requests, ...flows]) {
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

  test('a connection that is older than the capture is found, and each of its transactions has the same process', async () => {
    const client = start(network.server, [
      'redis-cli',
      '-h',
      network.ip4,
      '-r',
      '40',
      '-i',
      '0.05',
      'incr',
      'n',
    ])
    await sleep(200)
    const result = await during({ protocols: [{ type: 'redis' }] }, () => client.ended)
    ok(result.events.length > 10)
    for (const event of result.events) equal(event.source.process?.pid, client.pid)
    wentWell(result)
  })

  test('of a server with workers it is the worker that took the connection', async () => {
    const server = await nginx(network)
    const [master = 0, worker = 0] = await listening(network.server, 80)
    const result = await during({ protocols: [{ type: 'http', ports: [80] }] }, async () => {
      for (let i = 0; i < 5; i++) await network.ask(['curl', '-s', `http://${network.ip4}/answer.json`])
    })
    console.error(JSON.stringify(result.events.map(shown)), result.counters, master, worker)
    equal(server.noted().length, 5)
    equal(result.events.length, 5)
    for (const { destination, source } of result.events) {
      equal(destination.process.pid, worker)
      equal(destination.process.parent.pid, master)
      deepEqual(destination.process.args, ['nginx: worker process'])
      equal(source.process.name, 'curl')
    }
    wentWell(result)
  })

  test('of a server that forks it is the child that serves', async () => {
    await serve(network, ['python3', '-c', forking], 7000)
    const [parent = 0] = await listening(network.server, 7000)
    const said: number[] = []
    const result = await during(
      {
        protocols: [{ type: 'http', ports: [7000] }],
        procs: { enabled: true, monitored: [{ process: 'forks', cmdline_grep: '-c \nimport os' }] },
      },
      async () => {
        for (let i = 0; i < 5; i++)
          said.push(
            Number(
              await network
                .ask([
                  'bash',
                  '-c',
                  `exec 3<>/dev/tcp/${network.ip4}/7000; printf 'GET / HTTP/1.1\\r\\n\\r\\n' >&3; head -c 38 <&3 >/dev/null; head -n1 <&3 & sleep 0.1; kill $! 2>/dev/null; true`,
                ])
                .catch(() => '0'),
            ),
          )
      },
    )
    equal(result.events.length, 5)
    for (const { destination } of result.events) {
      equal(destination.process.parent.pid, parent)
      equal(destination.process.name, 'forks')
    }
    wentWell(result)
  })
})
