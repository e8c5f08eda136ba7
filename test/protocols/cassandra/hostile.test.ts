import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cassandra } from '../../../lib/protocols/cassandra/index.js'
import { Dialogue } from '../../support/dialogue.js'
import {
  bytes,
  error,
  execute,
  i32,
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
  string,
  u8,
  u16,
} from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

const header = (...numbers: number[]) => Buffer.from(numbers)
const options = (count: number) => join(u16(count), ...Array.from({ length: count }, () => string('')))

/** What no client sends. */
const requests: Record<string, Buffer> = {
  'a version that there is not': header(0x07, 0, 0, 1, 5, 0, 0, 0, 0),
  'an answer': nothing(),
  'flags that there are not': header(0x04, 0x20, 0, 1, 5, 0, 0, 0, 0),
  'an operation that there is not': header(0x04, 0, 0, 1, 0x11, 0, 0, 0, 0),
  'a frame of more than 256 MiB': header(0x04, 0, 0, 1, 7, 0x10, 0, 0, 0),
  'a statement longer than its frame': request('QUERY', join(i32(100), 'SELECT')),
  'a statement of less than nothing': request('QUERY', i32(-5)),
  'no consistency': request('QUERY', longString('SELECT 1')),
  'a value of less than nothing': request(
    'QUERY',
    join(longString('SELECT ?'), u16(1), u8(1), u16(1), i32(-3)),
  ),
  'a value longer than its frame': request(
    'QUERY',
    join(longString('SELECT ?'), u16(1), u8(1), u16(1), i32(9)),
  ),
  'more values than it has': request('QUERY', join(longString('SELECT ?'), u16(1), u8(1), u16(65_535))),
  'a batch of statements of a third kind': request('BATCH', join(u8(0), u16(1), u8(2))),
  'a batch of more statements than it has': request('BATCH', join(u8(0), u16(65_535))),
  'more options than anybody has': request('STARTUP', options(65)),
  'a token longer than its frame': request('AUTH_RESPONSE', i32(10)),
}

/** What no server sends. */
const responses: Record<string, Buffer> = {
  'a request': query('SELECT 1'),
  'a result of a kind that there is not': result(6),
  'fewer than no columns': result(2, join(i32(0), i32(-1))),
  'fewer than no rows': result(2, join(i32(4), i32(1), i32(-1))),
  'more columns than it has': result(2, join(i32(1), i32(2 ** 31 - 1), string('ks'), string('t'))),
  'columns of a type that there is not': result(
    2,
    join(i32(1), i32(1), string('ks'), string('t'), string('c'), u16(0x99)),
  ),
  'types in types without end': result(
    2,
    join(i32(1), i32(1), string('ks'), string('t'), string('c'), Buffer.alloc(2000, Buffer.from([0, 0x20]))),
  ),
  'a key of more columns than a table has': result(4, join(string('id'), i32(1), i32(1), i32(65_536))),
  'an error that ends too soon': error(0x1000, 'no', u16(1)),
  'more failures than replicas': error(0x1300, 'no', join(u16(1), i32(1), i32(1), i32(65_536)), {
    version: 5,
  }),
  'more options than anybody has': response('SUPPORTED', options(65)),
  'an event that ends too soon': response('EVENT', string('STATUS_CHANGE')),
}

describe('hostile input for Cassandra', () => {
  for (const [what, wire] of Object.entries(requests))
    it(`${what} from the client ends the conversation`, () => {
      const dialogue = new Dialogue(cassandra).client(query('SELECT 1', { stream: 9 }), wire)
      assert.equal(dialogue.counts.malformed, 1)
      // What waits is reported.
      assert.equal(dialogue.events.length, 1)
      assert.equal(dialogue.memory.held, 0)
    })

  for (const [what, wire] of Object.entries(responses))
    it(`${what} from the server ends the conversation`, () => {
      const dialogue = new Dialogue(cassandra).client(query('SELECT 1')).server(nothing({ stream: 2 }), wire)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.events.length, 1)
      assert.equal(dialogue.memory.held, 0)
    })

  it('values, statements and names are shown up to what is sensible', () => {
    const many = Array.from({ length: 300 }, () => 'x')
    const statement = join(u8(0), longString('s'), u16(0))
    const payload = join(
      u16(70),
      ...Array.from({ length: 70 }, (_, index) => join(string(`n${index}`), bytes(undefined))),
    )
    const dialogue = new Dialogue(cassandra)
      .client(request('QUERY', join(payload, longString('SELECT ?'), parameters(many)), { flags: 4 }))
      .server(
        response('RESULT', join(u16(20), ...Array.from({ length: 20 }, () => string('warning')), i32(1)), {
          flags: 8,
        }),
      )
      .client(
        request(
          'BATCH',
          join(u8(0), u16(200), ...Array.from({ length: 200 }, () => statement), u16(1), u8(0)),
        ),
      )
      .server(nothing())
    const [first, second] = eventsOf(dialogue)
    assert.equal(first.params.length, 256)
    assert.equal(first.cassandra.request.custom_payload.length, 64)
    assert.equal(first.cassandra.response.warnings.length, 16)
    assert.equal(second.query.split('; ').length, 100)
    assert.equal(second.cassandra.request.batch.size, 200)
  })

  it('names of options that no field may have are left out', () => {
    for (const name of ['__proto__', 'a.b', '', 'x'.repeat(65)]) {
      const map = join(u16(1), string(name), string('x'))
      const dialogue = new Dialogue(cassandra).client(request('STARTUP', map)).server(response('READY'))
      const [{ cassandra: document }] = eventsOf(dialogue)
      assert.deepEqual(document.request.options, {})
    }
  })

  it('prepared statements are forgotten when there are too many, the unused first', () => {
    const dialogue = new Dialogue(cassandra)
      .client(prepare('SELECT used'))
      .server(prepared('used', []))
      .client(execute('used', []))
      .server(nothing())
    for (let index = 0; index < 16_384; index++)
      dialogue.client(prepare(`SELECT ${index}`)).server(prepared(`id${index}`, []))
    dialogue.events.length = 0
    for (const id of ['used', 'id0', 'id1']) dialogue.client(execute(id, [])).server(nothing())
    assert.deepEqual(
      dialogue.events.map(({ query }) => query),
      ['SELECT used', undefined, 'SELECT 1'],
    )
    assert.deepEqual(dialogue.counts, { forgotten_statements: 1, unknown_statements: 1 })
  })

  it('prepared statements take no more than 16 MiB', () => {
    const dialogue = new Dialogue(cassandra)
    const long = 'x'.repeat(20_000)
    for (let index = 0; index < 600; index++)
      dialogue.client(prepare(`SELECT ${index} ${long}`)).server(prepared(`id${index}`, []))
    const { forgotten_statements = 0 } = dialogue.counts
    assert.ok(forgotten_statements > 90 && forgotten_statements < 110, `${forgotten_statements}`)
  })

  it('a few bytes that execute a long statement many times are no long event', () => {
    const long = `SELECT ${'x'.repeat(20_000)}`
    const one = join(u8(1), u16(2), 'id', u16(0))
    const dialogue = new Dialogue(cassandra)
      .client(prepare(long))
      .server(prepared('id', []))
      .client(execute('id', []))
      .server(nothing())
      .client(request('BATCH', join(u8(0), u16(90), ...Array.from({ length: 90 }, () => one), u16(1), u8(0))))
      .server(nothing())
    const shown = `${long.slice(0, 16_384)}…`
    assert.deepEqual(
      dialogue.events.map(({ query }) => query),
      [long, shown, shown],
    )
  })

  it('a statement takes no more time than its length, whatever it says', { timeout: 5000 }, () => {
    const space = ' '.repeat(900_000)
    const statements = [
      `CREATE ROLE a WITH PASSWORD${space}`,
      `ALTER USER a WITH PASSWORD =${space}x`,
      `CREATE ROLE a WITH ${"password 'x".repeat(80_000)}`,
      `SELECT${space}FROM`,
      'DELETE FROM '.repeat(80_000),
    ]
    for (const cql of statements) {
      const dialogue = new Dialogue(cassandra).client(query(cql)).server(nothing())
      assert.equal(dialogue.events.length, 1)
    }
  })

  it('a request for which there is no memory is reported at once', () => {
    const dialogue = new Dialogue(cassandra)
    dialogue.memory.take(64 * 1024 * 1024)
    dialogue.client(query('SELECT 1')).server(nothing())
    assert.equal(dialogue.events[0]?.query, 'SELECT 1')
    assert.deepEqual(dialogue.counts, { evicted_requests: 1, unmatched_requests: 1, unmatched_responses: 1 })
  })
})
