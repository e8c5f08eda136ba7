import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amqp } from '../../../lib/protocols/amqp/index.js'
import { Dialogue } from '../../support/dialogue.js'
import * as wire from './builders.js'
import {
  basic,
  content,
  join,
  list,
  nested,
  queue,
  text,
  truth,
  typed,
  u8,
  u16,
  u32,
  u64,
} from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

/** The event of a message that is published with these properties. */
function published(body: string | Buffer, properties: [number, Buffer][] = [], options: object = {}) {
  const dialogue = new Dialogue(amqp, { send_request: true, ...options })
  dialogue.client(basic.publish(1, 'e', 'k'), content(1, body, properties))
  assert.equal(dialogue.events.length, 1)
  assert.equal(dialogue.memory.held, 250) // the channel
  assert.equal(dialogue.close().memory.held, 0)
  return eventsOf(dialogue)[0]
}

const float = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatBE(value)
  return bytes
}
const double = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}

describe('messages of AMQP', () => {
  it('show their properties', () => {
    const {
      amqp: document,
      user,
      related,
    } = published('x', [
      wire.contentType('text/plain'),
      wire.contentEncoding('gzip'),
      wire.headers({ a: '1' }),
      wire.deliveryMode(2),
      [11, u8(9)],
      [10, wire.short('correlation')],
      [9, wire.short('reply')],
      [8, wire.short('60000')],
      [7, wire.short('id')],
      [6, u64(1_700_000_000)],
      [5, wire.short('type')],
      [4, wire.short('ann')],
      [3, wire.short('app')],
    ])
    assert.deepEqual(document, {
      exchange: 'e',
      'routing-key': 'k',
      mandatory: false,
      immediate: false,
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
      headers: { a: '1' },
      'delivery-mode': 'persistent',
      priority: 9,
      'correlation-id': 'correlation',
      'reply-to': 'reply',
      expiration: '60000',
      'message-id': 'id',
      timestamp: '2023-11-14T22:13:20.000Z',
      type: 'type',
      'user-id': 'ann',
      'app-id': 'app',
    })
    assert.deepEqual([user, related.user], [{ id: 'ann' }, ['ann']])
  })

  it('show headers of all types', () => {
    const { headers } = published('x', [
      wire.headers({
        text: 'grün',
        yes: truth(true),
        i8: typed('b', u8(-5)),
        u8: typed('B', u8(200)),
        i16: typed('s', u16(-2)),
        spec16: typed('U', u16(-3)),
        u16: typed('u', u16(65_535)),
        i32: typed('I', u32(-70_000)),
        u32: typed('i', u32(4_000_000_000)),
        i64: typed('l', u64(-(2 ** 40))),
        large: typed('L', u64(2n ** 62n)),
        f32: typed('f', float(0.5)),
        f64: typed('d', double(0.1)),
        nan: typed('d', double(Number.NaN)),
        decimal: typed('D', join(u8(2), u32(-314))),
        bytes: typed('x', wire.long(Buffer.from([1, 255]))),
        time: typed('T', u64(0)),
        never: typed('T', u64(2n ** 63n)),
        nothing: typed('V', join()),
        list: list(text('a'), list(), nested({ b: truth(false) })),
        table: nested({ deep: nested({ deeper: 'x' }) }),
        ['__proto__']: text('a name like others'),
        '': text('no field can have it'),
      }),
    ]).amqp
    const expected = JSON.parse(`{
      "text": "grün", "yes": true, "i8": -5, "u8": 200, "i16": -2, "spec16": -3, "u16": 65535, "i32": -70000,
      "u32": 4000000000, "i64": -1099511627776, "large": "4611686018427387904", "f32": 0.5, "f64": 0.1, "nan": "NaN",
      "decimal": -3.14, "bytes": "01ff", "time": "1970-01-01T00:00:00.000Z", "never": "9223372036854775808",
      "nothing": null, "list": ["a", [], {"b": false}], "table": {"deep": {"deeper": "x"}},
      "__proto__": "a name like others"
    }`)
    assert.deepEqual(headers, expected)
  })

  it('show no properties and no arguments where they are not asked for', () => {
    const event = published('x', [wire.deliveryMode(1), wire.headers({ a: '1' })], { parse_headers: false })
    assert.deepEqual(event.amqp, { exchange: 'e', 'routing-key': 'k', mandatory: false, immediate: false })
    const declared = new Dialogue(amqp, { parse_arguments: false })
      .client(queue.declare(1, 'q', wire.table({ 'x-max-length': typed('I', u32(5)) })))
      .server(queue.declareOk(1, 'q'))
    assert.equal(eventsOf(declared)[0].amqp.arguments, undefined)
    const shown = new Dialogue(amqp)
      .client(queue.declare(1, 'q', wire.table({ 'x-max-length': typed('I', u32(5)) })))
      .server(queue.declareOk(1, 'q'))
    assert.deepEqual(eventsOf(shown)[0].amqp.arguments, { 'x-max-length': 5 })
  })

  it('show a body that is text as text, and others as bytes', () => {
    const cases: [string | Buffer, [number, Buffer][], string][] = [
      ['grün\n', [], 'grün\n'],
      [Buffer.from([0, 1, 200]), [], '0 1 200'],
      [Buffer.from([0xc3]), [], '195'],
      ['plain', [wire.contentEncoding('utf-8')], 'plain'],
      [Buffer.from([0x1f, 0x8b]), [wire.contentEncoding('gzip'), wire.contentType('text/plain')], '31 139'],
      [Buffer.from([0x66, 0xfc, 0x72]), [wire.contentType('text/plain; charset=latin1')], 'f\ufffdr'],
      ['', [], ''],
    ]
    for (const [body, properties, shown] of cases) assert.equal(published(body, properties).request, shown)
  })

  it('show as much of a body as is asked for, however many frames it comes in', () => {
    const long = Buffer.from('aü'.repeat(1000))
    for (const most of [1, 7, 1000, 10_000]) {
      const dialogue = new Dialogue(amqp, { send_response: true, max_body_length: 5 })
      dialogue.server(basic.deliver(1, 't', 1, 'e', 'k'), content(1, long, [], most))
      const [event] = eventsOf(dialogue)
      // Five bytes end in the midst of a character.
      assert.deepEqual([event.response, event.destination.bytes], ['aüa [...]', 3000])
    }
    assert.equal(published(Buffer.from([1, 2, 3]), [], { max_body_length: 2 }).request, '1 2 [...]')
    assert.equal(published('text', [], { max_body_length: 0 }).request, ' [...]')
  })

  it('on several channels come frame by frame in turns', () => {
    const one = content(1, 'one', [], 1)
    const two = content(2, 'two', [], 1)
    const dialogue = new Dialogue(amqp, { send_request: true }).client(
      basic.publish(1, '', '1'),
      basic.publish(2, '', '2'),
    )
    const head = 22 // bytes of a header frame
    dialogue.client(one.subarray(0, head), two.subarray(0, head))
    for (let at = head; at < one.length; at += 9)
      dialogue.client(one.subarray(at, at + 9), two.subarray(at, at + 9))
    assert.deepEqual(
      eventsOf(dialogue).map(({ request, amqp }) => [amqp['routing-key'], request]),
      [
        ['1', 'one'],
        ['2', 'two'],
      ],
    )
  })

  it('of more than 64 KB are not held', () => {
    const dialogue = new Dialogue(amqp, { send_request: true }).client(basic.publish(1, 'e', 'k'))
    const frames = content(1, Buffer.alloc(5_000_000, 'x'))
    let most = 0
    for (let at = 0; at < frames.length; at += 1460) {
      dialogue.client(frames.subarray(at, at + 1460))
      most = Math.max(most, dialogue.memory.held)
    }
    assert.equal(eventsOf(dialogue)[0].source.bytes, 5_000_000)
    // A thousand bytes of it, the channel, and the head of a frame that two segments share.
    assert.ok(most < 70_000, `${most}`)
  })

  it('that are broken off by another method are reported', () => {
    const dialogue = new Dialogue(amqp, { send_request: true }).client(
      basic.publish(1, 'e', 'first'),
      wire.header(1, 10),
      wire.body(1, 'half'),
      basic.publish(1, 'e', 'second'),
      content(1, 'whole'),
    )
    assert.deepEqual(
      eventsOf(dialogue).map(({ amqp, status, request, source, error }) => [
        amqp['routing-key'],
        status,
        request,
        source.bytes,
        error?.message,
      ]),
      [
        ['first', 'Error', 'half', 4, 'The message is incomplete'],
        ['second', 'OK', 'whole', 5, undefined],
      ],
    )
    assert.deepEqual(dialogue.counts, { incomplete_messages: 1 })
  })
})
