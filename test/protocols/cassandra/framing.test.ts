import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compressSync as lz4 } from 'lz4-napi'
import { compressSync as snappy } from 'snappy'
import { cassandra } from '../../../lib/protocols/cassandra/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import {
  bytes,
  compressedSegment,
  error,
  execute,
  i32,
  join,
  longString,
  nothing,
  prepare,
  prepared,
  query,
  request,
  response,
  result,
  rows,
  segment,
  string,
  stringMap,
  u16,
} from './builders.js'

const INT = 0x09
const VARCHAR = 0x0d

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

const seen = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ method, query, params, error, cassandra: { response } }) => [
    query ?? method,
    ...(params === undefined ? [] : [params.join()]),
    response?.error?.msg ??
      response?.result?.rows?.num_rows ??
      response?.result?.type ??
      response?.headers.op,
    ...(error === undefined ? [] : [error.message]),
  ])

/** An LZ4 block without the length that the library writes before it. */
const block = (payload: Buffer) => lz4(payload).subarray(4)
const withLength = (payload: Buffer) => join(i32(payload.length), block(payload))

describe('versions of the native protocol', () => {
  for (const version of [1, 2, 3, 4, 0x41])
    it(`${version}: prepares and executes`, () => {
      const how = { version }
      const isDse = version === 0x41
      const executed =
        version === 1
          ? request('EXECUTE', join(u16(2), 'id', u16(1), bytes(i32(7)), u16(1)), how)
          : isDse
            ? request('EXECUTE', join(u16(2), 'id', u16(1), i32(1), u16(1), bytes(i32(7))), how)
            : execute('id', [i32(7)], how)
      const ready = isDse
        ? result(
            4,
            join(
              u16(2),
              'id',
              i32(1),
              i32(1),
              i32(0),
              string('k'),
              string('t'),
              string('c'),
              u16(INT),
              i32(4),
              i32(0),
            ),
            how,
          )
        : prepared('id', [INT], how)
      const dialogue = new Dialogue(cassandra)
        .client(request('PREPARE', longString('SELECT a FROM t WHERE k = ?'), how))
        .server(ready)
        .client(executed)
        .server(rows([INT], [[i32(1)]], how))
      assert.deepEqual(seen(dialogue).at(-1), ['SELECT a FROM t WHERE k = ?', '7', 1])
      const { headers, consistency } = eventsOf(dialogue).at(-1).cassandra.request
      assert.deepEqual([headers.version, consistency], [String(version), 'ONE'])
    })

  it('1: the user of CREDENTIALS, and tables that change', () => {
    const dialogue = new Dialogue(cassandra)
      .client(request('CREDENTIALS', stringMap({ username: 'ada', password: 'secret' }), { version: 1 }))
      .server(response('READY', join(), { version: 1 }))
      .client(request('QUERY', join(longString('CREATE TABLE t (a int)'), u16(1)), { version: 1 }))
      .server(result(5, join(...['CREATED', 'ks', 't'].map(string)), { version: 1 }))
    const [, { user, path, cassandra: document }] = eventsOf(dialogue)
    assert.deepEqual([user.name, path], ['ada', 'ks.t'])
    assert.deepEqual(document.response.result.schema_change, {
      change: 'CREATED',
      target: 'TABLE',
      keyspace: 'ks',
      object: 't',
    })
    assert.doesNotMatch(JSON.stringify(dialogue.events), /secret/)
  })

  it('66: is asked for first, and refused in another', () => {
    const dialogue = new Dialogue(cassandra)
      .client(request('OPTIONS', join(), { version: 0x42 }))
      .server(error(10, 'unsupported', join(), { version: 5 }))
      .client(request('OPTIONS', join(), { version: 5, flags: 0x10 }))
      .server(response('SUPPORTED', u16(0), { version: 5 }))
    assert.deepEqual(seen(dialogue), [
      ['OPTIONS', 'unsupported'],
      ['OPTIONS', 'SUPPORTED'],
    ])
    assert.equal(eventsOf(dialogue)[1].cassandra.request.headers.flags, 'UseBeta')
  })
})

describe('compressed frames', () => {
  const cql = `SELECT '${'x'.repeat(200)}' FROM t`
  const asked = join(longString(cql), u16(1), Buffer.from([0]))
  const flags = { flags: 1 }

  for (const [name, compress] of [
    ['LZ4', withLength],
    ['Snappy', (payload: Buffer) => snappy(payload)],
  ] as const)
    it(`are decoded: ${name}, from any place of a connection`, () => {
      const frames = join(
        request('QUERY', compress(asked), flags),
        request('QUERY', compress(asked), { ...flags, stream: 2 }),
      )
      const answers = join(
        response('RESULT', compress(i32(1)), flags),
        response('RESULT', compress(i32(1)), { ...flags, stream: 2 }),
      )
      for (const chunks of splits(frames)) {
        const dialogue = new Dialogue(cassandra).client(...chunks).server(answers)
        assert.deepEqual(seen(dialogue), [
          [cql, 'void'],
          [cql, 'void'],
        ])
        assert.equal(eventsOf(dialogue)[0].cassandra.request.headers.flags, 'Compress')
        assert.equal(dialogue.close().memory.held, 0)
      }
    })

  it('may be empty', () => {
    for (const empty of [join(), Buffer.from([0]), i32(0), Buffer.from([0, 0, 0, 0, 0])]) {
      const dialogue = new Dialogue(cassandra)
        .client(request('REGISTER', u16(0)))
        .server(response('READY', empty, flags))
      assert.deepEqual(seen(dialogue), [['REGISTER', 'READY']])
      assert.deepEqual(dialogue.counts, {})
    }
  })

  it('say so when they are broken, and the connection goes on', () => {
    for (const broken of [
      Buffer.from([0, 0, 1]),
      // More than so few bytes can become.
      join(i32(0x00ffffff), 'xyz'),
      join(i32(100), 'no block at all'),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3]),
      Buffer.from('no snappy'),
    ]) {
      const dialogue = new Dialogue(cassandra)
        .client(request('QUERY', broken, flags), query('SELECT 2', { stream: 2 }))
        .server(nothing(), nothing({ stream: 2 }))
      assert.deepEqual(seen(dialogue), [
        ['QUERY', 'void', 'The frame could not be decompressed'],
        ['SELECT 2', 'void'],
      ])
      assert.deepEqual(dialogue.counts, { undecoded_frames: 1 })
    }
  })

  it('are not held when they are too long', () => {
    const dialogue = new Dialogue(cassandra).client(
      request('QUERY', Buffer.alloc(1_100_000, 1), flags),
      query('SELECT 2', { stream: 2 }),
    )
    dialogue.server(nothing(), nothing({ stream: 2 }))
    assert.deepEqual(seen(dialogue), [
      ['QUERY', 'void', 'The frame could not be decompressed'],
      ['SELECT 2', 'void'],
    ])
  })

  it('are read up to a MiB of what they become', () => {
    const statement = `SELECT '${'x'.repeat(2_000_000)}'`
    const long = withLength(join(longString(statement), u16(1), Buffer.from([0])))
    const dialogue = new Dialogue(cassandra).client(request('QUERY', long, flags)).server(nothing())
    assert.deepEqual(seen(dialogue), [['QUERY', 'void', 'The frame is too long to be read whole']])
    assert.deepEqual(dialogue.counts, { truncated_frames: 1 })
  })
})

describe('segments of version 5', () => {
  const how = { version: 5 }
  const begin = (dialogue: Dialogue, answer: 'READY' | 'AUTHENTICATE' = 'READY') =>
    dialogue
      .client(request('STARTUP', stringMap({ CQL_VERSION: '3.0.0' }), how))
      .server(response(answer, answer === 'READY' ? join() : string('PasswordAuthenticator'), how))

  const asked = join(prepare('INSERT INTO t (k) VALUES (?)', how), query('SELECT 2', { ...how, stream: 2 }))
  const answered = join(prepared('id', [VARCHAR], how), nothing({ ...how, stream: 2 }))
  const expected = [
    ['STARTUP', 'READY'],
    ['INSERT INTO t (k) VALUES (?)', 'prepared'],
    ['SELECT 2', 'void'],
  ]
  const framings: Record<string, (payload: Buffer, whole?: boolean) => Buffer> = {
    'not compressed': segment,
    'with LZ4': (payload) => compressedSegment(block(payload), payload.length),
    'with LZ4 that was not worth while': (payload) => compressedSegment(payload, 0),
  }

  for (const [name, framed] of Object.entries(framings)) {
    it(`begin when a connection is set up: ${name}`, () => {
      for (const chunks of splits(framed(asked)))
        for (const answers of chunks.length > 2 ? splits(framed(answered)) : [[framed(answered)]]) {
          const dialogue = begin(new Dialogue(cassandra))
            .client(...chunks)
            .server(...answers)
          assert.deepEqual(seen(dialogue), expected)
          assert.deepEqual(dialogue.counts, {})
          assert.equal(dialogue.close().memory.held, 0)
        }
    })

    it(`are told from frames when the begin was not captured: ${name}`, () => {
      const dialogue = new Dialogue(cassandra).client(framed(asked)).server(framed(answered))
      assert.deepEqual(seen(dialogue), expected.slice(1))
    })

    it(`hold parts of long frames: ${name}`, () => {
      const long = execute('id', ['y'.repeat(300_000)], how)
      const parts = [long.subarray(0, 100_000), long.subarray(100_000, 200_000), long.subarray(200_000)]
      const dialogue = begin(new Dialogue(cassandra), 'AUTHENTICATE')
        .client(framed(prepare('INSERT INTO t (k) VALUES (?)', how)))
        .server(framed(prepared('id', [VARCHAR], how)))
        .client(...parts.map((part) => framed(part, false)), framed(query('SELECT 2', { ...how, stream: 2 })))
        .server(framed(join(nothing(how), nothing({ ...how, stream: 2 }))))
      assert.deepEqual(seen(dialogue).slice(2), [
        ['INSERT INTO t (k) VALUES (?)', `${'y'.repeat(1024)}…`, 'void'],
        ['SELECT 2', 'void'],
      ])
      assert.equal(dialogue.close().memory.held, 0)
    })
  }

  it('are passed over when they begin in the midst of a frame', () => {
    const long = execute('id', ['y'.repeat(200_000)], how)
    const dialogue = new Dialogue(cassandra).client(
      segment(long.subarray(100_000), false),
      segment(query('SELECT 2', how)),
    )
    dialogue.server(segment(nothing(how)))
    assert.deepEqual(seen(dialogue), [['SELECT 2', 'void']])
    assert.deepEqual(dialogue.counts, { passed_bytes: long.length - 100_000 })
  })

  it('are found again after a gap', () => {
    const long = rows(
      [VARCHAR],
      Array.from({ length: 9000 }, () => [join('a row of some length')]),
      how,
    )
    const dialogue = begin(new Dialogue(cassandra))
      .client(segment(query('SELECT 1', how)), segment(query('SELECT 2', { ...how, stream: 2 })))
      .server(segment(long.subarray(0, 100_000), false))
      .gap(1, 1000)
      // The end of what was lost in part, and then something whole.
      .server(segment(long.subarray(100_000), false), segment(nothing({ ...how, stream: 2 })))
    assert.deepEqual(seen(dialogue).slice(1), [
      ['SELECT 1', 9000],
      ['SELECT 2', 'void'],
    ])
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('end the conversation when a CRC is wrong', () => {
    for (const at of [0, 5, 8, asked.length + 9]) {
      const broken = join(segment(asked))
      broken[at] = (broken[at] as number) ^ 0x10
      const dialogue = begin(new Dialogue(cassandra)).client(segment(asked), broken)
      assert.equal(dialogue.counts.malformed, 1, `at ${at}`)
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('end the conversation when they cannot be decompressed', () => {
    const dialogue = begin(new Dialogue(cassandra)).client(
      compressedSegment(Buffer.from('no block'), 100_000),
    )
    assert.deepEqual(dialogue.counts, { malformed: 1 })
  })
})

describe('long frames', () => {
  it('of rows are read up to their number', () => {
    const long = rows(
      [INT, VARCHAR],
      Array.from({ length: 100_000 }, () => [i32(1), join('x'.repeat(100))]),
    )
    const dialogue = new Dialogue(cassandra).client(query('SELECT * FROM t'))
    for (let at = 0; at < long.length; at += 1448) {
      dialogue.server(long.subarray(at, at + 1448))
      assert.ok(dialogue.memory.held < 100_000)
    }
    assert.deepEqual(seen(dialogue), [['SELECT * FROM t', 100_000]])
    assert.equal(eventsOf(dialogue)[0].destination.bytes, long.length)
  })

  it('of requests are read up to a MiB', () => {
    const dialogue = new Dialogue(cassandra)
      .client(prepare('INSERT INTO t (a, b) VALUES (?, ?)'))
      .server(prepared('id', [VARCHAR, VARCHAR]))
      .client(execute('id', ['a', 'x'.repeat(2_000_000)]), query('SELECT 2', { stream: 2 }))
      .server(nothing(), nothing({ stream: 2 }))
    assert.deepEqual(seen(dialogue).slice(1), [
      ['INSERT INTO t (a, b) VALUES (?, ?)', 'a', 'void', 'The frame is too long to be read whole'],
      ['SELECT 2', 'void'],
    ])
    assert.deepEqual(dialogue.counts, { truncated_frames: 1 })
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('are read however many columns they have', () => {
    const types = Array.from({ length: 3000 }, () => VARCHAR)
    const wide = rows(types, [types.map(() => join('x'))])
    const dialogue = new Dialogue(cassandra).client(query('SELECT * FROM t'))
    for (let at = 0; at < wide.length; at += 100) dialogue.server(wide.subarray(at, at + 100))
    assert.deepEqual(seen(dialogue), [['SELECT * FROM t', 1]])
    assert.equal(eventsOf(dialogue)[0].cassandra.response.result.rows.meta.col_count, 3000)
  })
})
