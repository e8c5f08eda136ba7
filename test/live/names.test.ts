import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capture, type Event } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { lacking } from './support/needs.js'
import { Network, write } from './support/network.js'
import { until } from './support/processes.js'
import { type NameServer, namesOverTls, reverseNames } from './support/reverse-names.js'

// Beside the one address that both ends have: clients that nobody knows by name.
const unknown = '192.0.2.77'

describe('dns, the processor, with dnsmasq', {
  skip: lacking('dnsmasq', 'named', 'openssl', 'dig', 'ping'),
}, () => {
  let network: Network
  let server: NameServer
  before(async () => {
    network = new Network('veth')
    const many = Array.from({ length: 200 }, (_, i) => [`10.9.0.${i}`, `host${i}.shop.example`] as const)
    server = await reverseNames(network, {
      [network.ip4]: 'server.shop.example',
      '192.0.2.2': 'client.shop.example',
      '2001:db8::1': 'server6.shop.example',
      '2001:db8::2': 'client6.shop.example',
      ...Object.fromEntries(many),
    })
    await network.ask(['ip', 'address', 'add', `${unknown}/24`, 'dev', 'client0'])
  })
  after(async () => {
    await server?.stop()
    network?.remove()
  })

  const reverse = (more: object = {}) => ({
    dns: {
      type: 'PTR',
      fields: { 'source.ip': 'source.domain', 'destination.ip': 'destination.domain' },
      nameservers: [network.ip4],
      tag_on_failure: ['no_name'],
      // Not what the kernels say to each other, for neighbours and groups.
      when: { not: { regexp: { 'source.ip': '^(fe80)?::' } } },
      ...more,
    },
  })
  const ping = (...words: string[]) => network.ask(['ping', '-n', '-i', '0.05', '-c', '5', ...words])
  const told = ({ source, destination, tags }: Event) => [source.domain, destination.domain, tags]

  /** Those of clients, by their address: an answer that comes late makes its event late. */
  const pinged = (events: Event[]) =>
    ['192.0.2.2', '2001:db8::2', unknown].flatMap((ip) => events.filter(({ source }) => source.ip === ip))

  test('the names of both ends are put, each asked for once, and missing ones tagged', async () => {
    const before = server.asked().length
    const settings = { engine: 'af_packet', protocols: [{ type: 'icmp' }], processors: [reverse()] } as const
    const result = await Capture.during(network, settings, async () => {
      await ping(network.ip4)
      await ping(network.ip6)
      await ping('-I', unknown, network.ip4)
    })
    deepEqual(
      pinged(result.events).map(told),
      [
        Array(5).fill(['client.shop.example', 'server.shop.example', undefined]),
        Array(5).fill(['client6.shop.example', 'server6.shop.example', undefined]),
        Array(5).fill([undefined, 'server.shop.example', ['no_name']]),
      ].flat(),
    )
    const asked = server.asked().slice(before)
    deepEqual([asked.length, new Set(asked).size], [5, 5])
    equal(result.counters['processors.dns.queries'], 5)
    equal(result.counters['processors.dns.lookup_failures'], 1)
    wentWell(result)
  })

  test('hundreds of names at once, of which each event has its own', async () => {
    const questions = write(
      join(folder(), 'questions'),
      Array.from({ length: 400 }, (_, i) => `host${i % 200}.shop.example\n`).join(''),
    )
    const processors = [
      { dns: { type: 'A', fields: { 'dns.question.name': 'asked' }, nameservers: [network.ip4] } },
    ]
    const result = await Capture.during(
      network,
      { engine: 'af_packet', protocols: [{ type: 'dns' }], processors },
      () => network.ask(['dig', `@${network.ip4}`, '+short', '-f', questions]),
    )
    equal(result.events.length, 400)
    for (const { dns, asked } of result.events)
      deepEqual(asked, [dns.question.name.replace(/host(\d+).*/, '10.9.0.$1')])
    equal(result.counters['processors.dns.queries'], 200)
    wentWell(result)
  })

  test('names over TLS, of a server whose authority is trusted', async () => {
    const authority = await namesOverTls(network)
    const trusted = { transport: 'tls', ssl: { certificate_authorities: [authority] }, timeout: '5s' }
    for (const [more, name] of [
      [trusted, 'client.example'],
      [{ transport: 'tls' }, undefined],
    ] as const) {
      const settings = {
        engine: 'af_packet',
        protocols: [{ type: 'icmp' }],
        processors: [reverse(more)],
      } as const
      const result = await Capture.during(network, settings, () => ping(network.ip4))
      const events = pinged(result.events)
      deepEqual(
        events.map(({ source }) => source.domain),
        Array(5).fill(name),
      )
      deepEqual(events[0].tags, name === undefined ? ['no_name'] : undefined)
      wentWell(result)
    }
  })

  test('a dead name server costs its timeout and no event, and is asked again when it lives', async () => {
    const processors = [reverse({ timeout: '300ms', failure_cache: { ttl: '500ms' } })]
    const settings = { engine: 'af_packet', protocols: [{ type: 'icmp' }], processors } as const
    server.freeze(true)
    try {
      const capture = await Capture.ready(network, settings)
      await ping(network.ip4)
      await ping(network.ip6)
      await until('events without names', () => pinged(capture.events()).length === 10, 3000)
      server.freeze(false)
      await sleep(600)
      await ping(network.ip4)
      const result = await capture.stop()
      const events = pinged(result.events)
      deepEqual(
        events.filter(({ source }) => source.domain === undefined).map(told),
        Array(10).fill([undefined, undefined, ['no_name']]),
      )
      deepEqual(
        events.filter(({ source }) => source.domain !== undefined).map(told),
        Array(5).fill(['client.shop.example', 'server.shop.example', undefined]),
      )
      ok((result.counters['processors.dns.timeouts'] ?? 0) >= 4)
      wentWell(result)
    } finally {
      server.freeze(false)
    }
  })
})
