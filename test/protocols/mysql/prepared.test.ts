import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mysql } from '../../../lib/protocols/mysql/index.js'
import { TYPE } from '../../../lib/protocols/mysql/values.js'
import { Dialogue } from '../../support/dialogue.js'
import {
  bytes,
  CURSOR,
  column,
  connected,
  eof,
  err,
  execute,
  ok,
  packet,
  packets,
  prepare,
  prepared,
  query,
  seen,
  TODAY,
  text,
  u16,
  u32,
  u64,
} from './wire.js'

const UNSIGNED = 0x8000
const f32 = (value: number) => Buffer.from(Float32Array.of(value).buffer)
const f64 = (value: number) => Buffer.from(Float64Array.of(value).buffer)
const unknown = column('?', { table: '.' })

/** A connection with a statement of that many parameters, its id 7. */
const ready = (parameters: number, options: Record<string, unknown> = {}): Dialogue =>
  new Dialogue(mysql, options)
    .client(prepare('select ?'))
    .server(prepared(7, new Array(parameters).fill(unknown), [column('a')]))

/** What the last event shows of the parameters. */
const params = ({ events }: Dialogue): unknown => events.at(-1)?.params

const done = packet(1, ok())

describe('mysql, prepared statements', () => {
  it('knows the SQL of an execution, its parameters and binary rows', () => {
    for (const classic of [true, false]) {
      const end = classic ? eof() : ok({ first: 0xfe })
      const columns = [column('a', { type: TYPE.LONG }), column('b')]
      const rows = [bytes(0, 0, u32(5), text('x')), bytes(0, 0b1000, u32(0xffffffff))]
      const dialogue = new Dialogue(mysql, { send_request: true, send_response: true })
        .client(prepare('select a, b from item where a > ?'))
        .server(prepared(7, [unknown], columns, classic))
        .client(execute(7, [[TYPE.LONG, u32(4)]]))
        .server(packets(1, bytes(2), ...columns, ...(classic ? [end] : []), ...rows, end))
      const [first, second] = dialogue.events
      assert.deepEqual(
        [first?.method, first?.query, first?.error, first?.mysql],
        [
          'PREPARE',
          'select a, b from item where a > ?',
          undefined,
          { affected_rows: 0, insert_id: 0, num_fields: 2, num_rows: 0 },
        ],
      )
      assert.deepEqual(
        [second?.method, second?.query, second?.request, second?.params, second?.response],
        ['SELECT', first?.query, first?.query, ['4'], 'a,b\n5,x\n-1,NULL\n'],
      )
    }
  })

  const date = bytes(u16(2024), 2, 29)
  const values: [string, number, Buffer | null, string][] = [
    ['tiny', TYPE.TINY, bytes(0xff), '-1'],
    ['unsigned tiny', TYPE.TINY | UNSIGNED, bytes(0xff), '255'],
    ['short', TYPE.SHORT, u16(0x8000), '-32768'],
    ['unsigned short', TYPE.SHORT | UNSIGNED, u16(0x8000), '32768'],
    ['year', TYPE.YEAR, u16(2024), '2024'],
    ['long', TYPE.LONG, u32(0x80000000), '-2147483648'],
    ['unsigned long', TYPE.LONG | UNSIGNED, u32(0x80000000), '2147483648'],
    ['int24', TYPE.INT24, u32(0xffffffff), '-1'],
    ['longlong', TYPE.LONGLONG, u64(-1n), '-1'],
    ['unsigned longlong', TYPE.LONGLONG | UNSIGNED, u64(-1n), '18446744073709551615'],
    ['float', TYPE.FLOAT, f32(0.1), '0.1'],
    ['precise float', TYPE.FLOAT, f32(16777217.5), '16777218'],
    ['double', TYPE.DOUBLE, f64(-1.5e300), '-1.5e+300'],
    ['decimal', TYPE.NEWDECIMAL, text('12.340'), '12.340'],
    ['date', TYPE.DATE, bytes(4, date), '2024/2/29 0:0:0'],
    ['no date', TYPE.DATETIME, bytes(0), '0/0/0 0:0:0'],
    ['datetime', TYPE.DATETIME, bytes(7, date, 1, 2, 3), '2024/2/29 1:2:3'],
    ['timestamp', TYPE.TIMESTAMP, bytes(11, date, 1, 2, 3, u32(45)), '2024/2/29 1:2:3.000045'],
    ['time', TYPE.TIME, bytes(8, 1, u32(2), 3, 4, 5), '-51:04:05'],
    ['no time', TYPE.TIME, bytes(0), '00:00:00'],
    ['precise time', TYPE.TIME, bytes(12, 0, u32(0), 3, 4, 5, u32(6)), '03:04:05.000006'],
    ['text', TYPE.VAR_STRING, text('ü'.repeat(200)), 'ü'.repeat(200)],
    ['blob', TYPE.BLOB, text(bytes(0xff, 0x41)), '\ufffdA'],
    ['json', TYPE.JSON, text('{}'), '{}'],
    ['NULL by its type', TYPE.NULL, bytes(), 'TYPE_NULL'],
    ['NULL by the bitmap', TYPE.LONG, null, 'TYPE_NULL'],
  ]
  for (const [name, type, value, shown] of values)
    it(`shows a parameter: ${name}`, () => {
      const dialogue = ready(2)
        .client(
          execute(7, [
            [type, value],
            [TYPE.TINY, bytes(9)],
          ]),
        )
        .server(done)
      assert.deepEqual(params(dialogue), [shown, '9'])
    })

  it('remembers how parameters were bound', () => {
    const dialogue = ready(2)
      .client(
        execute(7, [
          [TYPE.TINY | UNSIGNED, bytes(200)],
          [TYPE.VAR_STRING, text('a')],
        ]),
      )
      .server(done)
      .client(packet(0, 0x17, u32(7), 0, u32(1), 0b10, 0, bytes(201)))
      .server(done)
    assert.deepEqual(
      dialogue.events.slice(1).map(({ params }) => params),
      [
        ['200', 'a'],
        ['201', 'TYPE_NULL'],
      ],
    )
  })

  it('puts together what was sent ahead of an execution, and forgets it afterwards', () => {
    const ahead = (content: string) => packet(0, 0x18, u32(7), u16(0), content)
    const dialogue = ready(2)
      .client(ahead('long '), ahead('data'))
      .client(
        execute(7, [
          [TYPE.BLOB, bytes()],
          [TYPE.TINY, bytes(1)],
        ]),
      )
      .server(done)
    assert.deepEqual(params(dialogue), ['long data', '1'])
    dialogue
      .client(
        execute(7, [
          [TYPE.BLOB, text('x')],
          [TYPE.TINY, bytes(1)],
        ]),
      )
      .server(done)
    assert.deepEqual(params(dialogue), ['x', '1'])
    dialogue
      .client(
        ahead('y'.repeat(5000)),
        execute(7, [
          [TYPE.BLOB, bytes()],
          [TYPE.TINY, bytes(1)],
        ]),
      )
      .server(done)
    assert.deepEqual(params(dialogue), ['y'.repeat(1024), '1'])
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('shows the parameters of each row of a bulk', () => {
    const types = bytes(u16(TYPE.LONG), u16(TYPE.VAR_STRING))
    const rows = bytes(0, u32(1), 0, text('a'), 0, u32(2), 1, 2, 3)
    const dialogue = ready(2)
      .client(packet(0, 0xfa, u32(7), u16(128), types, rows))
      .server(done)
    assert.deepEqual(params(dialogue), ['1', 'a', '2', 'TYPE_NULL', 'DEFAULT', 'IGNORE'])
    const many = Buffer.concat(Array.from({ length: 5000 }, () => bytes(0, u32(1), 1)))
    dialogue.client(packet(0, 0xfa, u32(7), u16(128), types, many)).server(done)
    assert.equal((params(dialogue) as string[]).length, 1024)
  })

  it('fetches rows by a cursor', () => {
    const columns = [column('a', { type: TYPE.LONG })]
    const dialogue = new Dialogue(mysql, { send_response: true })
      .client(prepare('select a'))
      .server(prepared(7, [], columns, true))
      .client(execute(7, [], 1))
      .server(packets(1, bytes(1), ...columns, eof(CURSOR)))
      .client(packet(0, 0x1c, u32(7), u32(2)))
      .server(packets(1, bytes(0, 0, u32(1)), bytes(0, 0, u32(2)), eof(CURSOR | 0x80)))
      .client(packet(0, 0x1a, u32(7)))
      .server(done)
    assert.deepEqual(
      dialogue.events.map(({ method, query, response }) => [method, query, response]),
      [
        ['PREPARE', 'select a', ''],
        ['SELECT', 'select a', 'a\n'],
        ['FETCH', 'select a', '1\n2\n'],
        ['STMT_RESET', 'select a', ''],
      ],
    )
    assert.deepEqual(dialogue.counts, {})
  })

  it('uses the columns that it knows where MariaDB does not send them again', () => {
    const columns = [column('a', { type: TYPE.LONG }), column('b')]
    const dialogue = new Dialogue(mysql, { send_response: true })
      .client(prepare('select a, b'))
      .server(prepared(7, [], columns))
      .client(execute(7, []))
      .server(packets(1, bytes(2, 0), bytes(0, 0, u32(3), text('x')), ok({ first: 0xfe })))
    assert.equal(dialogue.events[1]?.response, 'a,b\n3,x\n')
  })

  it('executes what is still being prepared (MariaDB’s id -1)', () => {
    const dialogue = connected()
      .client(prepare('select ?'), execute(0xffffffff, [[TYPE.LONG, u32(42)]]), prepare('select 2'))
      .server(prepared(7, [unknown], [column('a')]), done, packet(1, err(1, 'no')))
    assert.deepEqual(
      dialogue.events.slice(1).map(({ query, params }) => [query, params]),
      [
        ['select ?', undefined],
        ['select ?', ['42']],
        ['select 2', undefined],
      ],
    )
    dialogue.client(prepare('select 3'), execute(0xffffffff, [])).close()
    assert.equal(dialogue.memory.held, 0)
  })

  it('tells query attributes from parameters', () => {
    const dialogue = connected({}, TODAY | (1 << 27))
      .client(prepare('select ?'))
      .server(prepared(7, [unknown], []))
    const both = bytes(
      2,
      0,
      1,
      u16(TYPE.LONG),
      text(''),
      u16(TYPE.VAR_STRING),
      text('trace'),
      u32(5),
      text('abc'),
    )
    dialogue.client(packet(0, 0x17, u32(7), 8, u32(1), both)).server(done)
    assert.deepEqual(params(dialogue), ['5'])
    assert.deepEqual((dialogue.events.at(-1) as { mysql: Record<string, unknown> }).mysql.attributes, [
      'trace=abc',
    ])
  })

  it('says so when the statement is not known', () => {
    const unknownOf = ({ events }: Dialogue) => [events.at(-1)?.query, events.at(-1)?.error]
    const expected = ['Request Execute Statement', { message: 'The actual query being used is unknown' }]
    const dialogue = new Dialogue(mysql).client(execute(9, [])).server(done)
    assert.deepEqual(unknownOf(dialogue), expected)
    const closed = ready(0)
      .client(packet(0, 0x19, u32(7)), execute(7, []))
      .server(done)
    assert.deepEqual(unknownOf(closed), expected)
    const reset = ready(0).client(packet(0, 0x1f)).server(done).client(execute(7, [])).server(done)
    assert.deepEqual(unknownOf(reset), expected)
    const old = ready(0, { statement_timeout: '1m' }).wait(61).client(execute(7, [])).server(done)
    assert.deepEqual(unknownOf(old), expected)
  })

  it('forgets the oldest of too many, and counts them', () => {
    const dialogue = new Dialogue(mysql)
    for (let id = 0; id <= 4096; id++) dialogue.client(prepare(`select ${id}`)).server(prepared(id, [], []))
    dialogue.client(execute(0, [])).server(done).client(execute(4096, [])).server(done)
    assert.deepEqual(
      dialogue.events.slice(-2).map(({ query }) => query),
      ['Request Execute Statement', 'select 4096'],
    )
    assert.equal(dialogue.counts.forgotten_statements, 1)
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('keeps its place whether or not an EOF packet ends what is prepared', () => {
    for (const classic of [true, false]) {
      const dialogue = new Dialogue(mysql)
        .client(prepare('insert ?'), query('select 1'))
        .server(prepared(7, [unknown], [], classic), packet(1, ok({ affected: 2 })))
      assert.deepEqual(seen(dialogue), [
        ['insert ?', 0, 'OK'],
        ['select 1', 2, 'OK'],
      ])
      assert.deepEqual(dialogue.counts, {})
    }
  })

  for (const [name, parameters] of Object.entries({
    'a type that there is none of': [[99, bytes(1)]] as [number, Buffer][],
    'a date of 5 bytes': [[TYPE.DATE, bytes(5, date, 1)]] as [number, Buffer][],
    'a time of 3 bytes': [[TYPE.TIME, bytes(3, 1, 2, 3)]] as [number, Buffer][],
  }))
    it(`refuses ${name}`, () => {
      assert.equal(ready(1).client(execute(7, parameters)).counts.malformed, 1)
    })
})
