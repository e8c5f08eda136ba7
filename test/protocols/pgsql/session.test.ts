import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splits } from '../../support/splits.js'
import {
  authentication,
  authenticationOk,
  backendKeyData,
  bind,
  bindComplete,
  cancelRequest,
  commandComplete,
  concat,
  copyBoth,
  copyData,
  copyDone,
  dataRow,
  errorResponse,
  execute,
  gssencRequest,
  i32,
  message,
  parameterStatus,
  parse,
  parseComplete,
  password,
  query,
  readyForQuery,
  rowDescription,
  sslRequest,
  startupMessage,
  sync,
  terminate,
} from './builder.js'
import { dialogue, notes, seen, told } from './support.js'

const anna = startupMessage({ user: 'anna', database: 'shop', application_name: 'till' })
const session = concat(
  authenticationOk,
  parameterStatus('server_version', '17.2'),
  backendKeyData(99),
  readyForQuery(),
)
const one = concat(
  rowDescription({ n: undefined }),
  dataRow('1'),
  commandComplete('SELECT 1'),
  readyForQuery(),
)

describe('a login', () => {
  it('is an event, from the first request to the answer, and names the connection', () => {
    const scram = authentication(10, 'SCRAM-SHA-256\0\0')
    for (const chunks of splits(anna)) {
      const talk = dialogue()
      talk.client(gssencRequest).server('N').client(sslRequest).server('N')
      talk
        .client(...chunks)
        .server(scram)
        .client(password('secret'))
        .server(authentication(11, 'x'))
      talk.client(password('proof')).server(session)
      talk.client(query('select 1')).server(one)
      const names = [
        'method',
        'auth_method',
        'server_version',
        'process_id',
        'database',
        'application_name',
        'user',
      ]
      assert.deepEqual(told(talk, ...names), [
        ['LOGIN', 'scram-sha-256', '17.2', 99, 'shop', 'till', { name: 'anna' }],
        ['SELECT', null, null, null, 'shop', 'till', { name: 'anna' }],
      ])
      assert.ok(!JSON.stringify(talk.events).includes('secret'))
      const [login] = talk.events.map(({ event, source }) => ({
        ...(event as { start: string }),
        ...(source as { bytes: number }),
      }))
      assert.equal(login?.start, '2023-11-14T22:13:20.001Z')
      const bytes = 2 * 8 + anna.length + password('secret').length + password('proof').length
      assert.equal(login?.bytes, bytes)
      assert.deepEqual(talk.close().counts, {})
    }
  })

  it('answers for each way to ask for a password', () => {
    for (const [code, name] of [
      [0, 'none'],
      [2, 'kerberos'],
      [3, 'password'],
      [5, 'md5'],
      [7, 'gss'],
      [9, 'sspi'],
    ] as const) {
      const talk = dialogue()
        .client(anna)
        .server(authentication(code, i32(0)))
      if (code !== 0) talk.client(password('x')).server(authenticationOk)
      talk.server(readyForQuery())
      assert.deepEqual(told(talk, 'auth_method'), [[name]])
    }
  })

  it('that fails is an error with its SQLSTATE, at once', () => {
    const talk = dialogue()
      .client(anna)
      .server(authentication(5, i32(1)))
      .client(password('x'))
    talk.server(errorResponse('28P01', { S: 'FATAL', V: 'FATAL' }))
    assert.deepEqual(told(talk, 'method', 'error_code', 'status'), [['LOGIN', '28P01', 'Error']])
  })

  it('that the client leaves says so', () => {
    const talk = dialogue()
      .client(anna)
      .server(authentication(5, i32(1)))
      .close()
    assert.deepEqual(notes(talk), ['The client left before it was let in'])
    assert.deepEqual(notes(dialogue().client(anna).close()), ['Unmatched request'])
    const refused = dialogue().client(sslRequest).server('N').wait(20).close()
    assert.deepEqual(told(refused, 'method', 'status'), [['SSL', 'Error']])
    assert.deepEqual(notes(refused), ['The server refused to encrypt, and the client left'])
  })

  it('of a user without a database goes to that of the same name', () => {
    const talk = dialogue()
      .client(startupMessage({ user: 'bob' }))
      .server(session)
    assert.deepEqual(told(talk, 'database', 'application_name'), [['bob', null]])
  })

  it('follows the client when it changes its name', () => {
    const talk = dialogue().client(anna).server(session).client(query("set application_name to 'x'"))
    talk.server(commandComplete('SET'), parameterStatus('application_name', 'x'), readyForQuery())
    assert.deepEqual(told(talk, 'application_name'), [['till'], ['x']])
  })
})

describe('encryption', () => {
  for (const [name, request, answer] of [
    ['SSL', sslRequest, 'S'],
    ['GSSENC', gssencRequest, 'G'],
  ] as const)
    it(`by ${name} ends decoding with an event`, () => {
      const talk = dialogue().client(request).server(answer).client('\x16\x03\x01').server('\x16\x03\x03??')
      talk.gap(0, 100).close()
      assert.deepEqual(told(talk, 'method', 'status'), [[name, 'OK']])
      assert.deepEqual(notes(talk), ['The connection goes on encrypted: what follows is not decoded'])
      assert.deepEqual(talk.counts, { encrypted_sessions: 1 })
    })

  it('from the first byte, or begun before the capture, is counted', () => {
    for (const record of ['\x16\x03\x01\x02', '\x17\x03\x03\x00']) {
      const talk = dialogue().server('\x17\x03\x03\x01').client(record).server('\x16\x03\x03').close()
      assert.deepEqual([talk.events, talk.counts], [[], { unmatched_responses: 1, encrypted_sessions: 1 }])
    }
  })

  it('that a server knows nothing of is an error', () => {
    const talk = dialogue()
      .client(sslRequest)
      .server(errorResponse('0A000', { V: 'FATAL' }))
      .close()
    assert.deepEqual(told(talk, 'method', 'error_code'), [['SSL', '0A000']])
  })
})

describe('a connection', () => {
  it('to cancel a query is an event without an answer, and without its key', () => {
    for (const talk of [dialogue(), dialogue().client(sslRequest).server('N')]) {
      talk.client(cancelRequest(1234)).wait(11).close()
      assert.deepEqual(told(talk, 'method', 'process_id', 'status'), [['CANCEL', 1234, 'OK']])
      assert.ok(!JSON.stringify(talk.events).includes('4711'))
    }
  })

  it('is understood from its midst', () => {
    const talk = dialogue().server('ow\0\0\0', one).client(query('select 1')).server(one).client(terminate)
    assert.deepEqual(seen(talk.close()), [['select 1', 1, 'OK']])
  })

  it('that replicates is counted', () => {
    const talk = dialogue().client(query('START_REPLICATION SLOT s LOGICAL 0/0'))
    talk.server(copyBoth, copyData('w'), copyData('k')).client(copyData('r')).wait(100).server(copyData('w'))
    assert.deepEqual(told(talk, 'method', 'status'), [['START_REPLICATION', 'OK']])
    assert.deepEqual(talk.counts, { replication_bytes: 4 * 6 })
    talk.client(copyDone).server(concat(copyDone, commandComplete('COPY 0'), readyForQuery()))
    talk.client(query('select 1')).server(one)
    assert.deepEqual(seen(talk)[1], ['select 1', 1, 'OK'])
  })
})

describe('what is not answered', () => {
  it('is reported at the timeout, and the late answer after that', () => {
    const talk = dialogue().client(query('select pg_sleep(20)')).wait(11).server(one).close()
    assert.deepEqual(seen(talk), [
      ['select pg_sleep(20)', 0, 'Error'],
      ['select pg_sleep(20)', 1, 'OK'],
    ])
    assert.deepEqual(notes(talk), [
      'Unmatched request',
      'The response came after transaction_timeout; the request was reported before',
    ])
    assert.deepEqual(talk.counts, { unmatched_requests: 1, late_responses: 1 })
  })

  it('is reported at the end', () => {
    const talk = dialogue().client(query('select 1'), query('select 2')).server(dataRow('1')).close('reset')
    assert.deepEqual(notes(talk), ['The response is incomplete', 'Unmatched request'])
  })

  it('is not what takes long to send', () => {
    const talk = dialogue().client(query('select')).server(dataRow('1')).wait(60).server(dataRow('2'))
    talk.server(concat(commandComplete('SELECT 2'), readyForQuery()))
    assert.deepEqual(seen(talk), [['select', 2, 'OK']])
  })

  it('waits for no ReadyForQuery longer than the timeout', () => {
    const talk = dialogue().client(query('select')).server(commandComplete('SELECT 0')).wait(11)
    assert.deepEqual(seen(talk), [['select', 0, 'OK']])
    talk.server(readyForQuery()).close()
    assert.equal(talk.events.length, 1)
  })

  it('is lost in a gap, but who is at work and what was prepared is not', () => {
    const talk = dialogue()
      .client(anna)
      .server(session)
      .client(concat(parse('select $1', 's'), sync))
    talk.server(concat(parseComplete, readyForQuery())).client(query('select 1')).server(dataRow('1'))
    talk
      .gap(1, 1000)
      .server('rest of a row')
      .client(concat(bind(['a'], { name: 's' }), execute(), sync))
    talk.server(concat(bindComplete, commandComplete('SELECT 0'), readyForQuery())).close()
    assert.deepEqual(told(talk, 'query', 'database', 'num_rows').slice(2), [
      ['select 1', 'shop', 1],
      ['select $1', 'shop', 0],
    ])
    assert.equal(notes(talk)[2], 'Packet loss while capturing the response')
  })

  it('is lost in a gap of the client, with what was prepared', () => {
    const talk = dialogue().client(concat(parse('select $1', 's'), sync))
    talk.server(concat(parseComplete, readyForQuery())).client(query('select 1')).gap(0, 10)
    talk.client(concat(bind([], { name: 's' }), execute(), sync))
    talk.server(concat(bindComplete, commandComplete('SELECT 0'), readyForQuery())).close()
    assert.deepEqual(notes(talk), [
      null,
      'Packet loss while capturing the request',
      'The actual query being used is unknown',
    ])
    assert.equal(talk.memory.held, 0)
  })

  it('does not notice a gap in a row that is only counted', () => {
    const talk = dialogue().client(query('select'))
    const row = dataRow('x'.repeat(10_000))
    talk.server(row.subarray(0, 3000)).gap(1, 5000).server(row.subarray(8000), commandComplete('SELECT 1'))
    assert.deepEqual(seen(talk.server(readyForQuery())), [['select', 1, 'OK']])
  })
})

describe('limits', () => {
  it('report the oldest series when too many requests wait, and the next keep their answers', () => {
    const talk = dialogue()
    for (let n = 0; n < 10_001; n++) talk.client(query('a;b'))
    assert.equal(talk.events.length, 2)
    assert.deepEqual(talk.counts, { evicted_requests: 2, unmatched_requests: 2 })
    for (let n = 0; n < 2; n++)
      talk.server(concat(commandComplete(`INSERT 0 ${n}`), commandComplete('B'), readyForQuery()))
    assert.deepEqual(told(talk, 'command_tag').slice(2), [['INSERT 0 1'], ['B']])
  })

  it('bound what waits by its bytes', () => {
    const talk = dialogue()
    const long = query(`select '${'x'.repeat(1_000_000)}'`)
    for (let n = 0; n < 9; n++) talk.client(long)
    assert.deepEqual(talk.counts, { evicted_requests: 1, unmatched_requests: 1 })
  })

  it('keep the first MiB of a query', () => {
    const talk = dialogue()
    const long = query(`select '${'x'.repeat(20 * 1024 * 1024)}'`)
    for (let at = 0; at < long.length; at += 65_536) talk.client(long.subarray(at, at + 65_536))
    talk.server(one)
    assert.equal(String(talk.events[0]?.query).length, 1024 * 1024)
    assert.deepEqual(notes(talk), ['Of the query only the first 1 MiB is kept'])
    assert.deepEqual(talk.counts, { cut_queries: 1 })
  })

  it('make one statement of what follows the thousandth', () => {
    const talk = dialogue().client(query('a;'.repeat(1200)))
    talk.server(concat(...Array(1200).fill(commandComplete('A')), readyForQuery()))
    assert.equal(talk.events.length, 1001)
    assert.equal(talk.events[1000]?.query, 'a;'.repeat(200))
  })

  it('keep the time a byte takes, in tiny pieces', () => {
    const talk = dialogue({ send_response: true }).client(query('select'))
    const rows = concat(...Array(3000).fill(dataRow('1', '2', '3')), dataRow('x'.repeat(500_000)))
    const start = performance.now()
    for (let at = 0; at < rows.length; at += 7) talk.server(rows.subarray(at, at + 7))
    talk.server(concat(commandComplete('SELECT 3001'), readyForQuery()))
    assert.deepEqual(told(talk, 'num_rows'), [[3001]])
    assert.ok(performance.now() - start < 3000)
  })
})

describe('hostile bytes', () => {
  const text = (of: string) => message('Q', of)
  for (const hostile of [
    'GET / HTTP/1.1\r\n\r\n',
    '\0\0\0\x07',
    '\0\0\0\x08\0\x02\0\0',
    '\0\x01\0\0',
    '\x16\x01',
    'Q\0\0\0\x04',
    'Q\x7f\xff\xff\xff',
    'Q\xff\xff\xff\xff',
    'S\0\0\0\x05',
    'B\0\0\0\x0cab\0c\0\0\x01\0',
    text('select without an end'),
    message('P', '\0select\0', Buffer.from([0, 9])),
    message('B', '\0\0\0\0\0\x01\0\0\0\x09x'),
    message('B', '\0\0\0\0\0\x01\xff\xff\xff\xfe'),
    message('D', 'Sname'),
    concat(query('select'), sslRequest),
    concat(Buffer.from('\0\0\x03\xe8\0\x03\0\0'), Buffer.from('a\0b\0'.repeat(250))),
    '\x20\0\0\x01\x85\xa6\x03\0', // MySQL
  ])
    it(`are refused of a client: ${JSON.stringify(hostile.toString('latin1').slice(0, 24))}`, () => {
      const talk = dialogue()
      talk.client(Buffer.from(hostile as string, 'latin1')).close()
      assert.equal(talk.counts.malformed, 1)
      assert.equal(talk.memory.held, 0)
    })

  for (const hostile of [
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    'Z\0\0\0\x06',
    'D\0\0\0\x05',
    'x\0\0\0\x04',
    message('T', Buffer.from([0x7f, 0xff]), 'a\0'),
    message('T', Buffer.from([0, 1]), 'endless'),
    message('D', Buffer.from([0, 1, 0xff, 0xff, 0xff, 0xf0])),
    message('E', 'SERROR'),
    message('E', 'SERROR\0'),
    message('E', 'Xx\0'.repeat(40), '\0'),
    message('C', 'SELECT 1'),
    message('t', Buffer.from([0, 9, 0, 0])),
  ])
    it(`end a conversation, and nothing else, of a server: ${JSON.stringify(hostile.toString('latin1').slice(0, 24))}`, () => {
      const talk = dialogue({ send_response: true }).client(
        concat(parse('select'), bind(), message('D', 'S\0')),
      )
      talk
        .client(concat(execute(), sync))
        .server(Buffer.from(hostile as string, 'latin1'))
        .close()
      assert.equal(talk.counts.malformed, 1)
      assert.equal(talk.events.length, 1)
      assert.equal(talk.memory.held, 0)
    })
})
