import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import type { Network } from './support/network.js'
import { start, until } from './support/processes.js'
import { redis } from './support/redis.js'

const protocols = [{ type: 'redis' }]

everywhere('Redis', ['redis-server', 'redis-cli'], redis, (engine, place) => {
  test('single commands, their errors and transactions: one event for each call the server counted', async () => {
    const { network, server } = place()
    await server.counted()
    const result = await Capture.during(network, { engine, protocols }, async () => {
      for (const host of [network.ip4, network.ip6]) {
        const cli = (...words: string[]) => network.ask(['redis-cli', '-h', host, ...words])
        await cli('set', 'greeting', 'hello world')
        await cli('get', 'greeting')
        await cli('incr', 'greeting')
        await cli('set', 'long', 'x'.repeat(100_000))
        await cli('get', 'long')
        await cli('config', 'get', 'maxmemory')
        await cli('-r', '20', 'incr', 'count')
        await network.ask(['redis-cli', '-h', host], 'multi\nset a 1\nincr a\nexec\nget\n')
      }
    })
    deepEqual(commands(result.events), await server.counted())
    const failed = result.events.filter(({ status }) => status === 'Error')
    deepEqual(
      failed.map(({ query, redis: { error } }) => [query, error]),
      [4, 6].flatMap(() => [
        ['incr greeting', 'ERR value is not an integer or out of range'],
        ['get', "ERR wrong number of arguments for 'get' command"],
      ]),
    )
    wentWell(result)
  })

  test('thousands of commands sent ahead each get their own answer', async () => {
    const { network, server } = place()
    const count = 5000
    const command = (...words: string[]) =>
      `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
    const sent = Array.from({ length: count }, (_, i) => command('SET', `key${i}`, 'v'.repeat(i % 300))).join(
      '',
    )
    // Written as people do it by hand, without lengths.
    const byHand = Array.from({ length: 100 }, (_, i) => `GET key${i}\r\n`).join('')
    await server.counted()
    const result = await Capture.during(network, { engine, protocols }, () =>
      network.ask(['redis-cli', '-h', network.ip4, '--pipe'], sent + byHand),
    )
    const counted = await server.counted()
    equal(counted.set, count)
    deepEqual(commands(result.events), counted)
    deepEqual(
      result.events.filter(({ method }) => method === 'SET').map(({ resource }) => resource),
      Array.from({ length: count }, (_, i) => `key${i}`),
    )
    deepEqual(
      result.events.filter(({ method }) => method === 'GET').map(({ redis }) => redis.return_value),
      Array.from({ length: 100 }, (_, i) => 'v'.repeat(i)),
    )
    wentWell(result)
  })

  test('RESP3 is spoken after HELLO, with its maps and sets', async () => {
    const { network, server } = place()
    await server.counted()
    const result = await Capture.during(network, { engine, protocols }, async () => {
      const cli = (...words: string[]) => network.ask(['redis-cli', '-3', '-h', network.ip4, ...words])
      await cli('hset', 'h', 'f', '1', 'g', '2')
      await cli('hgetall', 'h')
      await cli('sadd', 's', 'a', 'b')
      await cli('smembers', 's')
      await cli('get', 'nothing')
      await cli('zadd', 'z', '1.5', 'a')
      await cli('zscore', 'z', 'a')
    })
    const counted = await server.counted()
    equal(counted.hello, 7)
    deepEqual(commands(result.events), counted)
    wentWell(result)
  })

  for (const version of ['-2', '-3'])
    test(`a subscriber’s messages are events of their own, in RESP${version.slice(1)}`, async () => {
      const { network, server } = place()
      await server.counted()
      const result = await Capture.during(network, { engine, protocols }, async () => {
        const subscribers = [
          await subscriber(network, version, 'subscribe', 'news', 'sport'),
          await subscriber(network, version, 'psubscribe', 'n*'),
        ]
        for (let i = 0; i < 10; i++)
          await network.ask([
            'redis-cli',
            '-h',
            network.ip4,
            'publish',
            i % 2 ? 'sport' : 'news',
            `good ${i}`,
          ])
        await Promise.all(subscribers.map((each) => each.stop()))
      })
      const { message, pmessage, ...rest } = commands(result.events)
      deepEqual([message, pmessage], [10, 5])
      deepEqual(rest, await server.counted())
      wentWell(result)
    })
})

/** How often each command is there, as the server would count it. */
function commands(events: readonly Event[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { method } of events) counts[method.toLowerCase()] = (counts[method.toLowerCase()] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).sort())
}

async function subscriber(network: Network, version: string, ...words: string[]) {
  const cli = version === '-3' ? ['redis-cli', '-3'] : ['redis-cli']
  const running = start(network.client, [...cli, '-h', network.ip4, ...words])
  await until('the subscription', () => running.stdout().includes(words.at(-1) as string))
  return running
}
