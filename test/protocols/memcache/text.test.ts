import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memcache } from '../../../lib/protocols/memcache/index.js'
import { shown, shownJson, whole } from '../../../lib/protocols/memcache/numbers.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import { notes, pairs, put, short, value } from './said.js'

describe('memcache, text protocol', () => {
  it('pairs a request with its answer', () => {
    const dialogue = new Dialogue(memcache).client(put('set k 5 60', 'hello')).server('STORED\r\n')
    assert.deepEqual(dialogue.events, [
      {
        type: 'memcache',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          action: 'memcache.store',
          outcome: 'success',
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        memcache: {
          protocol_type: 'text',
          request: {
            command: 'set',
            type: 'Store',
            keys: ['k'],
            flags: 5,
            exptime: 60,
            bytes: 5,
            count_values: 1,
            noreply: false,
          },
          response: { command: 'STORED', type: 'Success' },
        },
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 21 },
        destination: { ip: '10.0.0.2', port: 11211, bytes: 8 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 21 },
        server: { ip: '10.0.0.2', port: 11211, bytes: 8 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 29 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('reads pipelined commands and answers with values, however TCP cuts them', () => {
    const commands = Buffer.from(
      `${put('set ü 0 0', 'END\r\n')}${put('add a 0 0', '')}get ü b c\r\nincr n 5\r\n`,
    )
    const answers = Buffer.from(
      `STORED\r\nNOT_STORED\r\n${value('ü', 'END\r\n')}${value('c', '')}END\r\n18446744073709551615\r\n`,
    )
    const expected = [
      ['set ü', 'STORED', 'OK'],
      ['add a', 'NOT_STORED', 'Error'],
      ['get ü', 'VALUE', 'OK'],
      ['incr n', '<counter_op_res>', 'OK'],
    ]
    const options = { maxvalues: -1 }
    for (const chunks of splits(commands)) {
      const dialogue = new Dialogue(memcache, options).client(...chunks).server(answers)
      assert.deepEqual(short(dialogue), expected)
      assert.equal(dialogue.close().memory.held, 0)
    }
    for (const chunks of splits(answers)) {
      const dialogue = new Dialogue(memcache, options).client(commands).server(...chunks)
      assert.deepEqual(short(dialogue), expected)
      const [, response] = pairs(dialogue)[2] as [object, object]
      assert.deepEqual(response, {
        command: 'VALUE',
        type: 'Load',
        keys: ['ü', 'c'],
        flags: 0,
        cas_unique: 0,
        bytes: 5,
        count_values: 2,
        values: ['RU5EDQo=', ''],
      })
      assert.equal(dialogue.close().memory.held, 0)
    }
  })

  const answered: Record<string, [string, object, object]> = {
    'gets a': [`${value('a', 'x', ' 7')}END\r\n`, { keys: ['a'] }, { cas_unique: 7, count_values: 1 }],
    'gat 30 a b': ['END\r\n', { keys: ['a', 'b'], exptime: 30 }, { command: 'END', type: 'Load' }],
    'touch a -1': ['TOUCHED\r\n', { exptime: -1, noreply: false }, { command: 'TOUCHED' }],
    'decr a 3': ['9  \r\n', { delta: 3 }, { value: 9, type: 'Counter' }],
    'delete a': ['DELETED\r\n', { type: 'Delete' }, { type: 'Success' }],
    'flush_all 10': ['OK\r\n', { exptime: 10 }, { command: 'OK' }],
    version: ['VERSION 1.6.18\r\n', { type: 'Info' }, { version: '1.6.18' }],
    'verbosity 2': ['OK\r\n', { verbosity: 2 }, { type: 'Success' }],
    'stats items': [
      'STAT items:1:number 3\r\nSTAT a \r\nSTAT b\r\nEND\r\n',
      { raw_args: 'items', type: 'Stats' },
      {
        stats: [
          { name: 'items:1:number', value: '3' },
          { name: 'a', value: '' },
          { name: 'b', value: '' },
        ],
      },
    ],
    'stats reset': ['RESET\r\n', { raw_args: 'reset' }, { command: 'RESET' }],
    'stats cachedump 1 9': ['ITEM a [1 b; 0 s]\r\nITEM b [1 b; 0 s]\r\nEND\r\n', {}, { count_values: 2 }],
    'slabs reassign 1 2': [
      'BUSY currently processing\r\n',
      { source_class: 1, dest_class: 2 },
      { command: 'BUSY' },
    ],
    'slabs automove 2': ['OK\r\n', { command: 'slabs automove', automove: 'aggressive' }, {}],
    'lru_crawler sleep 100': ['OK\r\n', { command: 'lru_crawler sleep', sleep_us: 100 }, {}],
    'lru_crawler metadump all': [
      'key=a exp=-1\nkey=b exp=-1\nEND\r\n',
      { raw_args: 'all' },
      { count_values: 2 },
    ],
    'lru mode flat': ['OK\r\n', { raw_args: 'mode flat', type: 'LRUCrawler' }, {}],
    'cache_memlimit 64': ['OK\r\n', { raw_args: '64', type: 'SlabCtrl' }, {}],
    shutdown: ['ERROR: shutdown not enabled\r\n', { raw_args: '' }, { error_msg: 'shutdown not enabled' }],
    'frob the cache': ['ERROR\r\n', { command: 'UNKNOWN', line: 'frob the cache' }, { type: 'Fail' }],
    'get   a  ': ['END\r\n', { keys: ['a'] }, {}],
    get: ['ERROR\r\n', { command: 'get', keys: undefined }, { command: 'ERROR' }],
    '': ['ERROR\r\n', { command: 'UNKNOWN', line: '' }, {}],
    'mg a v f c k O12': [
      'VA 2 f7 c5 ka O12\r\nhi\r\n',
      { keys: ['a'], meta_flags: 'v f c k O12', type: 'Load' },
      { keys: ['a'], flags: 7, cas_unique: 5, bytes: 2, meta_flags: 'f7 c5 ka O12' },
    ],
    'mg w7w= b k': ['HD kw7w= b\r\n', { keys: ['ü'] }, { keys: ['ü'] }],
    'mg /w== b k': ['EN\r\n', { keys: ['/w=='] }, { command: 'EN', type: 'Load' }],
    'md a': ['NF\r\n', { type: 'Delete' }, { type: 'Fail' }],
    'ma a N0 J13 D4': ['HD\r\n', { delta: 4, initial: 13, type: 'Counter' }, {}],
    'ma a v': [
      'VA 2\r\n13\r\n',
      {},
      { value: 13, type: 'Counter', bytes: undefined, count_values: undefined },
    ],
    'ma b v': ['VA 1\r\nx\r\n', {}, { value: undefined, bytes: 1 }],
    'me a': [
      'ME a exp=-1 la=3\r\n',
      {},
      {
        keys: ['a'],
        stats: [
          { name: 'exp', value: '-1' },
          { name: 'la', value: '3' },
        ],
      },
    ],
    mn: ['MN\r\n', { type: 'Info' }, { command: 'MN' }],
  }
  for (const [request, [answer, asked, said]] of Object.entries(answered))
    it(`understands ${JSON.stringify(request)}`, () => {
      const dialogue = new Dialogue(memcache).client(`${request}\r\n`).server(answer)
      assert.equal(dialogue.events.length, 1)
      const [[first, second]] = pairs(dialogue) as [[Record<string, unknown>, Record<string, unknown>]]
      for (const [name, expected] of Object.entries(asked)) assert.deepEqual(first[name], expected, name)
      for (const [name, expected] of Object.entries(said)) assert.deepEqual(second[name], expected, name)
      assert.deepEqual(dialogue.close().counts, {})
      assert.equal(dialogue.memory.held, 0)
    })

  it('keeps every digit that Elasticsearch can', () => {
    const printed = (digits: string) => shownJson(shown(whole(digits)) as never)
    for (const digits of ['0', '-1', '9007199254740993', '9223372036854775807'])
      assert.equal(printed(digits), digits)
    assert.equal(printed('18446744073709551615'), '9223372036854775807')
    for (const none of ['', '-', '1.5', '1e3', '0x1', '123456789012345678901'])
      assert.equal(whole(none), undefined)
  })

  it('tells who is to blame', () => {
    const dialogue = new Dialogue(memcache)
    for (const answer of ['ERROR', 'CLIENT_ERROR bad key', 'SERVER_ERROR out of memory', 'NOT_FOUND'])
      dialogue.client('delete a\r\n').server(`${answer}\r\n`)
    assert.deepEqual(
      dialogue.events.map(({ status, event }) => [status, (event as { outcome: string }).outcome]),
      ['Error', 'Client Error', 'Server Error', 'Error'].map((status) => [status, 'failure']),
    )
  })

  it('calls a cas that came too late a failure', () => {
    const dialogue = new Dialogue(memcache).client(put('cas k 0 0', 'x', ' 77')).server('EXISTS\r\n')
    assert.deepEqual(short(dialogue), [['cas k', 'EXISTS', 'Error']])
    assert.equal(pairs(dialogue)[0]?.[0].cas_unique, 77)
  })

  it('lets what wants no answer have none, but for errors', () => {
    const dialogue = new Dialogue(memcache)
      .client(put('set a 0 0', '1', ' noreply'), 'delete b noreply\r\n', 'get a\r\n')
      .server(`${value('a', '1')}END\r\n`)
      .client(put('set c 0 0', '1', ' noreply'), 'get c\r\n')
      .server('SERVER_ERROR out of memory storing object\r\nEND\r\n')
      .client('flush_all noreply\r\n', 'quit\r\n')
      .close()
    assert.deepEqual(short(dialogue), [
      ['set a', null, 'OK'],
      ['delete b', null, 'OK'],
      ['get a', 'VALUE', 'OK'],
      ['set c', 'SERVER_ERROR', 'Server Error'],
      ['get c', 'END', 'OK'],
      ['flush_all', null, 'OK'],
      ['quit', null, 'OK'],
    ])
    assert.deepEqual(dialogue.counts, {})
  })

  it('finds the request of an answer behind quiet meta commands', () => {
    const dialogue = new Dialogue(memcache)
      .client(
        'mg a q k\r\n',
        'mg b q k v\r\n',
        put('ms c', 'x', ' q'),
        'md d q\r\n',
        'mg e q O7 v\r\n',
        'mn\r\n',
      )
      .server('VA 1 kb\r\nx\r\n', 'VA 1 O7\r\ny\r\n', 'MN\r\n')
    assert.deepEqual(short(dialogue), [
      ['mg a', null, 'OK'],
      ['mg b', 'VA', 'OK'],
      ['ms c', null, 'OK'],
      ['md d', null, 'OK'],
      ['mg e', 'VA', 'OK'],
      ['mn', 'MN', 'OK'],
    ])
    assert.equal(pairs(dialogue)[0]?.[0].quiet, true)
  })

  it('counts the lines of a log that a client watches', () => {
    const dialogue = new Dialogue(memcache)
      .client('watch fetchers\r\n')
      .server('OK\r\nts=1.2 gid=1 type=item_get key=a status=found\n', 'ts=1.3 gid=2 type=item_get key=b\n')
    assert.deepEqual(short(dialogue), [['watch', 'OK', 'OK']])
    assert.deepEqual(dialogue.counts, { log_lines: 2 })
  })

  it('follows a value with a wrong length, as memcached does', () => {
    const dialogue = new Dialogue(memcache)
      .client('set k 0 0 3\r\nabcde\r\n')
      .server('CLIENT_ERROR bad data chunk\r\nERROR\r\n')
      .client('set k 0 0 x\r\n', 'get a\r\n')
      .server('CLIENT_ERROR bad command line format\r\nEND\r\n')
    assert.deepEqual(
      dialogue.events.map(({ status }) => status),
      ['Client Error', 'Error', 'Client Error', 'OK'],
    )
  })

  it('begins in the midst of a connection', () => {
    const dialogue = new Dialogue(memcache)
      .server(`${value('old', '1')}${value('older', '2')}END\r\nSTORED\r\n`)
      .client('get a\r\n')
      .server(`${value('b', '1')}END\r\n`, `${value('a', '1')}END\r\n`)
    assert.deepEqual(short(dialogue), [
      ['', 'VALUE', 'Client Error'],
      ['', 'STORED', 'Client Error'],
      ['', 'VALUE', 'Client Error'],
      ['get a', 'VALUE', 'OK'],
    ])
    assert.equal(notes(dialogue)[0], 'Invalid transaction. Request missing')
    assert.deepEqual(pairs(dialogue)[0]?.[1].keys, ['old', 'older'])
    assert.deepEqual(dialogue.counts, { unmatched_responses: 3 })
  })

  it('finds its place again when an answer was not captured', () => {
    const dialogue = new Dialogue(memcache)
      .client('get a\r\n', put('set b 0 0', 'x'), 'incr c 1\r\n')
      .server('5\r\n')
    assert.deepEqual(short(dialogue), [
      ['get a', null, 'Server Error'],
      ['set b', null, 'Server Error'],
      ['incr c', '<counter_op_res>', 'OK'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 2 })
  })

  it('reports a request at its timeout, and the answer that comes later', () => {
    const dialogue = new Dialogue(memcache).client('get a\r\n').wait(11).server('END\r\n').close()
    assert.deepEqual(short(dialogue), [
      ['get a', null, 'Server Error'],
      ['get a', 'END', 'OK'],
    ])
    assert.deepEqual(notes(dialogue), [
      'Unfinished transaction',
      'The response came after transaction_timeout; the request was reported before',
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, late_responses: 1 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('reports what wants no answer at its timeout, once', () => {
    const dialogue = new Dialogue(memcache)
      .client('get a\r\n', 'delete b noreply\r\n')
      .wait(11)
      .client('delete c noreply\r\n')
      .wait(11)
      .close()
    assert.deepEqual(short(dialogue), [
      ['get a', null, 'Server Error'],
      ['delete b', null, 'OK'],
      ['delete c', null, 'OK'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('waits for the rest of an answer that has begun', () => {
    const dialogue = new Dialogue(memcache)
      .client('get a b\r\n')
      .server(value('a', '1'))
      .wait(11)
      .server(`${value('b', '1')}END\r\n`)
    assert.deepEqual(short(dialogue), [['get a', 'VALUE', 'OK']])
    const cut = new Dialogue(memcache).client('get a b\r\n').server(value('a', '1')).close()
    assert.deepEqual(notes(cut), ['Unfinished transaction'])
    assert.equal(cut.memory.held, 0)
  })

  it('keeps its place when the rest of an answer does not come', () => {
    const dialogue = new Dialogue(memcache)
      .client('get a\r\n', 'delete b\r\n')
      .server(`${value('a', '1')}DELETED\r\n`, 'STAT x 1\r\n', 'STORED\r\n')
    assert.deepEqual(short(dialogue), [
      ['get a', 'VALUE', 'Server Error'],
      ['delete b', 'DELETED', 'OK'],
      ['', 'STAT', 'Client Error'],
      ['', 'STORED', 'Client Error'],
    ])
    assert.equal(notes(dialogue)[0], 'Packet loss while capturing the response')
  })

  it('goes on over a hole in a value, and says so', () => {
    const dialogue = new Dialogue(memcache, { maxvalues: -1 })
      .client('set k 0 0 100\r\n', 'x'.repeat(10))
      .gap(0, 80)
      .client(`${'x'.repeat(10)}\r\n`)
      .server('STORED\r\n')
      .client('get k\r\n')
      .server('VALUE k 0 100\r\nabc')
      .gap(1, 99)
      .server('END\r\n')
    assert.deepEqual(short(dialogue), [
      ['set k', 'STORED', 'OK'],
      ['get k', 'VALUE', 'OK'],
    ])
    assert.deepEqual(notes(dialogue), [
      'Packet loss while capturing the request',
      'Packet loss while capturing the response',
    ])
    assert.deepEqual(dialogue.counts, { lost_value_bytes: 179 })
    assert.deepEqual(pairs(dialogue)[1]?.[1].values, ['YWJj'])
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('begins anew after any other hole', () => {
    const dialogue = new Dialogue(memcache)
      .client('get a\r\n')
      .gap(1, 100)
      .client('get b\r\n', 'ge')
      .gap(0, 10)
      .client('get c\r\n')
      .server('END\r\n')
    assert.deepEqual(notes(dialogue), [
      'Packet loss while capturing the response',
      'Packet loss while capturing the request',
      undefined,
    ])
    assert.equal(dialogue.close().memory.held, 0)
  })
})
