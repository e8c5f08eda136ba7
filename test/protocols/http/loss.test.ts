import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answer, field, get, message, ok, post, seen, talk } from './support.js'

const LOST = 'Packet loss while capturing the response'

describe('http: bytes that were not captured', () => {
  it('of a body leave the rest as it is', () => {
    const body = 'x'.repeat(100)
    const dialogue = talk({ include_body_for: ['text'] })
      .client(post('/a', body).slice(0, -60))
      .gap(0, 50)
      .client(`${body.slice(0, 10)}${get('/b')}`)
      .server(answer('200 OK', body).slice(0, -60))
      .gap(1, 60)
      .server(ok())
    assert.deepEqual(seen(dialogue), [
      ['POST /a', 200, 'Packet loss while capturing the request', LOST],
      ['GET /b', 200],
    ])
    const [event] = dialogue.events
    assert.equal(field(event, 'status'), 'OK')
    assert.equal(field(event, 'http.request.body.bytes'), 100)
    assert.equal(field(event, 'http.request.bytes'), post('/a', body).length - 50)
    assert.equal(field(event, 'http.response.body.bytes'), 40)
    assert.equal(field(event, 'http.response.headers.content-length'), 100)
  })

  it('of a chunk, or of a body until the close, do the same', () => {
    const head = message(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'])
    const dialogue = talk()
      .client(get('/1'), get('/2'))
      .server(`${head}a\r\n01`)
      .gap(1, 7)
      .server('9\r\n0\r\n\r\n')
    dialogue
      .server(message(['HTTP/1.1 200 OK', 'Connection: close'], 'part'))
      .gap(1, 1000)
      .server('part')
      .close()
    assert.deepEqual(seen(dialogue), [
      ['GET /1', 200, LOST],
      ['GET /2', 200, LOST],
    ])
    assert.equal(field(dialogue.events[1], 'http.response.body.bytes'), 8)
  })

  it('of the framing end what is known', () => {
    const head = message(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'])
    const chunk = talk().client(get('/1')).server(`${head}a\r\n01`).gap(1, 20).client(get('/2')).server(ok())
    assert.deepEqual(seen(chunk), [
      ['GET /1', 200, LOST],
      ['GET /2', 200],
    ])
    const beyond = talk()
      .client(get('/1'), get('/2'))
      .server(answer('200 OK', '0123').slice(0, -2))
      .gap(1, 20)
    assert.deepEqual(seen(beyond), [
      ['GET /1', 200, LOST],
      ['GET /2', null, 'Unmatched request'],
    ])
  })

  it('of a head leave what was read of it', () => {
    const dialogue = talk()
      .client(get('/1'))
      .server('HTTP/1.1 404 Not Found\r\nServer: x\r\nConte')
      .gap(1, 1000)
    assert.deepEqual(seen(dialogue), [['GET /1', 404, LOST]])
    const nothing = talk().client(get('/1'), get('/2')).gap(1, 1000)
    assert.deepEqual(seen(nothing), [
      ['GET /1', null, LOST],
      ['GET /2', null, 'Unmatched request'],
    ])
    const asked = talk().client('GET /1 HTTP/1.1\r\nHost: shop.example\r\nUser-').gap(0, 1000)
    assert.deepEqual(seen(asked), [
      ['GET /1', null, 'Packet loss while capturing the request', 'Unmatched request'],
    ])
    assert.equal(field(asked.events[0], 'url.domain'), 'shop.example')
    for (const { memory } of [dialogue, nothing, asked]) assert.equal(memory.held, 0)
  })
})

describe('http: a connection that ends early', () => {
  it('by a reset is an error, with what there was', () => {
    const dialogue = talk()
      .client(get('/1'), get('/2'))
      .server(answer('200 OK', '0123456789').slice(0, -5))
      .close('reset')
    assert.deepEqual(seen(dialogue), [
      ['GET /1', 200, 'Connection reset before the response was complete'],
      ['GET /2', null, 'Unmatched request'],
    ])
    assert.equal(field(dialogue.events[0], 'status'), 'Error')
  })

  it('in the ordinary way is an answer that stops short', () => {
    const dialogue = talk({ include_body_for: ['text'] }).client(get('/1'))
    dialogue.server(answer('200 OK', '0123456789').slice(0, -5)).close('fin')
    const note = 'Connection closed before the response was complete'
    assert.deepEqual(seen(dialogue), [['GET /1', 200, note]])
    assert.equal(field(dialogue.events[0], 'http.response.body.bytes'), 5)
    assert.equal(field(dialogue.events[0], 'status'), 'OK')
  })

  it('in the middle of a head says so', () => {
    const dialogue = talk().client('GET /1 HTTP/1.1\r\nHost: a').close('fin')
    assert.deepEqual(seen(dialogue), [['GET /1', null, 'Incomplete request', 'Unmatched request']])
    assert.deepEqual(seen(talk().client('GET /1 HT').close('fin')), [])
    const idle = talk().client(post('/up', 'body').slice(0, -2)).close('idle')
    assert.deepEqual(seen(idle), [
      ['POST /up', null, 'The request was not captured to its end', 'Unmatched request'],
    ])
  })
})

describe('http: what is not HTTP', () => {
  for (const hostile of [
    'hello, who are you?\r\n\r\n',
    '\x16\x03\x01\x02\x00',
    'GET /\r\n\r\n',
    'GET  HTTP/1.1',
    ' / HTTP/1.1\r\n\r\n',
    `${'A'.repeat(100)} / HTTP/1.1\r\n\r\n`,
    `GET / HTTP/1.1\r\nX: ${'y'.repeat(300_000)}`,
  ])
    it(`is refused from a client: ${JSON.stringify(hostile.slice(0, 20))}`, () => {
      const dialogue = talk().client(hostile, get('/after')).server(ok())
      if (hostile.includes('\n')) assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.close().memory.held, 0)
    })

  for (const hostile of [
    'I am no web server\r\n',
    'HTTP/1.1\r\n\r\n',
    'HTTP/1.1 abc\r\n\r\n',
    ...[
      'zz',
      '',
      '-1',
      '0x1',
      'f'.repeat(13),
      `1;${'x'.repeat(20_000)}`,
      '1\r\nab\r\n',
      `0\r\n${'X: y\r\n'.repeat(20_000)}`,
    ].map((size) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\nrest\r\n0\r\n\r\n`),
  ])
    it(`is survived from a server: ${JSON.stringify(hostile.slice(47, 70) || hostile.slice(0, 20))}`, () => {
      const dialogue = talk({ include_body_for: ['text'], send_response: true })
      dialogue.client(get('/1')).server(hostile)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.events.length, 1)
      assert.equal(field(dialogue.events[0], 'status'), 'Error')
      assert.equal(dialogue.close().memory.held, 0)
      assert.deepEqual(seen(dialogue.client(get('/2')).server(ok()))[1], ['GET /2', 200])
    })

  it('is known byte by byte, too', () => {
    const dialogue = talk()
      .client(...'hello, ')
      .server(...'HTTP is not spoken')
    assert.deepEqual(dialogue.counts, { malformed: 2 + 14 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('takes bounded time, byte by byte and in long lines', () => {
    const start = performance.now()
    const head = get('/', `X-Long: ${'a '.repeat(60_000)}`, `X-Fold: ${'b\r\n '.repeat(10_000)}c`)
    const dialogue = talk({
      send_all_headers: true,
      send_request: true,
      redact_headers: ['x-none'],
      hide_keywords: ['p'],
    })
    for (const byte of head) dialogue.client(byte)
    dialogue.client(post('/', 'p&'.repeat(200_000), 'Content-Type: application/x-www-form-urlencoded'))
    dialogue.server(ok(), ok())
    const chunks = message(
      ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'],
      `${'1\r\nx\r\n'.repeat(50_000)}0\r\n\r\n`,
    )
    dialogue.client(get('/')).server(chunks)
    assert.equal(dialogue.events.length, 3)
    assert.equal(dialogue.memory.held, 0)
    assert.ok(performance.now() - start < 5000)
  })

  it('holds no more than the memory there is', () => {
    const dialogue = talk({ include_body_for: ['text'], max_message_size: 1e9 }).client(get('/'))
    assert.ok(dialogue.memory.take(63 * 1024 * 1024))
    dialogue.server(answer('200 OK', 'x'.repeat(3_000_000)))
    assert.equal(field(dialogue.events[0], 'error.message'), 'body truncated due to size limitation')
    assert.equal(field(dialogue.events[0], 'http.response.body.bytes'), 3_000_000)
    assert.equal(dialogue.memory.held, 63 * 1024 * 1024)
  })
})
