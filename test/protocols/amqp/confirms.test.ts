import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amqp } from '../../../lib/protocols/amqp/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { basic, channel, confirmSelect, confirmSelectOk, content, join } from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

const publish = (key: string, number = 1) => join(basic.publish(number, '', key), content(number, 'x'))

/** A channel whose messages are confirmed; what it took to make it one is left out. */
function confirming(options: object = {}): Dialogue {
  const dialogue = new Dialogue(amqp, { ...options }).client(confirmSelect(1)).server(confirmSelectOk(1))
  dialogue.events.length = 0
  return dialogue
}

const seen = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ amqp, status, event, error }) => [
    amqp['routing-key'] ?? amqp['delivery-tag'],
    status,
    event.duration ?? 0,
    ...(error === undefined ? [] : [error.message]),
  ])

describe('publisher confirms', () => {
  it('are the answer to what was published', () => {
    const dialogue = confirming({ send_response: true })
      .client(publish('a'), publish('b'), publish('c'))
      .server(basic.ack(1, 1), basic.ack(1, 3, true))
    assert.deepEqual(seen(dialogue), [
      ['a', 'OK', 3e6],
      ['b', 'OK', 3e6],
      ['c', 'OK', 2e6],
    ])
    assert.equal(eventsOf(dialogue)[0].response, 'OK')
    assert.deepEqual(dialogue.close().counts, {})
    assert.equal(dialogue.memory.held, 0)
  })

  it('come in any order, and one for all that wait', () => {
    const dialogue = confirming()
      .client(...['a', 'b', 'c', 'd'].map((key) => publish(key)))
      .server(basic.ack(1, 3), basic.ack(1, 1), basic.ack(1, 0, true))
    assert.deepEqual(
      seen(dialogue).map(([key]) => key),
      ['c', 'a', 'b', 'd'],
    )
    dialogue.client(publish('e')).server(basic.ack(1, 5))
    assert.equal(eventsOf(dialogue).length, 5)
    assert.deepEqual(dialogue.counts, {})
  })

  it('may say that a message was not taken', () => {
    const dialogue = confirming({ send_response: true }).client(publish('a')).server(basic.nack(1, 1))
    assert.deepEqual(seen(dialogue), [['a', 'Error', 1e6, 'The server has not taken the message']])
    assert.equal(eventsOf(dialogue)[0].response, 'nack')
  })

  it('are waited for as long as for answers, and may come late', () => {
    const dialogue = confirming()
      .client(publish('a'), publish('b'))
      .wait(11)
      .server(basic.ack(1, 2, true))
    assert.deepEqual(
      seen(dialogue).map(([key, status]) => [key, status]),
      [
        ['a', 'Error'],
        ['b', 'Error'],
        ['a', 'OK'],
        ['b', 'OK'],
      ],
    )
    assert.deepEqual(dialogue.close().counts, { unmatched_requests: 2, late_responses: 2 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('are not to be expected any more when the channel is closed', () => {
    const refused = confirming()
      .client(publish('a'))
      .server(channel.close(1, 404, 'NOT_FOUND', 60, 40))
    assert.deepEqual(seen(refused), [['a', 'Error', 1e6]])
    assert.equal(eventsOf(refused)[0].amqp['reply-code'], 404)
    const left = confirming().client(publish('a')).close()
    assert.deepEqual(seen(left), [['a', 'Error', 0, 'Unmatched request']])
    assert.equal(left.memory.held + refused.close().memory.held, 0)
  })

  it('of what was not captured are shown, one that was not taken as an error', () => {
    const dialogue = new Dialogue(amqp).client(publish('a')).server(basic.ack(1, 7), basic.nack(1, 8))
    assert.deepEqual(seen(dialogue), [
      ['a', 'OK', 0],
      [7, 'OK', 0, 'Unmatched response'],
      [8, 'Error', 0, 'Unmatched response'],
    ])
    assert.equal(eventsOf(dialogue)[1].source.port, 5672)
    assert.deepEqual(dialogue.counts, { unmatched_responses: 2 })
  })

  it('of no message, or of one that was confirmed, change nothing', () => {
    const dialogue = confirming()
      .client(publish('a'), publish('b'))
      .server(basic.ack(1, 2), basic.ack(1, 2), basic.ack(1, 3), basic.ack(1, 2 ** 40), basic.ack(1, 1))
    assert.deepEqual(
      seen(dialogue).map(([key]) => key),
      ['b', 2, 3, 2 ** 40, 'a'],
    )
    assert.deepEqual(dialogue.close().counts, { unmatched_responses: 3 })
  })

  it('find their messages no more after a gap, but those from before it', () => {
    const dialogue = confirming().client(publish('a'))
    dialogue.gap(0, 100).client(publish('b')).server(basic.ack(1, 1), basic.ack(1, 3))
    assert.deepEqual(seen(dialogue), [
      ['b', 'OK', 0],
      ['a', 'OK', 2e6],
      [3, 'OK', 0, 'Unmatched response'],
    ])
  })

  it('are waited for by 16,384 messages of a channel; the oldest is then reported', () => {
    const dialogue = confirming()
    for (let index = 1; index <= 16_386; index++) dialogue.client(publish(String(index)))
    assert.deepEqual(
      seen(dialogue).map(([key, , , note]) => [key, note]),
      [
        ['1', 'Too many requests without a response'],
        ['2', 'Too many requests without a response'],
      ],
    )
    dialogue.events.length = 0
    dialogue.server(basic.ack(1, 3))
    assert.deepEqual(
      seen(dialogue).map(([key]) => key),
      ['3'],
    )
    assert.deepEqual(dialogue.counts, { evicted_requests: 2, unmatched_requests: 2 })
    assert.equal(dialogue.close().memory.held, 0)
  })
})
