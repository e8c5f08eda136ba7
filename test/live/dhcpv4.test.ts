import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Capture, type Event, type Result } from './support/capture.js'
import {
  address,
  BEHIND,
  Client,
  dnsmasq,
  forget,
  kea,
  type Logged,
  NOBODY,
  relayed,
  type Server,
  served,
  TAKEN,
  type Told,
  take,
} from './support/dhcpv4.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { lacking, root } from './support/needs.js'
import { Network } from './support/network.js'
import { until } from './support/processes.js'

const skip = lacking('dnsmasq', 'kea-dhcp4', 'udhcpc', 'dhclient')
const protocols = [{ type: 'dhcpv4' }]

/** What the events say that server and client said to each other. */
const said = (events: readonly Event[]): Logged[] =>
  events.map(({ dhcpv4 }) => ({ type: dhcpv4.option.message_type, id: dhcpv4.transaction_id }))

const ofType = (events: readonly Event[], type: string): Event[] =>
  events.filter(({ dhcpv4 }) => dhcpv4.option.message_type === type)

/** Every request has its answer, and every answer its request: each has a time that can be. */
function allPaired({ events }: Result): void {
  for (const { dhcpv4, event } of events) {
    const time = dhcpv4.op_code === 'bootreply' ? dhcpv4.response_time : event.duration
    if (!['release', 'decline'].includes(dhcpv4.option.message_type)) ok(time > 0 && time < 5e9, `${time}`)
  }
}

/** A lease of a network that is not this one. */
const ELSEWHERE = `lease {
  interface "client0"; fixed-address 10.9.9.9;
  option dhcp-lease-time 3600; option dhcp-server-identifier 192.0.2.1;
  renew 1 2036/01/01 00:00:00; rebind 1 2036/01/01 00:00:00; expire 1 2036/01/01 00:00:00;
}
`

for (const prepare of [dnsmasq, kea])
  describe(`DHCP of ${prepare.name}`, { skip }, () => {
    let network: Network
    let server: Server
    before(async () => {
      network = new Network('veth')
      forget(network)
      server = await prepare(network)
    })
    after(() => network?.remove())

    for (const engine of engines) {
      test(`a lease of udhcpc from its offer to its end, and one of dhclient, by ${engine}`, async () => {
        let bound: Told = {}
        let other: Told = {}
        const result = await Capture.during(network, { engine, protocols }, async () => {
          const options = ['-x', 'hostname:till', '-V', 'checkout 2', '-F', 'till.shop.example']
          const asked = ['-O', 'search', '-O', 'staticroutes', '-O', 'ntpsrv', '-x', '0x4d:036c6162']
          const udhcpc = Client.udhcpc(network, ...options, ...asked)
          bound = await udhcpc.until('bound')
          udhcpc.running.signal('SIGUSR1')
          await udhcpc.until('renew')
          udhcpc.running.signal('SIGUSR2')
          await until('the release', () => udhcpc.running.stderr().includes('released state'))
          await udhcpc.running.stop()
          const config =
            'initial-delay 0; send host-name "desk"; send dhcp-client-identifier ff:0:0:0:1:0:3:0:1:2:0:0:0:0:2;'
          const dhclient = Client.dhclient(network, config, ELSEWHERE)
          other = await dhclient.until('bound')
          await dhclient.running.stop()
          forget(network)
        })
        const { events } = result
        const types = said(events).map(({ type }) => type)
        const lease = 'discover offer request ack'
        // On a busy machine a client may renew its lease once more before it is told to release it.
        match(types.join(' '), new RegExp(`^${lease}( request ack)+ release request nak ${lease}$`))
        deepEqual(said(events), server.logged())
        const release = types.indexOf('release')
        // What the client says of itself.
        const [discover] = events
        const { option } = discover.dhcpv4
        deepEqual(
          [option.hostname, option.class_identifier, option.user_class, option.fqdn.name, option.fingerprint],
          ['till', 'checkout 2', ['lab'], 'till.shop.example', '1,3,6,12,15,28,42,119,121'],
        )
        deepEqual(
          [option.client_identifier, option.client_identifier_type, discover.client.mac],
          ['02-00-00-00-00-02', 'Ethernet', '02-00-00-00-00-02'],
        )
        // What it was given, and what its script was told.
        const [ack] = ofType(events, 'ack')
        const given = Object.fromEntries(Object.keys(served).map((name) => [name, ack.dhcpv4.option[name]]))
        deepEqual(given, served)
        deepEqual(
          [
            ack.dhcpv4.assigned_ip,
            String(given.ip_address_lease_time_sec),
            ack.dhcpv4.option.server_identifier,
            ack.dhcpv4.option.subnet_mask,
            ack.dhcpv4.option.domain_search.join(' '),
            ack.dhcpv4.option.classless_static_routes.join(' ').replaceAll(' via', ''),
          ],
          [bound.ip, bound.lease, bound.serverid, bound.subnet, bound.search, bound.staticroutes],
        )
        // The renewal and the release are the client's own, by its address.
        for (const event of [events[4], events[release]])
          deepEqual(
            [event.source.ip, event.destination.ip, event.dhcpv4.client_ip],
            [bound.ip, '192.0.2.1', bound.ip],
          )
        deepEqual(
          ofType(events, 'nak').map(({ status }) => status),
          ['Error'],
        )
        equal(events[release + 1].dhcpv4.option.requested_ip_address, '10.9.9.9')
        deepEqual(
          [
            events[release + 3].dhcpv4.option.client_identifier,
            events[release + 3].dhcpv4.option.client_identifier_type,
          ],
          ['00:03:00:01:02:00:00:00:00:02', 'DUID-LL'],
        )
        equal(events.at(-1).dhcpv4.assigned_ip, other.new_ip_address)
        allPaired(result)
        wentWell(result)
      })

      if (prepare === kea)
        test(`an address that another host has is declined, by ${engine}`, async () => {
          take(network, true)
          const result = await Capture.during(network, { engine, protocols }, async () => {
            const udhcpc = Client.udhcpc(network, '-a', '-r', TAKEN)
            await until('the decline', () => /declining|in use/.test(udhcpc.running.stderr()))
            await udhcpc.running.stop()
          }).finally(() => take(network, false))
          const declined = ofType(result.events, 'decline')
          deepEqual(
            declined.map(({ status, error, dhcpv4 }) => [
              status,
              error.message,
              dhcpv4.option.requested_ip_address,
            ]),
            [['Error', 'The client found its address in use', TAKEN]],
          )
          deepEqual(said(result.events), server.logged())
          allPaired(result)
          wentWell(result)
        })
      else
        test(`what nobody answers, and what an address of one’s own is told, by ${engine}`, async () => {
          let informed = { op: 0, id: 0 }
          const impatient = [{ type: 'dhcpv4', transaction_timeout: '2s' }]
          const result = await Capture.during(network, { engine, protocols: impatient }, async () => {
            const udhcpc = Client.udhcpc(network, '-V', NOBODY)
            ok((await udhcpc.running.ended) !== 0)
            address(network, '192.0.2.2')
            const script = join(root, 'test/live/clients/dhcp-inform.ts')
            const answer = await network.ask([
              ...[process.execPath, '--import', 'tsx', script],
              ...['192.0.2.2', network.ip4],
            ])
            informed = JSON.parse(answer)
            forget(network)
          })
          server.logged()
          deepEqual(
            ofType(result.events, 'discover').map(({ status, error }) => [status, error?.message]),
            [1, 2, 3].map(() => ['Error', 'Unmatched request']),
          )
          const [inform] = ofType(result.events, 'inform')
          const [ack] = ofType(result.events, 'ack')
          equal(ack.dhcpv4.transaction_id, `0x${informed.id.toString(16)}`)
          deepEqual(
            [inform.dhcpv4.client_ip, inform.destination.ip, ack.dhcpv4.option.domain_name],
            ['192.0.2.2', network.ip4, served.domain_name],
          )
          equal(ack.dhcpv4.response_time, inform.event.duration)
          wentWell(result, { 'dhcpv4.unmatched_requests': 3 })
        })
    }
  })

describe('DHCP through a relay agent', { skip }, () => {
  const networks: Network[] = []
  let server: Server
  before(async () => {
    const [network, behind] = [new Network('veth'), new Network('veth')]
    networks.push(network, behind)
    forget(network)
    server = await relayed(network, behind)
  })
  after(() => {
    for (const network of networks) network.remove()
  })

  for (const engine of engines)
    test(`each message is there on both links, with where it came from, by ${engine}`, async () => {
      const [network] = networks as [Network, Network]
      let bound: Told = {}
      const result = await Capture.during(network, { engine, device: 'any', protocols }, async () => {
        const udhcpc = Client.udhcpc(network, '-q')
        bound = await udhcpc.until('bound')
        await udhcpc.running.ended
        forget(network)
      })
      const { events } = result
      const beyond = events.filter(({ source, destination }) => [source.ip, destination.ip].includes(BEHIND))
      const here = events.filter((event) => !beyond.includes(event))
      const logged = server.logged()
      deepEqual(
        logged.map(({ type }) => type),
        ['discover', 'offer', 'request', 'ack'],
      )
      for (const side of [here, beyond])
        deepEqual(
          said(side).sort((one, other) => place(logged, one) - place(logged, other)),
          logged,
        )
      for (const { dhcpv4 } of beyond)
        deepEqual(
          [dhcpv4.relay_ip, dhcpv4.option.relay_agent],
          [network.ip4, { circuit_id: 'eth1/7', remote_id: '0006020000000099' }],
        )
      for (const { dhcpv4 } of here.filter(({ client }) => client.port === 68))
        equal(dhcpv4.op_code === 'bootreply', dhcpv4.relay_ip === network.ip4)
      for (const ack of ofType(events, 'ack')) equal(ack.dhcpv4.assigned_ip, bound.ip)
      allPaired(result)
      wentWell(result)
    })
})

const place = (logged: readonly Logged[], { type, id }: Logged): number =>
  logged.findIndex((each) => each.type === type && each.id === id)
