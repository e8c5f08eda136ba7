import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dhcpv4 } from '../../../lib/protocols/dhcpv4/index.js'
import { message as read } from '../../../lib/protocols/dhcpv4/message.js'
import { notesOf } from '../../../lib/protocols/dhcpv4/notes.js'
import { valueAt } from '../../../lib/protocols/dhcpv4/option.js'
import { Dialogue } from '../../support/dialogue.js'
import {
  ACK,
  answer,
  ask,
  BROADCAST,
  DISCOVER,
  ip,
  MAC,
  message,
  NAK,
  option,
  REQUEST,
  u32,
} from './builder.js'

const whole = (bytes: Buffer) => read(bytes, 0, bytes.length, bytes.length)

describe('dhcpv4 messages', () => {
  it('become one event each, whose source is who sent it and whose client is who asks', () => {
    const { events } = new Dialogue(dhcpv4, {}, { transport: 17 })
      .between('0.0.0.0:68', '255.255.255.255:67')
      .client(ask(DISCOVER, { seconds: 3, flags: BROADCAST, options: [option(12, 'laptop')] }))
      .between('192.0.2.1:67', '192.0.2.9:68')
      .client(
        answer(2, { assigned: '192.0.2.9', server: '192.0.2.2', options: [option(54, ip('192.0.2.1'))] }),
      )
    assert.deepEqual(events, [
      {
        type: 'dhcpv4',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: { start: '2023-11-14T22:13:20.001Z', end: '2023-11-14T22:13:20.002Z', duration: 1_000_000 },
        status: 'OK',
        source: { ip: '0.0.0.0', port: 68, bytes: 252 },
        destination: { ip: '255.255.255.255', port: 67 },
        client: { ip: '0.0.0.0', port: 68, bytes: 252, mac: '02-00-00-00-00-01' },
        server: { ip: '255.255.255.255', port: 67 },
        network: { type: 'ipv4', transport: 'udp', community_id: '1:id', direction: 'unknown', bytes: 252 },
        related: { ip: ['0.0.0.0', '255.255.255.255'], hosts: ['laptop'] },
        dhcpv4: {
          op_code: 'bootrequest',
          transaction_id: '0x00001234',
          client_mac: '02-00-00-00-00-01',
          hardware_type: 'Ethernet',
          hops: 0,
          seconds: 3,
          flags: 'broadcast',
          option: { message_type: 'discover', hostname: 'laptop' },
        },
      },
      {
        type: 'dhcpv4',
        '@timestamp': '2023-11-14T22:13:20.002Z',
        event: { start: '2023-11-14T22:13:20.002Z' },
        status: 'OK',
        source: { ip: '192.0.2.1', port: 67, bytes: 250 },
        destination: { ip: '192.0.2.9', port: 68 },
        client: { ip: '192.0.2.9', port: 68, mac: '02-00-00-00-00-01' },
        server: { ip: '192.0.2.1', port: 67, bytes: 250 },
        network: { type: 'ipv4', transport: 'udp', community_id: '1:id', direction: 'unknown', bytes: 250 },
        related: { ip: ['192.0.2.1', '192.0.2.9', '192.0.2.2'] },
        dhcpv4: {
          op_code: 'bootreply',
          transaction_id: '0x00001234',
          client_mac: '02-00-00-00-00-01',
          hardware_type: 'Ethernet',
          hops: 0,
          seconds: 0,
          flags: 'unicast',
          assigned_ip: '192.0.2.9',
          server_ip: '192.0.2.2',
          response_time: 1_000_000,
          option: { message_type: 'offer', server_identifier: '192.0.2.1' },
        },
      },
    ])
  })

  it('of BOOTP have no options', () => {
    const { options, type, clientMac, serverName, bootFileName } = whole(
      message({ sname: 'bootserver', file: 'unix' }),
    )
    assert.deepEqual(
      [options, type, clientMac, serverName, bootFileName],
      [undefined, 0, '02-00-00-00-00-01', 'bootserver', 'unix'],
    )
    assert.equal(whole(message().subarray(0, 236)).options, undefined)
  })

  it('have texts that fill their fields to the last byte', () => {
    const { serverName, bootFileName } = whole(message({ sname: 's'.repeat(64), file: 'f'.repeat(128) }))
    assert.deepEqual([serverName, bootFileName], ['s'.repeat(64), 'f'.repeat(128)])
  })

  it('show hardware addresses of any length, but no more than there is room for', () => {
    const mac = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex')
    const addresses = [0, 1, 6, 16, 17, 255].map(
      (hardwareLength) => whole(message({ hardwareLength, mac, options: [] })).clientMac,
    )
    const all = '01-02-03-04-05-06-07-08-09-0A-0B-0C-0D-0E-0F-10'
    assert.deepEqual(addresses, ['', '01', '01-02-03-04-05-06', all, all, all])
  })

  it('of Windows tell the seconds with the lowest byte first', () => {
    const seconds = (value: number, maker: string) =>
      whole(message({ seconds: value, options: [option(60, maker)] })).seconds
    assert.deepEqual(
      [
        seconds(0x0400, 'MSFT 5.0'),
        seconds(0x6901, 'MSFT 5.0'),
        seconds(4, 'MSFT 5.0'),
        seconds(0x0400, 'udhcp 1.35.0'),
      ],
      [4, 361, 4, 1024],
    )
  })

  it('of other networks than Ethernet, and those a relay agent passes on, have no client.mac', () => {
    const { events } = new Dialogue(dhcpv4, {}, { transport: 17 }).client(
      ask(7),
      ask(7, { hardwareType: 32 }),
      ask(7, { relay: '192.0.2.254' }),
    )
    assert.deepEqual(
      events.map(({ client, dhcpv4: read }) => {
        const { hardware_type, client_mac } = read as Record<string, string>
        return [(client as { mac?: string }).mac, hardware_type, client_mac]
      }),
      [
        ['02-00-00-00-00-01', 'Ethernet', '02-00-00-00-00-01'],
        [undefined, 'Infiniband', '02-00-00-00-00-01'],
        [undefined, 'Ethernet', '02-00-00-00-00-01'],
      ],
    )
  })

  it('that refuse or decline are errors, in the words of who sent them', () => {
    const { events } = new Dialogue(dhcpv4, {}, { transport: 17 }).client(
      answer(NAK, { options: [option(56, 'address not available')] }),
      answer(NAK),
      ask(4, { options: [option(56, 'ARP says 02:00:00:00:00:07')] }),
      ask(4),
      answer(ACK, { options: [option(56, 'welcome')] }),
    )
    assert.deepEqual(
      events.map(({ status, error }) => [status, (error as { message: string } | undefined)?.message]),
      [
        ['Error', 'address not available'],
        ['Error', 'The server refused the request'],
        ['Error', 'ARP says 02:00:00:00:00:07'],
        ['Error', 'The client found its address in use'],
        ['OK', undefined],
      ],
    )
  })

  it('are read wherever their bytes are', () => {
    const bytes = ask(REQUEST, { options: [option(50, ip('192.0.2.9'))] })
    const placed = Buffer.concat([Buffer.alloc(13, 0xee), bytes, Buffer.alloc(7, 0xee)])
    assert.deepEqual(read(placed, 13, 13 + bytes.length, bytes.length), whole(bytes))
  })

  it('that the capture cut are read as far as they go, with a note', () => {
    const bytes = ask(DISCOVER, {
      sname: 'bootserver',
      options: [option(12, 'laptop'), option(51, u32(3600))],
    })
    const full = whole(bytes)
    for (let end = 44; end < bytes.length; end++) {
      const { cut, clientMac, transactionId, options } = read(bytes, 0, end, bytes.length)
      assert.deepEqual([cut, clientMac, transactionId], [true, full.clientMac, full.transactionId])
      for (const code of [12, 51, 53]) {
        const value = valueAt(options?.values, code)
        assert.ok(value === undefined || value === valueAt(full.options?.values, code))
      }
    }
    for (let end = 0; end < 44; end++)
      assert.throws(() => read(bytes, 0, end, bytes.length), { name: 'Malformed' })
    assert.deepEqual(notesOf(read(bytes, 0, bytes.length - 4, bytes.length)), [
      'The capture kept only the beginning of the message',
    ])
  })

  const hostile: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'less than the fixed part': ask(DISCOVER).subarray(0, 235),
    zeros: Buffer.alloc(300),
    'an unknown operation': message({ op: 3, options: [] }),
    'BOOTP with too long a hardware address': message({ hardwareLength: 17 }),
    'BOOTP without a hardware type': message({ hardwareType: 0 }),
    text: Buffer.from('GET / HTTP/1.1\r\n'.repeat(20)),
  }
  for (const [what, bytes] of Object.entries(hostile))
    it(`refuses ${what}, and counts it`, () => {
      assert.throws(() => whole(bytes), { name: 'Malformed' })
      const { events, counts } = new Dialogue(dhcpv4, {}, { transport: 17 }).client(bytes)
      assert.deepEqual([events, counts], [[], { malformed: 1 }])
    })

  it('survive any byte that is another one', () => {
    const bytes = ask(DISCOVER, { mac: MAC, options: [option(12, 'laptop'), option(55, Buffer.of(1, 3, 6))] })
    for (let at = 0; at < bytes.length; at++)
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const changed = Buffer.from(bytes)
        changed[at] = value
        try {
          whole(changed)
        } catch (error) {
          assert.equal((error as Error).name, 'Malformed')
        }
      }
  })
})
