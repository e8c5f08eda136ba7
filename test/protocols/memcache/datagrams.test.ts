import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memcache } from '../../../lib/protocols/memcache/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { datagram, notes, pairs, put, request, response, short, u32, value } from './said.js'

const dialogue = (options = {}) => new Dialogue(memcache, options, { transport: 17 })
const [GETK, NOOP, GETKQ] = [0x0c, 0x0a, 0x0d]

describe('memcache over UDP', () => {
  it('pairs by the request id, text and binary', () => {
    const said = dialogue()
      .client(datagram(1, 0, 1, 'get a\r\n'), datagram(2, 0, 1, request(GETK, { key: 'b' })))
      .server(datagram(2, 0, 1, response(GETK, { status: 1 })), datagram(1, 0, 1, 'END\r\n'))
    assert.deepEqual(short(said), [
      ['get b', 'Key not found', 'Error'],
      ['get a', 'END', 'OK'],
    ])
    // Without the eight bytes of the frame, as upstream counts.
    assert.deepEqual(
      said.events.map(({ network }) => (network as { bytes: number }).bytes),
      [25 + 24, 7 + 5],
    )
    assert.deepEqual(said.close().counts, {})
  })

  it('puts the datagrams of an answer in order', () => {
    const text = Buffer.from(`${value('long', 'x'.repeat(40))}END\r\n`)
    const parts = [text.subarray(0, 20), text.subarray(20, 40), text.subarray(40)]
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 1, 0, 2],
    ]) {
      const said = dialogue({ maxvalues: 1 }).client(datagram(7, 0, 1, 'get long\r\n'))
      for (const number of order) said.server(datagram(7, number, 3, parts[number]))
      assert.deepEqual(short(said), [['get long', 'VALUE', 'OK']])
      assert.equal(pairs(said)[0]?.[1].bytes, 40)
      const [{ destination }] = said.events as [{ destination: { bytes: number } }]
      assert.equal(destination.bytes, text.length)
      assert.deepEqual(said.close().counts, {})
      assert.equal(said.memory.held, 0)
    }
  })

  it('reads an answer in several groups of datagrams, as memcached 1.6 sends one for each item', () => {
    const said = dialogue()
      .client(datagram(1, 0, 1, 'get a big b nothing\r\n'))
      .server(datagram(1, 0, 1, value('a', '1')))
      .server(datagram(1, 1, 2, `${'x'.repeat(20)}\r\n`), datagram(1, 0, 2, 'VALUE big 0 20\r\n'))
      .server(datagram(1, 0, 0), datagram(1, 0, 1, `${value('b', '2')}END\r\n`))
    assert.deepEqual(pairs(said)[0]?.[1].keys, ['a', 'big', 'b'])
    assert.equal(said.events.length, 1)
    assert.deepEqual(said.close().counts, {})
    assert.equal(said.memory.held, 0)
  })

  it('reads several requests in one datagram', () => {
    const binary = [request(GETKQ, { key: 'a', opaque: 1 }), request(NOOP, { opaque: 2 })]
    const said = dialogue()
      .client(datagram(1, 0, 1, Buffer.concat(binary)))
      .server(datagram(1, 0, 1, response(NOOP, { opaque: 2 })))
      .client(datagram(2, 0, 1, `${put('set a 0 0', 'x', ' noreply')}get a\r\n`))
      .server(datagram(2, 0, 1, `${value('a', 'x')}END\r\n`))
    assert.deepEqual(short(said), [
      ['get a', null, 'OK'],
      ['noop', 'Success', 'OK'],
      ['set a', null, 'OK'],
      ['get a', 'VALUE', 'OK'],
    ])
  })

  it('gives up after udptransactiontimeout, and takes the answer that comes later', () => {
    const said = dialogue({ udptransactiontimeout: '200ms' }).client(
      datagram(1, 0, 1, 'get a\r\n'),
      datagram(2, 0, 1, put('set b 0 0', 'x', ' noreply')),
    )
    assert.deepEqual(short(said.wait(0.1)), [])
    said.wait(0.2).server(datagram(1, 0, 1, 'END\r\n'))
    assert.deepEqual(short(said), [
      ['get a', null, 'Server Error'],
      ['set b', null, 'OK'],
      ['get a', 'END', 'OK'],
    ])
    assert.deepEqual(said.close().counts, { unmatched_requests: 1, late_responses: 1 })
    assert.equal(said.memory.held, 0)
  })

  it('reports what came of an answer whose datagrams are missing', () => {
    const begun = `${value('a', '1')}VALUE long 0 100\r\nxxx`
    const lost = { lost_datagrams: 1, unmatched_requests: 1, lost_value_bytes: 99 }
    const said = dialogue()
      .client(datagram(1, 0, 1, 'get a long\r\n'))
      .server(datagram(1, 0, 2, begun))
      .wait(11)
    assert.deepEqual(short(said), [['get a', 'VALUE', 'Server Error']])
    assert.deepEqual(pairs(said)[0]?.[1].keys, ['a', 'long'])
    assert.deepEqual(said.close().counts, lost)
    const first = dialogue()
      .client(datagram(1, 0, 1, 'get a\r\n'))
      .server(datagram(1, 1, 2, 'END\r\n'))
      .close()
    assert.deepEqual(short(first), [['get a', null, 'Server Error']])
    assert.deepEqual(notes(first), ['Packet loss while capturing the response'])
    const second = dialogue()
      .client(datagram(1, 0, 1, 'get a b\r\n'))
      .server(datagram(1, 0, 1, value('a', '1')))
      .close()
    assert.deepEqual(notes(second), ['Packet loss while capturing the response'])
    for (const { memory } of [said, first, second]) assert.equal(memory.held, 0)
  })

  it('takes the answer to a refused request of several datagrams', () => {
    const said = dialogue()
      .client(datagram(1, 0, 2, 'get a\r\n'), datagram(1, 1, 2, 'get b\r\n'))
      .server(datagram(1, 0, 1, 'SERVER_ERROR multi-packet request not supported\r\n'))
    assert.deepEqual(short(said), [['get a', 'SERVER_ERROR', 'Server Error']])
  })

  it('replaces a request whose id comes again', () => {
    const said = dialogue()
      .client(datagram(1, 0, 1, 'get a\r\n'), datagram(1, 0, 1, 'get b\r\n'))
      .server(datagram(1, 0, 1, 'END\r\n'))
    assert.deepEqual(short(said), [
      ['get a', null, 'Server Error'],
      ['get b', 'END', 'OK'],
    ])
  })

  it('bounds the requests of one port', () => {
    const said = dialogue()
    for (let id = 0; id < 1030; id++) said.client(datagram(id, 0, 1, 'get a\r\n'))
    assert.deepEqual(said.counts, { unmatched_requests: 6, evicted_requests: 6 })
    assert.equal(notes(said)[0], 'Too many requests without a response')
    assert.equal(said.close().events.length, 1030)
    assert.equal(said.memory.held, 0)
  })

  for (const [what, hostile] of Object.entries({
    'a short datagram': Buffer.from('abc'),
    'a number beyond all': datagram(1, 5, 5, 'END\r\n'),
    'too many datagrams': datagram(1, 0, 65_535, 'END\r\n'),
    'what is no answer': datagram(1, 0, 1, '\0\x01\x02\r\n'),
    'a value without its length': datagram(1, 0, 1, 'VALUE a\r\n'),
    'a value that goes on': datagram(1, 0, 1, 'VALUE a 0 10\r\nxx'),
    'a body that is too short': datagram(1, 0, 1, response(0, { value: 'abc' }).subarray(0, 25)),
    'half a line': datagram(1, 0, 1, 'EN'),
    'no magic': datagram(1, 0, 1, u32(0x82000000, 0, 0, 0, 0, 0)),
  }))
    it(`survives ${what}`, () => {
      const said = dialogue()
        .client(datagram(1, 0, 1, 'get a\r\n'))
        .server(hostile)
      assert.equal(said.counts.malformed, 1)
      said
        .server(datagram(1, 0, 1, 'END\r\n'))
        .client(hostile)
        .close()
      assert.ok(short(said).some(([asked]) => asked === 'get a'))
      assert.equal(said.memory.held, 0)
    })
})
