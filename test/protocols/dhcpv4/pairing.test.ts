import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dhcpv4 } from '../../../lib/protocols/dhcpv4/index.js'
import { Dialogue } from '../../support/dialogue.js'
import * as dhcp from './builder.js'
import { ACK, answer, ask, BROADCAST, DISCOVER, INFORM, message, NAK, OFFER, REQUEST } from './builder.js'

const ALL = '255.255.255.255:67'
const NOBODY = '0.0.0.0:68'
const SERVER = '192.0.2.1:67'
const OTHER = '192.0.2.3:67'
const CLIENT = '192.0.2.9:68'
const RELAY = '198.51.100.1:67'

/** A client without an address begins to speak. */
const dialogue = () => new Dialogue(dhcpv4, {}, { transport: 17 }).between(NOBODY, ALL)

/** Of each event: type, status, what is noted, milliseconds until its answer, and since its request. */
const seen = ({ events }: Dialogue) =>
  events.map(({ dhcpv4: read, status, event, error }) => {
    const { option, response_time } = read as { option?: { message_type: string }; response_time?: number }
    const { duration } = event as { duration?: number }
    return [
      option?.message_type ?? null,
      status,
      (error as { message: string } | undefined)?.message ?? null,
      duration === undefined ? null : duration / 1e6,
      response_time === undefined ? null : response_time / 1e6,
    ]
  })

const UNANSWERED = 'Unmatched request'

describe('dhcpv4 requests and their answers', () => {
  it('find each other though they pass in different conversations', () => {
    const lease = dialogue()
      .client(ask(DISCOVER))
      .between(SERVER, CLIENT)
      .client(answer(OFFER))
      .between(NOBODY, ALL)
      .client(ask(REQUEST))
      .between(SERVER, CLIENT)
      .client(answer(ACK))
    assert.deepEqual(seen(lease), [
      ['discover', 'OK', null, 1, null],
      ['offer', 'OK', null, null, 1],
      ['request', 'OK', null, 1, null],
      ['ack', 'OK', null, null, 1],
    ])
    assert.deepEqual(lease.end().counts, {})
    assert.equal(lease.memory.held, 0)
    assert.equal(lease.events.length, 4)
  })

  it('are a pair in one conversation, too, whoever spoke first in it', () => {
    for (const renewed of [
      dialogue().between(CLIENT, SERVER).client(ask(REQUEST)).server(answer(ACK)),
      dialogue().between(SERVER, CLIENT).server(ask(REQUEST)).client(answer(ACK)),
    ]) {
      assert.deepEqual(seen(renewed), [
        ['request', 'OK', null, 1, null],
        ['ack', 'OK', null, null, 1],
      ])
      assert.deepEqual(
        renewed.events.map(({ source, client }) =>
          [source, client].map((side) => (side as { ip: string }).ip),
        ),
        [
          ['192.0.2.9', '192.0.2.9'],
          ['192.0.2.1', '192.0.2.9'],
        ],
      )
    }
  })

  it('may be several answers to one request', () => {
    const offers = dialogue()
      .client(ask(DISCOVER))
      .between(SERVER, CLIENT)
      .client(answer(OFFER))
      .between(OTHER, CLIENT)
      .client(answer(OFFER))
    assert.deepEqual(seen(offers), [
      ['discover', 'OK', null, 1, null],
      ['offer', 'OK', null, null, 1],
      ['offer', 'OK', null, null, 2],
    ])
    assert.deepEqual(offers.wait(11).end().counts, {})
    assert.equal(offers.memory.held, 0)
  })

  it('are told apart by transaction id, hardware address and type', () => {
    const others = dialogue()
      .client(ask(DISCOVER, { flags: BROADCAST }))
      .server(
        answer(OFFER, { id: 0x9999 }),
        answer(OFFER, { mac: Buffer.from('020000000002', 'hex') }),
        answer(NAK),
      )
    assert.deepEqual(
      seen(others).map(([type, , , , since]) => [type, since]),
      [
        ['offer', null],
        ['offer', null],
        ['nak', null],
      ],
    )
    assert.deepEqual(others.end().counts, { unmatched_responses: 3, unmatched_requests: 1 })
  })

  it('pair by what may answer what', () => {
    const pairs = [
      [DISCOVER, OFFER],
      [DISCOVER, ACK], // rapid commit
      [REQUEST, ACK],
      [REQUEST, NAK],
      [INFORM, ACK],
      [dhcp.LEASEQUERY, 11],
      [dhcp.LEASEQUERY, 12],
      [dhcp.LEASEQUERY, dhcp.LEASEACTIVE],
    ] as const
    for (const [request, response] of pairs) {
      const pair = dialogue().client(ask(request)).server(answer(response))
      assert.equal(pair.events.length, 2, `${request} and ${response}`)
      assert.deepEqual(pair.counts, {})
      assert.equal(seen(pair)[1]?.[4], 1)
    }
    const bootp = dialogue()
      .client(message())
      .server(message({ op: 2 }))
    assert.deepEqual(seen(bootp), [
      [null, 'OK', null, 1, null],
      [null, 'OK', null, null, 1],
    ])
  })

  it('are all there is: what nobody answers is reported at once', () => {
    const told = dialogue()
      .client(ask(dhcp.RELEASE), ask(dhcp.DECLINE), ask(OFFER), ask(99))
      .server(answer(dhcp.FORCERENEW), answer(DISCOVER))
    assert.equal(told.events.length, 6)
    assert.deepEqual(told.counts, {})
    assert.equal(told.memory.held, 0)
  })

  it('through a relay agent are two pairs, each with a time of its own', () => {
    const relay = '198.51.100.1'
    const relayed = dialogue()
      .client(ask(DISCOVER))
      .between(RELAY, SERVER)
      .client(ask(DISCOVER, { relay, hops: 1 }))
      .server(answer(OFFER, { relay }))
      .between(RELAY, CLIENT)
      .client(answer(OFFER, { relay }))
    assert.deepEqual(seen(relayed), [
      ['discover', 'OK', null, 1, null],
      ['offer', 'OK', null, null, 1],
      ['discover', 'OK', null, 3, null],
      ['offer', 'OK', null, null, 3],
    ])
    assert.deepEqual(relayed.end().counts, {})
  })
})

describe('dhcpv4 requests without an answer', () => {
  it('say so at the timeout, where the answer would have been seen', () => {
    const lost = dialogue()
      .client(ask(DISCOVER, { flags: BROADCAST }))
      .between(CLIENT, SERVER)
      .client(ask(REQUEST))
      .between(RELAY, SERVER)
      .client(ask(DISCOVER, { relay: '198.51.100.1' }))
      .wait(9)
    assert.deepEqual(lost.events, [])
    assert.deepEqual(seen(lost.wait(2)), [
      ['discover', 'Error', UNANSWERED, null, null],
      ['request', 'Error', UNANSWERED, null, null],
      ['discover', 'Error', UNANSWERED, null, null],
    ])
    assert.deepEqual(lost.end().counts, { unmatched_requests: 3 })
    assert.equal(lost.memory.held, 0)
    assert.equal(lost.events.length, 3)
  })

  it('are only counted where the answer may have gone to the client alone', () => {
    const unknown = dialogue().client(ask(REQUEST)).wait(11)
    assert.deepEqual(seen(unknown), [['request', 'OK', null, null, null]])
    assert.deepEqual(unknown.counts, { unmatched_requests: 1 })
  })

  it('are known by the client that asks again', () => {
    const again = dialogue()
      .client(ask(DISCOVER))
      .wait(3)
      .client(ask(DISCOVER, { seconds: 3 }))
      .wait(8)
      .client(ask(DISCOVER, { seconds: 11 }))
      .wait(11)
    assert.deepEqual(seen(again), [
      ['discover', 'Error', UNANSWERED, null, null],
      ['discover', 'Error', UNANSWERED, null, null],
      ['discover', 'Error', UNANSWERED, null, null],
    ])
    assert.deepEqual(again.counts, { unmatched_requests: 3 })
    const answered = dialogue()
      .client(ask(DISCOVER))
      .server(answer(OFFER))
      .wait(3)
      .client(ask(DISCOVER))
      .end()
    assert.deepEqual(
      seen(answered).map(([, status]) => status),
      ['OK', 'OK', 'OK'],
    )
  })

  it('are not those that were captured twice, or passed on by another relay agent', () => {
    for (const copy of [ask(DISCOVER), ask(DISCOVER, { hops: 1 })]) {
      const twice = dialogue().client(ask(DISCOVER), copy).server(answer(OFFER))
      assert.deepEqual(seen(twice), [
        ['discover', 'OK', null, null, null],
        ['discover', 'OK', null, 1, null],
        ['offer', 'OK', null, null, 1],
      ])
      assert.deepEqual(twice.end().counts, {})
      assert.equal(twice.memory.held, 0)
    }
    const passedOn = dialogue()
      .client(ask(DISCOVER))
      .wait(1)
      .client(ask(DISCOVER, { hops: 1 }))
      .end()
    assert.deepEqual(
      seen(passedOn).map(([, status]) => status),
      ['OK', 'OK'],
    )
  })

  it('are reported when their conversation or the capture ends', () => {
    for (const end of ['evicted', 'end', 'idle'] as const) {
      const ended = dialogue().between(CLIENT, SERVER).client(ask(INFORM)).close(end)
      assert.deepEqual(seen(ended), [['inform', 'Error', UNANSWERED, null, null]])
      assert.equal(ended.memory.held, 0)
    }
  })

  it('make room for others when too many wait', () => {
    const flood = dialogue()
    for (let id = 0; id < 8192; id++) flood.client(ask(DISCOVER, { id }))
    assert.equal(flood.events.length, 0)
    flood.client(ask(DISCOVER, { id: 8192 }))
    assert.deepEqual(seen(flood), [['discover', 'Error', 'Too many requests without a response', null, null]])
    assert.deepEqual(flood.counts, { evicted_requests: 1 })
    flood.end()
    assert.equal(flood.events.length, 8193)
    assert.equal(flood.memory.held, 0)
  })

  it('are reported at once when there is no memory for them', () => {
    const full = dialogue()
    const taken = 64 * 1024 * 1024
    assert.ok(full.memory.take(taken))
    full.client(ask(DISCOVER))
    assert.deepEqual(seen(full), [['discover', 'Error', 'Too many requests without a response', null, null]])
    assert.equal(full.end().memory.held, taken)
  })
})

describe('dhcpv4 answers without a request', () => {
  it('are events, and counted', () => {
    const alone = dialogue().between(SERVER, CLIENT).client(answer(ACK), answer(OFFER), answer(NAK))
    assert.deepEqual(seen(alone), [
      ['ack', 'OK', null, null, null],
      ['offer', 'OK', null, null, null],
      ['nak', 'Error', 'The server refused the request', null, null],
    ])
    assert.deepEqual(alone.counts, { unmatched_responses: 3 })
    const late = dialogue().between(CLIENT, SERVER).client(ask(REQUEST)).wait(11).server(answer(ACK))
    assert.deepEqual(seen(late), [
      ['request', 'Error', UNANSWERED, null, null],
      ['ack', 'OK', null, null, null],
    ])
  })

  it('are no reason to forget what waits, nor is garbage', () => {
    const busy = dialogue().client(ask(DISCOVER)).server('garbage', answer(OFFER))
    assert.deepEqual(
      seen(busy).map(([type]) => type),
      ['discover', 'offer'],
    )
    assert.deepEqual(busy.counts, { malformed: 1 })
  })
})
