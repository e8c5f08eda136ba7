import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventsOf, request, response, told, udp } from './builder.js'

describe('SIP messages', () => {
  it('are an event each, with their sender as its source', () => {
    const dialogue = udp().client(request('INVITE')).server(response(180, 'Ringing'))
    assert.deepEqual(dialogue.events, [
      {
        type: 'sip',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          category: ['network'],
          action: 'sip-invite',
          sequence: 1,
          original: request('INVITE'),
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.001Z',
          duration: 0,
        },
        status: 'OK',
        sip: {
          type: 'request',
          version: '2.0',
          method: 'INVITE',
          call_id: 'call-1',
          cseq: { code: 1, method: 'INVITE' },
          via: { original: ['SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1'] },
          uri: { original: 'sip:bob@example.com', scheme: 'sip', username: 'bob', host: 'example.com' },
          from: {
            display_info: 'Anna',
            tag: 'a1',
            uri: { original: 'sip:anna@example.com', scheme: 'sip', username: 'anna', host: 'example.com' },
          },
          to: {
            display_info: 'Bob',
            uri: { original: 'sip:bob@example.com', scheme: 'sip', username: 'bob', host: 'example.com' },
          },
        },
        source: { ip: '10.0.0.1', port: 5060 },
        destination: { ip: '10.0.0.2', port: 5060 },
        client: { ip: '10.0.0.1', port: 5060 },
        server: { ip: '10.0.0.2', port: 5060 },
        network: {
          type: 'ipv4',
          transport: 'udp',
          community_id: '1:id',
          direction: 'unknown',
          application: 'sip',
          iana_number: '17',
        },
        related: { ip: ['10.0.0.1', '10.0.0.2'], user: ['bob', 'anna'], hosts: ['example.com'] },
      },
      {
        type: 'sip',
        '@timestamp': '2023-11-14T22:13:20.002Z',
        event: {
          category: ['network'],
          action: 'sip-invite',
          reason: 'Ringing',
          sequence: 1,
          original: response(180, 'Ringing'),
          start: '2023-11-14T22:13:20.002Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 0,
        },
        status: 'OK',
        sip: {
          type: 'response',
          version: '2.0',
          code: 180,
          status: 'Ringing',
          call_id: 'call-1',
          cseq: { code: 1, method: 'INVITE' },
          response_time: 1_000_000,
          via: { original: ['SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1'] },
          from: {
            display_info: 'Anna',
            tag: 'a1',
            uri: { original: 'sip:anna@example.com', scheme: 'sip', username: 'anna', host: 'example.com' },
          },
          to: {
            display_info: 'Bob',
            uri: { original: 'sip:bob@example.com', scheme: 'sip', username: 'bob', host: 'example.com' },
          },
        },
        source: { ip: '10.0.0.2', port: 5060 },
        destination: { ip: '10.0.0.1', port: 5060 },
        client: { ip: '10.0.0.2', port: 5060 },
        server: { ip: '10.0.0.1', port: 5060 },
        network: {
          type: 'ipv4',
          transport: 'udp',
          community_id: '1:id',
          direction: 'unknown',
          application: 'sip',
          iana_number: '17',
        },
        related: { ip: ['10.0.0.2', '10.0.0.1'], user: ['anna', 'bob'], hosts: ['example.com'] },
      },
    ])
  })

  for (const [code, status, outcome] of [
    [100, 'OK', undefined],
    [200, 'OK', 'success'],
    [302, 'OK', 'failure'],
    [404, 'Error', 'failure'],
    [503, 'Error', 'failure'],
    [603, 'Error', 'failure'],
  ] as const)
    it(`${code} has the outcome ${outcome}`, () => {
      const event = told(response(code, 'Phrase of it'))
      assert.deepEqual(
        [event.sip.code, event.status, event.event.outcome, event.event.reason, event.sip.status],
        [code, status, outcome, 'Phrase of it', 'Phrase of it'],
      )
    })

  it('are understood in their compact form', () => {
    const text =
      'MESSAGE sip:b@h SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf: <sip:a@h>;tag=1\r\nt: <sip:b@h>\r\ni: x\r\nCSeq: 4 MESSAGE\r\n' +
      'm: <sip:a@10.1.1.1>\r\nk: timer, 100rel\r\nc: text/plain\r\nl: 2\r\n\r\nhi'
    const { sip } = told(text)
    assert.deepEqual(
      [sip.via.original, sip.from.tag, sip.to.uri.username, sip.call_id, sip.contact.uri.host, sip.supported],
      [['SIP/2.0/UDP h'], '1', 'b', 'x', '10.1.1.1', ['timer', '100rel']],
    )
    assert.deepEqual([sip.content_type, sip.content_length], ['text/plain', 2])
  })

  it('may fold their headers, write names as they like, and end lines in LF alone', () => {
    const text =
      'OPTIONS sip:b@h SIP/2.0\nVIA : SIP/2.0/UDP h\n ;branch=z\n\t;rport\ncall-id:\n  folded\nCSEQ: 7\n OPTIONS\n' +
      'no header\n: nothing\nUser-agent:\tphone/1  \n\n'
    const { sip } = told(text)
    assert.deepEqual(
      [sip.via.original, sip.call_id, sip.cseq, sip.user_agent.original],
      [['SIP/2.0/UDP h ;branch=z ;rport'], 'folded', { code: 7, method: 'OPTIONS' }, 'phone/1'],
    )
  })

  it('have lists in one header or in several, each hop once', () => {
    const text = request('OPTIONS', { Via: 'SIP/2.0/UDP a, SIP/2.0/UDP b;x="c, d"', Allow: 'INVITE, ACK' })
    const more = text.replace(
      '\r\n\r\n',
      '\r\nVia: SIP/2.0/UDP b;x="c, d"\r\nAllow: Bye,,\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n',
    )
    const { sip } = told(more)
    assert.deepEqual(
      [sip.via.original, sip.allow, sip.accept],
      [['SIP/2.0/UDP a', 'SIP/2.0/UDP b;x="c, d"'], ['invite', 'ack', 'bye'], 'a/b, c/d'],
    )
  })

  it('take the first of what may stand only once', () => {
    const text = request('OPTIONS').replace(
      '\r\n\r\n',
      '\r\nTo: <sip:mallory@h>\r\nCall-ID: other\r\nCSeq: 9 BYE\r\n\r\n',
    )
    const { sip } = told(text)
    assert.deepEqual(
      [sip.to.uri.username, sip.call_id, sip.cseq],
      ['bob', 'call-1', { code: 1, method: 'OPTIONS' }],
    )
  })

  it('of unknown methods and versions are understood as well', () => {
    const { sip, event } = told('Frob sip:b@h SIP/3.1\r\nCSeq: x frob\r\n\r\n')
    assert.deepEqual(
      [sip.method, sip.version, sip.cseq, event.action],
      ['FROB', '3.1', { method: 'FROB' }, 'sip-frob'],
    )
  })

  it('may have letters of all languages, and bytes of none', () => {
    const named = told(request('INVITE', { From: '"Änne \\"A\\" Łuk" <sip:ä@h>' }))
    assert.deepEqual([named.sip.from.display_info, named.sip.from.uri.username], ['Änne "A" Łuk', 'ä'])
    const broken = told(Buffer.from(request('INVITE', { Subject: 'caf\xe9' }), 'latin1'))
    assert.ok(broken.event.original.includes('caf\ufffd'))
  })

  it('are not kept whole without keep_original', () => {
    assert.equal(told(request('INVITE'), { keep_original: false }).event.original, undefined)
  })

  it('have the transport that they came by, whatever transport_protocol says', () => {
    const event = told(request('INVITE'), { transport_protocol: 'tcp' })
    assert.deepEqual([event.network.transport, event.network.iana_number], ['udp', '17'])
  })

  it('between IPv6 hosts have addresses without brackets', () => {
    const { sip, related } = told(request('INVITE', { Contact: '<sip:a@[2001:db8::5]:5070;transport=udp>' }))
    assert.deepEqual(
      [sip.contact.uri, sip.contact.transport, related.hosts],
      [
        {
          original: 'sip:a@[2001:db8::5]:5070;transport=udp',
          scheme: 'sip',
          username: 'a',
          host: '2001:db8::5',
          port: 5070,
        },
        'udp',
        ['example.com', '2001:db8::5'],
      ],
    )
  })
})

describe('a login', () => {
  const digest =
    'Digest username="anna \\"a\\"", realm="example.com", nonce="n,1", uri="sip:example.com:5060", response="6629fae49393a05397450978507c4ef1"'

  it('tells who, where and how, and is an event of authentication', () => {
    for (const name of ['Authorization', 'Proxy-Authorization']) {
      const event = told(request('REGISTER', { [name]: digest }), { keep_original: false })
      assert.deepEqual(event.sip.auth, {
        scheme: 'Digest',
        realm: 'example.com',
        uri: { original: 'sip:example.com:5060', scheme: 'sip', host: 'example.com', port: 5060 },
      })
      assert.deepEqual(event.user, { name: 'anna "a"' })
      assert.deepEqual(event.event.category, ['network', 'authentication'])
      assert.deepEqual(event.related.user, ['bob', 'anna', 'anna "a"'])
      assert.ok(!JSON.stringify(event).includes('6629fae4'), 'the hash of the password shows')
    }
  })

  it('is only noticed without parse_authorization', () => {
    const event = told(request('REGISTER', { Authorization: digest }), { parse_authorization: false })
    assert.deepEqual([event.sip.auth, event.user], [undefined, undefined])
    assert.deepEqual(event.event.category, ['network', 'authentication'])
  })

  it('that is asked for tells where', () => {
    for (const name of ['WWW-Authenticate', 'Proxy-Authenticate']) {
      const event = told(response(401, 'Unauthorized', { [name]: 'Digest realm="r", nonce="n"' }))
      assert.deepEqual(
        [event.sip.auth, event.event.category],
        [{ scheme: 'Digest', realm: 'r' }, ['network']],
      )
    }
  })

  it('of another scheme is named', () => {
    const event = told(request('REGISTER', { Authorization: 'Basic YTpi' }))
    assert.deepEqual([event.sip.auth, event.user], [{ scheme: 'Basic' }, undefined])
  })
})

describe('related', () => {
  it('has everybody that a message names, once', () => {
    const [event] = eventsOf(
      udp().server(
        response(200, 'OK', {
          'P-Associated-URI': '<sip:355@ims.example>, <tel:+1>',
          Contact: '<sip:bob@10.9.9.9>;expires=60',
          CSeq: '1 REGISTER',
        }),
      ),
    )
    assert.deepEqual(event.related.user, ['355', 'anna', 'bob'])
    assert.deepEqual(event.related.hosts, ['ims.example', 'example.com', '10.9.9.9'])
    assert.deepEqual(event.sip.private.uri, {
      original: 'sip:355@ims.example',
      scheme: 'sip',
      username: '355',
      host: 'ims.example',
    })
  })
})
