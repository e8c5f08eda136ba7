import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { Capture } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import { many, named } from './support/named.js'

const protocols = [{ type: 'dns', include_additionals: true }]

everywhere('DNS', ['named', 'dig'], named, (engine, place) => {
  test('what dig asks, over UDP and TCP, and what bind answers', async () => {
    const { network } = place()
    const questions = [
      ['udp', 'A', 'www.shop.example', 'NOERROR', []],
      ['udp', 'AAAA', 'www.shop.example', 'NOERROR', ['+noedns']],
      ['udp', 'A', 'alias.shop.example', 'NOERROR', ['+dnssec']],
      ['udp', 'MX', 'shop.example', 'NOERROR', ['+bufsize=4096', '+nocookie']],
      ['udp', 'CAA', 'shop.example', 'NOERROR', []],
      ['udp', 'A', 'missing.shop.example', 'NXDOMAIN', []],
      ['udp', 'A', 'elsewhere.example', 'REFUSED', []],
      ['tcp', 'SRV', '_sip._udp.shop.example', 'NOERROR', ['+tcp']],
      ['tcp', 'A', 'missing.shop.example', 'NXDOMAIN', ['+tcp', '+noedns']],
      ['tcp', 'TXT', 'long.shop.example', 'NOERROR', ['+tcp']],
    ] as const
    const sizes: number[] = []
    const result = await Capture.during(network, { engine, protocols }, async () => {
      for (const server of [network.ip4, network.ip6])
        for (const [, type, name, , flags] of questions) {
          const said = await network.ask(['dig', `@${server}`, '+tries=1', ...flags, type, name])
          sizes.push(Number(/MSG SIZE {2}rcvd: (\d+)/.exec(said)?.[1]))
        }
    })
    const asked = [4, 6].flatMap((version) =>
      questions.map(
        ([transport, type, name, code]) => [`ipv${version}`, transport, type, name, code] as const,
      ),
    )
    deepEqual(
      result.events.map(({ network: { type, transport }, dns }) => [
        type,
        transport,
        dns.question.type,
        dns.question.name,
        dns.response_code,
      ]),
      asked,
    )
    deepEqual(
      result.events.map(({ status }) => status),
      asked.map(([, , , , code]) => (code === 'NOERROR' ? 'OK' : 'Error')),
    )
    deepEqual(
      // Over TCP a length of two bytes comes before each message.
      result.events.map(
        ({ destination, network: { transport } }) => destination.bytes - (transport === 'tcp' ? 2 : 0),
      ),
      sizes,
    )
    wentWell(result)
  })

  test('an answer too long for a datagram is asked for again over TCP, and both are told', async () => {
    const { network } = place()
    const result = await Capture.during(network, { engine, protocols }, () =>
      network.ask(['dig', `@${network.ip4}`, '+bufsize=512', 'TXT', 'long.shop.example']),
    )
    deepEqual(
      result.events.map(({ network: { transport }, dns }) => [
        transport,
        dns.flags.truncated_response,
        dns.answers_count,
      ]),
      [
        ['udp', true, 0],
        ['tcp', false, 1],
      ],
    )
    wentWell(result)
  })

  test('a zone transfer of many messages is one transaction', async () => {
    const { network } = place()
    let lines = 0
    const result = await Capture.during(network, { engine, protocols }, async () => {
      const said = await network.ask(['dig', `@${network.ip4}`, 'AXFR', 'shop.example'])
      lines = said.split('\n').filter((line) => /\sIN\s/.test(line)).length
    })
    ok(lines > many)
    equal(result.events.length, 1)
    const [{ dns, status }] = result.events
    deepEqual([status, dns.question.type, dns.answers_count], ['OK', 'AXFR', lines])
    wentWell(result)
  })

  test('hundreds of questions at once each get their own answer', async () => {
    const { network } = place()
    const names = Array.from({ length: 300 }, (_, i) => `host${i}.shop.example`)
    const lists = [0, 1, 2].map((part) => names.filter((_, i) => i % 3 === part).join('\n'))
    const result = await Capture.during(network, { engine, protocols }, () =>
      Promise.all(lists.map((list) => network.ask(['dig', `@${network.ip4}`, '-f', '-'], list))),
    )
    deepEqual(result.events.map(({ resource }) => resource).sort(), [...names].sort())
    for (const { dns, resource } of result.events) {
      const i = Number(/\d+/.exec(resource)?.[0])
      deepEqual(dns.resolved_ip, [`10.0.${i >> 8}.${i & 255}`])
    }
    wentWell(result)
  })
})
