import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import { thrift } from '../../../lib/protocols/thrift/index.js'
import { LIST, MAP, STRING, STRUCT } from '../../../lib/protocols/thrift/types.js'
import { Dialogue } from '../../support/dialogue.js'
import {
  binary,
  call,
  compact,
  framed,
  headed,
  list,
  old,
  oneway,
  reply,
  sasl,
  struct,
  text,
} from './builders.js'

const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')

/** Heads of a call `f` up to its structure. */
const inBinary = '80010001 00000001 66 00000001'
const inCompact = '8221 01 01 66'

const hostile: Readonly<Record<string, Buffer>> = {
  'no message at all': Buffer.from('hello'),
  'a version that does not exist': hex('80020001 00000001 66 00000001 00'),
  'a compact version that does not exist': hex('8222 01 01 66 00'),
  'a type of message that does not exist': hex('80010009 00000001 66 00000001 00'),
  'a name of 2 GB': hex('80010001 7fffffff'),
  'a name of a negative length': hex('80010001 ffffffff'),
  'a compact name of 4 GB': hex('8221 01 ffffffff0f'),
  'a number that never ends': hex('8221 ffffffffffff'),
  'a type of field that does not exist': hex(inBinary, '07 0001'),
  'a compact type of field that does not exist': hex(inCompact, '1e'),
  'a text of a negative length': hex(inBinary, '0b 0001 ffffffff'),
  'a text of 2 GB': hex(inBinary, '0b 0001 7fffffff'),
  'a list of a negative length': hex(inBinary, '0f 0001 0b ffffffff'),
  'a list of 2,000,000,000 numbers': hex(inBinary, '0f 0001 08 77359400'),
  'a list of a type that does not exist': hex(inBinary, '0f 0001 63 00000001'),
  'a map of a negative length': hex(inBinary, '0d 0001 0b0b ffffffff'),
  'a compact map of a type that does not exist': hex(inCompact, '1b 01 ff'),
  'a compact i64 of more than 64 bits': hex(inCompact, '16', 'ff'.repeat(11)),
  'lists in lists without end': hex(inBinary, '0f 0001', '0f 00000001'.repeat(100)),
  'compact structures in structures without end': hex(inCompact, '1c'.repeat(100)),
  'maps in maps without end': hex(inBinary, '0d 0001', '03 0d 00000001 01'.repeat(100)),
  'a frame that is shorter than its message': framed(binary(call('f', { 1: text('abc') })).subarray(0, 20)),
  'a frame of 16 MB': hex('00ffffff 8001'),
  'a frame of 10 MB and a byte': hex('00a00001 8001'),
  'a frame of something else': framed(Buffer.from('\x01\x02hello, frame')),
  'a header that is longer than its frame': hex('00000010 0fff 0000 00000001 7fff 0000 00000000'),
  'a header that ends within itself': hex('00000006 0fff 0000 0000'),
  'a header without its protocol': hex('0000000a 0fff 0000 00000001 0000'),
  'a header of many transforms': headed(binary(call('f')), 1, 0, ...Array.from({ length: 9 }, () => 1)),
  'a step of a login of 16 MB': hex('01 00ffffff'),
  'a reply from the client': binary(reply('f')),
}

describe('thrift, hostile input', () => {
  for (const [what, bytes] of Object.entries(hostile))
    it(`ends the conversation at ${what}`, () => {
      const dialogue = new Dialogue(thrift).client(binary(oneway('before')), bytes)
      assert.deepEqual([dialogue.counts, dialogue.events.length], [{ malformed: 1 }, 1])
      assert.equal(dialogue.memory.held, 0)
      // The next segment begins another one.
      dialogue.client(binary(oneway('after')))
      assert.equal(dialogue.events.length, 2)
    })

  it('ends it at what a server does not say', () => {
    const dialogue = new Dialogue(thrift).client(binary(call('f'))).server(binary(call('f')))
    assert.deepEqual(dialogue.counts, { malformed: 1, unmatched_requests: 1 })
  })

  it('does not expand a small message to more than 10 MiB', () => {
    const bomb = deflateSync(binary(call('f', { 1: text(Buffer.alloc(11 * 1024 * 1024)) })))
    assert.ok(bomb.length < 20_000)
    const dialogue = new Dialogue(thrift).client(headed(bomb, 1, 0, 1))
    assert.deepEqual([dialogue.events.length, Object.keys(dialogue.counts)], [0, ['undecoded_connections']])
  })

  // Without frames only the message itself tells how long it is: each byte may be read some times, not once a segment.
  for (const [name, written] of Object.entries({ binary, compact, old }))
    it(`reads a message of 1 MB in small segments in a time that grows as it does: ${name}`, () => {
      const small = Array.from({ length: 60_000 }, () => struct({ 1: text('abcdefgh') }))
      const wire = written(call('f', { 1: list(STRUCT, ...small), 2: list(STRING, text('x')) }))
      const dialogue = new Dialogue(thrift, { collection_max_size: 1 })
      const before = process.cpuUsage()
      for (let at = 0; at < wire.length; at += 100) dialogue.client(wire.subarray(at, at + 100))
      const { user } = process.cpuUsage(before)
      dialogue.close()
      assert.equal(dialogue.events[0]?.query, 'f(1: [(1: "abcdefgh"), ...], ...)')
      // A tenth of a second; read again for each segment it is minutes.
      assert.ok(user < 5e6, `${user / 1e6} s`)
      assert.equal(dialogue.memory.held, 0)
    })

  it('passes over what is nested and long, wherever it is cut', () => {
    const inner = { 1: list(LIST, list(STRING, text('ab')), list(STRING)), 2: struct({ 1: text('c') }) }
    const body = {
      1: struct(inner),
      2: { type: MAP, key: STRING, element: STRUCT, entries: [[text('k'), struct(inner)]] },
    }
    for (const written of [binary, compact]) {
      const wire = written(call('f', body as never))
      for (let first = 1; first < wire.length; first++)
        for (let second = first + 1; second < Math.min(first + 12, wire.length); second++) {
          const dialogue = new Dialogue(thrift)
          dialogue
            .client(wire.subarray(0, first), wire.subarray(first, second), wire.subarray(second))
            .close()
          assert.equal(
            dialogue.events[0]?.query,
            'f(1: (1: [["ab"], []], 2: (1: "c")), 2: {"k": (1: [["ab"], []], 2: (1: "c"))})',
          )
        }
    }
  })

  it('keeps no more of a login than a name', () => {
    const dialogue = new Dialogue(thrift).client(
      sasl(1, 'x'.repeat(10_000)),
      sasl(5, `\0${'u'.repeat(10_000)}\0p`),
    )
    const [event] = dialogue.server(sasl(5, '')).events
    assert.deepEqual([String(event?.query).length, event?.user], [262, undefined])
  })
})
