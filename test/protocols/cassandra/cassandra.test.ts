import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cassandra } from '../../../lib/protocols/cassandra/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import {
  bytes,
  error,
  execute,
  i32,
  i64,
  join,
  longString,
  nothing,
  parameters,
  prepare,
  prepared,
  query,
  request,
  response,
  result,
  rows,
  shortBytes,
  string,
  stringList,
  stringMap,
  u8,
  u16,
} from './builders.js'

const VARCHAR = 0x0d
const INT = 0x09

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

/** What a test usually wants to see of an event. */
const seen = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ method, query, params, status, error, cassandra: { response } }) => [
    query ?? method,
    ...(params === undefined ? [] : [params]),
    response?.error?.msg ??
      response?.result?.rows?.num_rows ??
      response?.result?.type ??
      response?.headers.op,
    ...(error === undefined ? [status] : [status, error.message]),
  ])

describe('cassandra', () => {
  it('pairs a query with its result', () => {
    const dialogue = new Dialogue(cassandra)
    dialogue
      .client(query('SELECT name FROM ks.t', { stream: 7 }))
      .server(rows([VARCHAR], [[join('a')], [join('b')]], { stream: 7 }))
    assert.deepEqual(dialogue.events, [
      {
        type: 'cassandra',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        method: 'SELECT',
        path: 'ks.t',
        query: 'SELECT name FROM ks.t',
        cassandra: {
          request: {
            headers: { version: '4', flags: 'Default', stream: 7, op: 'QUERY', length: 28 },
            query: 'SELECT name FROM ks.t',
            consistency: 'ONE',
          },
          response: {
            headers: { version: '4', flags: 'Default', stream: 7, op: 'RESULT', length: 39 },
            result: {
              type: 'rows',
              rows: {
                num_rows: 2,
                meta: { keyspace: 'ks', table: 't', flags: 'GlobalTableSpec', col_count: 1 },
              },
            },
          },
        },
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 37 },
        destination: { ip: '10.0.0.2', port: 9042, bytes: 48 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 37 },
        server: { ip: '10.0.0.2', port: 9042, bytes: 48 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 85 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('pairs by stream id, however TCP cuts the frames', () => {
    const asked = join(query('SELECT 1', { stream: 1 }), prepare('SELECT 2', { stream: 2 }))
    const answered = join(error(0x2200, 'no', join(), { stream: 2 }), nothing({ stream: 1 }))
    for (const chunks of splits(asked))
      for (const answers of chunks.length > 2 ? splits(answered) : [[answered]]) {
        const dialogue = new Dialogue(cassandra).client(...chunks).server(...answers)
        assert.deepEqual(seen(dialogue), [
          ['SELECT 2', 'no', 'Error'],
          ['SELECT 1', 'void', 'OK'],
        ])
        assert.equal(dialogue.close().memory.held, 0)
      }
  })

  it('resolves what is executed, on all connections', () => {
    const converse = new Dialogue(cassandra)
      .client(prepare('INSERT INTO t (a, b) VALUES (?, ?)'))
      .server(prepared('id', [INT, VARCHAR]))
      .client(execute('id', [i32(-5), undefined]))
      .server(nothing())
      // Another connection: the capture is the same.
      .close()
      .client(execute('id', [i32(6), 'ü']))
      .server(nothing())
    assert.deepEqual(seen(converse).slice(1), [
      ['INSERT INTO t (a, b) VALUES (?, ?)', ['-5', 'null'], 'void', 'OK'],
      ['INSERT INTO t (a, b) VALUES (?, ?)', ['6', 'ü'], 'void', 'OK'],
    ])
    const [first, second] = eventsOf(converse)
    assert.deepEqual([first.method, first.path], ['PREPARE', 'ks.t'])
    assert.deepEqual(first.cassandra.response.result.prepared, {
      prepared_id: '6964',
      req_meta: { keyspace: 'ks', table: 't', flags: 'GlobalTableSpec', col_count: 2, pkey_columns: [0] },
      resp_meta: { flags: 'NoMetaData', col_count: 0 },
    })
    assert.deepEqual(
      [second.method, second.path, second.cassandra.request.prepared_id],
      ['INSERT', 'ks.t', '6964'],
    )
  })

  it('says so when a statement was prepared before the capture', () => {
    const dialogue = new Dialogue(cassandra)
      .client(execute('id', [i32(1), 'text', '\x00\xff']))
      .server(error(0x2500, 'unknown', shortBytes('id')))
    assert.deepEqual(seen(dialogue), [
      [
        'EXECUTE',
        ['0x00000001', 'text', '0x00c3bf'],
        'unknown',
        'Error',
        'The actual query being used is unknown',
      ],
    ])
    assert.deepEqual(eventsOf(dialogue)[0].cassandra.response.error, {
      code: 0x2500,
      type: 'errUnprepared',
      msg: 'unknown',
      details: { stmt_id: '6964' },
    })
    assert.deepEqual(dialogue.counts, { unknown_statements: 1 })
  })

  it('reads the parameters of a query', () => {
    const body = join(
      longString('UPDATE t SET a = ? WHERE k = ? IF a = 1'),
      u16(6),
      u8(0x7d | 0x40),
      u16(2),
      string('a'),
      bytes('x'),
      string('k'),
      i32(-2),
      i32(100),
      bytes('\x01\x02'),
      u16(9),
      i64(1_700_000_000_000_000),
    )
    const dialogue = new Dialogue(cassandra).client(request('QUERY', body)).server(nothing())
    const [{ params, cassandra: document }] = eventsOf(dialogue)
    assert.deepEqual(params, ['x', 'unset'])
    assert.deepEqual(
      { ...document.request, headers: undefined, query: undefined },
      {
        consistency: 'LOCAL_QUORUM',
        serial_consistency: 'LOCAL_SERIAL',
        page_size: 100,
        paging_state: '0102',
        timestamp: '1700000000000000',
        headers: undefined,
        query: undefined,
      },
    )
  })

  it('reads batches, of statements prepared and not', () => {
    const batch = join(
      u8(1),
      u16(3),
      u8(1),
      shortBytes('id'),
      u16(1),
      bytes(i32(1)),
      u8(0),
      longString('DELETE FROM t'),
      u16(0),
      u8(1),
      shortBytes('other'),
      u16(0),
      u16(4),
      u8(0x10),
      u16(8),
    )
    const dialogue = new Dialogue(cassandra)
      .client(prepare('UPDATE t SET a = ?'))
      .server(prepared('id', [INT]))
      .client(request('BATCH', batch))
      .server(nothing())
    assert.deepEqual(seen(dialogue)[1], [
      'UPDATE t SET a = ?; DELETE FROM t; ?',
      ['1'],
      'void',
      'OK',
      'The actual query being used is unknown',
    ])
    const { method, path, cassandra: document } = eventsOf(dialogue)[1]
    assert.deepEqual([method, path], ['BATCH', 'ks.t'])
    assert.deepEqual(document.request.batch, { type: 'UNLOGGED', size: 3 })
    assert.deepEqual(
      [document.request.consistency, document.request.serial_consistency],
      ['QUORUM', 'SERIAL'],
    )
  })

  it('knows the keyspace of a connection', () => {
    const dialogue = new Dialogue(cassandra)
      .client(query('USE shop'))
      .server(result(3, string('shop')))
      .client(query('INSERT INTO "Orders" (id) VALUES (1)'))
      .server(nothing())
      .client(query('DELETE a FROM Other.t WHERE k = 1'))
      .server(nothing())
    assert.deepEqual(
      eventsOf(dialogue).map(({ path, cassandra: { request, response } }) => [
        path,
        request.keyspace,
        response.result.keyspace,
      ]),
      [
        [undefined, undefined, 'shop'],
        ['shop.Orders', 'shop', undefined],
        ['other.t', 'shop', undefined],
      ],
    )
  })

  it('tells who logs in, and hides passwords', () => {
    const dialogue = new Dialogue(cassandra)
      .client(request('STARTUP', stringMap({ CQL_VERSION: '3.0.0' })))
      .server(response('AUTHENTICATE', string('PasswordAuthenticator')))
      .client(request('AUTH_RESPONSE', bytes('\0ada\0wrong')))
      .server(error(0x100, 'bad credentials'))
      .client(request('AUTH_RESPONSE', bytes('\0ada\0secret')))
      .server(response('AUTH_SUCCESS', bytes(undefined)))
      .client(query("CREATE ROLE bob WITH PASSWORD = 'it''s secret' AND LOGIN = true"))
      .server(nothing())
      .client(query("alter user bob with password 'secret"))
      .server(error(0x2000, "no viable alternative at 'password 'secret'"))
      .client(query('/* new */ CREATE USER c WITH PASSWORD $$a secret$$'))
      .server(nothing())
    assert.deepEqual(
      eventsOf(dialogue).map(({ user, query, status }) => [user?.name, query, status]),
      [
        [undefined, undefined, 'OK'],
        ['ada', undefined, 'Error'],
        ['ada', undefined, 'OK'],
        ['ada', "CREATE ROLE bob WITH PASSWORD = '***' AND LOGIN = true", 'OK'],
        ['ada', "alter user bob with password '***'", 'Error'],
        ['ada', "/* new */ CREATE USER c WITH PASSWORD '***'", 'OK'],
      ],
    )
    assert.doesNotMatch(JSON.stringify(dialogue.events), /secret|wrong/)
    const [first] = eventsOf(dialogue)
    assert.deepEqual(first.cassandra.request.options, { CQL_VERSION: '3.0.0' })
    assert.equal(first.cassandra.response.authentication.class, 'PasswordAuthenticator')
  })

  it('leaves out tokens that are not of SASL PLAIN', () => {
    for (const token of ['\x60\x82\0\x01\0\x02', 'PLAIN', '', '\0a\0b\0c'])
      assert.equal(
        eventsOf(
          new Dialogue(cassandra)
            .client(request('AUTH_RESPONSE', bytes(token)))
            .server(response('AUTH_CHALLENGE', bytes('a secret'))),
        )[0].user,
        undefined,
      )
  })

  it('reports what the server pushes', () => {
    const dialogue = new Dialogue(cassandra)
      .client(request('REGISTER', stringList('STATUS_CHANGE', 'SCHEMA_CHANGE')))
      .server(response('READY'))
      .server(
        response(
          'EVENT',
          join(string('STATUS_CHANGE'), string('DOWN'), u8(4), u8(10), u8(0), u8(0), u8(3), i32(9042)),
          {
            stream: -1,
          },
        ),
      )
      .server(
        response(
          'EVENT',
          join(...['SCHEMA_CHANGE', 'CREATED', 'FUNCTION', 'ks', 'f'].map(string), stringList('int', 'text')),
          { stream: -1 },
        ),
      )
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, cassandra: { no_request, request, response } }) => [
        method,
        no_request,
        request?.events,
        response.event,
      ]),
      [
        ['REGISTER', undefined, ['STATUS_CHANGE', 'SCHEMA_CHANGE'], undefined],
        ['EVENT', true, undefined, { type: 'STATUS_CHANGE', change: 'DOWN', host: '10.0.0.3', port: 9042 }],
        [
          'EVENT',
          true,
          undefined,
          {
            type: 'SCHEMA_CHANGE',
            schema_change: {
              change: 'CREATED',
              target: 'FUNCTION',
              keyspace: 'ks',
              name: 'f',
              args: ['int', 'text'],
            },
          },
        ],
      ],
    )
  })

  it('reads tracing ids, warnings and custom payloads', () => {
    const payload = join(u16(1), string('trace'), bytes('x'))
    const dialogue = new Dialogue(cassandra)
      .client(request('QUERY', join(payload, longString('SELECT 1'), parameters()), { flags: 6 }))
      .server(
        result(1, join(), { flags: 0 }),
        // Never asked for.
        nothing({ stream: 9 }),
      )
      .client(query('SELECT 2'))
      .server(
        response(
          'RESULT',
          join(
            Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
            stringList('big batch'),
            payload,
            i32(1),
          ),
          { flags: 14 },
        ),
      )
    const [first, second] = eventsOf(dialogue)
    assert.deepEqual(first.cassandra.request.headers.flags, ['Tracing', 'CustomPayload'])
    assert.deepEqual(first.cassandra.request.custom_payload, ['trace'])
    const { tracing_id, warnings, custom_payload } = second.cassandra.response
    assert.deepEqual(
      [tracing_id, warnings, custom_payload],
      ['00112233-4455-6677-8899-aabbccddeeff', ['big batch'], ['trace']],
    )
    assert.deepEqual(dialogue.counts, { unmatched_responses: 1 })
  })

  it('tells what a server supports', () => {
    const supported = join(
      u16(2),
      string('COMPRESSION'),
      stringList('snappy', 'lz4'),
      string('__proto__'),
      stringList('x'),
    )
    const dialogue = new Dialogue(cassandra)
      .client(request('OPTIONS'))
      .server(response('SUPPORTED', supported))
    assert.deepEqual(eventsOf(dialogue)[0].cassandra.response.supported, { COMPRESSION: ['snappy', 'lz4'] })
  })

  it('leaves out what options say', () => {
    const dialogue = new Dialogue(cassandra, {
      send_request: false,
      send_response: false,
      ignored_ops: ['OPTIONS', 'ERROR'],
    })
    dialogue
      .client(request('OPTIONS'))
      .server(response('SUPPORTED', u16(0)))
      .client(query('SELECT 1'))
      .server(error(0, 'no'))
      .client(request('QUERY', join(longString('SELECT 2'), parameters(['x']))))
      .server(nothing())
    const [event, ...others] = eventsOf(dialogue)
    assert.deepEqual(others, [])
    assert.deepEqual([event.query, event.cassandra, event.params], ['SELECT 2', undefined, undefined])
    const headers = { send_request_header: false, send_response_header: false }
    const bare = new Dialogue(cassandra, headers).client(query('SELECT 3')).server(nothing())
    assert.deepEqual(eventsOf(bare)[0].cassandra, {
      request: { query: 'SELECT 3', consistency: 'ONE' },
      response: { result: { type: 'void' } },
    })
  })
})

describe('a request of Cassandra without its response', () => {
  it('is an event at the timeout, and another when the response comes late', () => {
    const dialogue = new Dialogue(cassandra)
      .client(query('SELECT 1'), query('SELECT 2', { stream: 2 }))
      .wait(11)
    dialogue.server(nothing({ stream: 2 })).close()
    assert.deepEqual(seen(dialogue), [
      ['SELECT 1', undefined, 'Error', 'Unmatched request'],
      ['SELECT 2', undefined, 'Error', 'Unmatched request'],
      [
        'SELECT 2',
        'void',
        'OK',
        'The response came after transaction_timeout; the request was reported before',
      ],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 2, late_responses: 1 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('is an event at the end, and when its stream id is used again', () => {
    const dialogue = new Dialogue(cassandra).client(query('SELECT 1'), query('SELECT 2')).server(nothing())
    dialogue.client(execute('id', [])).close('end')
    assert.deepEqual(seen(dialogue), [
      ['SELECT 1', undefined, 'Error', 'Unmatched request'],
      ['SELECT 2', 'void', 'OK'],
      ['EXECUTE', undefined, 'Error', ['The actual query being used is unknown', 'Unmatched request']],
    ])
  })

  it('says so when bytes of the server were lost, and the connection goes on', () => {
    const dialogue = new Dialogue(cassandra)
      .client(query('SELECT 1', { stream: 1 }), query('SELECT 2', { stream: 2 }))
      .server(rows([INT], [[i32(1)]], { stream: 1 }).subarray(0, 30))
      .gap(1, 100)
      .server('the midst of something', nothing({ stream: 2 }))
      .wait(11)
    assert.deepEqual(seen(dialogue), [
      ['SELECT 2', 'void', 'OK'],
      ['SELECT 1', undefined, 'Error', 'Packet loss while capturing the response'],
    ])
    assert.deepEqual(dialogue.counts, { passed_bytes: 22, unmatched_requests: 1 })
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('keeps its place when what was lost would not have been read', () => {
    const many = Array.from({ length: 5000 }, () => [join('a row of some length')])
    const long = rows([VARCHAR], many)
    const dialogue = new Dialogue(cassandra)
      .client(query('SELECT 1'))
      .server(long.subarray(0, 8000))
      .gap(1, 40_000)
      .server(long.subarray(48_000), nothing({ stream: 2 }))
    assert.deepEqual(seen(dialogue), [['SELECT 1', 5000, 'OK']])
    assert.deepEqual(dialogue.counts, { unmatched_responses: 1 })
  })

  it('goes on after a gap on the side of the client', () => {
    const dialogue = new Dialogue(cassandra)
      .client(query('SELECT 1'), query('SELECT 2', { stream: 2 }).subarray(0, 20))
      .gap(0, 50)
      .server(nothing(), nothing({ stream: 2 }))
      .client('x', query('SELECT 3', { stream: 3 }))
      .server(nothing({ stream: 3 }))
    assert.deepEqual(seen(dialogue), [
      ['SELECT 1', 'void', 'OK'],
      ['SELECT 3', 'void', 'OK'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_responses: 1, passed_bytes: 1 })
  })

  it('makes way for others when there are too many', () => {
    const dialogue = new Dialogue(cassandra)
    for (let stream = 0; stream <= 16_384; stream++) dialogue.client(request('OPTIONS', join(), { stream }))
    assert.deepEqual(seen(dialogue), [
      ['OPTIONS', undefined, 'Error', 'Too many requests without a response'],
    ])
    assert.deepEqual(dialogue.counts, { evicted_requests: 1, unmatched_requests: 1 })
    dialogue.close()
    assert.equal(dialogue.events.length, 16_385)
    assert.equal(dialogue.memory.held, 0)
  })
})

describe('a capture that begins in the midst of a connection', () => {
  it('passes over the rest of a frame to what can be read', () => {
    const long = rows([VARCHAR], [[join('x'.repeat(300))]])
    const dialogue = new Dialogue(cassandra)
      .client(query('SELECT 1'))
      .server(long.subarray(100))
      .server(nothing())
    assert.deepEqual(seen(dialogue), [['SELECT 1', 'void', 'OK']])
    assert.deepEqual(dialogue.counts, { passed_bytes: long.length - 100 })
  })

  it('is no conversation until one side is understood', () => {
    const dialogue = new Dialogue(cassandra).server('HTTP/1.1 200 OK\r\n').client('GET / HTTP/1.1\r\n\r\n')
    assert.deepEqual(dialogue.counts, { malformed: 2 })
  })

  it('leaves encrypted connections alone', () => {
    const hello = Buffer.from('16030100c8010000c40303', 'hex')
    const dialogue = new Dialogue(cassandra).client(hello, query('SELECT 1')).server(nothing())
    assert.deepEqual(dialogue.events, [])
    assert.deepEqual(dialogue.counts, { encrypted_connections: 1 })
  })
})
