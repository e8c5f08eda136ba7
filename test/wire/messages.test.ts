import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cursor } from '../../lib/wire/cursor.js'
import { Memory } from '../../lib/wire/memory.js'
import { Messages } from '../../lib/wire/messages.js'
import { splits } from '../support/splits.js'

/** A length byte, then that many bytes of text. */
const word = (cursor: Cursor) => cursor.utf8(cursor.u8())

function feed(messages: Messages<string>, chunks: readonly Buffer[]) {
  const taken: [string, number, number][] = []
  chunks.forEach((bytes, time) => {
    messages.feed({ time, direction: 0, bytes, start: 0, end: bytes.length, cut: 0 }, (...message) =>
      taken.push(message),
    )
  })
  return taken
}

describe('messages', () => {
  it('come out whole however the stream is cut', () => {
    const wire = Buffer.from('\x03one\x00\x03two')
    for (const chunks of splits(wire)) {
      const memory = new Memory()
      const taken = feed(new Messages(word, memory), chunks)
      assert.deepEqual(
        taken.map(([text]) => text),
        ['one', '', 'two'],
      )
      assert.equal(memory.held, 0)
    }
  })

  it('have the time of their first byte, and their length on the wire', () => {
    const chunks = ['\x03o', 'n', 'e\x02t', 'o'].map((text) => Buffer.from(text))
    assert.deepEqual(feed(new Messages(word, new Memory()), chunks), [
      ['one', 0, 4],
      ['to', 2, 3],
    ])
  })

  it('may not outgrow their limit', () => {
    assert.throws(() => feed(new Messages(word, new Memory(), 10), [Buffer.from('\x0bx')]), {
      name: 'Malformed',
    })
  })

  it('set no memory aside on the mere word of a peer', () => {
    const long = (cursor: Cursor) => {
      const length = cursor.u32()
      cursor.want(length)
      return cursor.latin1(length)
    }
    const memory = new Memory()
    const messages = new Messages(long, memory)
    const wire = Buffer.alloc(4 + 1_000_000, 'x')
    wire.writeUInt32BE(1_000_000, 0)
    const taken: string[] = []
    for (let at = 0; at < wire.length; at += 1460) {
      const bytes = wire.subarray(at, at + 1460)
      messages.feed({ time: 0, direction: 0, bytes, start: 0, end: bytes.length, cut: 0 }, (text) =>
        taken.push(text),
      )
      assert.ok(memory.held <= Math.max(65_536, 4 * (at + 1460)), `${memory.held} for ${at}`)
    }
    assert.deepEqual(
      taken.map(({ length }) => length),
      [1_000_000],
    )
    assert.equal(memory.held, 0)
  })

  it('may not hold more than all may hold together', () => {
    const memory = new Memory(100)
    const one = new Messages(word, memory)
    feed(one, [Buffer.from('\x46x')])
    assert.throws(() => feed(new Messages(word, memory), [Buffer.from('\x46x')]), { name: 'Malformed' })
    assert.equal(memory.refused, 1)
    assert.equal(one.discard(), true)
    assert.equal(memory.held, 0)
  })
})
