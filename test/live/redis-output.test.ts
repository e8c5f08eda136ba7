import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { certificates } from './support/certificates.js'
import { allAtLeastOnce, allOnce, deliver, expected, wentWell } from './support/delivery.js'
import { folder } from './support/folder.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { start, until } from './support/processes.js'
import { redisServer } from './support/redis-output.js'
import { relay } from './support/relay.js'

const LOOPS = 10
const soon = { backoff: { init: '50ms', max: '200ms' } }

describe('output.redis', { skip: lacking('redis-server', 'redis-cli', 'openssl') }, () => {
  let network: Network
  let lines: string[]
  let next = 7001
  before(async () => {
    network = new Network('lo')
    lines = await expected(network, LOOPS)
  })
  after(() => network.remove())

  const server = (options: string[] = [], login: string[] = []) =>
    redisServer(network, next++, options, login)
  const send = (hosts: (number | string)[], options: object = {}, loops = LOOPS) => {
    const named = hosts.map((host) => (typeof host === 'number' ? `${network.ip4}:${host}` : host))
    return deliver(network, { redis: { hosts: named, ...soon, ...options } }, loops)
  }

  test('a list has every event once, in its order, as the file output writes it', async () => {
    const redis = await server()
    wentWell(await send([redis.port]).done, lines.length)
    assert.deepEqual(await redis.list('packetbeat'), lines)
  })

  test('a subscriber of a channel hears every event once, in its order', async () => {
    const redis = await server()
    const subscriber = start(network.client, [
      ...['redis-cli', '-h', network.ip4, '-p', String(redis.port), '--raw', 'SUBSCRIBE', 'events'],
    ])
    await until('a subscriber', async () => (await redis.cli('PUBSUB', 'NUMSUB', 'events')).includes('1'))
    wentWell(await send([redis.port], { datatype: 'channel', key: 'events' }).done, lines.length)
    const heard = () =>
      subscriber
        .stdout()
        .split('\n')
        .filter((line) => line.startsWith('{'))
    await until('all events', () => heard().length >= lines.length)
    await subscriber.stop()
    assert.deepEqual(heard(), lines)
  })

  test('keys are chosen by what events say', async () => {
    const redis = await server()
    const keys = [{ key: '%{[type]}', when: { equals: { type: 'http' } } }]
    wentWell(await send([redis.port], { key: 'net-%{[network.transport]:none}', keys }).done, lines.length)
    const names = (await redis.cli('--raw', 'KEYS', '*')).trim().split('\n').sort()
    const keyOf = (line: string) => {
      const {
        type,
        network: { transport },
      } = JSON.parse(line)
      return type === 'http' ? type : `net-${transport ?? 'none'}`
    }
    assert.deepEqual(names, [...new Set(lines.map(keyOf))].sort())
    for (const name of names)
      assert.deepEqual(
        await redis.list(name),
        lines.filter((line) => keyOf(line) === name),
      )
  })

  test('a format prints events, and those without its field are counted as rejected', async () => {
    const redis = await server()
    const codec = { format: { string: '%{[type]} %{[http.response.status_code]}' } }
    const { counters } = await send([redis.port], { codec, key: 'codes-%{[type]}' }).done
    const http = lines.map((line) => JSON.parse(line)).filter(({ http }) => http?.response?.status_code)
    assert.deepEqual(
      await redis.list('codes-http'),
      http.map((event) => `http ${event.http.response.status_code}`),
    )
    assert.equal(counters['pipeline.events.acked'], http.length)
    assert.equal(counters['pipeline.events.rejected'], lines.length - http.length)
  })

  test('password and database, by option and by URL; without one the server is quoted', async () => {
    const few = await expected(network, 1)
    const acl = ['--user', 'ann', 'on', '>geheim', '~*', '&*', '+@all']
    const redis = await server(['--requirepass', 'hush', ...acl], ['-a', 'hush', '--no-auth-warning'])
    wentWell(await send([redis.port], { password: 'hush', db: 3, key: 'a' }, 1).done, few.length)
    const url = `redis://ann:geheim@${network.ip4}:${redis.port}`
    wentWell(await send([url], { password: 'wrong', key: 'b' }, 1).done, few.length)
    assert.deepEqual([await redis.list('a', 3), await redis.list('b')], [few, few])
    for (const [password, says] of [
      [undefined, /NOAUTH: it asks for a password/],
      ['wrong', /WRONGPASS: it refuses the password/],
    ] as const) {
      const refused = await send([redis.port], { ...(password && { password }), max_retries: 0 }, 1).done
      assert.match(refused.warnings.join('\n'), says)
      assert.equal(refused.counters['pipeline.events.abandoned'], few.length)
    }
  })

  test('TLS with a client certificate, by rediss:// and by ssl', async () => {
    const few = await expected(network, 1)
    const { home } = certificates(network.ip4)
    const file = (name: string) => join(home, name)
    const port = next++
    const redis = await redisServer(network, port, [
      ...[
        '--port',
        '0',
        '--tls-port',
        String(port),
        '--bind',
        network.ip4,
        '--tls-cert-file',
        file('server.pem'),
      ],
      ...['--tls-key-file', file('server.key'), '--tls-ca-cert-file', file('root.pem')],
    ])
    const ssl = {
      certificate_authorities: [file('root.pem')],
      certificate: file('client.pem'),
      key: file('client.key'),
    }
    wentWell(await send([port], { ssl, key: 'a' }, 1).done, few.length)
    const { certificate_authorities, ...own } = ssl
    const unchecked = { ...own, verification_mode: 'none' }
    wentWell(
      await send([`rediss://${network.ip4}:${port}`], { ssl: unchecked, key: 'b' }, 1).done,
      few.length,
    )
    assert.deepEqual([await redis.list('a'), await redis.list('b')], [few, few])
    const refused = await send([port], { ssl: { certificate_authorities }, max_retries: 0 }, 1).done
    assert.match(
      refused.warnings.join('\n'),
      /cannot connect to .*(certificate required|connection was reset)/,
    )
  })

  test('two servers share the work', async () => {
    const pair = [await server(), await server()] as const
    const delivered = await send(
      pair.map(({ port }) => port),
      { bulk_max_size: 10 },
    ).done
    wentWell(delivered, lines.length)
    const lists = await Promise.all(pair.map(({ list }) => list('packetbeat')))
    allOnce(lists.flat(), lines)
    assert.ok(lists.every(({ length }) => length > 0))
  })

  test('one of two servers is down', async () => {
    const redis = await server()
    for (const loadbalance of [true, false]) {
      const key = `key-${loadbalance}`
      const delivered = await send([next++, redis.port], { loadbalance, key }).done
      assert.equal(allAtLeastOnce(await redis.list(key), lines, delivered), 0)
    }
  })

  test('a server that takes nothing for a while is waited for, and quoted', async () => {
    const redis = await server()
    await redis.cli('SET', 'text', 'no list')
    await redis.cli('CONFIG', 'SET', 'maxmemory', '1')
    const full = send([redis.port])
    await until('a warning', () => /OOM: its memory is full/.test(full.running.stderr()))
    await redis.cli('CONFIG', 'SET', 'maxmemory', '0')
    await full.done
    allOnce(await redis.list('packetbeat'), lines)
    const replica = await server(['--replicaof', `${network.ip4} ${redis.port}`])
    const read = await send([replica.port], { max_retries: 0 }, 1).done
    assert.match(read.warnings.join('\n'), /READONLY: it is a replica|MASTERDOWN/)
    // One key for all: whoever removes it gets all events.
    const wrong = send([redis.port], { key: 'text' })
    await until('a warning', () => /WRONGTYPE: the key has a value/.test(wrong.running.stderr()))
    await redis.cli('DEL', 'text')
    await wrong.done
    allOnce(await redis.list('text'), lines)
  })

  test('events that choose a key with another value are rejected, the others not', async () => {
    const redis = await server()
    await redis.cli('SET', 'to-dns', 'no list')
    const { counters, warnings } = await send([redis.port], { key: 'to-%{[type]}' }).done
    const dns = lines.filter((line) => JSON.parse(line).type === 'dns')
    assert.equal(counters['pipeline.events.rejected'], dns.length)
    assert.equal(counters['pipeline.events.acked'], lines.length - dns.length)
    assert.match(
      warnings.join('\n'),
      /refused \d+ events for good; .*the key to-dns has a value that is no list/,
    )
  })

  test('a server that is killed and started again in the middle costs no event', async () => {
    const port = next++
    const home = folder()
    // What it has acknowledged it has on disk.
    const lasting = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', home]
    const redis = await redisServer(network, port, lasting)
    const loops = 20
    const all = await expected(network, loops)
    const { done } = send([port], { bulk_max_size: 5 }, loops)
    await until('some events', async () => (await redis.list('packetbeat')).length > 100)
    redis.running.signal('SIGKILL')
    await redis.running.ended
    await sleep(300)
    const again = await redisServer(network, port, lasting)
    const delivered = await done
    allAtLeastOnce(await again.list('packetbeat'), all, delivered)
    assert.ok((delivered.counters['output.failures'] ?? 0) > 0)
  })

  test('a server that does not answer in time is tried again', async () => {
    const redis = await server()
    const { running, done } = send([redis.port], { timeout: '100ms', bulk_max_size: 5 }, 20)
    await until('some events', async () => (await redis.list('packetbeat')).length > 100)
    redis.running.signal('SIGSTOP')
    await until('a warning', () => /no answer in 0.1 s/.test(running.stderr()))
    redis.running.signal('SIGCONT')
    const delivered = await done
    allAtLeastOnce(await redis.list('packetbeat'), await expected(network, 20), delivered)
  })

  const cuts = {
    'in the middle of pushes': [1, 20, 700, 5_000, 20_000].map((after) => ({ of: 'client', after }) as const),
    'in the middle of answers': [1, 3, 6, 10].map((after) => ({ of: 'server', after }) as const),
  }
  for (const [where, list] of Object.entries(cuts))
    test(`connections that are reset ${where} cost no event`, async () => {
      const redis = await server()
      const before = next++
      await relay(network, before, redis.port, list)
      const delivered = await send([before], { bulk_max_size: 50 }).done
      const twice = allAtLeastOnce(await redis.list('packetbeat'), lines, delivered)
      assert.ok((delivered.counters['output.failures'] ?? 0) >= list.length - 1)
      if (list[0]?.of === 'server') assert.ok(twice > 0)
    })
})
