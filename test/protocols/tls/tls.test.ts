import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { tls } from '../../../lib/protocols/tls/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import * as wire from './builders.js'

const ID = Buffer.alloc(32, 1)
const full = wire.handshake(
  wire.serverHello({ extensions: [wire.alpn('h2')] }),
  wire.serverKeyExchange,
  wire.serverHelloDone,
)
const hello = wire.handshake(
  wire.clientHello({ extensions: [wire.serverName('a.example'), wire.alpn('h2')] }),
)
const finish12 = Buffer.concat([wire.handshake(wire.clientKeyExchange), wire.changeCipherSpec])

const hello13 = wire.handshake(
  wire.clientHello({ sessionId: ID, extensions: [wire.versions(0x0304, 0x0303)] }),
)
const answer13 = wire.handshake(
  wire.serverHello({ sessionId: ID, suites: [0x1301], extensions: [wire.version(0x0304)] }),
)
const flight13 = Buffer.concat([answer13, wire.changeCipherSpec, wire.protectedRecord(900)])

interface Seen {
  established: boolean
  version?: string
  resumption?: string
  error?: string
}

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path.
const eventsOf = ({ events }: Dialogue) => events as any[]

/** What a test usually wants to see of an event. */
const seen = (dialogue: Dialogue): Seen[] =>
  eventsOf(dialogue).map(({ tls, error }) => ({
    established: tls.established,
    ...(tls.version && { version: tls.version }),
    ...(tls.detailed.resumption_method && { resumption: tls.detailed.resumption_method }),
    ...(error && { error: error.message }),
  }))

const started = (...said: Buffer[]) => new Dialogue(tls).client(...said)

describe('tls', () => {
  it('shows the status of a stapled OCSP response', () => {
    const statusOf = (status: Buffer) => {
      const stapled = wire.handshake(wire.serverHello({}), status, wire.serverHelloDone)
      return eventsOf(started(hello).server(stapled).close())[0].tls.detailed.ocsp_response
    }
    assert.equal(statusOf(wire.certificateStatus(0)), 'successful')
    assert.equal(statusOf(wire.certificateStatus(3)), 'tryLater')
    assert.equal(statusOf(wire.certificateStatus(99)), '(unknown:0x63)')
    // Cut, and of another kind than OCSP.
    assert.equal(statusOf(wire.certificateStatus(0).fill(0x7f, 8, 10)), undefined)
    assert.equal(statusOf(wire.certificateStatus(0).fill(2, 4, 5)), undefined)
  })

  it('reads a handshake of TLS 1.2, and hears nothing after it', () => {
    const dialogue = started(hello).server(full).client(finish12).server(wire.changeCipherSpec)
    const [event] = eventsOf(dialogue)
    assert.equal(dialogue.enough, true)
    assert.equal(event.status, 'OK')
    assert.deepEqual(
      [event.event.duration, event.source.bytes, event.destination.bytes],
      [3_000_000, hello.length + finish12.length, full.length + wire.changeCipherSpec.length],
    )
    assert.deepEqual(
      [event.tls.cipher, event.tls.next_protocol, event.destination.domain, event.tls.client.ja3],
      ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'h2', 'a.example', hash('md5', '771,4865-49199,0-16,,')],
    )
  })

  it('reads it however TCP cuts it', () => {
    const once = started(hello).server(full).client(finish12).server(wire.changeCipherSpec)
    for (const chunks of splits(hello))
      assert.deepEqual(
        seen(
          started(...chunks)
            .server(full)
            .client(finish12)
            .server(wire.changeCipherSpec),
        ),
        seen(once),
      )
    for (const chunks of splits(full)) {
      const dialogue = started(hello)
        .server(...chunks)
        .client(finish12)
        .server(wire.changeCipherSpec)
      assert.deepEqual(seen(dialogue), seen(once))
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('reads messages that are spread over records', () => {
    const body = wire.clientHello({ extensions: [wire.serverName('a.example')] })
    const pieces = Array.from({ length: Math.ceil(body.length / 7) }, (_, at) =>
      wire.record(22, body.subarray(7 * at, 7 * at + 7)),
    )
    const [event] = eventsOf(started(...pieces).close())
    assert.equal(event.tls.client.server_name, 'a.example')
  })

  it('reads a hello in the format of SSL 2.0', () => {
    const [event] = eventsOf(
      started(wire.ssl2Hello([0x00002f, 0x010080]))
        .server(full)
        .close(),
    )
    assert.deepEqual(event.tls.client.supported_ciphers, [
      'TLS_RSA_WITH_AES_128_CBC_SHA',
      '(unknown:0x010080)',
    ])
    assert.equal(event.tls.detailed.client_hello.version, '3.1')
  })

  it('leaves GREASE out of lists and fingerprints', () => {
    const plain = { suites: [0x1301], extensions: [wire.groups(29), wire.versions(0x0304)] }
    const greased = {
      suites: [0x0a0a, 0x1301],
      extensions: [
        wire.extension(0x1a1a, Buffer.alloc(0)),
        wire.groups(0x2a2a, 29),
        wire.versions(0x3a3a, 0x0304),
      ],
    }
    const [one, other] = [plain, greased].map(
      (each) => eventsOf(started(wire.handshake(wire.clientHello(each))).close())[0].tls,
    )
    assert.deepEqual(other, one)
  })

  it('comes to the fingerprint that the specification of JA4 gives for its example', () => {
    const other = [0x1b, 0x33, 0x4469, 0x17, 0x2d, 0x12, 0xff01, 0x15]
    const suites = '1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035'
    const extensions = [
      ...other.map((type) => wire.extension(type, Buffer.alloc(0))),
      wire.extension(5, Buffer.from([1, 0, 0, 0, 0])),
      wire.extension(11, Buffer.from([1, 0])),
      wire.serverName('a.example'),
      wire.alpn('h2', 'http/1.1'),
      wire.schemes(0x403, 0x804, 0x401, 0x503, 0x805, 0x501, 0x806, 0x601),
      wire.ticket(0),
      wire.versions(0x0304, 0x0303),
      wire.groups(29),
    ]
    const hello = { suites: suites.split(' ').map((code) => Number.parseInt(code, 16)), extensions }
    const [event] = eventsOf(started(wire.handshake(wire.clientHello(hello))).close())
    assert.equal(event.tls.client.ja4, 't13d1516h2_8daaf6152771_e5627efa2ab1')
  })

  it('takes the side that sends the ClientHello for the client', () => {
    const [event] = eventsOf(new Dialogue(tls).server(hello).client(full).close())
    assert.deepEqual([event.source.ip, event.destination.ip], ['10.0.0.2', '10.0.0.1'])
  })

  it('reports a handshake of which one side was captured', () => {
    const [event] = eventsOf(new Dialogue(tls).server(full).close())
    assert.deepEqual([event.source.ip, event.tls.client, event.tls.version], ['10.0.0.1', undefined, '1.2'])
  })
})

describe('sessions that are resumed', () => {
  const resumed = (extensions: Buffer[], sessionId: Buffer, answered: Buffer) =>
    seen(
      started(wire.handshake(wire.clientHello({ sessionId, extensions })))
        .server(wire.handshake(wire.serverHello({ sessionId: answered })), wire.changeCipherSpec)
        .client(wire.changeCipherSpec),
    )[0]?.resumption

  it('by id, ticket or neither', () => {
    assert.equal(resumed([], ID, ID), 'id')
    assert.equal(resumed([wire.ticket(0)], ID, ID), 'id')
    assert.equal(resumed([wire.ticket(176)], ID, ID), 'ticket')
    assert.equal(resumed([wire.ticket(176)], Buffer.alloc(0), Buffer.alloc(0)), 'ticket')
    assert.equal(resumed([], Buffer.alloc(0), ID), undefined)
  })

  it('in TLS 1.3 by a pre-shared key alone', () => {
    const psk = wire.serverHello({
      sessionId: ID,
      suites: [0x1301],
      extensions: [wire.version(0x0304), wire.extension(41, Buffer.alloc(2))],
    })
    for (const [answer, expected] of [
      [answer13, undefined],
      [wire.handshake(psk), 'psk'],
    ] as const)
      assert.equal(seen(started(hello13).server(answer).close())[0]?.resumption, expected)
  })
})

describe('TLS 1.3', () => {
  const after = () => started(hello13).server(flight13)

  it('is established when the client has finished and the server goes on', () => {
    const dialogue = after().client(wire.protectedRecord(wire.FINISHED)).server(wire.protectedRecord(250))
    assert.deepEqual(seen(dialogue), [{ established: true, version: '1.3' }])
    assert.equal(eventsOf(dialogue)[0].event.duration, 2_000_000)
  })

  it('is established when the client has finished and nothing follows', () => {
    for (const dialogue of [after(), after()]) {
      dialogue.client(wire.protectedRecord(wire.FINISHED))
      assert.deepEqual(seen(dialogue), [])
    }
    const ends: ((dialogue: Dialogue) => Dialogue)[] = [
      (dialogue) => dialogue.close(),
      (dialogue) => dialogue.close('reset'),
      (dialogue) => dialogue.wait(11),
      (dialogue) => dialogue.gap(1, 5000),
      // Each side says that it closes.
      (dialogue) =>
        dialogue
          .client(wire.protectedRecord(wire.ENCRYPTED_ALERT))
          .server(wire.protectedRecord(wire.ENCRYPTED_ALERT)),
    ]
    for (const end of ends)
      assert.deepEqual(seen(end(after().client(wire.protectedRecord(wire.FINISHED)))), [
        { established: true, version: '1.3' },
      ])
  })

  it('tells encrypted alerts by their size', () => {
    const alert = wire.protectedRecord(wire.ENCRYPTED_ALERT)
    assert.deepEqual(seen(after().client(alert)), [
      {
        established: false,
        version: '1.3',
        error: 'The client ended the TLS handshake with an encrypted alert',
      },
    ])
    const refused = {
      established: false,
      version: '1.3',
      error: 'The server ended the TLS handshake with an encrypted alert',
    }
    assert.deepEqual(seen(after().client(wire.protectedRecord(wire.FINISHED)).server(alert)), [refused])
    assert.deepEqual(seen(started(hello13).server(answer13, alert)), [refused])
  })

  it('finds the end of the handshake behind early data', () => {
    const early = [wire.versions(0x0304), wire.extension(42, Buffer.alloc(0))]
    const dialogue = started(
      wire.handshake(wire.clientHello({ extensions: early })),
      wire.protectedRecord(500),
    )
      .server(flight13)
      .client(wire.protectedRecord(500), wire.protectedRecord(21), wire.protectedRecord(wire.FINISHED))
      .server(wire.protectedRecord(250))
    assert.deepEqual(seen(dialogue), [{ established: true, version: '1.3' }])
    assert.equal(eventsOf(dialogue)[0].event.duration, 5_000_000)
  })

  it('is not refused by a server that answers early data and closes', () => {
    const early = [wire.versions(0x0304), wire.extension(42, Buffer.alloc(0))]
    const finished = wire.protectedRecord(wire.FINISHED)
    const asked = () =>
      started(wire.handshake(wire.clientHello({ extensions: early })), wire.protectedRecord(500)).server(
        answer13,
        wire.protectedRecord(31),
        finished,
      )
    const [answer, alert] = [wire.protectedRecord(320), wire.protectedRecord(19)]
    const established = [{ established: true, version: '1.3' }]
    assert.deepEqual(seen(asked().server(answer).client(finished).server(alert)), established)
    assert.deepEqual(seen(asked().server(answer, alert).client(finished).close('reset')), established)
    assert.equal(seen(asked().client(finished).server(alert))[0]?.established, false)
  })

  it('has the first hello, and the server’s own, when the server asks for another', () => {
    const retry = wire.helloRetryRequest({
      sessionId: ID,
      suites: [0x1301],
      extensions: [wire.version(0x0304)],
    })
    const second = wire.clientHello({ suites: [0x1302], extensions: [wire.versions(0x0304)] })
    const dialogue = started(hello13)
      .server(wire.handshake(retry), wire.changeCipherSpec)
      .client(wire.changeCipherSpec, wire.handshake(second))
      .server(flight13)
      .client(wire.protectedRecord(wire.FINISHED))
      .close()
    const [{ tls: found }] = eventsOf(dialogue)
    assert.deepEqual(
      [found.established, found.detailed.hello_retry_request, found.client.supported_ciphers.length],
      [true, true, 2],
    )
    assert.equal(found.detailed.server_hello.random, wire.RANDOM.toString('hex'))
  })

  it('is not disturbed by the loss of what is encrypted', () => {
    const dialogue = started(hello13).server(answer13, wire.protectedRecord(900).subarray(0, 300))
    dialogue.gap(1, 605).client(wire.protectedRecord(wire.FINISHED)).server(wire.protectedRecord(250))
    assert.deepEqual(seen(dialogue), [{ established: true, version: '1.3' }])
  })
})

describe('handshakes that fail', () => {
  it('end with a fatal alert', () => {
    const dialogue = started(hello).server(full).client(wire.alert(2, 48))
    assert.deepEqual(eventsOf(dialogue)[0].tls.detailed.alerts, [
      { code: 48, severity: 'fatal', source: 'client', type: 'unknown_ca' },
    ])
    assert.deepEqual([dialogue.enough, dialogue.counts.failed_handshakes], [true, 1])
  })

  it('go on after a warning', () => {
    const warned = started(hello)
      .server(wire.alert(1, 112), full)
      .client(finish12)
      .server(wire.changeCipherSpec)
    assert.deepEqual(eventsOf(warned)[0].tls.detailed.alert_types, ['unrecognized_name'])
    assert.equal(seen(warned)[0]?.established, true)
  })

  it('say why they ended', () => {
    const reasons: [(dialogue: Dialogue) => unknown, string][] = [
      [(dialogue) => dialogue.close(), 'The connection was closed before the TLS handshake finished'],
      [(dialogue) => dialogue.close('reset'), 'The connection was reset before the TLS handshake finished'],
      [(dialogue) => dialogue.close('end'), 'The TLS handshake was not seen to its end'],
      [(dialogue) => dialogue.wait(10), 'The TLS handshake did not finish within transaction_timeout'],
      [(dialogue) => dialogue.gap(0, 1), 'Packet loss while capturing the request'],
      [(dialogue) => dialogue.gap(1, 1), 'Packet loss while capturing the response'],
      [(dialogue) => dialogue.server('HTTP/1.1 400'), 'The TLS handshake could not be decoded'],
    ]
    for (const [end, error] of reasons) {
      const dialogue = started(hello)
      end(dialogue)
      assert.deepEqual(seen(dialogue), [{ established: false, version: '1.2', error }])
      assert.equal(dialogue.counts.unmatched_requests, 1)
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('are reported once, whatever comes later', () => {
    const dialogue = started(hello)
      .wait(10)
      .server(full)
      .client(finish12)
      .server(wire.changeCipherSpec)
      .close()
    assert.equal(dialogue.events.length, 1)
  })
})

describe('what is no handshake', () => {
  const strange = {
    'an HTTP request': Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    'a session under way': wire.protectedRecord(100),
    'an alert': wire.alert(1, 0),
    'another message': wire.handshake(wire.clientKeyExchange),
    'another version': Buffer.from([22, 2, 0, 0, 5, 1]),
    'an SSL 2.0 record of another kind': Buffer.from([0x80, 3, 4, 0, 0]),
  }
  for (const [name, bytes] of Object.entries(strange))
    it(`${name} is counted once and heard no more`, () => {
      const dialogue = started(bytes)
      assert.deepEqual([dialogue.enough, dialogue.counts], [true, { undecoded_connections: 1 }])
      assert.deepEqual(dialogue.close().events, [])
    })
})

describe('bounds', () => {
  it('a message of more than 64 KiB ends the decoding', () => {
    const dialogue = started(hello).server(wire.record(22, Buffer.from([11, 1, 0, 1])))
    assert.deepEqual(dialogue.counts, { oversized_messages: 1, unmatched_requests: 1 })
    assert.deepEqual([dialogue.enough, dialogue.memory.held], [true, 0])
  })

  it('a record of more than 2^14 + 2048 bytes is none', () => {
    const dialogue = started(hello).server(Buffer.from([22, 3, 3, 0x48, 1]))
    assert.equal(dialogue.counts.malformed, 1)
  })

  it('of alerts 16 are kept', () => {
    const dialogue = started(hello, ...Array.from({ length: 20 }, () => wire.alert(1, 112))).close()
    assert.equal(eventsOf(dialogue)[0].tls.detailed.alerts.length, 16)
    assert.equal(dialogue.counts.left_out_alerts, 4)
  })

  it('of a chain 16 certificates are kept, and broken ones have their fingerprint', () => {
    const chain = Array.from({ length: 20 }, (_, index) => Buffer.from([0x30, 0x82, index]))
    const dialogue = started(hello)
      .server(wire.handshake(wire.serverHello(), wire.certificates(...chain)))
      .close()
    assert.match(eventsOf(dialogue)[0].tls.server.hash.sha1, /^[0-9A-F]{40}$/)
    assert.deepEqual(
      [dialogue.counts.left_out_certificates, dialogue.counts.unreadable_certificates],
      [4, 16],
    )
  })

  it('of extensions 128 are read', () => {
    const extensions = Array.from({ length: 200 }, (_, type) => wire.extension(1000 + type, Buffer.alloc(0)))
    const dialogue = started(wire.handshake(wire.clientHello({ extensions }))).close()
    assert.match(eventsOf(dialogue)[0].tls.client.ja4, /^t12i0299/)
    assert.equal(dialogue.counts.left_out_extensions, 1)
  })

  const hostile: Record<string, Buffer> = {
    'lengths beyond the hello': wire.handshake(
      wire.message(1, Buffer.concat([wire.RANDOM, Buffer.alloc(3, 0xff)])),
    ),
    'an empty hello': wire.handshake(wire.message(1, Buffer.alloc(0))),
    'an extension beyond its list': wire.handshake(
      wire.clientHello({ extensions: [Buffer.from([0, 10, 255, 255])] }),
    ),
    'a list beyond its extension': wire.handshake(
      wire.clientHello({ extensions: [wire.extension(10, Buffer.from([255, 255]))] }),
    ),
  }
  for (const [name, bytes] of Object.entries(hostile))
    it(`${name} is malformed, and reported`, () => {
      const dialogue = started(bytes)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(seen(dialogue)[0]?.error, 'The TLS handshake could not be decoded')
    })
})
