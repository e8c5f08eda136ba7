import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splits } from '../../support/splits.js'
import { eventsOf, request, response, seen, tcp } from './builder.js'

const sdp = { 'Content-Type': 'application/sdp' }

describe('SIP over TCP', () => {
  it('is read however TCP cuts it, with what keeps connections alive between the messages', () => {
    const invite = request('INVITE', sdp, 'v=0\r\n\r\ns=ü\r\n')
    const wire = Buffer.from(
      `\r\n\r\n${invite}\r\n\r\n${request('OPTIONS')}${request('MESSAGE', {}, 'hi')}\r\n`,
    )
    for (const chunks of splits(wire)) {
      const dialogue = tcp()
        .client(...chunks)
        .server(response(200, 'OK'))
      assert.deepEqual(seen(dialogue), [
        ['INVITE', null],
        ['OPTIONS', null],
        ['MESSAGE', null],
        [200, null],
      ])
      const [first] = eventsOf(dialogue)
      assert.deepEqual([first.event.original, first.sip.sdp.session.name], [invite, 'ü'])
      assert.deepEqual([first.network.transport, first.network.iana_number], ['tcp', '6'])
      assert.deepEqual(dialogue.counts, {})
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('has the time of each message’s first byte', () => {
    const text = request('INVITE')
    const dialogue = tcp().client(text.slice(0, 50), text.slice(50) + text.slice(0, 1), text.slice(1))
    assert.deepEqual(
      dialogue.events.map((event) => event['@timestamp']),
      ['2023-11-14T22:13:20.001Z', '2023-11-14T22:13:20.002Z'],
    )
  })

  it('without a length is a message without a body', () => {
    const text = request('INVITE').replace(/Content-Length.*\r\n/, '')
    assert.deepEqual(seen(tcp().client(text + text)), [
      ['INVITE', null],
      ['INVITE', null],
    ])
  })

  for (const length of ['-1', 'many', '1e3', '9999999999', ''])
    it(`with the length ${JSON.stringify(length)} says so`, () => {
      const dialogue = tcp().client(request('INVITE', { 'Content-Length': length }))
      assert.deepEqual(seen(dialogue), [['INVITE', 'The Content-Length is not a number']])
      assert.equal(dialogue.events[0]?.status, 'Error')
    })

  it('tells of a message whose body is lost or never comes', () => {
    const text = request('INVITE', {}, 'a body').slice(0, -3)
    const head = request('INVITE', {}, 'a body').slice(0, -6)
    const answer = response(200, 'OK', {}, 'a body').slice(0, -3)
    const lost = tcp().client(text).gap(0, 100)
    assert.deepEqual(seen(lost), [['INVITE', 'Packet loss while capturing the request']])
    assert.deepEqual([lost.events[0]?.status, eventsOf(lost)[0].event.original], ['Error', head])
    assert.deepEqual(seen(tcp().server(answer).gap(1, 100)), [
      [200, 'Packet loss while capturing the response'],
    ])
    for (const reason of ['fin', 'reset', 'idle', 'end'] as const) {
      const dialogue = tcp().client(text).server(answer).close(reason)
      assert.deepEqual(seen(dialogue), [
        ['INVITE', 'The body is shorter than its Content-Length'],
        [200, 'The body is shorter than its Content-Length'],
      ])
      assert.equal(dialogue.memory.held, 0)
      assert.equal(dialogue.events[0]?.['@timestamp'], '2023-11-14T22:13:20.001Z')
    }
  })

  it('counts a message whose header is lost', () => {
    const dialogue = tcp().client(request('INVITE').slice(0, 100)).gap(0, 100)
    assert.deepEqual([dialogue.events, dialogue.counts], [[], { incomplete_messages: 1 }])
    assert.equal(dialogue.memory.held, 0)
  })

  it('goes on after a gap, and after a beginning in the midst of a message', () => {
    const half = request('INVITE', {}, `${'a=b\r\n'.repeat(20)}`).slice(-50)
    for (const dialogue of [tcp().client(request('INVITE')).gap(0, 10), tcp().client(half)])
      assert.deepEqual(seen(dialogue.client(request('OPTIONS'))).at(-1), ['OPTIONS', null])
  })

  for (const hostile of [
    '\x16\x03\x01\x02\x00\x01\x00',
    'GET / HTTP/1.1\r\nHost: h\r\n\r\n',
    'a=rtpmap:0 PCMU/8000\r\n',
    'SIP/2.0 OK\r\n',
    'SIP/2.0\r\n\r\n',
    'SIP/2.0 0 x\r\n\r\n',
    'SIP/x 200 OK\r\n\r\n',
    'INVITE SIP/2.0\r\n\r\n',
    'INVITE sip:a@b SIP/2\r\n\r\n',
    'IN VITE sip:a@b HTTP/2.0\r\n\r\n',
    'IN"VITE sip:a@b SIP/2.0\r\n\r\n',
    `${'I'.repeat(65)} sip:a@b SIP/2.0\r\n\r\n`,
    '\0\0\0\0',
  ])
    it(`is not ${JSON.stringify(hostile.slice(0, 30))}`, () => {
      const dialogue = tcp().client(hostile)
      assert.deepEqual([dialogue.events, dialogue.counts], [[], { malformed: 1 }])
      assert.equal(dialogue.memory.held, 0)
    })
})
