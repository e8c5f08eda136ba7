import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Dialogue } from '../../support/dialogue.js'
import { eventsOf, request, response, tcp, udp } from './builder.js'

/** What the messages of a call say of one another, in milliseconds. */
const related = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ sip: { method, code, response_time, call_duration, retransmission } }) => [
    method ?? code,
    response_time === undefined ? undefined : response_time / 1e6,
    call_duration === undefined ? undefined : call_duration / 1e6,
    retransmission,
  ])

const bye = (headers = {}) =>
  request('BYE', { CSeq: '2 BYE', Via: 'SIP/2.0/UDP b;branch=z9hG4bK2', ...headers })
const byeDone = response(200, 'OK', { CSeq: '2 BYE', Via: 'SIP/2.0/UDP b;branch=z9hG4bK2' })

describe('a call', () => {
  it('tells how long it took to ring and to answer, and how long it was', () => {
    const dialogue = udp()
      .client(request('INVITE'))
      .server(response(100, 'Trying'))
      .wait(3)
      .server(response(180, 'Ringing'))
      .wait(20)
      .server(response(200, 'OK'))
      .client(request('ACK'))
      .wait(60)
      .server(bye())
      .client(byeDone)
    assert.deepEqual(related(dialogue), [
      ['INVITE', undefined, undefined, undefined],
      [100, 1, undefined, undefined],
      [180, 3002, undefined, undefined],
      [200, 23_003, undefined, undefined],
      ['ACK', undefined, undefined, undefined],
      ['BYE', undefined, 60_002, undefined],
      [200, 1, undefined, undefined],
    ])
    assert.deepEqual(dialogue.counts, {})
  })

  it('that is changed meanwhile was answered when it was answered first', () => {
    const again = { CSeq: '5 INVITE' }
    const dialogue = udp().client(request('INVITE')).server(response(200, 'OK')).wait(10)
    dialogue
      .client(request('INVITE', again))
      .server(response(200, 'OK', again))
      .wait(10)
      .client(bye())
    assert.equal(related(dialogue).at(-1)?.[2], 20_003)
  })

  it('that failed has no duration', () => {
    const dialogue = udp().client(request('INVITE')).server(response(486, 'Busy Here'), bye())
    assert.deepEqual(related(dialogue).at(-1), ['BYE', undefined, undefined, undefined])
  })

  it('is found again over another connection, and by another hop', () => {
    const hop = { Via: 'SIP/2.0/TCP p;branch=z9hG4bKp, SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1' }
    const dialogue = tcp().client(request('INVITE')).client(request('INVITE', hop)).wait(1)
    dialogue
      .server(response(200, 'OK', hop))
      .close()
      .server(response(200, 'OK'))
      .close()
      .wait(10)
      .client(bye())
    assert.deepEqual(related(dialogue), [
      ['INVITE', undefined, undefined, undefined],
      ['INVITE', undefined, undefined, undefined],
      [200, 1001, undefined, undefined],
      [200, 1003, undefined, undefined],
      ['BYE', undefined, 10_002, undefined],
    ])
  })
})

describe('a transaction', () => {
  it('marks what was sent again', () => {
    const ringing = response(180, 'Ringing')
    const dialogue = udp().client(request('INVITE'), request('INVITE')).server(ringing, ringing)
    dialogue.server(
      response(200, 'OK'),
      response(200, 'OK'),
      response(200, 'OK', { To: '<sip:b@h>;tag=fork' }),
    )
    dialogue.client(bye(), bye())
    assert.deepEqual(
      related(dialogue).map(([what, , , again]) => [what, again]),
      [
        ['INVITE', undefined],
        ['INVITE', true],
        [180, undefined],
        // Some ring again and again; it says that they still do.
        [180, undefined],
        [200, undefined],
        [200, true],
        [200, undefined],
        ['BYE', undefined],
        ['BYE', true],
      ],
    )
  })

  it('of CANCEL is another than that of its INVITE', () => {
    const cancel = { CSeq: '1 CANCEL' }
    const dialogue = udp().client(request('INVITE'), request('CANCEL'))
    dialogue.server(response(200, 'OK', cancel), response(487, 'Request Terminated'))
    assert.deepEqual(
      related(dialogue).map(([what, time]) => [what, time]),
      [
        ['INVITE', undefined],
        ['CANCEL', undefined],
        [200, 1],
        [487, 3],
      ],
    )
  })

  it('without a response is counted when transaction_timeout is over, and completed by a late one', () => {
    const dialogue = udp().client(request('INVITE')).wait(9)
    assert.deepEqual(dialogue.counts, {})
    dialogue.wait(2)
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
    dialogue.server(response(200, 'OK')).wait(10).client(bye())
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, late_responses: 1 })
    assert.deepEqual(
      related(dialogue).map(([what, time, duration]) => [what, time, duration]),
      [
        ['INVITE', undefined, undefined],
        [200, 11_001, undefined],
        ['BYE', undefined, 10_001],
      ],
    )
  })

  it('without a response at the end of the capture is counted', () => {
    assert.deepEqual(udp().client(request('OPTIONS')).close('end').counts, { unmatched_requests: 1 })
    assert.deepEqual(tcp().client(request('OPTIONS')).close('end').counts, { unmatched_requests: 1 })
    assert.deepEqual(tcp().client(request('OPTIONS')).close('fin').counts, {})
  })

  it('whose request was not captured has responses that are counted', () => {
    const dialogue = udp().server(response(200, 'OK'))
    assert.deepEqual(dialogue.counts, { unmatched_responses: 1 })
    assert.deepEqual(related(dialogue), [[200, undefined, undefined, undefined]])
  })

  it('is forgotten some seconds after its final response was sent for the last time', () => {
    const done = response(200, 'OK', { CSeq: '1 OPTIONS' })
    const dialogue = udp().client(request('OPTIONS')).server(done).wait(4).server(done).wait(4).server(done)
    dialogue.wait(4).client(request('OPTIONS')).wait(6).client(request('OPTIONS'))
    assert.deepEqual(
      related(dialogue).map(([what, , , again]) => [what, again]),
      [
        ['OPTIONS', undefined],
        [200, undefined],
        [200, true],
        [200, true],
        ['OPTIONS', true],
        ['OPTIONS', undefined],
      ],
    )
  })

  it('may ring for minutes', () => {
    const dialogue = udp().client(request('INVITE')).server(response(180, 'Ringing')).wait(180)
    assert.equal(related(dialogue.server(response(200, 'OK'))).at(-1)?.[1], 180_002)
  })

  it('does not concern an ACK, nor what lacks the headers that name it', () => {
    const dialogue = udp().client(request('ACK'), request('INVITE', { 'Call-ID': undefined }))
    dialogue.server(response(200, 'OK', { CSeq: undefined })).wait(100)
    assert.deepEqual(dialogue.counts, {})
  })
})
