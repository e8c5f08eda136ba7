import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { thrift } from '../../../lib/protocols/thrift/index.js'
import {
  LATE_RESPONSE,
  LOSS_IN_RESPONSE,
  TOO_MANY_REQUESTS,
  UNMATCHED_REQUEST,
} from '../../../lib/transactions/notes.js'
import { Dialogue } from '../../support/dialogue.js'
import { binary, call, exception, framed, i32, oneway, reply, text } from './builders.js'
import { seen } from './support.js'

const asked = (name: string, seqid: number) => binary(call(name, {}, seqid))
const answered = (name: string, seqid: number, value: number) => binary(reply(name, { 0: i32(value) }, seqid))
const notes = ({ events }: Dialogue) =>
  events.map(({ error }) => (error as { message: string } | undefined)?.message)

describe('thrift pairing', () => {
  it('finds the call of a reply by its number, in any order', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 1), asked('a', 2), asked('b', 3))
    dialogue.server(answered('b', 3, 30), answered('a', 2, 20), answered('a', 1, 10))
    assert.deepEqual(seen(dialogue), [
      ['b()', '30', 'OK'],
      ['a()', '20', 'OK'],
      ['a()', '10', 'OK'],
    ])
    assert.deepEqual(dialogue.close().counts, {})
  })

  it('finds the calls of a client that numbers none by their names, in their order', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 0), asked('b', 0), asked('a', 0))
    dialogue.server(answered('a', 0, 1), answered('b', 0, 2), answered('a', 0, 3))
    assert.deepEqual(
      dialogue.events.map(({ query, thrift, event }) => [
        query,
        (thrift as { return_value: string }).return_value,
        (event as { duration: number }).duration,
      ]),
      [
        ['a()', '1', 3e6],
        ['b()', '2', 3e6],
        ['a()', '3', 3e6],
      ],
    )
  })

  it('takes a reply without a number or a name for that of the call that has only the other', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 5), asked('b', 6))
    dialogue.server(answered('b', 0, 2), binary(exception('', { 1: text('no') }, 5)))
    assert.deepEqual(seen(dialogue), [
      ['b()', '2', 'OK'],
      ['a()', 'TApplicationException(message: "no")', 'Error'],
    ])
  })

  it('counts a reply whose call was not captured', () => {
    const dialogue = new Dialogue(thrift)
      .server(answered('a', 1, 1))
      .client(asked('a', 2))
      .server(answered('a', 3, 1))
    assert.deepEqual(dialogue.counts, { unmatched_responses: 2 })
    assert.deepEqual(seen(dialogue.server(answered('a', 2, 2))), [['a()', '2', 'OK']])
  })

  it('expects no reply to a oneway call', () => {
    const dialogue = new Dialogue(thrift, { send_request: true, send_response: true })
    dialogue.client(binary(oneway('zip', {}, 1))).close()
    const [event] = dialogue.events
    assert.deepEqual(
      [event?.status, event?.error, event?.request, event?.response, event?.thrift],
      ['OK', undefined, 'zip()', undefined, { params: '()' }],
    )
    assert.deepEqual(dialogue.counts, {})
  })

  it('takes an unanswered call for a oneway one of old, when a later one was answered', () => {
    const dialogue = new Dialogue(thrift)
      .client(asked('zip', 0), asked('get', 0))
      .server(answered('get', 0, 1))
    assert.deepEqual(seen(dialogue.wait(11)), [
      ['get()', '1', 'OK'],
      ['zip()', null, 'OK'],
    ])
    dialogue
      .client(asked('zip', 0), asked('get', 0))
      .server(answered('get', 0, 2))
      .close()
    assert.deepEqual(dialogue.events.length, 4)
    assert.deepEqual([dialogue.counts, dialogue.memory.held], [{}, 0])
  })

  it('does not, where replies come in any order', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 1), asked('b', 2), asked('c', 3), asked('d', 4))
    dialogue.server(answered('b', 2, 2), answered('a', 1, 1), answered('d', 4, 4)).close()
    assert.deepEqual(seen(dialogue).at(-1), ['c()', null, 'Error'])
    assert.equal(dialogue.counts.unmatched_requests, 1)
  })

  it('reports a call without a reply at the timeout, and once more when the reply comes', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 1)).wait(11)
    assert.deepEqual([seen(dialogue), notes(dialogue)], [[['a()', null, 'Error']], [UNMATCHED_REQUEST]])
    dialogue.server(answered('a', 1, 7))
    assert.deepEqual([seen(dialogue)[1], notes(dialogue)[1]], [['a()', '7', 'OK'], LATE_RESPONSE])
    assert.deepEqual(dialogue.close().counts, { unmatched_requests: 1, late_responses: 1 })
    assert.equal(dialogue.events.length, 2)
  })

  it('reports it at the end of the connection, and not twice', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 1)).wait(11).client(asked('b', 2)).close()
    assert.deepEqual(notes(dialogue), [UNMATCHED_REQUEST, UNMATCHED_REQUEST])
    assert.deepEqual([dialogue.counts, dialogue.memory.held], [{ unmatched_requests: 2 }, 0])
  })

  it('gives up the call whose reply may be in a gap, and goes on with the next message', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 1), asked('b', 2))
    dialogue.server(answered('a', 1, 1).subarray(0, 10)).gap(1, 100)
    assert.deepEqual([seen(dialogue), notes(dialogue)], [[['a()', null, 'Error']], [LOSS_IN_RESPONSE]])
    dialogue.server('the rest of it', answered('b', 2, 2))
    assert.deepEqual(seen(dialogue)[1], ['b()', '2', 'OK'])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, skipped_bytes: 14 })
    // Of calls with one number it is not known which have lost their replies.
    dialogue.client(asked('a', 0), asked('a', 0)).gap(1, 100)
    assert.deepEqual([dialogue.events.length, dialogue.memory.held], [4, 0])
  })

  it('goes on after a gap in what the client sends', () => {
    for (const [written, junk] of [
      [(bytes: Buffer) => bytes, 'x'],
      [framed, '\0\0\0'],
    ] as const) {
      const dialogue = new Dialogue(thrift).client(
        written(asked('a', 1)),
        written(asked('b', 2)).subarray(0, 12),
      )
      dialogue.gap(0, 100).client(junk, written(asked('c', 3)))
      dialogue.server(written(answered('a', 1, 1)), written(answered('c', 3, 3)))
      assert.deepEqual(seen(dialogue), [
        ['a()', '1', 'OK'],
        ['c()', '3', 'OK'],
      ])
      assert.deepEqual([dialogue.counts, dialogue.memory.held], [{ skipped_bytes: junk.length }, 0])
    }
  })

  it('looks for a lost reply among the calls that are not late', () => {
    const dialogue = new Dialogue(thrift).client(asked('a', 1)).wait(11).client(asked('b', 2)).gap(1, 100)
    assert.deepEqual(notes(dialogue), [UNMATCHED_REQUEST, LOSS_IN_RESPONSE])
    dialogue.server(answered('a', 1, 1))
    assert.deepEqual(dialogue.counts, { unmatched_requests: 2, late_responses: 1 })
  })

  it('forgets the oldest of many late calls without a word: it was reported', () => {
    const dialogue = new Dialogue(thrift)
    for (let seqid = 1; seqid <= 1024; seqid++) dialogue.client(asked('a', seqid))
    dialogue.wait(11).client(asked('a', 1025)).close()
    assert.deepEqual([dialogue.counts, dialogue.events.length], [{ unmatched_requests: 1025 }, 1025])
  })

  it('lets 1024 calls wait, and reports the oldest when there are more', () => {
    const dialogue = new Dialogue(thrift)
    for (let seqid = 1; seqid <= 1026; seqid++) dialogue.client(asked('a', seqid))
    assert.deepEqual(notes(dialogue), [TOO_MANY_REQUESTS, TOO_MANY_REQUESTS])
    assert.deepEqual(dialogue.counts, { evicted_requests: 2, unmatched_requests: 2 })
    assert.equal(dialogue.close().events.length, 1026)
    assert.equal(dialogue.memory.held, 0)
  })

  it('reports a call at once when there is no memory to let it wait', () => {
    const dialogue = new Dialogue(thrift)
    const { memory } = dialogue
    const free = 64 * 1024 * 1024
    assert.ok(memory.take(free))
    dialogue.client(asked('a', 1))
    assert.deepEqual(notes(dialogue), [TOO_MANY_REQUESTS])
    memory.give(free)
    assert.deepEqual(dialogue.counts, { evicted_requests: 1, unmatched_requests: 1 })
  })
})
