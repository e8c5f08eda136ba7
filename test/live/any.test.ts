import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { named } from './support/named.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { nginx } from './support/nginx.js'
import { call } from './support/processes.js'

const skip = lacking('nginx', 'named', 'curl', 'dig', 'ping')
const protocols = [{ type: 'http' }, { type: 'dns' }, { type: 'icmp' }]

/** Those of TCP and UDP. */
const flowsOf = (events: readonly Event[]) =>
  events.filter(({ type, network }) => type === 'flow' && ['tcp', 'udp'].includes(network.transport))

/** What each place is asked: two pages, two names, two echoes. */
async function ask(namespace: string, ip: string): Promise<void> {
  const host = ip.includes(':') ? `[${ip}]` : ip
  await call(namespace, ['curl', '-sg', `http://${host}/long.txt`, `http://${host}/missing`])
  await call(namespace, ['dig', `@${ip}`, 'www.shop.example'])
  await call(namespace, ['dig', `@${ip}`, '+tcp', 'MX', 'shop.example'])
  await call(namespace, ['ping', '-q', '-c', '2', '-i', '0.05', ip])
}

/** Segments that the hosts of a network have sent again so far. */
async function sentAgain({ server, client }: Network): Promise<number> {
  const said = await Promise.all([server, client].map((each) => call(each, ['cat', '/proc/net/snmp'])))
  const counted = said.map((text) => {
    const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('Tcp:'))
    return Number(values.split(' ')[names.split(' ').indexOf('RetransSegs')])
  })
  return counted.reduce((sum, count) => sum + count)
}

/** That each place was asked once, and answered. */
function eachOnce(events: readonly Event[], ips: readonly string[]): void {
  const of = (type: string) => events.filter((event) => event.type === type)
  deepEqual(
    of('http').map(({ destination, http }) => [destination.ip, http.response.status_code]),
    ips.flatMap((ip) => [
      [ip, 200],
      [ip, 404],
    ]),
  )
  deepEqual(
    of('dns').map(({ destination, status, network: { transport } }) => [destination.ip, transport, status]),
    ips.flatMap((ip) => [
      [ip, 'udp', 'OK'],
      [ip, 'tcp', 'OK'],
    ]),
  )
  deepEqual(
    of('icmp')
      .filter(({ icmp }) => [8, 128].includes(icmp.request?.type))
      .map(({ path, status }) => [path, status]),
    ips.flatMap((ip) => [
      [ip, 'OK'],
      [ip, 'OK'],
    ]),
  )
}

describe('All devices at once', { skip }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await Promise.all([nginx(network), named(network)])
  })
  after(() => network?.remove())

  for (const engine of engines)
    test(`loopback’s traffic and the network’s are each there once, by ${engine}`, async () => {
      const places = [
        [network.server, '127.0.0.1'],
        [network.server, '::1'],
        [network.client, network.ip4],
        [network.client, network.ip6],
      ] as const
      const settings = { engine, device: 'any', protocols, flows: { timeout: '30s', period: '-1s' } }
      const result = await Capture.during(network, settings, async () => {
        for (const [namespace, ip] of places) await ask(namespace, ip)
      })
      eachOnce(
        result.events,
        places.map(([, ip]) => ip),
      )
      // Each conversation that TCP or UDP had is one flow.
      equal(flowsOf(result.events).length, places.length * 3)
      wentWell(result)
    })
})

// As on a host with containers: a packet to the server passes the port of a bridge, the bridge, and where it comes in a
// tunnel, one more device.
describe('All devices, a bridge and a tunnel among them', { skip }, () => {
  const ips = ['192.0.2.1', '2001:db8::1', '198.51.100.1']
  let network: Network
  before(async () => {
    network = new Network('veth')
    for (const words of [
      'address flush dev server0',
      'link add br0 type bridge',
      'link set br0 up',
      'link set server0 master br0',
      'address add 192.0.2.1/24 dev br0',
      'address add 2001:db8::1/64 dev br0 nodad',
      'link add tunnel0 type vxlan id 7 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev br0',
      'address add 198.51.100.1/24 dev tunnel0',
      'link set tunnel0 up',
    ])
      await call(network.server, ['ip', ...words.split(' ')])
    for (const words of [
      'link add tunnel0 type vxlan id 7 local 192.0.2.2 remote 192.0.2.1 dstport 4789 dev client0',
      'address add 198.51.100.2/24 dev tunnel0',
      'link set tunnel0 up',
    ])
      await call(network.client, ['ip', ...words.split(' ')])
    // A segment that one device cuts for the next would be two kinds of packets.
    for (const device of ['br0', 'tunnel0'])
      await call(network.server, ['ethtool', '-K', device, 'tso', 'off', 'gso', 'off', 'gro', 'off'])
    await Promise.all([nginx(network), named(network)])
  })
  after(() => network?.remove())

  for (const engine of engines)
    test(`a packet that several devices show is one, by ${engine}`, async () => {
      const settings = { engine, device: 'any', protocols, flows: { timeout: '30s', period: '-1s' } }
      const before = await sentAgain(network)
      ok(Number.isInteger(before))
      const result = await Capture.during(network, settings, async () => {
        for (const ip of ips) await ask(network.client, ip)
      })
      eachOnce(result.events, ips)
      const [request, answer] = [1, 1]
      const questions = flowsOf(result.events).filter(({ destination: { port } }) => port === 53)
      deepEqual(
        questions
          .filter(({ network: { transport } }) => transport === 'udp')
          .map(({ source, destination }) => [source.packets, destination.packets]),
        // The one in the tunnel is a flow with the tunnel’s addresses, and one without.
        Array.from({ length: ips.length + 1 }, () => [request, answer]),
      )
      ok((result.counters['copies.frames'] ?? 0) > 0)
      ok((result.counters['copies.in_tunnels'] ?? 0) > 0)
      // On a busy machine hosts do send again, which the kernel counts.
      if ((await sentAgain(network)) === before) equal(result.counters['tcp.retransmitted_bytes'] ?? 0, 0)
      wentWell(result)
    })
})
