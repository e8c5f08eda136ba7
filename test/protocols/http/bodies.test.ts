import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as zlib from 'node:zlib'
import { portable } from '../../../lib/compression/zstd.js'
import { answer, field, get, message, ok, post, seen, talk } from './support.js'

const chunked = (...chunks: string[]) =>
  `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`

describe('http: where a body ends', () => {
  it('is at once for HEAD, 204 and 304, whatever length they announce', () => {
    const dialogue = talk()
      .client(message(['HEAD /h HTTP/1.1', 'Host: a']), get('/204'), get('/304'), get('/end'))
      .server(
        message(['HTTP/1.1 200 OK', 'Content-Length: 1234']),
        message(['HTTP/1.1 204 No Content', 'Content-Length: 5']),
        message(['HTTP/1.1 304 Not Modified', 'Content-Length: 99']),
        ok('end'),
      )
    assert.deepEqual(
      dialogue.events.map((event) => [
        field(event, 'query'),
        field(event, 'http.response.body.bytes'),
        field(event, 'http.response.headers.content-length'),
      ]),
      [
        ['HEAD /h', 1234, 1234],
        ['GET /204', 5, 5],
        ['GET /304', 99, 99],
        ['GET /end', 3, 3],
      ],
    )
  })

  it('is told by the chunks before any length, their names in any case, lines ending in any way', () => {
    const body = 'A ; name="v"\r\n0123456789\r\n1\nx\n0;last\r\nX-Sum: 1\r\nX-More: 2\n\r\n'
    const dialogue = talk({ include_body_for: ['text'] })
      .client(get('/1') + get('/2'))
      .server(
        message(
          ['HTTP/1.1 200 OK', 'Content-Type: text/x', 'Content-Length: 5', 'Transfer-Encoding: Chunked'],
          body,
        ),
        ok(),
      )
    assert.deepEqual(seen(dialogue), [
      ['GET /1', 200],
      ['GET /2', 200],
    ])
    assert.equal(field(dialogue.events[0], 'http.response.body.content'), '0123456789x')
    assert.equal(field(dialogue.events[0], 'http.response.headers.content-length'), 11)
  })

  it('is where the connection closes, when nothing else tells', () => {
    for (const reason of ['fin', 'end'] as const) {
      const dialogue = talk({ include_body_for: ['html'] })
        .client(get('/'))
        .server(message(['HTTP/1.0 200 OK', 'Content-Type: text/html'], '<p>'), '</p>')
        .close(reason)
      assert.deepEqual(seen(dialogue), [['GET /', 200]])
      assert.equal(field(dialogue.events[0], 'http.response.body.content'), '<p></p>')
      assert.equal(field(dialogue.events[0], 'http.response.headers.content-length'), 7)
    }
  })

  it('is where the next message begins, when the server kept the connection open', () => {
    const bare = message(['HTTP/1.1 200 OK'], 'bare')
    assert.deepEqual(seen(talk().client(get('/1')).server(bare).client(get('/2')).server(ok())), [
      ['GET /1', 200],
      ['GET /2', 200],
    ])
    assert.deepEqual(seen(talk().client(get('/1'), get('/2')).server(bare, ok())), [
      ['GET /1', 200],
      ['GET /2', 200],
    ])
  })

  it('is not told by lengths that contradict each other or are none', () => {
    for (const lengths of [['5', '6'], ['-5'], ['5 6'], ['99999999999999999999'], ['0x5'], ['']]) {
      const headers = lengths.map((length) => `Content-Length: ${length}`)
      const dialogue = talk()
        .client(get('/'))
        .server(message(['HTTP/1.1 200 OK', ...headers], 'body'))
      assert.equal(dialogue.events.length, 0, String(lengths))
      assert.deepEqual(seen(dialogue.close('fin')), [['GET /', 200]])
      assert.equal(field(dialogue.events[0], 'http.response.body.bytes'), 4)
    }
    const same = message(['HTTP/1.1 200 OK', 'Content-Length: 2, 2', 'Content-Length: 2'], 'ok')
    assert.equal(talk().client(get('/')).server(same).events.length, 1)
  })
})

describe('http: what is shown of a body', () => {
  it('is nothing, unless its type is asked for', () => {
    const dialogue = talk()
      .client(get('/'))
      .server(answer('200 OK', 'x'.repeat(5000)))
    assert.equal(field(dialogue.events[0], 'http.response.body.content'), undefined)
    assert.equal(field(dialogue.events[0], 'http.response.body.bytes'), 5000)
    const both = talk({ include_request_body_for: ['JSON'], include_response_body_for: ['html'] })
      .client(post('/', '{}', 'Content-Type: application/json'))
      .server(ok())
    assert.equal(field(both.events[0], 'http.request.body.content'), '{}')
    assert.equal(field(both.events[0], 'http.response.body.content'), undefined)
  })

  const text = 'compressed text, '.repeat(20)
  const coded: [string, Uint8Array][] = [
    ['gzip', zlib.gzipSync(text)],
    ['x-gzip', zlib.gzipSync(text)],
    ['deflate', zlib.deflateSync(text)],
    ['deflate', zlib.deflateRawSync(text)],
    ['br', zlib.brotliCompressSync(text)],
    // Node 20 cannot make it: `zstd -19 --check` of the same text.
    ['zstd', Buffer.from('KLUv/QRoxQAAiGNvbXByZXNzZWQgdGV4dCwgAQCBSJ1LZychvw==', 'base64')],
    ['identity', Buffer.from(text)],
    ['deflate, GZIP', zlib.gzipSync(zlib.deflateRawSync(text))],
  ]
  for (const [name, bytes] of coded)
    it(`is decoded from ${name}`, () => {
      const head = message([
        'HTTP/1.1 200 OK',
        'Content-Type: text/plain',
        `Content-Encoding: ${name}`,
        `Content-Length: ${bytes.length}`,
      ])
      const dialogue = talk({ include_body_for: ['text'], send_response: true })
      dialogue.client(get('/')).server(head, bytes)
      const [event] = dialogue.events
      assert.equal(field(event, 'error'), undefined)
      assert.equal(field(event, 'http.response.body.content'), text)
      assert.equal(field(event, 'http.response.body.bytes'), text.length)
      assert.equal(field(event, 'http.response.headers.content-length'), bytes.length)
      assert.equal(field(event, 'response'), head + text)
      assert.equal(dialogue.memory.held, 0)
    })

  it('is decoded from a coded transfer in chunks', () => {
    const bytes = zlib.gzipSync(text).toString('latin1')
    const dialogue = talk({ include_body_for: ['text'] }).client(get('/'))
    const head = message(['HTTP/1.1 200 OK', 'Content-Type: text/plain', 'Transfer-Encoding: gzip, chunked'])
    dialogue.server(Buffer.from(head + chunked(bytes.slice(0, 9), bytes.slice(9)), 'latin1'))
    assert.equal(field(dialogue.events[0], 'http.response.body.content'), text)
  })

  it('is what could be decoded, with a note', () => {
    const shown = (coding: string, bytes: Uint8Array, options = {}) => {
      const dialogue = talk({ include_body_for: ['text'], ...options }).client(get('/'))
      dialogue.server(
        message([
          'HTTP/1.1 200 OK',
          'Content-Type: text/plain',
          `Content-Encoding: ${coding}`,
          `Content-Length: ${bytes.length}`,
        ]),
        bytes,
      )
      const [event] = dialogue.events
      return [field(event, 'http.response.body.content'), field(event, 'error.message')]
    }
    const unable = 'unable to decode body using'
    assert.deepEqual(shown('gzip', Buffer.from('this is no gzip data')), [
      undefined,
      `${unable} gzip encoding: gzip: invalid header`,
    ])
    const [part, note] = shown('gzip', zlib.gzipSync(text).subarray(0, -12))
    assert.ok(text.startsWith(part as string) && (part as string).length > 0)
    assert.equal(note, `${unable} gzip encoding: unexpected EOF`)
    assert.deepEqual(shown('compress', Buffer.from('x')), [
      undefined,
      `${unable} compress encoding: decoder not found`,
    ])
    assert.match(
      String(shown('zstd', Buffer.from('this is no zstd'))[1]),
      /^unable to decode body using zstd/,
    )
    assert.match(
      String(shown('br', Buffer.from('\xff\xff\xff', 'latin1'))[1]),
      /^unable to decode body using br/,
    )
    assert.deepEqual(shown('gzip', Buffer.from('raw'), { decode_body: false }), ['raw', undefined])
  })

  it('is bounded, for bombs too', () => {
    for (const [coding, bytes] of [
      ['gzip', zlib.gzipSync(Buffer.alloc(5_000_000))],
      ['br', zlib.brotliCompressSync(Buffer.alloc(5_000_000))],
      ['zstd', zstdBomb(40)],
    ] as const) {
      const dialogue = talk({ include_body_for: ['text'], max_message_size: 100_000 }).client(get('/'))
      const head = `HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Encoding: ${coding}\r\n`
      dialogue.server(`${head}Content-Length: ${bytes.length}\r\n\r\n`, bytes)
      assert.equal(
        field(dialogue.events[0], 'error.message'),
        'body truncated due to size limitation',
        coding,
      )
      assert.equal(field(dialogue.events[0], 'http.response.body.bytes'), bytes.length)
    }
  })

  it('is its beginning, when the message is larger than max_message_size', () => {
    const dialogue = talk({ include_body_for: ['text'], max_message_size: 100 }).client(get('/'))
    dialogue.server(answer('200 OK', `begin${'x'.repeat(1000)}end`), ok())
    const [event] = dialogue.events
    assert.match(String(field(event, 'http.response.body.content')), /^beginx+$/)
    assert.equal(field(event, 'http.response.body.bytes'), 1008)
    assert.equal(field(event, 'error.message'), 'body truncated due to size limitation')
    assert.equal(dialogue.memory.held, 0)
  })

  it('has U+FFFD for each byte that is no text', () => {
    const dialogue = talk({ include_body_for: ['text'] }).client(get('/'))
    const body = Buffer.from('a\xf0\x9f\x98b\xe9\xc3\xa9\xff', 'latin1')
    dialogue.server(message(['HTTP/1.1 200 OK', 'Content-Type: text/x', 'Content-Length: 9']), body)
    assert.equal(
      field(dialogue.events[0], 'http.response.body.content'),
      'a\ufffd\ufffd\ufffdb\ufffd\u00e9\ufffd',
    )
  })
})

describe('http: zstd without the help of Node', () => {
  it('refuses a frame that wants too much memory', () => {
    // RFC 8878 §3.1.1.1.2: the exponent of the window is in the upper five bits.
    for (const frame of [
      [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00],
      [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0],
    ])
      assert.throws(() => portable(Buffer.from(frame), 1000), /window too large/)
  })

  it('reads frames that are skipped, and several', () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x02, 0x11, 0x00, 0x00, 0x68, 0x69])
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0x02, 0, 0, 0, 1, 2])
    assert.equal(portable(Buffer.concat([frame, skipped, frame]), 1000).toString(), 'hihi')
  })
})

/** Blocks of one byte repeated: RFC 8878 §3.1.1.2.2. */
function zstdBomb(blocks: number): Buffer {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])]
  for (let left = blocks; left > 0; left--) {
    const header = Buffer.alloc(4)
    header.writeUIntLE((left === 1 ? 1 : 0) | (1 << 1) | (0x20000 << 3), 0, 3)
    parts.push(header)
  }
  return Buffer.concat(parts)
}
