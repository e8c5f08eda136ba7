import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splits } from '../../support/splits.js'
import { answer, field, get, message, ok, post, seen, talk } from './support.js'

describe('http: a request and its response', () => {
  it('make one event', () => {
    const request = get('/cart/view.html?item=4', 'User-Agent: tester/1.0', 'Referer: http://10.0.0.9/start')
    assert.deepEqual(talk().client(request).server(answer('404 Not Found', 'nothing')).events, [
      {
        type: 'http',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: { start: '2023-11-14T22:13:20.001Z', end: '2023-11-14T22:13:20.002Z', duration: 1_000_000 },
        status: 'Error',
        source: { ip: '10.0.0.1', port: 40000, bytes: 115 },
        destination: { ip: '10.0.0.2', port: 80, bytes: 78, domain: 'shop.example' },
        client: { ip: '10.0.0.1', port: 40000, bytes: 115 },
        server: { ip: '10.0.0.2', port: 80, bytes: 78, domain: 'shop.example' },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 193 },
        related: { ip: ['10.0.0.1', '10.0.0.2', '10.0.0.9'], hosts: ['shop.example'] },
        method: 'GET',
        query: 'GET /cart/view.html',
        http: {
          version: '1.1',
          request: {
            method: 'GET',
            bytes: 115,
            headers: { 'content-length': 0 },
            referrer: 'http://10.0.0.9/start',
          },
          response: {
            status_code: 404,
            status_phrase: 'not found',
            bytes: 78,
            body: { bytes: 7 },
            headers: { 'content-length': 7, 'content-type': 'text/plain' },
          },
        },
        url: {
          scheme: 'http',
          domain: 'shop.example',
          path: '/cart/view.html',
          extension: 'html',
          query: 'item=4',
          full: 'http://shop.example/cart/view.html?item=4',
        },
        user_agent: { original: 'tester/1.0' },
      },
    ])
  })

  it('are found in a pipeline, however TCP cuts it', () => {
    const requests = Buffer.from(get('/1') + post('/2', 'body') + get('/3', 'X-Fold: a', '\tb'))
    const responses = Buffer.from(
      ok('one') +
        message(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], '3;x=y\r\ntwo\r\n0\r\nX-Sum: 1\r\n\r\n') +
        message(['HTTP/1.1 103 Early Hints', 'Link: </a.css>']) +
        answer('500 Oops', 'three'),
    )
    for (const chunks of splits(requests))
      for (const answers of chunks.length > 2 ? splits(responses) : [[responses]]) {
        const dialogue = talk()
          .client(...chunks)
          .server(...answers)
        assert.deepEqual(seen(dialogue), [
          ['GET /1', 200],
          ['POST /2', 200],
          ['GET /3', 500],
        ])
        assert.deepEqual(
          dialogue.events.map((event) => field(event, 'http.response.body.bytes')),
          [3, 3, 5],
        )
        assert.equal(dialogue.memory.held, 0)
      }
  })

  it('are told apart where line feeds alone end the lines', () => {
    const dialogue = talk().client('GET /lf HTTP/1.0\nHost: a\n\nGET /next HTTP/1.0\r\nHost: a\n\n')
    dialogue.server('HTTP/1.1 200 OK\nContent-Length: 2\n\nokHTTP/1.1 204 No Content\r\n\n')
    assert.deepEqual(seen(dialogue), [
      ['GET /lf', 200],
      ['GET /next', 204],
    ])
  })

  it('are found behind empty lines and a request that is early', () => {
    const dialogue = talk()
      .client(`\r\n${get('/a')}\r\n\n${get('/b')}`)
      .server(ok(), ok())
    assert.deepEqual(seen(dialogue), [
      ['GET /a', 200],
      ['GET /b', 200],
    ])
  })

  it('drop 100 Continue', () => {
    const put = message(['PUT /c HTTP/1.1', 'Host: a', 'Expect: 100-continue', 'Content-Length: 4'])
    const dialogue = talk().client(put).server('HTTP/1.1 100 Continue\r\n\r\n').client('data').server(ok())
    assert.deepEqual(seen(dialogue), [['PUT /c', 200]])
    assert.equal(field(dialogue.events[0], 'event.duration'), 3_000_000)
    assert.deepEqual(dialogue.counts, { informational_responses: 1 })
  })

  it('are paired when the server refuses a body that is then not sent, or is', () => {
    const put = message(['PUT /c HTTP/1.1', 'Host: a', 'Expect: 100-continue', 'Content-Length: 4'])
    for (const body of ['', 'data']) {
      const dialogue = talk()
        .client(put)
        .server(answer('417 Expectation Failed', 'no'))
        .client(`${body}${get('/after')}`)
        .server(ok())
      assert.deepEqual(seen(dialogue), [
        ['PUT /c', 417],
        ['GET /after', 200],
      ])
    }
  })

  it('are paired when the response comes before the end of the request', () => {
    const dialogue = talk().client(post('/up', '0123456789').slice(0, -4)).server(answer('413 Too Large'))
    assert.equal(dialogue.events.length, 0)
    assert.deepEqual(seen(dialogue.client('6789')), [['POST /up', 413]])
    assert.equal(field(dialogue.events[0], 'http.request.body.bytes'), 10)
  })

  it('are taken for what they say when the capture mistook the sides', () => {
    const dialogue = talk({}, { ports: [80, 40000] })
      .server(get('/turned'))
      .client(ok())
    assert.deepEqual(seen(dialogue), [['GET /turned', 200]])
    assert.equal(field(dialogue.events[0], 'source.ip'), '10.0.0.2')
    assert.equal(field(dialogue.events[0], 'destination.port'), 80)
  })
})

describe('http: a message alone', () => {
  it('is an unmatched response, sent by the server', () => {
    const { events, counts } = talk().server(answer('408 Request Timeout', 'too slow'))
    const [event] = events
    assert.deepEqual(field(event, 'error'), { message: 'Unmatched response' })
    assert.equal(field(event, 'status'), 'Error')
    assert.deepEqual(field(event, 'source'), { ip: '10.0.0.2', port: 80 })
    assert.deepEqual(field(event, 'destination'), { ip: '10.0.0.1', port: 40000, bytes: 85 })
    assert.deepEqual(field(event, 'event'), { end: '2023-11-14T22:13:20.001Z' })
    assert.equal(field(event, 'http.version'), undefined)
    assert.equal(field(event, 'http.request'), undefined)
    assert.deepEqual(counts, { unmatched_responses: 1 })
  })

  it('is an unmatched request at the end of the connection', () => {
    const dialogue = talk()
      .client(get('/1') + get('/2'))
      .server(ok())
      .close('end')
    assert.deepEqual(seen(dialogue), [
      ['GET /1', 200],
      ['GET /2', null, 'Unmatched request'],
    ])
    assert.equal(field(dialogue.events[1], 'http.response'), undefined)
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
  })

  it('is a request at its timeout, and the response that comes later', () => {
    const dialogue = talk().client(get('/slow')).wait(11).server(ok()).close()
    assert.deepEqual(seen(dialogue), [
      ['GET /slow', null, 'Unmatched request'],
      ['GET /slow', 200, 'The response came after transaction_timeout; the request was reported before'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, late_responses: 1 })
  })

  it('is not a request whose body takes long', () => {
    const [head, body] = [post('/up', 'ab').slice(0, -2), 'ab']
    const dialogue = talk().client(head).wait(15).client(body).wait(5).server(ok())
    assert.deepEqual(seen(dialogue), [['POST /up', 200]])
    assert.equal(field(dialogue.events[0], '@timestamp'), '2023-11-14T22:13:20.001Z')
  })

  it('is the oldest of too many requests, and the others find their responses', () => {
    const dialogue = talk().client(get('/x').repeat(1001)).server(ok().repeat(1001))
    assert.equal(dialogue.events.length, 1002)
    assert.deepEqual(
      [0, 1, 1001].map((index) => seen(dialogue)[index]),
      [
        ['GET /x', null, 'Too many requests without a response'],
        [null, 200, 'Unmatched response'],
        ['GET /x', 200],
      ],
    )
    assert.equal(dialogue.counts.evicted_requests, 1)
  })
})

describe('http: another protocol on the connection', () => {
  it('follows an upgrade, and is left alone', () => {
    const dialogue = talk()
      .client(get('/chat', 'Connection: Upgrade', 'Upgrade: websocket'))
      .server(`${message(['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'])}..Hello`)
      .client('......')
      .gap(0, 1000)
      .server('HTTP/1.1 200 OK\r\n\r\n')
      .close('reset')
    assert.deepEqual(seen(dialogue), [['GET /chat', 101]])
    assert.deepEqual(dialogue.counts, { passed_bytes: 7 + 6 + 19 })
  })

  it('follows CONNECT when the proxy accepts it', () => {
    const connect = message(['CONNECT secure.example:443 HTTP/1.1', 'Host: secure.example:443'])
    const dialogue = talk()
      .client(connect)
      .server(message(['HTTP/1.1 200 Connection Established']))
    dialogue.client('\x16\x03\x01').server('\x16\x03\x03').close()
    assert.deepEqual(seen(dialogue), [['CONNECT secure.example:443', 200]])
    assert.equal(field(dialogue.events[0], 'url.full'), 'http://secure.example:443')
    const refused = talk().client(connect).server(answer('407 Proxy Authentication Required', 'no'))
    refused.client(get('/next')).server(ok())
    assert.deepEqual(seen(refused), [
      ['CONNECT secure.example:443', 407],
      ['GET /next', 200],
    ])
  })

  it('is HTTP/2, which says so at once', () => {
    const dialogue = talk().client('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0').server('\0\0\0').close()
    assert.deepEqual(dialogue.events, [])
    assert.deepEqual(dialogue.counts, { passed_bytes: 9 + 3 })
  })
})
