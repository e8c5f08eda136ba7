import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answer, field, get, message, ok, post, talk } from './support.js'

const request = message([
  'GET / HTTP/1.1',
  'Host: shop.example',
  'X-Dup: one',
  'x-dup:two',
  'X-Empty:',
  'X-Spaces:  \t padded  ',
  'X-Colon : a:b',
  'ThisLineHasNoColon',
  'X-Fold: first',
  '   second',
  '\tthird',
  'X-Utf8: caf\u00e9',
])

describe('http: headers', () => {
  it('are shown when they are asked for, in any case', () => {
    const { events } = talk({ send_headers: ['X-dup', 'x-fold', 'Content-Type', 'missing'] })
      .client(request)
      .server(ok())
    assert.deepEqual(field(events[0], 'http.request.headers'), {
      'x-dup': 'one, two',
      'x-fold': 'first second third',
      'content-length': 0,
    })
    assert.deepEqual(field(events[0], 'http.response.headers'), {
      'content-type': 'text/plain',
      'content-length': 2,
    })
  })

  it('are all shown', () => {
    const { events } = talk({ send_all_headers: true }).client(request).server(ok('ok', '__proto__: x'))
    assert.deepEqual(field(events[0], 'http.request.headers'), {
      host: 'shop.example',
      'x-dup': 'one, two',
      'x-empty': '',
      'x-spaces': 'padded',
      'x-colon': 'a:b',
      'x-fold': 'first second third',
      'x-utf8': 'caf\u00e9',
      'content-length': 0,
    })
  })

  it('are shown with U+FFFD for what is no UTF-8', () => {
    const bytes = Buffer.from(get('/', 'X-Latin: caf\xe9'), 'latin1')
    const { events } = talk({ send_all_headers: true, send_request: true }).client(bytes).server(ok())
    assert.equal(field(events[0], 'http.request.headers.x-latin'), 'caf\ufffd')
    assert.match(String(events[0]?.request), /caf\ufffd\r\n/)
  })

  it('have cookies by name', () => {
    const { events } = talk({ send_all_headers: true, split_cookie: true })
      .client(get('/', 'Cookie: a=1; b="two words"; c; d=; =e; F=g=h', 'Cookie: y=2'))
      .server(
        ok(
          '',
          'Set-Cookie: sid=abc; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure',
          'Set-Cookie: t=dark',
        ),
      )
      .client(get('/', 'Cookie:'))
      .server(ok())
    assert.deepEqual(field(events[0], 'http.request.headers.cookie'), {
      a: '1',
      b: 'two words',
      d: '',
      '': 'e',
      f: 'g=h',
      y: '2',
    })
    assert.deepEqual(field(events[0], 'http.response.headers.set-cookie'), {
      sid: 'abc',
      path: '/',
      expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      t: 'dark',
    })
    assert.deepEqual(field(events[1], 'http.request.headers.cookie'), {})
  })

  it('tell the client behind a proxy, when it is an address', () => {
    const forwarded = (value: string) => {
      const { events } = talk({ real_ip_header: 'X-Real-IP' })
        .client(get('/', `x-real-ip: ${value}`))
        .server(ok())
      return [field(events[0], 'network.forwarded_ip'), (field(events[0], 'related.ip') as string[])[2]]
    }
    assert.deepEqual(forwarded('203.0.113.9, 10.0.0.1'), ['203.0.113.9', '203.0.113.9'])
    assert.deepEqual(forwarded('2001:db8::9'), ['2001:db8::9', '2001:db8::9'])
    assert.deepEqual(forwarded('203.0.113.9:4711'), ['203.0.113.9', '203.0.113.9'])
    assert.deepEqual(forwarded('[2001:db8::9]:4711'), ['2001:db8::9', '2001:db8::9'])
    for (const none of ['', 'unknown', 'not an ip, 203.0.113.9'])
      assert.deepEqual(forwarded(none), [undefined, undefined])
  })
})

describe('http: secrets', () => {
  const basic = get('/', 'Authorization: Basic YW5uYTpnZWhlaW0=')

  it('name the user of basic authentication where the header is shown', () => {
    const user = (options: object, head = basic) => {
      const [event] = talk({ ...options })
        .client(head)
        .server(ok()).events
      return [field(event, 'user.name'), field(event, 'related.user')]
    }
    assert.deepEqual(user({ send_headers: ['authorization'] }), ['anna', ['anna']])
    const none = [undefined, undefined]
    assert.deepEqual(user({}), none)
    assert.deepEqual(user({ send_all_headers: true, redact_authorization: true }), none)
    assert.deepEqual(user({ send_all_headers: true, redact_headers: ['Authorization'] }), none)
    for (const other of ['Basic', 'Basic not-base64!', 'Basic bm9jb2xvbg==', 'Bearer YW5uYTpi'])
      assert.deepEqual(user({ send_all_headers: true }, get('/', `Authorization: ${other}`)), none)
  })

  it('are not seen in headers, nor in the request as it was sent', () => {
    const options = { send_all_headers: true, send_request: true, send_response: true }
    const head = get(
      '/',
      'authorization: Basic YW5uYTpnZWhlaW0=',
      'Proxy-Authorization : Bearer',
      '  folded',
      'X-Key: k',
    )
    const [event] = talk({ ...options, redact_authorization: true, redact_headers: ['x-key', 'Set-Cookie'] })
      .client(head)
      .server(ok('ok', 'Set-Cookie: s=1')).events
    assert.deepEqual(field(event, 'http.request.headers'), {
      host: 'shop.example',
      authorization: '*',
      'proxy-authorization': '*',
      'x-key': 'REDACTED',
      'content-length': 0,
    })
    assert.equal(
      event?.request,
      get(
        '/',
        `authorization:${'*'.repeat(23)}`,
        `Proxy-Authorization :${'*'.repeat(7)}`,
        '*'.repeat(8),
        'X-Key: REDACTED',
      ),
    )
    assert.equal(field(event, 'http.response.headers.set-cookie'), 'REDACTED')
    assert.match(String(event?.response), /Set-Cookie: REDACTED\r\n/)
  })

  it('are not seen in parameters, wherever they stand', () => {
    const form = 'user=anna&Pass%77ord=geheim&pass=abc1&passage=2'
    const [event] = talk({
      hide_keywords: ['password', 'Pass'],
      send_all_headers: true,
      send_request: true,
      include_body_for: ['form'],
    })
      .client(
        post(
          '/f?pass=abc1#pass=x',
          form,
          'Content-Type: application/x-www-form-urlencoded',
          'Referer: http://a/?pass=abc1',
        ),
      )
      .server(answer('200 OK')).events
    const hidden = 'Password=xxxxx&pass=xxxxx&pass=xxxxx&passage=2&user=anna'
    assert.equal(field(event, 'url.query'), hidden)
    assert.equal(field(event, 'http.request.body.content'), 'user=anna&Pass%77ord=xxxxx&pass=xxxxx&passage=2')
    assert.equal(field(event, 'http.request.referrer'), 'http://a/?pass=xxxxx')
    assert.doesNotMatch(JSON.stringify(event), /geheim|abc1/)
    assert.match(String(event?.request), /^POST \/f\?pass=xxxxx#pass=x HTTP\/1\.1\r\n/)
  })
})
