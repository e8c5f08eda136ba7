import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amqp } from '../../../lib/protocols/amqp/index.js'
import { Dialogue } from '../../support/dialogue.js'
import * as wire from './builders.js'
import {
  basic,
  channel,
  content,
  frame,
  join,
  long,
  method,
  nested,
  queue,
  u16,
  u32,
  u64,
} from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

/** A message whose headers are these bytes. */
const withHeaders = (table: Buffer) => join(basic.publish(1, 'e', 'k'), wire.header(1, 1, [13, table]))

const withoutEnd = (bytes: Buffer) => join(bytes.subarray(0, -1), wire.u8(0))

/** Tables in tables. */
function deep(levels: number): wire.Typed {
  let table = nested({})
  for (let level = 0; level < levels; level++) table = nested({ in: table })
  return table
}

const queues = (...given: Buffer[]) => method(1, 50, 10, u16(0), ...given)

/** What no client sends. */
const fromClient: Record<string, Buffer> = {
  'a frame of a type that there is not': frame(4, 0, join()),
  'a frame without its end': withoutEnd(queue.purge(1, 'q')),
  'a body without its end': join(basic.publish(1, '', ''), withoutEnd(content(1, 'x'))),
  'a method of more than 1 MiB': join(Buffer.from([1, 0, 1]), u32(1024 * 1024 + 1)),
  'a header of more than 1 MiB': join(Buffer.from([2, 0, 1]), u32(1024 * 1024 + 1)),
  'a method of the server': basic.deliver(1, 't', 1, 'e', 'k'),
  'an answer that only servers give': queue.declareOk(1, 'q'),
  'a method without its number': frame(1, 1, u16(50)),
  'a name longer than its frame': queues(Buffer.from([200, 65])),
  'a method that ends too soon': queues(),
  'a table longer than its frame': queues(wire.short('q'), wire.bits(false), u32(1000)),
  'a value longer than its table': queues(
    wire.short('q'),
    wire.bits(false),
    long(join(wire.short('a'), Buffer.from('S'), u32(100))),
    Buffer.alloc(200),
  ),
  'a value of a type that there is not': withHeaders(long(join(wire.short('a'), Buffer.from('?')))),
  'tables in tables without end': withHeaders(wire.table({ a: deep(20) })),
  'properties that there are not': join(
    basic.publish(1, 'e', 'k'),
    frame(2, 1, join(u16(60), u16(0), u64(0), u16(1))),
  ),
  'a second header': join(basic.publish(1, 'e', 'k'), wire.header(1, 5), wire.header(1, 5)),
  'a body before its header': join(basic.publish(1, 'e', 'k'), wire.body(1, 'x')),
  'more of a body than its header tells': join(
    basic.publish(1, 'e', 'k'),
    wire.header(1, 5),
    wire.body(1, '123456'),
  ),
  'a second header of the protocol that is none': Buffer.from('AMQX1234'),
  'a login longer than it says': wire.connection.startOk(
    'AMQPLAIN',
    join(wire.short('LOGIN'), Buffer.from('S'), u32(2 ** 31)),
  ),
}

/** What no server sends. */
const fromServer: Record<string, Buffer> = {
  'a method of the client': queue.purge(1, 'q'),
  'an answer that ends too soon': method(1, 50, 31),
  'a frame of a type that there is not': frame(0, 0, join()),
}

describe('hostile input for AMQP', () => {
  for (const [what, bytes] of Object.entries(fromClient))
    it(`${what} from the client ends the conversation`, () => {
      const dialogue = new Dialogue(amqp, { send_request: true }).client(queue.purge(7, 'waits'), bytes)
      assert.equal(dialogue.counts.malformed, 1)
      // What waits is reported.
      assert.ok(eventsOf(dialogue).some(({ amqp }) => amqp?.queue === 'waits'))
      assert.equal(dialogue.memory.held, 0)
    })

  for (const [what, bytes] of Object.entries(fromServer))
    it(`${what} from the server ends the conversation`, () => {
      const dialogue = new Dialogue(amqp).client(queue.purge(7, 'waits')).server(wire.heartbeat).server(bytes)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.events.length, 1)
      assert.equal(dialogue.memory.held, 0)
    })

  it('values in tables are shown up to 1024 of a frame, nested ones included', () => {
    const entries = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`n${index}`, 'x']))
    const dialogue = new Dialogue(amqp).client(
      basic.publish(1, 'e', 'k'),
      content(1, 'x', [wire.headers({ a: nested(entries), b: nested(entries) }), wire.deliveryMode(2)]),
    )
    const { headers } = eventsOf(dialogue)[0].amqp
    assert.equal(Object.keys(headers.a).length + Object.keys(headers.b).length, 1022)
    assert.equal(eventsOf(dialogue)[0].amqp['delivery-mode'], 'persistent')
    assert.deepEqual(dialogue.counts, { omitted_values: 1 })
  })

  it('1024 calls of a channel wait for their answers; the oldest is then reported', () => {
    const dialogue = new Dialogue(amqp)
    for (let index = 0; index < 1025; index++) dialogue.client(queue.purge(1, `q${index}`))
    assert.deepEqual(
      eventsOf(dialogue).map(({ amqp, error }) => [amqp.queue, error.message]),
      [['q0', 'Too many requests without a response']],
    )
    // The answer to the first comes first.
    dialogue.server(queue.purgeOk(1, 0), queue.purgeOk(1, 1))
    assert.deepEqual(
      eventsOf(dialogue)
        .slice(1)
        .map(({ amqp }) => [amqp.queue, amqp['message-count']]),
      [['q1', 1]],
    )
    assert.deepEqual(dialogue.counts, { evicted_requests: 1, unmatched_requests: 1, unmatched_responses: 1 })
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('2048 channels of a connection are remembered; the oldest is then forgotten', () => {
    const dialogue = new Dialogue(amqp)
    for (let number = 1; number <= 2049; number++) dialogue.client(channel.open(number))
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, error }) => [method, error.message]),
      [['channel.open', 'Too many requests without a response']],
    )
    assert.deepEqual(dialogue.counts, { evicted_channels: 1, unmatched_requests: 1 })
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('the queues of 1024 consumers of a channel are remembered', () => {
    const dialogue = new Dialogue(amqp)
    for (let index = 0; index < 1025; index++) dialogue.client(basic.consume(1, 'q', `c${index}`, true))
    assert.deepEqual(dialogue.counts, { forgotten_consumers: 1 })
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('what is remembered of consumers and deliveries takes no more than 16 MiB, and nothing of what others need', () => {
    const name = 'x'.repeat(250)
    const dialogue = new Dialogue(amqp)
    for (let number = 1; number <= 1000; number++) {
      const consumers = Array.from({ length: 20 }, (_, index) =>
        basic.consume(number, name, `${index}${name}`, true),
      )
      dialogue
        .client(join(...consumers))
        .server(basic.deliver(number, name, 1, name, name), content(number, 'x'))
    }
    const { forgotten_consumers = 0, ...others } = dialogue.counts
    // 1100 bytes each.
    assert.ok(forgotten_consumers > 4000 && forgotten_consumers < 8000, `${forgotten_consumers}`)
    assert.deepEqual(others, {})
    assert.equal(dialogue.memory.held, 1000 * 250)
    assert.equal(dialogue.close().memory.held, 0)
    // With the connection it is given back.
    dialogue
      .client(basic.consume(1, name, name, true))
      .server(basic.deliver(1, name, 1, 'e', 'k'), content(1, 'x'))
    assert.equal(eventsOf(dialogue).at(-1).amqp.queue, name)
    assert.deepEqual(dialogue.counts, { forgotten_consumers })
  })

  it('what there is no memory for ends the conversation', () => {
    const cases: Record<string, Buffer[]> = {
      'a channel': [queue.purge(1, 'q')],
      'a call': [wire.heartbeat, basic.ack(1, 1), queue.purge(1, 'q')],
      'a body': [basic.publish(1, 'e', 'k'), wire.header(1, 500), wire.body(1, 'x'.repeat(400))],
    }
    for (const [what, frames] of Object.entries(cases)) {
      const dialogue = new Dialogue(amqp, { send_request: true })
      dialogue.memory.take(64 * 1024 * 1024 - (what === 'a channel' ? 100 : 300))
      const { held } = dialogue.memory
      dialogue.client(...frames)
      assert.equal(dialogue.counts.malformed, 1, what)
      assert.equal(dialogue.memory.held, held)
    }
  })

  it('what looks like the begin of a method again and again takes no more time than its length', {
    timeout: 5000,
  }, () => {
    const dialogue = new Dialogue(amqp)
    // Each is a method that goes on past the segment, until one byte more has come.
    const almost = join(Buffer.from([1, 0, 1]), u32(4000), u16(60), u16(40))
    for (let index = 0; index < 20_000; index++) dialogue.client(almost)
    assert.deepEqual(dialogue.events, [])
    assert.equal(dialogue.close().memory.held, 0)
  })
})
