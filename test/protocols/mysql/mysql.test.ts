import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mysql } from '../../../lib/protocols/mysql/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import {
  bytes,
  column,
  connected,
  eof,
  err,
  greeting,
  login,
  MORE,
  of,
  ok,
  packet,
  packets,
  query,
  result,
  seen,
  TODAY,
  text,
  u16,
  u32,
  u64,
} from './wire.js'

describe('mysql', () => {
  it('pairs a query with its rows', () => {
    const dialogue = new Dialogue(mysql, { send_request: true, send_response: true })
      .client(query(' select * from item '))
      .server(
        result(
          [column('id'), column('name')],
          [
            ['1', 'na,il'],
            ['2', null],
          ],
        ),
      )
    assert.deepEqual(dialogue.events, [
      {
        type: 'mysql',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: { start: '2023-11-14T22:13:20.001Z', end: '2023-11-14T22:13:20.002Z', duration: 1_000_000 },
        method: 'SELECT',
        query: 'select * from item',
        path: 'shop.item',
        mysql: { affected_rows: 0, insert_id: 0, num_fields: 2, num_rows: 2 },
        request: ' select * from item ',
        response: 'id,name\n1,"na,il"\n2,NULL\n',
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 25 },
        destination: { ip: '10.0.0.2', port: 3306, bytes: 130 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 25 },
        server: { ip: '10.0.0.2', port: 3306, bytes: 130 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 155 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('reads a whole connection however TCP cuts it, with EOF packets and without', () => {
    for (const classic of [true, false]) {
      const asked = bytes(query('select 1'), query("insert 'ü'"), packet(0, 0x0e))
      const answers = bytes(
        result([column('1')], [['x'.repeat(300)], [null]], { classic }),
        packet(1, ok({ affected: 3, id: bytes(0xfd, 1, 0, 1) })),
        packet(1, ok()),
      )
      for (const chunks of splits(asked))
        for (const replies of chunks.length > 2 ? splits(answers) : [[answers]]) {
          const dialogue = new Dialogue(mysql).client(...chunks).server(...replies)
          assert.deepEqual(seen(dialogue), [
            ['select 1', 2, 'OK'],
            ["insert 'ü'", 3, 'OK'],
            ['PING', 0, 'OK'],
          ])
          assert.equal(of(dialogue.events[1], 'mysql').insert_id, 65_537)
          assert.equal(dialogue.close().memory.held, 0)
        }
    }
  })

  it('tells of a login who, where, with what, and that all that follows is theirs', () => {
    const dialogue = connected()
      .client(query('select 1'))
      .server(packet(1, err(1, 'no')))
    const [event, later] = dialogue.events
    assert.deepEqual(
      [event?.method, event?.query, event?.user, event?.status, event?.mysql],
      [
        'LOGIN',
        'LOGIN anna',
        { name: 'anna' },
        'OK',
        {
          database: 'shop',
          server_version: '8.4.2',
          attributes: ['program_name=till'],
          auth_plugin: 'caching_sha2_password',
        },
      ],
    )
    assert.deepEqual(of(later, 'related').user, ['anna'])
    assert.equal(of(later, 'mysql').server_version, undefined)
  })

  it('follows a login through what has to be proved', () => {
    const dialogue = new Dialogue(mysql)
      .server(greeting())
      .client(login())
      .server(packet(2, 0xfe, 'mysql_native_password\0', 'scramble'))
      .client(packet(3, 'secret'))
      .server(packet(4, 1, 3))
      .client(packet(5, 2))
      .server(packet(6, 1, 'a public key'))
      .client(packet(7, Buffer.alloc(256)))
      .server(packet(8, err(1045, 'Access denied', '28000')))
    const [event] = dialogue.events
    assert.deepEqual(seen(dialogue), [['LOGIN anna', 1045, 'Error']])
    assert.equal(of(event, 'mysql').error_message, '28000: Access denied')
    assert.equal(of(event, 'mysql').auth_plugin, 'mysql_native_password')
    assert.equal(of(event, 'source').bytes, login().length + 10 + 5 + 260)
  })

  it('reports a refusal that comes in the place of a greeting', () => {
    const dialogue = new Dialogue(mysql).server(packet(0, 0xff, u16(1040), 'Too many connections'))
    assert.deepEqual(seen(dialogue), [['LOGIN', 1040, 'Error']])
  })

  it('ends where TLS begins, and says so', () => {
    const dialogue = new Dialogue(mysql)
      .server(greeting())
      .client(packet(1, u32(TODAY | 0x800), u32(1 << 24), 45, Buffer.alloc(23)), '\x16\x03\x01\x02\x00\x01')
      .server('\x16\x03\x03\x00\x7a\x02')
      .close()
    assert.deepEqual(seen(dialogue), [['LOGIN', undefined, 'OK']])
    assert.equal(of(dialogue.events[0], 'mysql').tls, true)
    assert.deepEqual(dialogue.counts, { encrypted_connections: 1 })
  })

  it('leaves TLS alone whose beginning was not captured', () => {
    const dialogue = new Dialogue(mysql)
      .server('\x17\x03\x03\x02\x00\x01', 'xxxx')
      .client('\x17\x03\x03\x00\x20')
    assert.deepEqual(dialogue.events, [])
    assert.deepEqual(dialogue.counts, { encrypted_connections: 1 })
  })

  it('follows the database: by USE, by COM_INIT_DB, and where the server tells', () => {
    const tracked = bytes(0, text(bytes(1, text(text('told')))))
    const dialogue = connected()
    const database = () => {
      dialogue.client(packet(0, 0x0e)).server(packet(1, ok()))
      return of(dialogue.events.at(-1), 'mysql').database
    }
    assert.equal(database(), 'shop')
    dialogue.client(query('use `store`')).server(packet(1, ok()))
    assert.equal(database(), 'store')
    dialogue.client(packet(0, 2, 'depot')).server(packet(1, ok()))
    assert.equal(database(), 'depot')
    dialogue.client(query('call somewhere()')).server(packet(1, ok({ status: 0x4002, more: tracked })))
    assert.equal(database(), 'told')
    dialogue.client(packet(0, 2, 'nowhere')).server(packet(1, err(1049, 'Unknown database')))
    assert.equal(database(), 'told')
  })

  it('follows COM_CHANGE_USER', () => {
    const change = packet(0, 0x11, 'bert\0', text('secret'), 'depot\0', u16(45), 'mysql_native_password\0', 0)
    const dialogue = connected()
      .client(change)
      .server(packet(1, 0xfe, 'caching_sha2_password\0', 'scramble'))
      .client(packet(2, 'proof'))
      .server(packet(3, ok()))
      .client(packet(0, 0x0e))
      .server(packet(1, ok()))
    const [, changed, ping] = dialogue.events
    assert.equal(changed?.query, 'CHANGE_USER bert')
    assert.deepEqual([ping?.user, of(ping, 'mysql').database], [{ name: 'bert' }, 'depot'])
  })

  it('counts all results of a statement as its own', () => {
    for (const classic of [true, false]) {
      const first = result([column('a')], [['1']], { classic, status: 2 | MORE })
      const second = result([column('b', { table: 'shop.other' })], [['2'], ['3']], {
        classic,
        first: classic ? 6 : 5,
      })
      const last = classic ? 12 : 10
      const dialogue = new Dialogue(mysql, { send_response: true })
        .client(query('call two()'), query('select 9'))
        .server(first, second.subarray(0, -9 - (classic ? 0 : 2)))
        .server(packet(last - 1, classic ? eof(2 | MORE) : ok({ first: 0xfe, status: 2 | MORE })))
        .server(packet(last, ok({ affected: 5 })), packet(1, err(1, 'no')))
      const [event] = dialogue.events
      assert.equal(dialogue.events.length, 2)
      assert.deepEqual(event?.mysql, { affected_rows: 5, insert_id: 0, num_fields: 1, num_rows: 3 })
      assert.deepEqual([event?.response, event?.path], ['a\n1\nb\n2\n3\n', 'shop.item, shop.other'])
    }
  })

  it('takes the file of LOAD DATA LOCAL for a part of the request', () => {
    const lines = packet(2, 'x'.repeat(1000))
    const dialogue = new Dialogue(mysql)
      .client(query('load data local infile'))
      .server(packet(1, 0xfb, 'file'))
      .client(lines, packet(3))
      .server(packet(4, ok({ affected: 7 })))
      .client(query('select 1'))
      .server(packet(1, err(1, 'no')))
    assert.deepEqual(seen(dialogue), [
      ['load data local infile', 7, 'OK'],
      ['select 1', 1, 'Error'],
    ])
    assert.equal(of(dialogue.events[0], 'source').bytes, 27 + 1004 + 4)
  })

  it('keeps its place when the server refuses a file that the client still sends', () => {
    const dialogue = new Dialogue(mysql)
      .client(query('load data local infile'))
      .server(packet(1, 0xfb, 'file'))
      .client(packet(2, 'x'.repeat(1000)))
      .server(packet(3, err(1290, 'no')))
      .client(packet(3, 'x'), packet(4), packet(0, 0x0e))
      .server(packet(1, ok()))
    assert.deepEqual(seen(dialogue), [
      ['load data local infile', 1290, 'Error'],
      ['PING', 0, 'OK'],
    ])
  })

  it('reads more than 250 columns, and names of MariaDB’s extended types', () => {
    const columns = Array.from({ length: 300 }, (_, at) => column(`c${at}`, { extended: text('\0\x04json') }))
    const values = columns.map(() => text('1'))
    const answer = packets(1, bytes(0xfc, u16(300)), ...columns, eof(), bytes(...values), eof())
    const dialogue = new Dialogue(mysql, { send_response: true }).client(query('select 300')).server(answer)
    const [event] = dialogue.events
    assert.deepEqual(event?.mysql, { affected_rows: 0, insert_id: 0, num_fields: 300, num_rows: 1 })
    assert.ok(String(event?.response).startsWith('c0,c1,c2'))
  })

  it('reads results whose columns are not defined, by MySQL and by MariaDB', () => {
    for (const count of [bytes(0, 2), bytes(2, 0)]) {
      const answer = packets(1, count, bytes(text('1'), text('2')), ok({ first: 0xfe }))
      assert.deepEqual(seen(new Dialogue(mysql).client(query('select')).server(answer)), [
        ['select', 1, 'OK'],
      ])
    }
    for (const count of [bytes(1, 2), bytes(2, 1)]) {
      const answer = packets(
        1,
        count,
        column('a'),
        column('b'),
        bytes(text('1'), text('2')),
        ok({ first: 0xfe }),
      )
      assert.deepEqual(seen(new Dialogue(mysql).client(query('select')).server(answer)), [
        ['select', 1, 'OK'],
      ])
    }
  })

  it('reads query attributes, agreed on or seen', () => {
    const named = bytes(1, 1, 0, 1, u16(253), text('trace'), text('abc'))
    const none = bytes(0, 1)
    for (const dialogue of [connected({}, TODAY | (1 << 27)), new Dialogue(mysql)]) {
      dialogue.client(packet(0, 3, named, 'select 1')).server(packet(1, ok()))
      dialogue.client(packet(0, 3, none, 'select 2')).server(packet(1, ok()))
      const [one, two] = dialogue.events.slice(-2)
      assert.deepEqual([one?.query, two?.query], ['select 1', 'select 2'])
      assert.deepEqual(of(one, 'mysql').attributes, ['trace=abc'])
    }
  })

  it('keeps insert ids exact', () => {
    const id = bytes(0xfe, u64(9_007_199_254_740_993n))
    const dialogue = new Dialogue(mysql).client(query('insert')).server(packet(1, ok({ id })))
    assert.equal(of(dialogue.events[0], 'mysql').insert_id, '9007199254740993')
  })

  it('knows the other commands', () => {
    const done = packet(1, ok())
    const commands: [Buffer, Buffer, string][] = [
      [packet(0, 9), packet(1, 'Uptime: 7'), 'STATISTICS'],
      [packet(0, 4, 'item\0%'), packets(1, column('id'), column('name'), eof()), 'FIELD_LIST item'],
      [packet(0, 0x0c, u32(17)), done, 'PROCESS_KILL 17'],
      [packet(0, 0x1b, u16(1)), packet(1, eof()), 'SET_OPTION'],
      [packet(0, 0x1f), done, 'RESET_CONNECTION'],
      [packet(0, 5, 'new'), done, 'CREATE_DB new'],
      [packet(0, 0x0a), result([column('Id')], [['1']]), 'PROCESS_INFO'],
    ]
    const dialogue = new Dialogue(mysql)
    for (const [command, answer] of commands) dialogue.client(command).server(answer)
    dialogue.client(packet(0, 1)).close()
    assert.deepEqual(
      dialogue.events.map((event) => [event.query, event.status]),
      commands.map(([, , name]) => [name, 'OK']),
    )
    assert.deepEqual(dialogue.counts, {})
  })

  it('leaves replication alone, and counts it', () => {
    const dialogue = connected()
      .client(packet(0, 0x12, u32(4), u16(0), u32(1), 'binlog.1'))
      .server(packet(1, 0, 'an event'), packet(2, 0, 'another'))
      .close()
    assert.equal(dialogue.events.at(-1)?.query, 'BINLOG_DUMP')
    assert.equal(dialogue.events.length, 2)
    assert.deepEqual(dialogue.counts, { replication_bytes: 12 })
  })

  it('ignores how far a statement of MariaDB is', () => {
    const progress = bytes(0xff, u16(0xffff), 1, 1, 2, 0, 0, 0, text('copying'))
    const dialogue = new Dialogue(mysql)
      .client(query('alter table item'))
      .server(packets(1, progress, ok({ affected: 2 })))
    assert.deepEqual(seen(dialogue), [['alter table item', 2, 'OK']])
  })

  it('finds the verb behind comments and brackets', () => {
    const methods = ['/* a */ select 1', '-- a\nselect 1', '(select 1)', 'SELECT\r\n1', ''].map((sql) => {
      const dialogue = new Dialogue(mysql).client(query(sql)).server(packet(1, ok()))
      return dialogue.events[0]?.method
    })
    assert.deepEqual(methods, ['SELECT', 'SELECT', 'SELECT', 'SELECT', ''])
  })
})
