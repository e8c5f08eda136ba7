import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import { thrift } from '../../../lib/protocols/thrift/index.js'
import { STRING } from '../../../lib/protocols/thrift/types.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import {
  binary,
  bool,
  call,
  compact,
  exception,
  framed,
  headed,
  i32,
  list,
  type Message,
  old,
  oneway,
  reply,
  sasl,
  struct,
  text,
} from './builders.js'
import { seen } from './support.js'

/** Every way to carry and to write a message. */
const ways: Readonly<Record<string, (message: Message) => Buffer>> = {
  'the binary protocol': binary,
  'the binary protocol without a version': old,
  'the compact protocol': compact,
  'the binary protocol in frames': (message) => framed(binary(message)),
  'the binary protocol without a version in frames': (message) => framed(old(message)),
  'the compact protocol in frames': (message) => framed(compact(message)),
  'the binary protocol with headers': (message) => headed(binary(message), message.seqid, 0),
  'the compact protocol with headers': (message) => headed(compact(message), message.seqid, 2),
  'headers and zlib': (message) => headed(deflateSync(compact(message)), message.seqid, 2, 1),
}

describe('thrift', () => {
  it('pairs a call with its reply', () => {
    const dialogue = new Dialogue(thrift, { send_request: true, send_response: true })
    dialogue.client(binary(call('add', { 1: i32(1), 2: i32(2) }))).server(binary(reply('add', { 0: i32(3) })))
    assert.deepEqual(dialogue.events, [
      {
        type: 'thrift',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        method: 'add',
        path: '',
        query: 'add(1: 1, 2: 2)',
        request: 'add(1: 1, 2: 2)',
        response: '3',
        thrift: { params: '(1: 1, 2: 2)', return_value: '3' },
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 30 },
        destination: { ip: '10.0.0.2', port: 9090, bytes: 23 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 30 },
        server: { ip: '10.0.0.2', port: 9090, bytes: 23 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 53 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  for (const [way, written] of Object.entries(ways))
    it(`reads ${way}, however TCP cuts it`, () => {
      const item = struct({ 1: text('boot'), 2: bool(true), 20: list(STRING, text('a'), text('b')) })
      const calls = Buffer.concat([
        written(call('get', { 1: i32(7) }, 1)),
        written(oneway('log', { 1: text('x') }, 2)),
        written(call('get', { 1: i32(8) }, 3)),
        written(call('gone', {}, 4)),
      ])
      const replies = Buffer.concat([
        written(reply('get', { 0: item }, 1)),
        written(reply('get', { 1: struct({ 1: text('no') }) }, 3)),
        written(exception('gone', { 1: text('what?'), 2: i32(1) }, 4)),
      ])
      for (const chunks of splits(calls))
        for (const answers of chunks.length > 2 ? splits(replies) : [[replies]]) {
          const dialogue = new Dialogue(thrift).client(...chunks).server(...answers)
          assert.deepEqual(seen(dialogue), [
            ['log(1: "x")', null, 'OK'],
            ['get(1: 7)', '(1: "boot", 2: true, 20: ["a", "b"])', 'OK'],
            ['get(1: 8)', '(1: (1: "no"))', 'Error'],
            ['gone()', 'TApplicationException(message: "what?", type: UNKNOWN_METHOD)', 'Error'],
          ])
          assert.deepEqual(dialogue.close().counts, {})
          assert.equal(dialogue.memory.held, 0)
        }
    })

  it('reads what one side carries otherwise than the other', () => {
    const dialogue = new Dialogue(thrift, { transport_type: 'framed' })
    dialogue.client(framed(compact(call('a')))).server(binary(reply('a')))
    dialogue.client(binary(call('b'))).server(framed(compact(reply('b'))))
    assert.deepEqual(seen(dialogue), [
      ['a()', '', 'OK'],
      ['b()', '', 'OK'],
    ])
  })

  it('leaves out frames without anything in them', () => {
    const dialogue = new Dialogue(thrift).client(Buffer.alloc(4), framed(binary(call('a'))))
    dialogue.server(Buffer.concat([Buffer.alloc(4), framed(binary(reply('a')))]))
    assert.deepEqual(seen(dialogue), [['a()', '', 'OK']])
  })

  it('tells which service was called, when several share a connection', () => {
    // The reply has the plain name.
    const dialogue = new Dialogue(thrift).client(binary(call('Shop:get'))).server(binary(reply('get')))
    const [event] = dialogue.events
    assert.deepEqual([event?.method, event?.path, event?.query], ['get', 'Shop', 'get()'])
    assert.deepEqual(event?.thrift, { service: 'Shop', params: '()', return_value: '' })
  })

  it('does not show replies with capture_reply: false, but tells a failure', () => {
    for (const written of Object.values(ways)) {
      const dialogue = new Dialogue(thrift, { capture_reply: false, send_response: true })
      dialogue.client(written(call('a', {}, 1))).server(written(reply('a', { 0: text('x') }, 1)))
      dialogue.client(written(call('b', {}, 2))).server(written(reply('b', { 1: bool(true) }, 2)))
      dialogue.client(written(call('c', {}, 3))).server(written(exception('c', { 1: text('no') }, 3)))
      assert.deepEqual(seen(dialogue), [
        ['a()', '', 'OK'],
        ['b()', '', 'Error'],
        ['c()', '', 'Error'],
      ])
      assert.ok(dialogue.events.every(({ response }) => response === ''))
    }
  })
})

describe('thrift, logins with SASL', () => {
  const plain = '\0ann\0geheim'

  it('tells who logs in, never the password, and reads on', () => {
    const asked = Buffer.concat([sasl(1, 'PLAIN'), sasl(5, plain)])
    for (const chunks of splits(asked)) {
      const dialogue = new Dialogue(thrift).client(...chunks).server(sasl(5, ''))
      dialogue.client(framed(binary(call('get')))).server(framed(binary(reply('get'))))
      assert.deepEqual(seen(dialogue), [
        ['SASL(PLAIN)', '', 'OK'],
        ['get()', '', 'OK'],
      ])
      assert.deepEqual(dialogue.events[0]?.user, { name: 'ann' })
      assert.ok(!JSON.stringify(dialogue.events).includes('geheim'))
    }
  })

  it('tells of a login that fails', () => {
    const dialogue = new Dialogue(thrift).client(sasl(1, 'GSSAPI'), sasl(2, 'ticket'))
    dialogue
      .server(sasl(2, 'more'))
      .client(sasl(2, 'more'))
      .server(sasl(3, 'Unsupported mechanism type GSSAPI'))
    assert.deepEqual(seen(dialogue), [['SASL(GSSAPI)', 'Unsupported mechanism type GSSAPI', 'Error']])
    assert.equal(dialogue.server(sasl(5, '')).counts.unmatched_responses, 1)
  })
})

describe('thrift, what is not for us', () => {
  const foreign: [string, Uint8Array | string, string][] = [
    ['TLS', Buffer.from('16030100c8010000c4', 'hex'), 'encrypted_connections'],
    ['the JSON protocol', '[1,"get",1,1,{}]', 'undecoded_connections'],
    ['the JSON protocol in frames', framed(Buffer.from('[1,"get",1,1,{}]')), 'undecoded_connections'],
    ['HTTP', 'POST / HTTP/1.1\r\n', 'undecoded_connections'],
    ['a header with an unknown transform', headed(binary(call('a')), 1, 0, 9), 'undecoded_connections'],
    ['a header with an unknown protocol', headed(binary(call('a')), 1, 7), 'undecoded_connections'],
    ['a header whose zlib is none', headed(binary(call('a')), 1, 0, 1), 'undecoded_connections'],
  ]
  for (const [what, bytes, counter] of foreign)
    it(`wants no more of a connection with ${what}, and reports what waits`, () => {
      const dialogue = new Dialogue(thrift).client(binary(call('before'))).client(bytes)
      assert.ok(dialogue.enough)
      assert.deepEqual(dialogue.counts, { [counter]: 1, unmatched_requests: 1 })
      assert.deepEqual(seen(dialogue), [['before()', null, 'Error']])
      assert.equal(dialogue.memory.held, 0)
    })
})
