import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dns } from '../../../lib/protocols/dns/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import { framed, hex, query, question, record, response, soa } from './builder.js'

const seen = ({ events }: Dialogue) =>
  events.map((event) => {
    const { id, answers_count } = event.dns as Record<string, unknown>
    return [
      id,
      answers_count,
      event.status,
      (event.error as { message: string } | undefined)?.message ?? null,
    ]
  })

const address = record(12, 1, hex('c0000201'))
const zone = (type: number) => query(1, { questions: [question('example.com', type)] })
const inZone = record('a.example.com', 1, hex('c0000201'))
const part = (...answers: Buffer[]) => response(1, { questions: [], answers })

describe('DNS over TCP', () => {
  it('reads several messages, however TCP cuts them', () => {
    const queries = framed(query(1), query(2))
    const responses = framed(response(2), response(1, { answers: [address] }))
    for (const asked of splits(queries))
      for (const answered of asked.length > 2 ? splits(responses) : [[responses]]) {
        const tcp = new Dialogue(dns).client(...asked).server(...answered)
        assert.deepEqual(seen(tcp), [
          [2, 0, 'OK', null],
          [1, 1, 'OK', null],
        ])
        assert.deepEqual(
          (tcp.events[1] as unknown as { destination: { bytes: number } }).destination.bytes,
          51,
        )
        assert.equal(tcp.close().memory.held, 0)
      }
  })

  it('makes one event of a zone in many messages', () => {
    const tcp = new Dialogue(dns).client(framed(zone(252)))
    tcp.server(framed(part(soa('example.com', 5)), part(inZone, inZone), part(inZone)))
    assert.equal(tcp.wait(60).events.length, 0) // it takes the time it takes
    tcp.server(framed(part(inZone, soa('example.com', 5))))
    assert.deepEqual(seen(tcp), [[1, 6, 'OK', null]])
    assert.equal(((tcp.events[0] as unknown as { dns: { answers: unknown[] } }).dns.answers ?? []).length, 6)
    assert.equal(tcp.close().memory.held, 0)
  })

  it('knows the end of a transfer of changes', () => {
    const asked = query(1, {
      questions: [question('example.com', 251)],
      authorities: [soa('example.com', 3)],
    })
    const tcp = new Dialogue(dns).client(framed(asked))
    tcp.server(framed(part(soa('example.com', 5), soa('example.com', 3), inZone)))
    tcp.server(framed(part(soa('example.com', 5)))) // where the additions begin
    assert.equal(tcp.events.length, 0)
    tcp.server(framed(part(inZone, soa('example.com', 5))))
    assert.deepEqual(seen(tcp), [[1, 6, 'OK', null]])
    // Nothing has changed.
    assert.equal(
      new Dialogue(dns).client(framed(asked)).server(framed(part(soa('example.com', 3)))).events.length,
      1,
    )
  })

  it('reports a transfer that is refused, and one that breaks off', () => {
    const refused = new Dialogue(dns).client(framed(zone(252))).server(framed(response(1, { flags: 0x8185 })))
    assert.deepEqual(seen(refused), [[1, 0, 'Error', null]])
    const cut = new Dialogue(dns)
      .client(framed(zone(252)))
      .server(framed(part(soa('example.com', 5), inZone)))
    assert.deepEqual(seen(cut.close('reset')), [[1, 2, 'Error', "Response: Message's data is incomplete"]])
  })

  it('keeps the first records of a huge zone, and counts the others', () => {
    const many = Array.from({ length: 1000 }, () => inZone)
    const tcp = new Dialogue(dns).client(framed(zone(252))).server(framed(part(soa('example.com', 5))))
    for (let left = 6; left > 0; left--) tcp.server(framed(part(...many)))
    tcp.server(framed(part(soa('example.com', 5))))
    assert.deepEqual(seen(tcp), [[1, 6002, 'OK', null]])
    assert.equal((tcp.events[0] as unknown as { dns: { answers: unknown[] } }).dns.answers.length, 4096)
    assert.equal(tcp.counts.transfer_records_left_out, 6002 - 4096)
  })

  it('says what happened to a response that is cut or broken', () => {
    const begun = framed(response(1, { answers: [address] })).subarray(0, 30)
    const notes = (answered: Buffer, end: (tcp: Dialogue) => Dialogue = (tcp) => tcp) =>
      seen(end(new Dialogue(dns).client(framed(query(1))).server(answered))).map((event) => event[3])
    const incomplete = "Response: Message's data is incomplete"
    assert.deepEqual(
      notes(begun, (tcp) => tcp.gap(1, 1000)),
      [incomplete],
    )
    assert.deepEqual(
      notes(begun, (tcp) => tcp.close('fin')),
      [incomplete],
    )
    assert.deepEqual(notes(hex('0000')), ["Response: Message's length was set to zero"])
    assert.deepEqual(notes(hex('0003010203')), ['Response: Unexpected message data length'])
    const broken = response(1, { answers: [record(33, 1, hex('c0000201'))] })
    assert.deepEqual(notes(framed(broken)), ["Response: Message's data could not be decoded as DNS"])
  })

  it('reads on after a message that is none', () => {
    const broken = response(7, { answers: [record(33, 1, hex('c0000201'))] })
    const tcp = new Dialogue(dns).client(framed(query(1))).server(framed(broken, response(1)))
    assert.deepEqual(seen(tcp), [[1, 0, 'OK', null]])
    assert.deepEqual(tcp.counts, { malformed: 1 })
  })

  for (const hostile of [
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03abcdefgh',
  ])
    it(`ends at ${JSON.stringify(hostile.slice(0, 12))}, and holds nothing`, () => {
      const tcp = new Dialogue(dns).client(Buffer.from(hostile, 'latin1'))
      assert.equal(tcp.counts.malformed, 1)
      assert.equal(tcp.memory.held, 0)
    })
})
