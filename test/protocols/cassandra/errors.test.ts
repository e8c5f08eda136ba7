import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cassandra } from '../../../lib/protocols/cassandra/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { error, i32, join, query, shortBytes, string, stringList, u8, u16 } from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

const waited = join(u16(4), i32(1), i32(2))
const seen = { read_consistency: 'QUORUM', received: 1, blockfor: 2 }
const reasons = join(i32(2), ...[1, 2].map((host) => join(u8(4), u8(10), u8(0), u8(0), u8(host), u16(1))))

/** What a code means, what follows it, and what the event says. */
const table: readonly (readonly [
  code: number,
  type: string,
  wire: Buffer,
  details?: object,
  version?: number,
])[] = [
  [0x0000, 'errServer', join()],
  [0x000a, 'errProtocol', join()],
  [0x0100, 'errCredentials', join()],
  [
    0x1000,
    'errUnavailable',
    join(u16(1), i32(3), i32(0)),
    { read_consistency: 'ONE', required: 3, alive: 0 },
  ],
  [0x1001, 'errOverloaded', join()],
  [0x1002, 'errBootstrapping', join()],
  [0x1003, 'errTruncate', join()],
  [0x1100, 'errWriteTimeout', join(waited, string('BATCH')), { ...seen, write_type: 'BATCH' }],
  [
    0x1100,
    'errWriteTimeout',
    join(waited, string('CAS'), u16(5)),
    { ...seen, write_type: 'CAS', contentions: 5 },
    5,
  ],
  [0x1200, 'errReadTimeout', join(waited, u8(1)), { ...seen, data_present: true }],
  [0x1300, 'errReadFailure', join(waited, i32(1), u8(0)), { ...seen, num_failures: 1, data_present: false }],
  [
    0x1300,
    'errReadFailure',
    join(waited, reasons, u8(1)),
    { ...seen, num_failures: 2, data_present: true },
    5,
  ],
  [
    0x1400,
    'errFunctionFailure',
    join(string('ks'), string('f'), stringList('int')),
    { keyspace: 'ks', function: 'f', arg_types: ['int'] },
  ],
  [
    0x1500,
    'errWriteFailure',
    join(waited, i32(1), string('SIMPLE')),
    { ...seen, num_failures: 1, write_type: 'SIMPLE' },
  ],
  [
    0x1500,
    'errWriteFailure',
    join(waited, reasons, string('SIMPLE')),
    { ...seen, num_failures: 2, write_type: 'SIMPLE' },
    5,
  ],
  [0x1600, 'errCDCWriteFailure', join()],
  [0x1700, 'errCASWriteUnknown', waited, seen],
  [0x2000, 'errSyntax', join()],
  [0x2100, 'errUnauthorized', join()],
  [0x2200, 'errInvalid', join()],
  [0x2300, 'errConfig', join()],
  [0x2400, 'errAlreadyExists', join(string('ks'), string('t')), { keyspace: 'ks', table: 't' }],
  [0x2500, 'errUnprepared', shortBytes('id'), { stmt_id: '6964' }],
]

describe('errors of Cassandra', () => {
  for (const [code, type, wire, details, version = 4] of table)
    it(`${type}, version ${version}`, () => {
      const dialogue = new Dialogue(cassandra)
        .client(query('SELECT 1', { version: 4 }))
        .server(error(code, 'why', wire, { version }))
      const [{ status, cassandra: document }] = eventsOf(dialogue)
      assert.equal(status, 'Error')
      assert.deepEqual(document.response.error, {
        code,
        type,
        msg: 'why',
        ...(details === undefined ? {} : { details }),
      })
    })

  it('that no version has are told by their number', () => {
    const dialogue = new Dialogue(cassandra).client(query('SELECT 1')).server(error(0x7777, 'new'))
    assert.deepEqual(eventsOf(dialogue)[0].cassandra.response.error, { code: 0x7777, msg: 'new' })
  })
})
