import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mysql } from '../../../lib/protocols/mysql/index.js'
import type { Direction } from '../../../lib/protocols/protocol.js'
import { Dialogue } from '../../support/dialogue.js'
import {
  bytes,
  column,
  connected,
  err,
  execute,
  greeting,
  login,
  of,
  ok,
  packet,
  packets,
  prepare,
  prepared,
  query,
  result,
  seen,
  text,
  u16,
  u32,
} from './wire.js'

const done = packet(1, ok())
const notes = ({ events }: Dialogue) =>
  events.map(({ query, status, error }) => [
    query,
    status,
    (error as { message?: string } | undefined)?.message,
  ])

const CLIENT: Direction = 0
const SERVER: Direction = 1

describe('mysql, what is lost', () => {
  it('answers commands that were sent ahead in their order', () => {
    const dialogue = new Dialogue(mysql)
      .client(bytes(query('select 1'), query('select 2'), query('select 3')))
      .server(bytes(result([column('a')], [['1']]), packet(1, err(1, 'no')), done))
    assert.deepEqual(seen(dialogue), [
      ['select 1', 1, 'OK'],
      ['select 2', 1, 'Error'],
      ['select 3', 0, 'OK'],
    ])
  })

  it('reports a command that is never answered', () => {
    const dialogue = new Dialogue(mysql).client(query('select sleep(100)')).close('reset')
    assert.deepEqual(notes(dialogue), [['select sleep(100)', 'Error', 'Unmatched request']])
    assert.equal(dialogue.events[0]?.mysql, undefined)
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
  })

  it('reports a command at its timeout, and the answer that comes later', () => {
    const dialogue = new Dialogue(mysql)
      .client(query('select sleep(11)'))
      .wait(11)
      .server(result([column('a')], [['0']]))
      .close()
    assert.deepEqual(notes(dialogue), [
      ['select sleep(11)', 'Error', 'Unmatched request'],
      [
        'select sleep(11)',
        'OK',
        'The response came after transaction_timeout; the request was reported before',
      ],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, late_responses: 1 })
  })

  it('lets an answer that has begun take its time', () => {
    const answer = result([column('a')], [['1'], ['2']])
    const dialogue = new Dialogue(mysql)
      .client(query('select *'))
      .server(answer.subarray(0, 30))
      .wait(100)
      .server(answer.subarray(30))
    assert.deepEqual(seen(dialogue), [['select *', 2, 'OK']])
    assert.deepEqual(dialogue.counts, {})
  })

  it('says so when an answer ends in its midst', () => {
    const answer = result([column('a')], [['1'], ['2']])
    const dialogue = new Dialogue(mysql).client(query('select *')).server(answer.subarray(0, -9)).close()
    assert.deepEqual(notes(dialogue), [['select *', 'Error', 'The response is incomplete']])
    assert.equal(of(dialogue.events[0], 'mysql').num_rows, 2)
  })

  it('goes on after a hole in an answer, with all it knows of the connection', () => {
    const answer = result([column('a')], [['1'], ['2'], ['3']])
    const dialogue = connected()
      .client(prepare('select 7'))
      .server(prepared(7, [], []))
      .client(query('select *'))
      .server(answer.subarray(0, -20))
      .gap(SERVER, 11)
      .server(answer.subarray(-9))
      .client(execute(7, []))
      .server(done)
      .close()
    assert.deepEqual(notes(dialogue).slice(2), [
      ['select *', 'OK', 'Packet loss while capturing the response'],
      ['select 7', 'OK', undefined],
    ])
    assert.deepEqual(dialogue.events.at(-1)?.user, { name: 'anna' })
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, unmatched_responses: 1 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('reports what came of a command before a hole', () => {
    const long = query(`insert '${'x'.repeat(3000)}'`)
    const dialogue = new Dialogue(mysql)
      .client(query('select 1'))
      .server(done)
      .client(long.subarray(0, 1000))
      .gap(CLIENT, 1000)
      .client(long.subarray(2000))
      .server(done)
      .client(query('select 2'))
      .server(done)
      .close()
    assert.deepEqual(
      notes(dialogue).map(([query, ...rest]) => [String(query).slice(0, 9), ...rest]),
      [
        ['select 1', 'OK', undefined],
        ["insert 'x", 'Error', 'Packet loss while capturing the request'],
        ['select 2', 'OK', undefined],
      ],
    )
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, unmatched_responses: 1 })
  })

  it('takes a login whose answer was lost for one that went well', () => {
    const dialogue = new Dialogue(mysql)
      .server(greeting())
      .client(login())
      .gap(SERVER, 11)
      .client(query('select 1'))
      .server(done)
    assert.deepEqual(notes(dialogue), [
      ['LOGIN anna', 'Error', 'Packet loss while capturing the response'],
      ['select 1', 'OK', undefined],
    ])
    assert.deepEqual(dialogue.events[1]?.user, { name: 'anna' })
  })

  it('begins in the midst of a connection, and of an answer', () => {
    const dialogue = new Dialogue(mysql)
      .server('the rest of some row, and then more of it')
      .server('and more')
      .client(query('select 1'))
      .server(done)
    assert.deepEqual(seen(dialogue), [['select 1', 0, 'OK']])
    assert.deepEqual(dialogue.counts, { unmatched_responses: 1 })
  })

  it('keeps the beginning of a long command, and no row that nobody asked for', () => {
    const dialogue = new Dialogue(mysql)
    const long = query(`insert '${'x'.repeat(3_000_000)}'`)
    for (let at = 0; at < long.length; at += 1460) dialogue.client(long.subarray(at, at + 1460))
    assert.equal(dialogue.memory.held, 0)
    const answer = result([column('a')], [['y'.repeat(60_000)], ['z']])
    for (let at = 0; at < answer.length; at += 1460) {
      dialogue.server(answer.subarray(at, at + 1460))
      assert.ok(dialogue.memory.held <= 16_384)
    }
    const [event] = dialogue.events
    assert.equal(String(event?.query).length, 1024 * 1024 - 1)
    assert.equal(of(event, 'source').bytes, long.length)
    assert.equal(of(event, 'mysql').num_rows, 2)
    assert.deepEqual(dialogue.counts, { cut_requests: 1 })
  })

  it('reads messages of several packets', () => {
    const body = bytes(3, 'select ', 'x'.repeat(0x1000003))
    const dialogue = new Dialogue(mysql)
      .client(bytes(0xff, 0xff, 0xff, 0, body.subarray(0, 0xffffff)), packet(1, body.subarray(0xffffff)))
      .server(packet(2, ok({ affected: 1 })))
      .client(bytes(0xff, 0xff, 0xff, 0, body.subarray(0, 0xffffff)), packet(1))
      .server(packet(2, ok({ affected: 2 })))
    assert.deepEqual(
      seen(dialogue).map((one) => (one as unknown[])[1]),
      [1, 2],
    )
  })

  it('gives up commands that nobody answers', () => {
    const dialogue = new Dialogue(mysql)
    const all = Buffer.concat(Array.from({ length: 20_001 }, () => packet(0, 0x0e)))
    dialogue.client(all)
    assert.equal(dialogue.counts.evicted_requests, 20_000)
    assert.deepEqual(notes(dialogue)[0], ['PING', 'Error', 'Too many requests without a response'])
    dialogue.server(done)
    assert.deepEqual(notes(dialogue).at(-1), ['PING', 'OK', undefined])
  })

  it('bounds what a response shows', () => {
    const many = result(
      [column('a')],
      Array.from({ length: 20 }, (_, at) => [`${at}`]),
    )
    const dialogue = new Dialogue(mysql, { send_response: true, max_rows: 2 })
      .client(query('select'))
      .server(many)
    assert.equal(dialogue.events[0]?.response, 'a\n0\n1\n')
    const wide = result([column('a'), column('b')], [['x'.repeat(2000), 'y']])
    const cut = new Dialogue(mysql, { send_response: true }).client(query('select')).server(wide)
    assert.equal(cut.events[0]?.response, `a,b\n${'x'.repeat(1024)}\n`)
  })

  it('bounds names of empty results without end', () => {
    const names = Array.from({ length: 60 }, (_, at) => column(`${at}${'n'.repeat(240)}`))
    const dialogue = new Dialogue(mysql, { send_response: true }).client(query('call endless()'))
    for (let round = 0, first = 1; round < 100; round++) {
      dialogue.server(result(names, [], { classic: false, status: 2 | 8, first }))
      first += 62
    }
    dialogue.close()
    assert.ok(String(dialogue.events[0]?.response).length < 1_100_000)
  })

  const clients: Record<string, Buffer | string> = {
    HTTP: 'GET / HTTP/1.1\r\n\r\n',
    SSH: 'SSH-2.0-OpenSSH_9.2\r\n',
    PostgreSQL: bytes(0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f),
    'an unknown command': packet(0, 0x77),
    'an empty command': packet(0),
    'a ping of two bytes': packet(0, 0x0e, 1),
    'a command that is not the first of its kind': packet(3, 3, 'select 1'),
    'a login of nothing': packet(1, 0x00, 0x02),
  }
  for (const [name, wire] of Object.entries(clients))
    it(`refuses ${name} from a client`, () => {
      const dialogue = new Dialogue(mysql).client(wire)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.close().memory.held, 0)
    })

  const servers: Record<string, Buffer> = {
    'an empty answer': packet(1),
    'a packet out of sequence': packet(3, ok()),
    'a result of no columns': packet(1, 0xfc, u16(0)),
    'a result of too many columns': packet(1, 0xfc, u16(5000)),
    'a length of 255': packets(1, bytes(1), bytes(3, 'def', 0xff, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxx')),
    'a column that ends too early': packets(1, bytes(1), bytes(text('def'), text('shop'))),
    'an OK that ends too early': packet(1, 0, 0xfe, 1, 2, 3, 4),
    'more after the number of columns': packet(1, 2, 3, 4, 5),
  }
  for (const [name, wire] of Object.entries(servers))
    it(`survives ${name} from a server`, () => {
      const dialogue = new Dialogue(mysql).client(query('select 1')).server(wire)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.events.length, 1)
      assert.equal(dialogue.close().memory.held, 0)
    })

  for (const [name, wire] of Object.entries({
    'a statement of too many columns': packet(1, 0, u32(1), u16(65_535), u16(0), 0, u16(0)),
    'columns in the place of parameters': packets(
      1,
      bytes(0, u32(1), u16(0), u16(2), 0, u16(0)),
      bytes(0xfe, 0, 0, 0, 0),
    ),
    'an answer of another kind': packet(1, 3, 'def'),
  }))
    it(`survives ${name} to a statement that is prepared`, () => {
      const dialogue = new Dialogue(mysql).client(prepare('select ?')).server(wire)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.close().memory.held, 0)
    })

  it('takes bounded time for rows in tiny pieces', () => {
    const answer = result(
      [column('a')],
      Array.from({ length: 20_000 }, () => ['x']),
      { classic: false },
    )
    const dialogue = new Dialogue(mysql, { send_response: true }).client(query('select *'))
    const start = performance.now()
    for (let at = 0; at < answer.length; at += 3) dialogue.server(answer.subarray(at, at + 3))
    assert.deepEqual(seen(dialogue), [['select *', 20_000, 'OK']])
    assert.ok(performance.now() - start < 2000)
  })
})
