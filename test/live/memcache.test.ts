import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Said } from './clients/memcache-sockets.js'
import { Capture, type Event } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import { LOCKED, memcached } from './support/memcache.js'
import { type Network, write } from './support/network.js'

const protocols = [
  {
    type: 'memcache',
    ports: [11211, LOCKED],
    udptransactiontimeout: '1s',
    maxvalues: -1,
    maxbytespervalue: 64,
  },
]
const tools = ['memcached', 'memcslap', 'memccat', 'bash']

everywhere('memcached', tools, memcached, (engine, place) => {
  const during = (clients: (network: Network) => Promise<unknown>) => {
    const { network } = place()
    return Capture.during(network, { engine, protocols }, () => clients(network))
  }

  for (const scenarios of [['tcp', 'quiet'], ['udp']])
    test(`every text and meta command with its answer: ${scenarios.join(', ')}`, async () => {
      const said: Said[] = []
      const result = await during(async (network) => {
        for (const host of [network.ip4, network.ip6])
          for (const scenario of scenarios)
            said.push(...(await ask<Said>(network, 'memcache-sockets', host, scenario)))
      })
      deepEqual(result.events.map(seen), said.map(told))
      wentWell(result)
    })

  test('who logs in, and no password', async () => {
    const result = await during((network) => ask(network, 'memcache-sockets', network.ip4, 'login'))
    const [get, refused, accepted, set] = result.events
    equal(get.memcache.response.error_msg, 'unauthenticated')
    for (const [{ event, user, memcache }, outcome] of [
      [refused, 'failure'],
      [accepted, 'success'],
    ]) {
      deepEqual([event.action, event.outcome, user], ['memcache.auth', outcome, { name: 'ann' }])
      equal(memcache.request.values, undefined)
    }
    deepEqual(set.memcache.request.values, [Buffer.from('not secret').toString('base64')])
    wentWell(result)
  })

  test('today’s driver: the binary protocol, one command after the other and many at once', async () => {
    const { server } = place()
    const done: string[][] = []
    await server.counted()
    const result = await during(async (network) => {
      for (const scenario of ['commands', 'crowd'])
        done.push(...(await ask<string[]>(network, 'memjs', network.ip4, scenario)))
    })
    const events = result.events.filter(({ memcache }) => memcache.request.command !== 'quit')
    equal(result.events.length - events.length, 2)
    // The driver waits for all answers at once, so the order of what it says is not that of what it did.
    deepEqual(
      events.map(({ memcache: { request }, status }) => [request.command, request.keys?.[0], status]).sort(),
      done
        .map(([command, key, outcome]) => [
          command === 'flush' ? 'delete' : command,
          key ?? undefined,
          outcome === 'not' ? 'Error' : 'OK',
        ])
        .sort(),
    )
    const values = (name: string) =>
      events
        .filter(({ memcache: { request } }) => request.command === name)
        .map(({ memcache: { response } }) => response.value)
    deepEqual([values('incr'), values('decr')], [[10, 15], [12]])
    const stats = events.find(({ memcache: { request } }) => request.command === 'stats')
    ok(stats.memcache.response.stats.length > 50)
    deepEqual(counts(result.events), counted(await server.counted()))
    wentWell(result)
  })

  test('the tools of libmemcached and their load, as the server counted it', async () => {
    const { server } = place()
    const file = write(join(folder(), 'copied'), 'what was copied')
    await server.counted()
    const result = await during(async (network) => {
      const tool = (name: string, ...words: string[]) =>
        network.ask([name, `--servers=${network.ip4}`, ...words])
      await tool('memcping')
      for (const protocol of [[], ['--binary']]) {
        await tool('memccp', ...protocol, file)
        equal((await tool('memccat', ...protocol, 'copied')).trim(), 'what was copied')
        await tool('memctouch', ...protocol, '--expire=100', 'copied')
        await tool('memcexist', ...protocol, 'copied')
        await tool('memcrm', ...protocol, 'copied')
        await tool('memcstat', ...protocol)
        await tool('memcflush', ...protocol)
      }
      for (const options of [[], ['--binary'], ['--noreply']])
        for (const what of ['set', 'get', 'mget']) await network.ask(slap(network, what, ...options))
    })
    const of = (type: string) => result.events.filter(({ memcache }) => memcache.protocol_type === type)
    for (const type of ['text', 'binary']) {
      const about = of(type).filter(({ memcache }) => memcache.request.keys?.[0] === 'copied')
      ok(about.length >= 4, `${type}: ${about.length}`)
    }
    const now = counted(await server.counted())
    ok((now.cmd_set ?? 0) >= 2400, `${now.cmd_set} sets`)
    deepEqual(counts(result.events), now)
    wentWell(result)
  })

  test('a load of memcslap over UDP, of which the server drops some', async () => {
    const { server } = place()
    await server.counted()
    const result = await during((network) => network.ask(slap(network, 'set', '--udp', '--noreply')))
    const { cmd_set = 0 } = counted(await server.counted())
    ok(cmd_set > 0 && cmd_set <= counts(result.events).cmd_set, `${cmd_set} sets`)
    equal(result.events.length, counts(result.events).cmd_set)
    wentWell(result)
  })
})

const slap = ({ ip4 }: Network, what: string, ...options: string[]): string[] => [
  'memcslap',
  `--servers=${ip4}`,
  `--test=${what}`,
  '--concurrency=4',
  '--execute-number=200',
  ...options,
]

/** What a client of ours says that it did. */
async function ask<Done>(network: Network, name: string, ...words: string[]): Promise<Done[]> {
  const script = join(import.meta.dirname, 'clients', `${name}.ts`)
  return JSON.parse(await network.ask([process.execPath, '--import', 'tsx', script, ...words]))
}

/** What an event says of a request and its answer, to be held against what the client noted. */
const seen = ({ memcache: { request, response }, source, destination }: Event) => [
  request.command.split(' ')[0],
  source.bytes,
  response?.command,
  destination.bytes,
]

function told({ request, answer }: Said): unknown[] {
  const [word = ''] = request.trimEnd().split(' ')
  const [first = ''] = answer?.split(/[\r\n: ]/) ?? []
  const command = /^\d+$/.test(first)
    ? '<counter_op_res>'
    : /^(?:ITEM|key=.*)$/.test(first)
      ? '<list>'
      : first
  return [
    word === 'frobnicate' ? 'UNKNOWN' : word,
    request.length,
    answer === null ? undefined : command,
    answer?.length,
  ]
}

const stores = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas'])

/** What the server must have counted, going by the events. */
function counts(events: readonly Event[]) {
  const count = { cmd_get: 0, cmd_set: 0, cmd_touch: 0, get_hits: 0, delete_hits: 0, delete_misses: 0 }
  for (const { memcache, status } of events) {
    const { command, keys, opcode } = memcache.request
    if (stores.has(command)) count.cmd_set++
    else if (command === 'get') {
      count.cmd_get += keys.length
      if (status === 'OK') count.get_hits += memcache.response?.count_values ?? 0
    } else if (command === 'touch') count.cmd_touch++
    else if (command === 'delete' && opcode !== 'Flush' && opcode !== 'FlushQ')
      count[status === 'OK' ? 'delete_hits' : 'delete_misses']++
  }
  return count
}

function counted(stats: Record<string, number>): Record<string, number> {
  const { cmd_get = 0, cmd_set = 0, cmd_touch = 0, get_hits = 0, delete_hits = 0, delete_misses = 0 } = stats
  return { cmd_get, cmd_set, cmd_touch, get_hits, delete_hits, delete_misses }
}
