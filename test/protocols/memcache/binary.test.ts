import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memcache } from '../../../lib/protocols/memcache/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import { notes, pairs, request, response, short, u32, u64 } from './said.js'

const [GET, SET, ADD, DELETE, INCREMENT, FLUSH, GETQ, NOOP, VERSION] = [0, 1, 2, 4, 5, 8, 9, 10, 11]
const [GETK, GETKQ, STAT, SETQ, QUITQ, VERBOSITY, GAT] = [0x0c, 0x0d, 0x10, 0x11, 0x17, 0x1b, 0x1d]
const [MECHANISMS, AUTH, STEP] = [0x20, 0x21, 0x22]

describe('memcache, binary protocol', () => {
  it('pairs a request with its answer', () => {
    const dialogue = new Dialogue(memcache)
      .client(request(SET, { key: 'k', extras: u32(5, 60), value: 'hello', opaque: 7, cas: 3n }))
      .server(response(SET, { opaque: 7, cas: 4n }))
    assert.deepEqual(dialogue.events[0]?.memcache, {
      protocol_type: 'binary',
      request: {
        command: 'set',
        type: 'Store',
        opcode: 'Set',
        opcode_value: 1,
        opaque: 7,
        vbucket: 0,
        quiet: false,
        keys: ['k'],
        flags: 5,
        exptime: 60,
        cas_unique: 3,
        bytes: 5,
        count_values: 1,
      },
      response: {
        command: 'set',
        type: 'Store',
        opcode: 'Set',
        opcode_value: 1,
        opaque: 7,
        status: 'Success',
        status_code: 0,
        cas_unique: 4,
      },
    })
  })

  it('reads values, counters, statistics and errors, however TCP cuts them', () => {
    const requests = Buffer.concat([
      request(GETK, { key: 'ü', opaque: 1 }),
      request(INCREMENT, { key: 'n', extras: Buffer.concat([u64(3n, 10n), u32(9)]), opaque: 2 }),
      request(STAT, { key: 'items', opaque: 3 }),
      request(ADD, { key: 'k', extras: u32(0, 0), value: 'x', opaque: 4 }),
      request(GET, { key: 'e', opaque: 5 }),
    ])
    const responses = Buffer.concat([
      response(GETK, { key: 'ü', extras: u32(7), value: 'value', opaque: 1, cas: 2n ** 60n }),
      response(INCREMENT, { value: u64(2n ** 64n - 1n), opaque: 2 }),
      response(STAT, { key: 'a', value: '1', opaque: 3 }),
      response(STAT, { key: 'b', opaque: 3 }),
      response(STAT, { opaque: 3 }),
      response(ADD, { status: 2, value: 'Data exists for key.', opaque: 4 }),
      response(GET, { extras: u32(0), opaque: 5 }),
    ])
    const options = { maxvalues: -1 }
    for (const [asked, said] of [
      ...[...splits(requests)].map((chunks) => [chunks, [responses]] as const),
      ...[...splits(responses)].map((chunks) => [[requests], chunks] as const),
    ]) {
      const dialogue = new Dialogue(memcache, options).client(...asked).server(...said)
      assert.deepEqual(short(dialogue), [
        ['get ü', 'Success', 'OK'],
        ['incr n', 'Success', 'OK'],
        ['stats items', 'Success', 'OK'],
        ['add k', 'Key exists', 'Error'],
        ['get e', 'Success', 'OK'],
      ])
      const seen = pairs(dialogue)
      assert.deepEqual(seen[0]?.[1].values, ['dmFsdWU='])
      assert.deepEqual([seen[1]?.[0].delta, seen[1]?.[0].initial, seen[1]?.[0].exptime], [3, 10, 9])
      assert.deepEqual(seen[2]?.[1].stats, [
        { name: 'a', value: '1' },
        { name: 'b', value: '' },
      ])
      assert.deepEqual([seen[3]?.[1].error_msg, seen[3]?.[1].bytes], ['Data exists for key.', undefined])
      assert.deepEqual([seen[4]?.[1].bytes, seen[4]?.[1].count_values, seen[4]?.[1].values], [0, 1, ['']])
      assert.deepEqual(dialogue.close().counts, {})
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('lets what is quiet have no answer: a fence says that it is over', () => {
    const dialogue = new Dialogue(memcache)
      .client(
        request(GETKQ, { key: 'a', opaque: 1 }),
        request(GETQ, { key: 'b', opaque: 2 }),
        request(SETQ, { key: 'c', extras: u32(0, 0), value: 'x', opaque: 3 }),
        request(NOOP, { opaque: 4 }),
      )
      .server(response(GETQ, { extras: u32(0), value: 'b', opaque: 2 }), response(NOOP, { opaque: 4 }))
      .client(request(QUITQ))
      .close()
    assert.deepEqual(short(dialogue), [
      ['get a', null, 'OK'],
      ['get b', 'Success', 'OK'],
      ['set c', null, 'OK'],
      ['noop', 'Success', 'OK'],
      ['quit', null, 'OK'],
    ])
    assert.deepEqual(dialogue.counts, {})
  })

  it('tells requests of one kind by their opaque', () => {
    const dialogue = new Dialogue(memcache)
      .client(request(GET, { key: 'lost', opaque: 1 }), request(GET, { key: 'a', opaque: 2 }))
      .server(response(GET, { extras: u32(0), opaque: 2 }), response(GET, { opaque: 9, status: 1 }))
    assert.deepEqual(short(dialogue), [
      ['get lost', null, 'Server Error'],
      ['get a', 'Success', 'OK'],
      ['', 'Key not found', 'Client Error'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, unmatched_responses: 1 })
  })

  it('shows who logs in, and never a password', () => {
    const options = { maxvalues: -1, send_request: true, send_response: true }
    const dialogue = new Dialogue(memcache, options)
      .client(request(MECHANISMS))
      .server(response(MECHANISMS, { value: 'PLAIN SCRAM-SHA-1' }))
      .client(request(AUTH, { key: 'PLAIN', value: '\0ann\0geheim' }))
      .server(response(AUTH, { status: 0x20, value: 'Auth failure.' }))
      .client(request(AUTH, { key: 'SCRAM-SHA-1', value: 'n,,n=ann,r=geheim' }))
      .server(response(AUTH, { status: 0x21, value: 'r=geheim,s=salt' }))
      .client(request(STEP, { key: 'SCRAM-SHA-1', value: 'p=geheim' }))
      .server(response(STEP))
    assert.deepEqual(
      dialogue.events.map(({ event, user, status }) => [
        (event as { outcome: string }).outcome,
        (user as { name: string } | undefined)?.name,
        status,
      ]),
      [
        ['success', undefined, 'OK'],
        ['failure', 'ann', 'Error'],
        ['success', undefined, 'OK'],
        ['success', undefined, 'OK'],
      ],
    )
    const text = JSON.stringify(dialogue.events)
    for (const secret of ['geheim', Buffer.from('\0ann\0geheim').toString('base64')])
      assert.ok(!text.includes(secret))
  })

  it('reads every opcode, known or not', () => {
    for (let opcode = 0; opcode < 256; opcode++) {
      const dialogue = new Dialogue(memcache)
        .client(request(opcode, { key: 'k', extras: Buffer.alloc(20), value: 'v', opaque: opcode }))
        .server(response(opcode, { opaque: opcode, status: 0x81, value: 'Unknown command' }))
      assert.equal(pairs(dialogue)[0]?.[0].opcode_value, opcode)
      assert.equal(dialogue.events[0]?.status, 'Server Error')
      assert.equal(pairs(dialogue)[0]?.[1].error_msg, 'Unknown command')
      assert.deepEqual(dialogue.close().counts, {})
    }
  })

  it('reads the extras of each command', () => {
    const dialogue = new Dialogue(memcache)
      .client(request(FLUSH, { extras: u32(30) }), request(VERBOSITY, { extras: u32(2) }))
      .client(
        request(GAT, { key: 'k', extras: u32(100), status: 5 }),
        request(VERSION),
        request(DELETE, { key: 'd' }),
      )
      .server(response(FLUSH), response(VERBOSITY), response(GAT, { extras: u32(9), value: 'x' }))
      .server(response(VERSION, { value: '1.6.18' }), response(DELETE))
    const [flush, verbosity, gat, version] = pairs(dialogue)
    assert.deepEqual([flush?.[0].command, flush?.[0].opcode, flush?.[0].exptime], ['delete', 'Flush', 30])
    assert.equal(verbosity?.[0].verbosity, 2)
    assert.deepEqual([gat?.[0].exptime, gat?.[0].vbucket, gat?.[1].flags], [100, 5, 9])
    assert.equal(version?.[1].version, '1.6.18')
    assert.equal(dialogue.events.length, 5)
  })

  it('reports what is not answered', () => {
    const dialogue = new Dialogue(memcache)
      .client(request(GET, { key: 'a' }), request(GETQ, { key: 'b' }))
      .wait(11)
    assert.deepEqual(short(dialogue.close()), [
      ['get a', null, 'Server Error'],
      ['get b', null, 'OK'],
    ])
    assert.deepEqual(notes(dialogue), ['Unfinished transaction', undefined])
  })
})
