import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amqp } from '../../../lib/protocols/amqp/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import * as wire from './builders.js'
import { basic, content, join, protocolHeader, queue } from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

const seen = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ method, status, error }) => [method, status, error?.message])

describe('AMQP connections that are not captured as a whole', () => {
  it('are understood from the next method on, wherever they begin and however TCP cuts them', () => {
    // What is left of a body looks like frames, or nearly so.
    const rest = [
      'the rest of a body\xce',
      Buffer.from([1, 0, 1, 0, 0, 0, 4, 0, 60, 0, 40, 0, 1, 0, 1, 0xce]),
      Buffer.from([8, 0, 0, 0, 0, 0, 0, 1, 1, 1]),
      wire.body(1, 'a body of a message that began before'),
      '',
    ]
    for (const before of rest) {
      const bytes = Buffer.from(before)
      for (const pieces of splits(join(bytes, queue.purge(1, 'q')))) {
        const dialogue = new Dialogue(amqp).client(...pieces.filter(({ length }) => length > 0))
        dialogue.server(queue.purgeOk(1, 1))
        assert.deepEqual(seen(dialogue), [['queue.purge', 'OK', undefined]])
        assert.deepEqual(dialogue.close().counts, bytes.length > 0 ? { passed_bytes: bytes.length } : {})
      }
    }
  })

  it('show what was got by a call that was not captured', () => {
    const dialogue = new Dialogue(amqp)
      .server(basic.getOk(1, 3, 'e', 'k', 0), content(1, 'x'))
      .server(queue.purgeOk(1, 0))
    assert.deepEqual(seen(dialogue), [['basic.get', 'OK', 'Unmatched response']])
    assert.deepEqual(dialogue.counts, { unmatched_responses: 2 })
  })

  it('with TLS are not decoded, and cost nothing', () => {
    const hello = Buffer.from([0x16, 3, 1, 0, 60, 1, 0, 0, 56, 3, 3, ...Buffer.alloc(50)])
    for (const pieces of splits(hello)) {
      const dialogue = new Dialogue(amqp)
        .client(...pieces.filter(({ length }) => length > 0))
        .server('whatever')
        .client('it may be')
      dialogue.gap(0, 100).client(queue.purge(1, 'q')).close()
      assert.deepEqual(dialogue.events, [])
      assert.deepEqual(dialogue.counts, { undecoded_connections: 1 })
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('of AMQP 1.0 are not decoded', () => {
    for (const id of [0, 3]) {
      const dialogue = new Dialogue(amqp)
        .client(protocolHeader(id, 1, 0, 0), 'an open that does not wait')
        .server(protocolHeader(id, 1, 0, 0), 'and so on')
        .close()
      assert.deepEqual(dialogue.events, [])
      assert.deepEqual(dialogue.counts, { undecoded_connections: 1 })
      assert.equal(dialogue.memory.held, 0)
    }
  })

  it('go on after a gap with the next method', () => {
    const dialogue = new Dialogue(amqp).client(queue.purge(1, 'q'), queue.purge(1, 'r').subarray(0, 9))
    dialogue.gap(0, 1000).client('left of something', queue.purge(2, 's')).server(queue.purgeOk(2, 0))
    assert.deepEqual(seen(dialogue), [['queue.purge', 'OK', undefined]])
    dialogue.gap(1, 1000).close()
    assert.deepEqual(seen(dialogue).slice(1), [
      ['queue.purge', 'Error', 'Packet loss while capturing the response'],
    ])
    assert.equal(dialogue.memory.held, 0)
  })

  it('keep their messages when only a part of a body is lost', () => {
    const message = content(1, Buffer.alloc(1000, 'x'))
    const at = message.length - 500
    const dialogue = new Dialogue(amqp, { send_request: true, max_body_length: 50 })
      .client(basic.publish(1, 'e', 'k'), message.subarray(0, at))
      .gap(0, 400)
      .client(message.subarray(at + 400), basic.publish(1, 'e', 'next'), content(1, 'y'))
    assert.deepEqual(seen(dialogue), [
      ['basic.publish', 'OK', 'Packet loss while capturing the request'],
      ['basic.publish', 'OK', undefined],
    ])
    assert.equal(eventsOf(dialogue)[0].source.bytes, 1000)
    assert.deepEqual(dialogue.counts, {})
  })

  it('report the messages whose end is lost', () => {
    const dialogue = new Dialogue(amqp)
      .server(basic.deliver(1, 't', 1, 'e', 'k'), wire.header(1, 5000), wire.body(1, 'begin'))
      .gap(1, 6000)
      .server(basic.deliver(1, 't', 2, 'e', 'k'), content(1, 'next'))
    assert.deepEqual(seen(dialogue), [
      ['basic.deliver', 'Error', 'Packet loss while capturing the response'],
      ['basic.deliver', 'OK', undefined],
    ])
    assert.deepEqual(dialogue.counts, { incomplete_messages: 1 })
  })
})
