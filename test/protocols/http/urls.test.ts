import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Dialogue } from '../../support/dialogue.js'
import { field, get, message, ok, post, talk } from './support.js'

const first = ({ events }: Dialogue) => events[0]
const asked = (target: string) => first(talk().client(get(target)).server(ok()))

describe('http: a target', () => {
  for (const [target, path, query, full] of [
    ['/with%20space?q=a%20b&x=%2F', '/with space', 'q=a+b&x=%2F', '/with%20space?q=a+b&x=%2F'],
    ['/b?b=2&a=2&&a=1&c', '/b', 'a=2&a=1&b=2&c=', '/b?a=2&a=1&b=2&c='],
    ['/b?a=1&b=;c&%zz=1', '/b', 'a=1', '/b?a=1'],
    ['/frag#ment?x=1', '/frag', undefined, '/frag'],
    ['/none?', '/none', undefined, '/none'],
    ['//double//slash', '//double//slash', undefined, '//double//slash'],
    ['/%zz/bad escape', '/%zz/bad escape', undefined, '/%zz/bad%20escape'],
    ['/\u00fcn%C3%AFc*', '/\u00fcn\u00efc*', undefined, '/%C3%BCn%C3%AFc%2A'],
    ['/%ff', '/\ufffd', undefined, '/%FF'],
    ['http://other.example:8081/absolute?x=1', '/absolute', 'x=1', '/absolute?x=1'],
    ['https://user:pass@sec.example', undefined, undefined, ''],
    ['/a?url=http://x/y?z', '/a', 'url=http%3A%2F%2Fx%2Fy%3Fz', '/a?url=http%3A%2F%2Fx%2Fy%3Fz'],
    ['*', '*', undefined, '/*'],
    ['?only', undefined, 'only=', '?only='],
    ['noslash', 'noslash', undefined, '/noslash'],
  ] as const)
    it(`${target} is read`, () => {
      const event = asked(target)
      assert.equal(field(event, 'query'), `GET ${path ?? ''}`)
      assert.equal(field(event, 'url.path'), path)
      assert.equal(field(event, 'url.query'), query)
      assert.equal(field(event, 'url.full'), `http://shop.example${full}`)
    })

  for (const [target, extension] of [
    ['/a.tar.gz', 'gz'],
    ['/v1.2/items', undefined],
    ['/a.', undefined],
    ['/.env', 'env'],
  ])
    it(`${target} has the extension ${extension}`, () => {
      assert.equal(field(asked(target as string), 'url.extension'), extension)
    })
})

describe('http: a host', () => {
  const to = (host: string, port = 80, target = '/h') => {
    const head = message([`GET ${target} HTTP/1.1`, `Host: ${host}`])
    const event = first(
      talk({}, { ports: [40000, port] })
        .client(head)
        .server(ok()),
    )
    const names = [
      'url.domain',
      'url.port',
      'url.full',
      'destination.domain',
      'related.hosts',
      'error.message',
    ]
    return names.map((name) => field(event, name))
  }
  const mismatch = 'Host header port number mismatch'

  it('has a port, or that of the server; 80 is left out', () => {
    assert.deepEqual(to('a.example'), [
      'a.example',
      undefined,
      'http://a.example/h',
      'a.example',
      ['a.example'],
      undefined,
    ])
    assert.deepEqual(to('a.example:80')[1], undefined)
    assert.deepEqual(to('a.example', 8080).slice(0, 3), ['a.example', 8080, 'http://a.example:8080/h'])
    assert.deepEqual(to('a.example:', 8080).slice(0, 2), ['a.example', 8080])
  })

  it('has another port than the server', () => {
    assert.deepEqual(to('a.example:8080').slice(1), [
      8080,
      'http://a.example:8080/h',
      'a.example',
      ['a.example'],
      mismatch,
    ])
    assert.deepEqual(to('a.example:60000', 60000).slice(0, 2), ['a.example', 60000])
    assert.equal(to('a.example:60000', 60000)[5], undefined)
    assert.deepEqual(to('a.example:65536').slice(0, 2), ['a.example:65536', undefined])
    assert.equal(to('other.example:81', 3128, 'http://other.example:81/')[5], undefined)
  })

  it('is an address', () => {
    assert.deepEqual(to('[2001:db8::80]:8080').slice(0, 5), [
      '2001:db8::80',
      8080,
      'http://[2001:db8::80]:8080/h',
      undefined,
      undefined,
    ])
    assert.deepEqual(to('2001:db8::80').slice(0, 3), ['2001:db8::80', undefined, 'http://[2001:db8::80]/h'])
    const event = first(
      talk()
        .client(message(['GET / HTTP/1.1', 'Host: 10.1.2.3']))
        .server(ok()),
    )
    assert.deepEqual(field(event, 'related'), { ip: ['10.0.0.1', '10.0.0.2', '10.1.2.3'] })
  })

  it('is none, or one that cannot be', () => {
    const event = first(talk().client('GET /none HTTP/1.1\r\n\r\n').server(ok()))
    assert.deepEqual(field(event, 'url'), { scheme: 'http', path: '/none' })
    assert.equal(to(' bad host name ')[2], 'http://bad%20host%20name/h')
    assert.equal(to('a.example\r\nHost: b.example')[0], 'b.example')
  })
})

describe('http: a form', () => {
  const sent = (body: string, path = '/f', type = 'application/x-www-form-urlencoded; charset=UTF-8') =>
    field(
      first(
        talk()
          .client(post(path, body, `Content-Type: ${type}`))
          .server(ok()),
      ),
      'url.query',
    )

  it('adds its parameters to those of the query', () => {
    assert.equal(sent('user=anna&b=a+b', '/f?z=1&b=0'), 'b=a+b&b=0&user=anna&z=1')
    assert.equal(sent('{ "q": 1 }\n'), '%7B+%22q%22%3A+1+%7D%0A=')
    assert.equal(sent('&=empty&a'), '=empty&a=')
  })

  it('adds nothing when it is empty, broken or of another type', () => {
    assert.equal(sent(''), undefined)
    assert.equal(sent('a=%C3%A9%', '/f?a=1'), undefined)
    assert.equal(sent('a=1', '/f', 'text/plain'), undefined)
  })
})
