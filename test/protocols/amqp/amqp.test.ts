import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amqp } from '../../../lib/protocols/amqp/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import * as wire from './builders.js'
import { basic, channel, connection, content, exchange, join, queue } from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

/** What a test usually wants to see of an event. */
const seen = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ method, status, event, error }) => [
    method,
    status,
    event.duration === undefined ? 'no answer' : 'answered',
    ...(error === undefined ? [] : [error.message]),
  ])

const shown = { send_request: true, send_response: true }

describe('amqp', () => {
  it('pairs a call with its answer', () => {
    const dialogue = new Dialogue(amqp, shown)
      .client(queue.declare(1, 'hello'))
      .server(queue.declareOk(1, 'hello', 3, 2))
    assert.deepEqual(dialogue.events, [
      {
        type: 'amqp',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          action: 'amqp.queue.declare',
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        method: 'queue.declare',
        request: 'queue.declare hello',
        response: 'OK',
        status: 'OK',
        amqp: {
          queue: 'hello',
          'message-count': 3,
          'consumer-count': 2,
          passive: false,
          durable: false,
          exclusive: false,
          'auto-delete': false,
          'no-wait': false,
        },
        source: { ip: '10.0.0.1', port: 40000, bytes: 25 },
        destination: { ip: '10.0.0.2', port: 5672, bytes: 26 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 25 },
        server: { ip: '10.0.0.2', port: 5672, bytes: 26 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 51 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('reads calls and messages however TCP cuts them', () => {
    const asked = join(
      queue.declare(1, 'q'),
      basic.publish(1, 'e', 'k'),
      content(1, 'grün', [wire.contentType('text/plain')], 3),
      wire.heartbeat,
      basic.get(1, 'q'),
    )
    const answers = join(
      queue.declareOk(1, 'q'),
      basic.getOk(1, 7, 'e', 'k', 4),
      content(1, 'body'),
      basic.deliver(2, 'tag', 1, 'e', 'k'),
      content(2, ''),
    )
    for (const pieces of splits(asked))
      for (const others of pieces.length > 2 ? splits(answers) : [[answers]]) {
        const dialogue = new Dialogue(amqp, shown).client(...pieces).server(...others)
        assert.deepEqual(
          eventsOf(dialogue)
            .map(({ method, request, response, source, destination }) => [
              method,
              request,
              response,
              source.bytes,
              destination.bytes,
            ])
            .sort(),
          [
            ['basic.deliver', '', '', undefined, undefined],
            ['basic.get', 'basic.get q', 'body', 17, 4],
            ['basic.publish', 'grün', '', 5, undefined],
            ['queue.declare', 'queue.declare q', 'OK', 21, 22],
          ],
        )
        assert.deepEqual(dialogue.close().counts, {})
        assert.equal(dialogue.memory.held, 0)
      }
  })

  it('finds an answer on the channel of its call, whatever the order', () => {
    const dialogue = new Dialogue(amqp)
      .client(queue.purge(1, 'one'), queue.purge(2, 'two'), exchange.declare(2, 'e', 'fanout'))
      .server(queue.purgeOk(2, 2), exchange.declareOk(2), queue.purgeOk(1, 1))
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, amqp }) => [
        method,
        amqp.queue ?? amqp.exchange,
        amqp['message-count'],
      ]),
      [
        ['queue.purge', 'two', 2],
        ['exchange.declare', 'e', undefined],
        ['queue.purge', 'one', 1],
      ],
    )
  })

  it('calls whose answer is missing are reported when a later one is answered', () => {
    const dialogue = new Dialogue(amqp)
      .client(queue.purge(1, 'one'), queue.bind(1, 'q', 'e', 'k'))
      .server(queue.bindOk(1))
    assert.deepEqual(seen(dialogue), [
      ['queue.purge', 'Error', 'no answer', 'Unmatched request'],
      ['queue.bind', 'OK', 'answered'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
  })

  it('shows at once what has no answer: messages, acknowledgements, calls that want none', () => {
    const dialogue = new Dialogue(amqp).client(
      queue.declare(1, 'q', wire.table(), true),
      basic.publish(1, '', 'q', true),
      content(1, 'x'),
      basic.ack(1, 5, true),
      basic.nack(1, 6),
      basic.reject(1, 7),
      wire.method(1, 60, 100, wire.bits(true)),
    )
    assert.deepEqual(seen(dialogue), [
      ['queue.declare', 'OK', 'no answer'],
      ['basic.publish', 'OK', 'no answer'],
      ['basic.ack', 'OK', 'no answer'],
      ['basic.nack', 'Error', 'no answer'],
      ['basic.reject', 'Error', 'no answer'],
      ['basic.recover-async', 'OK', 'no answer'],
    ])
    const [, publish, ack] = eventsOf(dialogue)
    assert.deepEqual(publish.amqp, { 'routing-key': 'q', mandatory: true, immediate: false })
    assert.deepEqual(ack.amqp, { 'delivery-tag': 5, multiple: true })
  })

  it('a call without an answer is reported at the timeout, and its late answer completes it', () => {
    const dialogue = new Dialogue(amqp).client(queue.purge(1, 'q')).wait(11).server(queue.purgeOk(1, 0))
    assert.deepEqual(seen(dialogue), [
      ['queue.purge', 'Error', 'no answer', 'Unmatched request'],
      [
        'queue.purge',
        'OK',
        'answered',
        'The response came after transaction_timeout; the request was reported before',
      ],
    ])
    assert.deepEqual(dialogue.close().counts, { unmatched_requests: 1, late_responses: 1 })
  })

  it('what waits is reported at the end', () => {
    const dialogue = new Dialogue(amqp)
      .client(queue.purge(1, 'q'), basic.publish(2, 'e', 'k'), wire.header(2, 10), wire.body(2, 'half'))
      .close()
    assert.deepEqual(seen(dialogue), [
      ['queue.purge', 'Error', 'no answer', 'Unmatched request'],
      ['basic.publish', 'Error', 'no answer', 'The message is incomplete'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, incomplete_messages: 1 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('a basic.get says what it got, or that there was nothing', () => {
    const dialogue = new Dialogue(amqp)
      .client(basic.get(1, 'q'), basic.get(1, 'q'))
      .server(basic.getOk(1, 3, 'e', 'k', 9), content(1, 'x'), basic.getEmpty(1))
    assert.deepEqual(
      eventsOf(dialogue).map(({ amqp }) => amqp),
      [
        {
          exchange: 'e',
          'routing-key': 'k',
          queue: 'q',
          'delivery-tag': 3,
          'message-count': 9,
          'no-ack': true,
          redelivered: true,
        },
        { queue: 'q', empty: true, 'no-ack': true },
      ],
    )
  })

  it('a delivery names the queue of its consumer, as long as that is known', () => {
    const deliver = (tag: string) => join(basic.deliver(1, tag, 1, 'e', 'k'), content(1, 'x'))
    const dialogue = new Dialogue(amqp)
      .client(queue.declare(1, ''))
      .server(queue.declareOk(1, 'amq.gen-1'))
      .client(basic.consume(1, '', ''), basic.consume(1, 'silent', 'mine', true))
      .server(basic.consumeOk(1, 'amq.ctag-1'), deliver('amq.ctag-1'), deliver('mine'), deliver('other'))
      .client(basic.cancel(1, 'mine', true))
      .server(deliver('mine'))
    assert.deepEqual(
      eventsOf(dialogue)
        .filter(({ method }) => method === 'basic.deliver')
        .map(({ amqp }) => [amqp['consumer-tag'], amqp.queue]),
      [
        ['amq.ctag-1', 'amq.gen-1'],
        ['mine', 'silent'],
        ['other', undefined],
        ['mine', undefined],
      ],
    )
    const consume = eventsOf(dialogue).find(({ amqp }) => amqp['consumer-tag'] === 'amq.ctag-1')
    assert.deepEqual([consume.method, consume.amqp.queue], ['basic.consume', 'amq.gen-1'])
  })

  it('an acknowledgement, or that a message is refused, tells where the message came from', () => {
    const deliver = (tag: number, key: string) => join(basic.deliver(1, 'c', tag, 'e', key), content(1, 'x'))
    const dialogue = new Dialogue(amqp)
      .client(basic.consume(1, 'work', 'c', true))
      .server(deliver(1, 'a'), deliver(2, 'a'), deliver(3, 'b'))
      .client(basic.get(1, 'other'))
    dialogue.server(basic.getOk(1, 4, '', 'other', 0), content(1, 'y'), deliver(9, 'c'), deliver(10, 'd'))
    dialogue.client(
      basic.ack(1, 10),
      basic.reject(1, 9),
      basic.ack(1, 4),
      basic.ack(1, 2),
      basic.ack(1, 11),
      basic.ack(2, 9),
    )
    const notices = () =>
      eventsOf(dialogue)
        .filter(({ method }) => /ack|reject/.test(method))
        .map(({ amqp }) => [amqp['delivery-tag'], amqp.exchange, amqp['routing-key'], amqp.queue])
    assert.deepEqual(notices(), [
      [10, 'e', 'd', 'work'],
      [9, 'e', 'c', 'work'],
      // It was got without having to be acknowledged.
      [4, undefined, undefined, undefined],
      [2, 'e', 'a', 'work'],
      [11, undefined, undefined, undefined],
      [9, undefined, undefined, undefined],
    ])
    dialogue.events.length = 0
    for (let tag = 11; tag < 300; tag++) dialogue.server(deliver(tag, String(tag)))
    dialogue.client(basic.ack(1, 299), basic.ack(1, 44), basic.ack(1, 43))
    assert.deepEqual(notices(), [
      [299, 'e', '299', 'work'],
      [44, 'e', '44', 'work'],
      // Of more than 256 runs the oldest is forgotten.
      [43, undefined, undefined, undefined],
    ])
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('a message that comes back is an error with its reason', () => {
    const [event] = eventsOf(new Dialogue(amqp).server(basic.return(1, 'e', 'k'), content(1, 'lost')))
    assert.deepEqual([event.status, event.destination.bytes, event.source.port], ['Error', 4, 40000])
    assert.deepEqual(event.amqp, {
      exchange: 'e',
      'routing-key': 'k',
      'reply-code': 312,
      'reply-text': 'NO_ROUTE',
    })
  })

  it('a channel that the server closes is the answer to what waits on it, and to nothing else', () => {
    const dialogue = new Dialogue(amqp, shown)
      .client(queue.bind(1, 'q', 'none', 'k'), basic.get(1, 'q'), queue.purge(2, 'other'))
      .server(channel.close(1, 404, 'NOT_FOUND', 50, 20))
      .client(channel.closeOk(1))
      .server(queue.purgeOk(2, 0))
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, status, amqp, response, source }) => [
        method,
        status,
        amqp['reply-code'],
        response,
        source.port,
      ]),
      [
        ['queue.bind', 'Error', 404, '404 NOT_FOUND', 40000],
        ['basic.get', 'Error', 404, '404 NOT_FOUND', 40000],
        ['channel.close', 'Error', 404, 'OK', 5672],
        ['queue.purge', 'OK', undefined, 'OK', 40000],
      ],
    )
    assert.deepEqual(dialogue.close().counts, {})
  })

  it('both sides may close a channel at once', () => {
    const dialogue = new Dialogue(amqp, { hide_connection_information: false })
      .client(channel.close(1, 200, 'bye'))
      .server(channel.close(1, 406, 'PRECONDITION_FAILED'), channel.closeOk(1))
    assert.deepEqual(seen(dialogue), [
      ['channel.close', 'OK', 'answered'],
      ['channel.close', 'Error', 'no answer', 'Close-ok method not received by sender'],
    ])
  })

  it('a connection that the server closes is the answer to what waits on all channels', () => {
    const dialogue = new Dialogue(amqp)
      .client(queue.purge(1, 'q'), queue.purge(2, 'r'))
      .server(connection.close(320, 'CONNECTION_FORCED'))
      .client(connection.closeOk)
      .client('anything')
    assert.deepEqual(seen(dialogue), [
      ['queue.purge', 'Error', 'answered'],
      ['queue.purge', 'Error', 'answered'],
      ['connection.close', 'Error', 'answered'],
    ])
    assert.deepEqual(dialogue.close().counts, {})
    assert.equal(dialogue.memory.held, 0)
  })

  it('with the connection a channel is closed that was just being', () => {
    const dialogue = new Dialogue(amqp)
      .server(channel.close(1, 405, 'RESOURCE_LOCKED'))
      .client(connection.close(200, 'bye'))
      .server(connection.closeOk)
      .client(channel.closeOk(1))
    assert.deepEqual(seen(dialogue), [['channel.close', 'Error', 'answered']])
    assert.deepEqual(dialogue.counts, {})
  })

  it('hides how channels are set up, unless it is asked for or goes wrong', () => {
    const talk = (hide: boolean) =>
      new Dialogue(amqp, { hide_connection_information: hide })
        .client(channel.open(1), basic.qos(1, 10))
        .server(channel.openOk(1), basic.qosOk(1))
        .client(channel.close(1, 200, 'bye'))
        .server(channel.closeOk(1))
        .client(channel.open(2))
        .close()
    assert.deepEqual(seen(talk(true)), [['channel.open', 'Error', 'no answer', 'Unmatched request']])
    const shown = talk(false)
    assert.deepEqual(
      seen(shown).map(([method]) => method),
      ['channel.open', 'basic.qos', 'channel.close', 'channel.open'],
    )
    assert.deepEqual(eventsOf(shown)[1].amqp, { global: false, 'prefetch-size': 0, 'prefetch-count': 10 })
  })

  it('what a server tells or asks has the server as its source', () => {
    const dialogue = new Dialogue(amqp)
      .server(connection.blocked('low on memory'), connection.unblocked, basic.cancel(1, 'tag', true))
      .server(channel.flow(1, false))
      .client(channel.flowOk(1, false))
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, source, destination, amqp }) => [
        method,
        source.port,
        destination.port,
        amqp?.reason ?? amqp?.['consumer-tag'] ?? amqp?.active,
      ]),
      [
        ['connection.blocked', 5672, 40000, 'low on memory'],
        ['connection.unblocked', 5672, 40000, undefined],
        ['basic.cancel', 5672, 40000, 'tag'],
        ['channel.flow', 5672, 40000, false],
      ],
    )
  })

  it('RabbitMQ’s bindings between exchanges, with the unusual number of an answer', () => {
    const dialogue = new Dialogue(amqp, shown)
      .client(exchange.bind(1, 'to', 'from', 'k'))
      .server(exchange.bindOk(1))
      .client(exchange.unbind(1, 'to', 'from', 'k'))
      .server(exchange.unbindOk(1))
    assert.deepEqual(
      eventsOf(dialogue).map(({ request, amqp }) => [request, amqp]),
      ['bind', 'unbind'].map((name) => [
        `exchange.${name} to from`,
        { 'routing-key': 'k', 'no-wait': false, source: 'from', destination: 'to' },
      ]),
    )
  })

  it('transactions of a channel', () => {
    const dialogue = new Dialogue(amqp)
      .client(wire.tx.select(1), wire.tx.commit(1), wire.tx.rollback(1))
      .server(wire.tx.selectOk(1), wire.tx.commitOk(1), wire.tx.rollbackOk(1))
    assert.deepEqual(
      seen(dialogue).map(([method]) => method),
      ['tx.select', 'tx.commit', 'tx.rollback'],
    )
  })

  it('a method that nobody knows is counted, and the others go on', () => {
    const dialogue = new Dialogue(amqp)
      .client(
        queue.purge(1, 'q'),
        wire.method(1, 99, 10, wire.u32(5)),
        wire.method(0, 0, 0),
        queue.purge(1, 'q'),
      )
      .server(queue.purgeOk(1, 1), wire.method(1, 60, 61), queue.purgeOk(1, 1))
    assert.deepEqual(seen(dialogue), [
      ['queue.purge', 'OK', 'answered'],
      ['queue.purge', 'OK', 'answered'],
    ])
    assert.deepEqual(dialogue.counts, { unknown_methods: 3 })
  })
})
