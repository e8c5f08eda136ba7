import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Endpoints } from '../../../lib/events/endpoints.js'
import { Calls } from '../../../lib/protocols/sip/calls.js'
import { SipDatagrams } from '../../../lib/protocols/sip/datagrams.js'
import type { SipMessage } from '../../../lib/protocols/sip/message.js'
import { head } from '../../../lib/protocols/sip/parser.js'
import { type Options, share } from '../../../lib/protocols/sip/shared.js'
import { WaitingRoom } from '../../../lib/transactions/waiting.js'
import { eventsOf, request, response, seen, tcp, told, udp } from './builder.js'

const LIMIT = 65_536

/** A datagram of which the capture kept only the first `kept` bytes. */
function cutOff(text: string, kept: number): SipMessage[] {
  const told: SipMessage[] = []
  const options = { parse_authorization: true, parse_body: true, keep_original: true } as Options
  const context = {
    emit: (_: Endpoints, message: SipMessage) => void told.push(message),
    count: () => {},
    waitingRoom: (timedOut: never) => new WaitingRoom(1e9, timedOut),
  }
  const conversation = new SipDatagrams({} as Endpoints, share(options, context as never))
  const bytes = Buffer.from(text)
  conversation.data({ time: 0, direction: 0, bytes, start: 0, end: kept, cut: bytes.length })
  return told
}

/** What is remembered of messages that come at one nanosecond after the other. */
function remembering(limit: number) {
  const counts: Record<string, number> = {}
  const context = {
    count: (name: string) => {
      counts[name] = (counts[name] ?? 0) + 1
    },
    waitingRoom: (timedOut: never) => new WaitingRoom(1e9, timedOut),
  }
  const calls = new Calls(context as never, limit)
  let now = 0
  const say = (text: string): SipMessage => {
    const message = head(text, true)
    message.start = ++now
    calls.take(message)
    return message
  }
  return { say, counts }
}

describe('SIP over UDP', () => {
  it('skips what keeps a connection alive, and counts nothing', () => {
    const stun = Buffer.from(`000100002112a442${'00'.repeat(12)}`, 'hex')
    const dialogue = udp().client('\r\n\r\n', '\r\n', 'jaK\0', '\0\0\0\0', '', stun)
    assert.deepEqual([dialogue.events, dialogue.counts], [[], {}])
    assert.deepEqual(seen(dialogue.client(`\r\n\r\n${request('INVITE')}`)), [['INVITE', null]])
  })

  it('counts what is no SIP, and goes on', () => {
    const dialogue = udp().client(
      'garbage',
      '\0\0\0\0\0',
      'INVITE\r\nContent-Length: 0\r\n\r\n',
      request('INVITE'),
    )
    assert.deepEqual([seen(dialogue), dialogue.counts], [[['INVITE', null]], { malformed: 3 }])
  })

  it('says where a message is not whole', () => {
    const text = request('INVITE', { 'Content-Type': 'application/sdp' }, 'v=0\r\ns=x\r\n')
    const body = told(text.slice(0, -5))
    assert.deepEqual(
      [body.error.message, body.status, body.sip.sdp.version],
      ['The body is shorter than its Content-Length', 'Error', '0'],
    )
    const header = told(text.slice(0, 120))
    assert.deepEqual(
      [header.error.message, header.status, header.event.original],
      ['The message ends within its header', 'Error', text.slice(0, 120)],
    )
    const length = told(
      request('MESSAGE', { 'Content-Length': 'x', 'Content-Type': 'application/sdp' }, 'v=7'),
    )
    assert.deepEqual(
      [length.error.message, length.sip.sdp.version],
      ['The Content-Length is not a number', '7'],
    )
  })

  it('takes no more for a body than the length says, and all of it without a length', () => {
    const type = { 'Content-Type': 'application/sdp' }
    const longer = told(`${request('INVITE', { ...type, 'Content-Length': '5' }, 'v=0\r\ns=x\r\n')}`)
    assert.deepEqual([longer.sip.sdp.body.original, longer.error], ['v=0\r\n', undefined])
    const without = request('INVITE', type, 'v=0\r\ns=x\r\n').replace(/Content-Length.*\r\n/, '')
    assert.equal(told(without).sip.sdp.session.name, 'x')
  })

  it('reads what the capture kept of a longer datagram, and says so', () => {
    const text = request('INVITE', { 'Content-Type': 'application/sdp' }, 'v=0\r\ns=x\r\n')
    for (let kept = text.indexOf('\n') + 1; kept < text.length; kept++) {
      const [message] = cutOff(text, kept)
      assert.deepEqual(message?.notes, ['The capture kept only the beginning of the message'])
      assert.equal(message?.status, 'OK')
      // Of a line that was cut nothing is believed.
      assert.ok(['', 'call-1'].includes(message?.callId ?? 'none'))
    }
  })
})

describe('the limits', () => {
  it('of a header over TCP', () => {
    const dialogue = tcp()
    const start = request('INVITE').slice(0, -2)
    dialogue.client(start)
    for (let sent = start.length; sent < LIMIT; sent += 1000) dialogue.client(`X: ${'x'.repeat(995)}\r\n`)
    assert.deepEqual([dialogue.events, dialogue.counts.malformed], [[], 1])
    assert.equal(dialogue.memory.held, 0)
  })

  it('of a body over TCP: it is passed over, and its message has its event', () => {
    const type = { 'Content-Type': 'application/sdp' }
    const just = request('INVITE', type, `v=0\r\n${'x'.repeat(LIMIT - 5)}`)
    const long = request('INVITE', type, `v=0\r\n${'x'.repeat(LIMIT - 4)}`)
    for (const size of [1, 100_000, 1 << 20].map((bytes) => Math.max(bytes, 997))) {
      const wire = just + long + request('OPTIONS')
      const chunks = Array.from({ length: Math.ceil(wire.length / size) }, (_, i) =>
        wire.slice(i * size, (i + 1) * size),
      )
      const dialogue = tcp().client(...chunks)
      assert.deepEqual(seen(dialogue), [
        ['INVITE', null],
        ['INVITE', 'The body is too long to be kept'],
        ['OPTIONS', null],
      ])
      const [first, second] = eventsOf(dialogue)
      assert.deepEqual([first.event.original, first.sip.sdp.version], [just, '0'])
      assert.deepEqual(
        [second.event.original, second.sip.sdp, second.sip.content_length],
        [long.slice(0, long.indexOf('\r\n\r\n') + 4), undefined, LIMIT + 1],
      )
      assert.deepEqual(dialogue.counts, { long_bodies: 1 })
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('of requests that are remembered: those that are answered go first', () => {
    const { say, counts } = remembering(3)
    const options = (i: number) => ({ CSeq: `${i} OPTIONS` })
    for (const i of [1, 2, 3]) say(request('OPTIONS', options(i)))
    say(response(200, 'OK', options(2)))
    say(request('OPTIONS', options(4)))
    assert.deepEqual(counts, {})
    say(request('OPTIONS', options(5)))
    assert.deepEqual(Object.keys(counts), ['evicted_requests', 'unmatched_requests'])
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((i) => say(response(200, 'OK', options(i))).responseTime),
      [undefined, undefined, 6, 5, 5],
    )
    assert.deepEqual(counts, { evicted_requests: 1, unmatched_requests: 1, unmatched_responses: 2 })
  })

  it('of calls that are remembered', () => {
    const { say, counts } = remembering(3)
    const call = (i: number) => ({ 'Call-ID': `call-${i}` })
    for (const i of [1, 2, 3, 4]) {
      say(request('INVITE', call(i)))
      say(response(200, 'OK', call(i)))
    }
    assert.equal(counts.evicted_calls, 1)
    assert.deepEqual(
      [1, 2, 3, 4].map((i) => say(request('BYE', call(i))).callDuration),
      [undefined, 6, 5, 4],
    )
  })

  it('of names that are remembered', () => {
    const x = 'x'.repeat(513)
    for (const long of [
      { 'Call-ID': x },
      { Via: `SIP/2.0/UDP h;branch=${x}` },
      { To: `<sip:b@h>;tag=${x}` },
      { CSeq: `1 ${x}` },
    ]) {
      const dialogue = udp()
        .client(request('INVITE', long))
        .server(response(200, 'OK', long))
      assert.equal(eventsOf(dialogue)[1].sip.response_time, undefined)
      assert.deepEqual(dialogue.counts, { uncorrelated: 2 })
    }
  })
})

describe('a header of 64 KB', () => {
  const filled = (line: string) => `INVITE sip:a@b SIP/2.0\r\n${line.repeat(LIMIT / line.length)}\r\n`
  for (const line of [
    'Via: a\r\n',
    'v:,\r\n',
    'k: a\r\n',
    'Allow: "a\r\n',
    'm: <\r\n',
    'nothing\r\n',
    'v:\r\n ',
    'f: ;=;\r\n',
    ' \t \t\t  ',
    ':\r\n',
    'Contact: a,<b>,"\r\n',
    'Authorization: a b="c,\r\n',
  ])
    it(`of ${JSON.stringify(line)} again and again takes a moment`, () => {
      for (const text of [filled(line), filled(line).replaceAll('\r\n', ''), `v: ${filled(line)}`]) {
        const start = process.cpuUsage()
        try {
          head(text.replace(/^(?!INVITE)/, 'INVITE sip:a@b SIP/2.0\r\n'), true)
        } catch (error) {
          assert.equal((error as Error).name, 'Malformed')
        }
        const { user } = process.cpuUsage(start)
        assert.ok(user < 200_000, `${user} µs`)
      }
    })
})
