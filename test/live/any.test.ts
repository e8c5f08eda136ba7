import { deepEqual, equal } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Capture } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { named } from './support/named.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { nginx } from './support/nginx.js'
import { call } from './support/processes.js'

const skip = lacking('nginx', 'named', 'curl', 'dig', 'ping')
const protocols = [{ type: 'http' }, { type: 'dns' }, { type: 'icmp' }]

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
        for (const [namespace, ip] of places) {
          const host = ip.includes(':') ? `[${ip}]` : ip
          await call(namespace, ['curl', '-sg', `http://${host}/long.txt`, `http://${host}/missing`])
          await call(namespace, ['dig', `@${ip}`, 'www.shop.example'])
          await call(namespace, ['dig', `@${ip}`, '+tcp', 'MX', 'shop.example'])
          await call(namespace, ['ping', '-q', '-c', '2', '-i', '0.05', ip])
        }
      })
      const of = (type: string) => result.events.filter((event) => event.type === type)
      deepEqual(
        of('http').map(({ destination, http }) => [destination.ip, http.response.status_code]),
        places.flatMap(([, ip]) => [
          [ip, 200],
          [ip, 404],
        ]),
      )
      deepEqual(
        of('dns').map(({ destination, network: { transport } }) => [destination.ip, transport]),
        places.flatMap(([, ip]) => [
          [ip, 'udp'],
          [ip, 'tcp'],
        ]),
      )
      const pings = of('icmp').filter(({ icmp }) => [8, 128].includes(icmp.request?.type))
      deepEqual(
        pings.map(({ path, status }) => [path, status]),
        places.flatMap(([, ip]) => [
          [ip, 'OK'],
          [ip, 'OK'],
        ]),
      )
      // Each conversation that TCP or UDP had is one flow.
      const flows = of('flow').filter(({ network: { transport } }) => ['tcp', 'udp'].includes(transport))
      equal(flows.length, places.length * 3)
      wentWell(result)
    })
})
