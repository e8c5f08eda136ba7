import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { icmp } from '../../../lib/protocols/icmp/index.js'
import { Dialogue } from '../../support/dialogue.js'

const dialogue = (ipVersion: 4 | 6 = 4) =>
  new Dialogue(icmp, {}, { transport: ipVersion === 4 ? 1 : 58, ipVersion, ports: [0, 0] })

/** A message: type, code, checksum, identifier, sequence number, and what follows. */
const told = (type: number, code = 0, id = 1, sequence = 1, bytes = 'abcdefgh') =>
  Buffer.concat([
    Buffer.of(type, code, 0, 0, id >> 8, id & 255, sequence >> 8, sequence & 255),
    Buffer.from(bytes),
  ])

const seen = ({ events }: Dialogue) =>
  events.map(({ icmp: read, status, error }) => {
    const { request, response } = read as Record<string, { message: string } | undefined>
    return [
      request?.message ?? null,
      response?.message ?? null,
      status,
      (error as { message: string } | undefined)?.message ?? null,
    ]
  })

const NO_REPLY = 'Request was received without an associated response.'
const NO_REQUEST = 'Response was received without an associated request.'

describe('icmp', () => {
  it('pairs a ping with its reply', () => {
    assert.deepEqual(dialogue().client(told(8)).server(told(0)).events, [
      {
        type: 'icmp',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: { start: '2023-11-14T22:13:20.001Z', end: '2023-11-14T22:13:20.002Z', duration: 1_000_000 },
        path: '10.0.0.2',
        icmp: {
          version: 4,
          request: { message: 'EchoRequest', type: 8, code: 0 },
          response: { message: 'EchoReply', type: 0, code: 0 },
        },
        status: 'OK',
        source: { ip: '10.0.0.1', bytes: 8 },
        destination: { ip: '10.0.0.2', bytes: 8 },
        client: { ip: '10.0.0.1', bytes: 8 },
        server: { ip: '10.0.0.2', bytes: 8 },
        network: { type: 'ipv4', transport: 'icmp', community_id: '1:id', direction: 'unknown', bytes: 16 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('pairs every kind of request, by identifier and sequence number', () => {
    for (const [request, reply] of [
      [8, 0],
      [13, 14],
      [15, 16],
      [17, 18],
    ] as const) {
      const ping = dialogue()
        .client(told(request, 0, 1, 1), told(request, 0, 1, 2))
        .server(told(reply, 0, 1, 2), told(reply, 0, 1, 1))
      assert.deepEqual(
        ping.events.map(({ status, event }) => [status, (event as { duration: number }).duration]),
        [
          ['OK', 1e6],
          ['OK', 3e6],
        ],
      )
      assert.equal(ping.memory.held, 0)
    }
    assert.deepEqual(seen(dialogue(6).client(told(128)).server(told(129))), [
      ['EchoRequest', 'EchoReply', 'OK', null],
    ])
  })

  it('reports what is sent again, never answered, and not asked for', () => {
    const ping = dialogue()
      .client(told(8), told(8))
      .server(told(0), told(0))
      .client(told(8, 0, 1, 2))
      .wait(11)
    ping.client(told(8, 0, 1, 3)).close('end')
    assert.deepEqual(seen(ping), [
      [
        'EchoRequest',
        null,
        'Error',
        'Another request with the same Id and Seq was received so this request was closed without receiving a response.',
      ],
      ['EchoRequest', 'EchoReply', 'OK', null],
      [null, 'EchoReply', 'Error', NO_REQUEST],
      ['EchoRequest', null, 'Error', NO_REPLY],
      ['EchoRequest', null, 'Error', NO_REPLY],
    ])
    assert.deepEqual(ping.counts, { duplicate_requests: 1, unmatched_requests: 3, unmatched_responses: 1 })
    // A reply alone has an end and no beginning; the source is who asked.
    assert.deepEqual(ping.events[2]?.event, { end: '2023-11-14T22:13:20.004Z' })
    assert.deepEqual(ping.events[2]?.source, { ip: '10.0.0.1' })
    assert.equal(ping.memory.held, 0)
  })

  it('lets both sides ping with the same numbers', () => {
    const ping = dialogue().client(told(8)).server(told(8)).client(told(0)).server(told(0))
    assert.deepEqual(
      ping.events.map(({ source, path }) => [(source as { ip: string }).ip, path]),
      [
        ['10.0.0.2', '10.0.0.1'],
        ['10.0.0.1', '10.0.0.2'],
      ],
    )
  })

  it('tells of errors and notices at once, from who sent them', () => {
    const told4 = dialogue().client(
      told(3, 3),
      told(3, 99),
      told(5, 1),
      told(11),
      told(10),
      told(42, 7),
      told(8, 5),
    )
    assert.deepEqual(
      seen(told4).map(([message, , status]) => [message, status]),
      [
        ['DestinationUnreachable(Port)', 'Error'],
        ['DestinationUnreachable(Code: 99)', 'Error'],
        ['Redirect(Host)', 'OK'],
        ['TimeExceeded(TTLExceeded)', 'Error'],
        ['RouterSolicitation', 'OK'],
        ['42(7)', 'OK'],
      ],
    )
    assert.deepEqual(seen(told4.close()).at(-1), ['EchoRequest(Code: 5)', null, 'Error', NO_REPLY])
    const told6 = dialogue(6).server(told(1, 4), told(2), told(135), told(143))
    assert.deepEqual(
      told6.events.map(({ icmp: read, status, source }) => [
        (read as { request: { message: string } }).request.message,
        status,
        (source as { ip: string }).ip,
      ]),
      [
        ['DestinationUnreachable(PortUnreachable)', 'Error', '2001:db8::2'],
        ['PacketTooBig', 'Error', '2001:db8::2'],
        ['NeighborSolicitation', 'OK', '2001:db8::2'],
        ['143(0)', 'OK', '2001:db8::2'],
      ],
    )
  })

  it('counts what is less than a header, and loses nothing by it', () => {
    const ping = dialogue()
      .client(told(8), Buffer.of(8, 0, 0), '')
      .server(told(0))
    assert.deepEqual(seen(ping), [['EchoRequest', 'EchoReply', 'OK', null]])
    assert.deepEqual(ping.counts, { malformed: 2 })
  })
})
