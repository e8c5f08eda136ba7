import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splits } from '../../support/splits.js'
import {
  commandComplete,
  concat,
  copyData,
  copyDone,
  copyIn,
  copyOut,
  dataRow,
  emptyQuery,
  errorResponse,
  functionCall,
  functionResult,
  noticeResponse,
  notification,
  query,
  readyForQuery,
  rowDescription,
} from './builder.js'
import { dialogue, notes, seen, told } from './support.js'

const one = (tag = 'SELECT 1') => concat(rowDescription({ n: undefined }), dataRow('1'), commandComplete(tag))

describe('a simple query', () => {
  it('is an event', () => {
    const talk = dialogue({ send_request: true, send_response: true })
    talk.client(query('select 1 as n;')).server(concat(one(), readyForQuery()))
    assert.deepEqual(talk.events, [
      {
        type: 'pgsql',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        method: 'SELECT',
        query: 'select 1 as n',
        request: 'select 1 as n',
        response: 'n\n1\n',
        pgsql: { num_rows: 1, num_fields: 1, command_tag: 'SELECT 1', transaction_status: 'idle' },
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 20 },
        destination: { ip: '10.0.0.2', port: 5432, bytes: 53 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 20 },
        server: { ip: '10.0.0.2', port: 5432, bytes: 53 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 73 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('is read however TCP cuts it', () => {
    const asked = concat(query('select 1; update t set a = 2'), query('selct'))
    const answer = concat(
      concat(rowDescription({ n: undefined, t: undefined }), dataRow('1', 'x,y'), dataRow(null, '')),
      concat(commandComplete('SELECT 2'), commandComplete('UPDATE 7'), readyForQuery('T')),
      concat(errorResponse('42601'), readyForQuery('E')),
    )
    for (const chunks of splits(asked))
      for (const answers of chunks.length > 2 ? splits(answer) : [[answer]]) {
        const talk = dialogue({ send_response: true })
        talk
          .client(...chunks)
          .server(...answers)
          .close()
        assert.deepEqual(
          told(talk, 'query', 'num_rows', 'num_fields', 'affected_rows', 'response', 'transaction_status'),
          [
            ['select 1', 2, 2, null, 'n,t\n1,"x,y"\nNULL,\n', null],
            ['update t set a = 2', 0, 0, 7, '', 'active'],
            ['selct', 0, 0, null, '', 'failed'],
          ],
        )
        assert.equal(talk.memory.held, 0)
      }
  })

  it('that failed says why, and what of its string was not run', () => {
    const talk = dialogue().client(query('select 1; select nothing; drop table t'))
    const error = errorResponse('42703', { D: 'detail', H: 'hint', t: 'item', c: 'nothing', n: 'key' })
    talk.server(concat(one(), error, readyForQuery()))
    assert.deepEqual(seen(talk), [
      ['select 1', 1, 'OK'],
      ['select nothing', 0, 'Error'],
      ['drop table t', 0, 'Error'],
    ])
    assert.deepEqual(notes(talk), [null, null, 'Not run: a statement before it failed'])
    assert.deepEqual(talk.events[1]?.pgsql, {
      num_rows: 0,
      num_fields: 0,
      transaction_status: 'idle',
      error_severity: 'ERROR',
      error_code: '42703',
      error_message: 'error 42703',
      error_detail: 'detail',
      error_hint: 'hint',
      error_table: 'item',
      error_column: 'nothing',
      error_constraint: 'key',
    })
    assert.deepEqual(talk.counts, { not_run: 1 })
  })

  it('with a mistake in a later statement blames that one', () => {
    const talk = dialogue().client(query('select 1; selct 2; select 3'))
    talk.server(concat(errorResponse('42601', { P: '11' }), readyForQuery()))
    assert.deepEqual(told(talk, 'query', 'error_code'), [
      ['select 1', null],
      ['selct 2', '42601'],
      ['select 3', null],
    ])
    assert.deepEqual(notes(talk), [
      'Not run: a statement before it failed',
      null,
      'Not run: a statement before it failed',
    ])
  })

  it('without a word is an event too', () => {
    const talk = dialogue()
    for (const ping of ['', ' ; ', '-- ping'])
      talk.client(query(ping)).server(concat(emptyQuery, readyForQuery()))
    assert.deepEqual(told(talk, 'method'), [['EMPTY'], ['EMPTY'], ['EMPTY']])
  })

  it('with more or fewer results than statements does not disturb the next', () => {
    const talk = dialogue()
    talk.client(query('select 1; select 2'), query('select 3'), query('select 4'))
    talk.server(concat(one(), readyForQuery()), concat(one(), one(), one(), readyForQuery()))
    talk.server(concat(one(), readyForQuery()))
    assert.deepEqual(seen(talk), [
      ['select 1', 1, 'OK'],
      ['select 2', 0, 'Error'],
      ['select 3', 3, 'OK'],
      ['select 4', 1, 'OK'],
    ])
  })

  it('carries the notices of the server, at most ten', () => {
    const talk = dialogue().client(query('do $$ begin raise notice; end $$'))
    for (let n = 0; n < 12; n++) talk.server(noticeResponse(`n ${n}`))
    talk.server(concat(commandComplete('DO'), readyForQuery()))
    assert.deepEqual(told(talk, 'notices'), [[Array.from({ length: 10 }, (_, n) => `NOTICE: n ${n}`)]])
    assert.deepEqual(talk.counts, { dropped_notices: 2 })
  })

  it('keeps no more rows than it is told, and counts all', () => {
    const talk = dialogue({ send_response: true, max_rows: 2, max_row_length: 4 })
    talk.client(query('select'))
    talk.server(
      concat(rowDescription({ a: undefined, b: undefined }), ...Array(5).fill(dataRow('123', '456'))),
    )
    talk.server(concat(commandComplete('SELECT 5'), readyForQuery()))
    talk.client(query('select')).server(concat(one(), readyForQuery()))
    assert.deepEqual(told(talk, 'num_rows', 'response'), [
      [5, 'a,b\n123,4\n123,4\n'],
      [1, 'n\n1\n'],
    ])
  })

  it('calls a function', () => {
    const talk = dialogue().client(functionCall(1598)).server(concat(functionResult, readyForQuery()))
    assert.deepEqual(told(talk, 'method', 'query'), [['FUNCTION', 'function 1598']])
  })
})

describe('COPY', () => {
  it('counts what is copied in', () => {
    const talk = dialogue().client(query('copy t from stdin')).server(copyIn)
    talk.client(concat(copyData('1\n'), copyData('2\n')), copyDone)
    talk.server(concat(commandComplete('COPY 2'), readyForQuery()))
    assert.deepEqual(told(talk, 'affected_rows', 'num_rows'), [[2, 0]])
    const [source] = talk.events.map(({ source }) => source as { bytes: number })
    assert.equal(source?.bytes, 23 + 2 * 7 + 5)
  })

  it('counts what is copied out, and never holds it', () => {
    const talk = dialogue().client(query('copy t to stdout'))
    const data = concat(
      copyOut,
      copyData('x'.repeat(100_000)),
      copyDone,
      commandComplete('COPY 1'),
      readyForQuery(),
    )
    for (let at = 0; at < data.length; at += 1000) {
      talk.server(data.subarray(at, at + 1000))
      assert.ok(talk.memory.held < 100)
    }
    assert.deepEqual(told(talk, 'affected_rows'), [[1]])
  })
})

describe('what a server sends unasked', () => {
  it('is an event when LISTEN asked for it', () => {
    const talk = dialogue({ send_response: true }).client(query('listen c'))
    talk.server(concat(commandComplete('LISTEN'), readyForQuery(), notification('c', 'hello')))
    assert.deepEqual(told(talk, 'method', 'resource', 'response', 'process_id')[1], [
      'NOTIFICATION',
      'c',
      'hello',
      7,
    ])
  })

  it('is an event when it ends the session', () => {
    const talk = dialogue()
      .client(query('begin'))
      .server(concat(commandComplete('BEGIN'), readyForQuery('T')))
    talk.server(errorResponse('25P03', { S: 'FATAL', V: 'FATAL' })).close()
    assert.deepEqual(told(talk, 'method', 'error_code', 'status'), [
      ['BEGIN', null, 'OK'],
      ['DISCONNECT', '25P03', 'Error'],
    ])
  })

  it('is counted when it answers nothing', () => {
    const talk = dialogue().client(query('select 1'))
    talk.server(concat(one(), readyForQuery(), one(), errorResponse('42601'), readyForQuery()))
    assert.equal(talk.events.length, 1)
    assert.deepEqual(talk.counts, { unmatched_responses: 3 })
  })
})
