import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { request, told } from './builder.js'

const description =
  'v=0\r\no=anna 123 456 IN IP4 10.0.0.5\r\ns=call\r\nc=IN IP4 224.2.1.1/127/3\r\nt=0 0\r\n' +
  'm=audio 4000 RTP/AVP 0 101 96\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n' +
  'm=video 0 RTP/SAVPF 31\r\nm=image 4004 udptl t38\r\n'

const offer = (body: string, type = 'application/sdp', options = {}) =>
  told(request('INVITE', { 'Content-Type': type }, body), options)

describe('a session description', () => {
  it('tells who talks from where, by which media', () => {
    const event = offer(description)
    assert.deepEqual(event.sip.sdp, {
      version: '0',
      owner: { username: 'anna', session_id: '123', version: '456', ip: '10.0.0.5' },
      session: { name: 'call' },
      connection: { info: 'IN IP4 224.2.1.1/127/3', address: '224.2.1.1' },
      media: [
        {
          type: 'audio',
          port: 4000,
          protocol: 'RTP/AVP',
          codecs: ['PCMU/8000', 'telephone-event/8000', '96'],
        },
        { type: 'video', port: 0, protocol: 'RTP/SAVPF', codecs: ['H261/90000'] },
        { type: 'image', port: 4004, protocol: 'udptl', codecs: ['t38'] },
      ],
      body: { original: description },
    })
    assert.deepEqual(event.related, {
      ip: ['10.0.0.5', '224.2.1.1', '10.0.0.1', '10.0.0.2'],
      user: ['bob', 'anna'],
      hosts: ['example.com', '10.0.0.5', '224.2.1.1'],
    })
  })

  it('of nobody and without a name says neither', () => {
    const { sdp } = offer('v=0\no=- 1 1 IN IP4 host.example\ns=-\nc=IN IP6 ::1').sip
    assert.deepEqual([sdp.owner, sdp.session], [{ session_id: '1', version: '1' }, undefined])
    assert.deepEqual(sdp.connection, { info: 'IN IP6 ::1', address: '::1' })
    const { owner } = offer('v=0\no=- 1 1 IN IP6 [::1]').sip.sdp
    assert.deepEqual(owner, { session_id: '1', version: '1', ip: '::1' })
  })

  it('is found among the parts of a body', () => {
    const parts = ['text/plain\r\n\r\nhello', `application/sdp; charset=x\r\nX: y\r\n\r\n${description}`]
    const body = `${parts.map((part) => `--a b\r\nContent-Type: ${part}\r\n`).join('')}--a b--\r\n`
    const { sip } = offer(body, 'multipart/mixed; boundary="a b"')
    assert.equal(sip.sdp.body.original, description)
    assert.equal(sip.content_type, 'multipart/mixed; boundary="a b"')
  })

  for (const [what, type, body] of [
    ['another type', 'application/pidf+xml', description],
    ['no description', 'application/sdp', 'hello'],
    ['parts without a boundary', 'multipart/mixed', description],
    ['parts of other types', 'multipart/mixed;boundary=b', '--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--'],
    [
      'a part without an end of its head',
      'multipart/mixed;boundary=b',
      '--b\r\nContent-Type: application/sdp',
    ],
  ] as const)
    it(`is not there in a body of ${what}`, () => assert.equal(offer(body, type).sip.sdp, undefined))

  it('is left alone without parse_body', () => {
    const { sip } = offer(description, 'application/sdp', { parse_body: false })
    assert.deepEqual([sip.sdp, sip.content_type], [undefined, 'application/sdp'])
  })

  it('of an owner who is no address does not make the event unfit for an index', () => {
    const { sip, related } = offer('v=0\r\no=a 1 2 IN IP4 1.2.3\r\nc=IN IP4 nowhere\r\n')
    assert.deepEqual([sip.sdp.owner.ip, related.ip], [undefined, ['10.0.0.1', '10.0.0.2']])
  })

  for (const [what, lines] of [
    [
      'one format again and again',
      `m=audio 1 RTP/AVP${' 0'.repeat(15_000)}\na=rtpmap:0 ${'x'.repeat(30_000)}\n`,
    ],
    ['many media', 'm=a 1 RTP/AVP 0\n'.repeat(3_500)],
    ['many formats', `m=a 1 RTP/AVP ${Array.from({ length: 9000 }, (_, i) => i).join(' ')}\n`],
    ['many names', `m=a 1 RTP/AVP 0\n${'a=rtpmap:0 x\n'.repeat(4500)}`],
    ['many addresses', 'c=IN IP4 1.2.3.4\n'.repeat(3500)],
  ] as const)
    it(`with ${what} does not grow beyond measure`, () => {
      const start = process.cpuUsage()
      const event = offer(`v=0\n${lines}`, 'application/sdp', { keep_original: false })
      const { user } = process.cpuUsage(start)
      assert.ok(JSON.stringify(event).length < 500_000)
      assert.ok(user < 500_000, `${user} µs`)
    })

  it('among many parts is found in a moment', () => {
    const body = `${'--b\nContent-Type: a/b\n\nx\n'.repeat(2200)}--b\nContent-Type: application/sdp\n\n${description}\n--b--`
    const start = process.cpuUsage()
    assert.equal(offer(body, 'multipart/mixed;boundary=b').sip.sdp.body.original, description)
    assert.ok(process.cpuUsage(start).user < 500_000)
  })
})
