import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splits } from '../../support/splits.js'
import {
  bind,
  bindComplete,
  closeComplete,
  closePortal,
  closeStatement,
  commandComplete,
  concat,
  copyData,
  copyDone,
  copyIn,
  dataRow,
  describePortal,
  describeStatement,
  errorResponse,
  execute,
  flush,
  i32,
  noData,
  parameterDescription,
  parse,
  parseComplete,
  portalSuspended,
  query,
  readyForQuery,
  rowDescription,
  sync,
} from './builder.js'
import { dialogue, notes, seen, told } from './support.js'

const done = (tag = 'SELECT 1') => concat(bindComplete, dataRow('1'), commandComplete(tag))

describe('an extended query', () => {
  it('is an event, whether it is parsed now or was before', () => {
    const asked = concat(
      concat(parse('select $1;', 'name'), bind(['a'], { name: 'name' }), describePortal(), execute(), sync),
      concat(bind([null], { name: 'name' }), execute(), sync),
    )
    const answer = concat(
      concat(parseComplete, bindComplete, rowDescription({ n: undefined }), dataRow('a')),
      concat(commandComplete('SELECT 1'), readyForQuery(), done(), readyForQuery()),
    )
    for (const chunks of splits(asked))
      for (const answers of chunks.length > 2 ? splits(answer) : [[answer]]) {
        const talk = dialogue({ send_response: true })
        talk
          .client(...chunks)
          .server(...answers)
          .close()
        assert.deepEqual(told(talk, 'query', 'statement', 'params', 'num_fields', 'response', 'method'), [
          ['select $1', 'name', ['a'], 1, 'n\na\n', 'SELECT'],
          ['select $1', 'name', ['NULL'], 1, 'n\n1\n', 'SELECT'],
        ])
        assert.equal(talk.memory.held, 0)
      }
  })

  it('that is only parsed is a PREPARE', () => {
    const talk = dialogue().client(concat(parse('select $1', 's'), describeStatement('s'), sync))
    talk.server(
      concat(parseComplete, parameterDescription(23), rowDescription({ n: undefined }), readyForQuery()),
    )
    talk.client(concat(bind([i32(-5)], { name: 's', formats: [1] }), execute(), sync))
    talk.server(concat(done(), readyForQuery()))
    assert.deepEqual(told(talk, 'method', 'query', 'params', 'num_fields'), [
      ['PREPARE', 'select $1', null, 1],
      ['SELECT', 'select $1', ['-5'], 1],
    ])
  })

  it('that is parsed, flushed and answered is a PREPARE, and the execution has its own time', () => {
    const talk = dialogue().client(concat(parse('select $1', 's'), describeStatement('s'), flush))
    talk.server(concat(parseComplete, parameterDescription(23), rowDescription({ n: undefined }))).wait(5)
    talk.client(concat(bind(['1'], { name: 's' }), execute(), sync)).server(concat(done(), readyForQuery()))
    assert.deepEqual(told(talk, 'method', 'query', 'num_rows'), [
      ['PREPARE', 'select $1', 0],
      ['SELECT', 'select $1', 1],
    ])
    for (const { event } of talk.events) assert.equal((event as { duration: number }).duration, 1e6)
  })

  it('reads parameters by the types that the client names', () => {
    const talk = dialogue().client(concat(parse('select $1, $2', '', [20, 0])))
    talk.client(concat(bind([Buffer.from('00000000000000ff', 'hex'), Buffer.from([1, 2])], { formats: [1] })))
    talk.client(concat(execute(), sync)).server(concat(parseComplete, done(), readyForQuery()))
    assert.deepEqual(told(talk, 'params'), [[['255', '\\x0102']]])
  })

  it('keeps bounded parameters', () => {
    const talk = dialogue()
    const params = ['x'.repeat(2000), ...Array.from({ length: 600 }, () => '')]
    talk.client(concat(parse('select'), bind(params), execute(), sync))
    talk.server(concat(parseComplete, done(), readyForQuery()))
    const [[kept]] = told(talk, 'params') as [[string[]]]
    assert.equal(kept[0], `${'x'.repeat(1024)}…`)
    assert.equal(kept.length, 448)
    assert.deepEqual(talk.counts, { cut_parameters: 1 })
  })

  it('in a pipeline gets its own answer', () => {
    const talk = dialogue()
    for (let n = 0; n < 3; n++)
      talk.client(concat(parse(`select ${n}`), bind(), describePortal(), execute(), closePortal()))
    talk.client(concat(sync, parse('update t'), bind(), describePortal(), execute(), sync))
    for (let n = 0; n < 3; n++)
      talk.server(
        concat(parseComplete, bindComplete, rowDescription({ n: undefined }), ...Array(n).fill(dataRow('x'))),
        concat(commandComplete(`SELECT ${n}`), closeComplete),
      )
    talk.server(readyForQuery(), concat(parseComplete, bindComplete, noData, commandComplete('UPDATE 3')))
    assert.equal(talk.server(readyForQuery()).events.length, 4)
    assert.deepEqual(seen(talk), [
      ['select 0', 0, 'OK'],
      ['select 1', 1, 'OK'],
      ['select 2', 2, 'OK'],
      ['update t', 0, 'OK'],
    ])
  })

  it('that failed takes all up to the Sync with it, and none after', () => {
    const talk = dialogue()
    const insert = (n: number) => concat(bind([`${n}`], { name: 's' }), execute())
    talk.client(concat(parse('insert', 's'), insert(1), insert(2), insert(3), sync, insert(4), sync))
    talk.server(concat(parseComplete, bindComplete, commandComplete('INSERT 0 1'), bindComplete))
    talk.server(errorResponse('23505'), readyForQuery())
    talk.server(concat(bindComplete, commandComplete('INSERT 0 1'), readyForQuery()))
    assert.deepEqual(told(talk, 'params', 'status', 'error_code'), [
      [['1'], 'OK', null],
      [['2'], 'Error', '23505'],
      [['3'], 'Error', null],
      [['4'], 'OK', null],
    ])
    assert.equal(notes(talk)[2], 'Not run: a statement before it failed')
  })

  it('that fails at the end of its transaction is the last one', () => {
    const talk = dialogue().client(concat(parse('insert'), bind(), execute(), sync))
    talk.server(concat(parseComplete, bindComplete, commandComplete('INSERT 0 1')))
    talk.server(errorResponse('23503'), readyForQuery())
    assert.deepEqual(told(talk, 'status', 'error_code', 'affected_rows'), [['Error', '23503', 1]])
  })

  it('forgets a statement whose Parse failed, and remembers the one before it', () => {
    const talk = dialogue()
    const run = (name: string) => {
      talk.client(concat(bind([], { name }), execute(), sync)).server(concat(done(), readyForQuery()))
    }
    talk.client(concat(parse('select old', 's'), sync)).server(concat(parseComplete, readyForQuery()))
    talk
      .client(concat(parse('select new', 's'), sync))
      .server(concat(errorResponse('42P05'), readyForQuery()))
    talk.client(concat(parse('selct', 't'), sync)).server(concat(errorResponse('42601'), readyForQuery()))
    run('s')
    run('t')
    assert.deepEqual(told(talk, 'method', 'query', 'status'), [
      ['PREPARE', 'select old', 'OK'],
      ['PREPARE', 'select new', 'Error'],
      ['PREPARE', 'selct', 'Error'],
      ['SELECT', 'select old', 'OK'],
      ['SELECT', null, 'OK'],
    ])
  })

  it('of a statement from before the capture says so, with its rows', () => {
    const talk = dialogue({ send_response: true }).client(
      concat(bind(['1'], { name: 'S_1' }), execute(), sync),
    )
    talk.server(concat(done('UPDATE 1'), readyForQuery()))
    assert.deepEqual(told(talk, 'method', 'query', 'statement', 'num_rows', 'num_fields', 'response'), [
      ['UPDATE', null, 'S_1', 1, 1, '1\n'],
    ])
    assert.deepEqual(notes(talk), ['The actual query being used is unknown'])
  })

  it('is fetched in pieces, each an event with its own time', () => {
    const talk = dialogue()
    talk.client(concat(parse('select n'), bind([], { portal: 'c' }), describePortal('c'), flush))
    talk.server(concat(parseComplete, bindComplete, rowDescription({ n: undefined }))).wait(60)
    for (const rows of [2, 2, 1]) {
      talk.client(concat(execute('c', 2), flush)).server(...Array(rows).fill(dataRow('1')))
      talk.server(rows === 2 ? portalSuspended : commandComplete('SELECT 5'))
    }
    talk.client(concat(closePortal('c'), sync)).server(concat(closeComplete, readyForQuery()))
    assert.deepEqual(seen(talk), [
      ['select n', 2, 'OK'],
      ['select n', 2, 'OK'],
      ['select n', 1, 'OK'],
    ])
    for (const { event } of talk.events) assert.equal((event as { duration: number }).duration, 1e6)
    assert.deepEqual(talk.counts, {})
  })

  it('copies, though its Sync comes before the data', () => {
    const talk = dialogue().client(concat(parse('copy t from stdin'), bind(), execute(), sync))
    talk.server(concat(parseComplete, bindComplete, copyIn)).client(concat(copyData('1\n'), copyDone, sync))
    talk.server(concat(commandComplete('COPY 1'), readyForQuery()))
    talk.client(query('select 1')).server(concat(dataRow('1'), commandComplete('SELECT 1'), readyForQuery()))
    assert.deepEqual(told(talk, 'query', 'affected_rows', 'num_rows'), [
      ['copy t from stdin', 1, 0],
      ['select 1', null, 1],
    ])
  })

  it('that fails while it copies ends with its Sync', () => {
    const talk = dialogue().client(concat(parse('copy t from stdin'), bind(), execute(), sync))
    talk.server(concat(parseComplete, bindComplete, copyIn)).client(copyData('x\n'))
    talk
      .server(errorResponse('22P02'))
      .client(concat(copyData('1\n'), copyDone, sync))
      .server(readyForQuery())
    talk.client(query('select 1')).server(concat(dataRow('1'), commandComplete('SELECT 1'), readyForQuery()))
    assert.deepEqual(told(talk, 'query', 'error_code', 'num_rows'), [
      ['copy t from stdin', '22P02', 0],
      ['select 1', null, 1],
    ])
    assert.deepEqual(talk.counts, {})
  })

  it('that keeps house is an event only when it goes wrong', () => {
    const talk = dialogue()
    talk.client(concat(closeStatement('s'), sync)).server(concat(closeComplete, readyForQuery()))
    talk.client(sync).server(readyForQuery())
    talk.client(concat(describeStatement('x'), sync)).server(concat(errorResponse('26000'), readyForQuery()))
    talk.client(sync).close()
    assert.deepEqual(told(talk, 'method', 'error_code'), [
      ['DESCRIBE', '26000'],
      ['SYNC', null],
    ])
    assert.deepEqual(talk.counts, { unmatched_requests: 1 })
  })

  it('forgets the oldest of more than a thousand portals', () => {
    const talk = dialogue().client(parse('select', 's'))
    for (let n = 0; n <= 1000; n++) talk.client(bind([`${n}`], { name: 's', portal: `p${n}` }))
    talk.client(concat(execute('p0'), execute('p1'), sync))
    talk.server(concat(parseComplete, ...Array(1001).fill(bindComplete)))
    talk.server(concat(commandComplete('SELECT 0'), commandComplete('SELECT 0'), readyForQuery()))
    assert.deepEqual(told(talk, 'query', 'params').slice(-2), [
      [null, null],
      ['select', ['1']],
    ])
    assert.equal(talk.counts.forgotten_portals, 1)
  })

  it('forgets statements when there are too many', () => {
    const talk = dialogue()
    for (let n = 0; n <= 4096; n++) talk.client(parse('select', `s${n}`))
    assert.equal(talk.counts.forgotten_statements, 1)
    assert.equal(talk.close().memory.held, 0)
  })
})
