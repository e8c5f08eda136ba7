import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Delayed } from '../../lib/events/delayed.js'
import { Publisher } from '../../lib/events/publisher.js'
import type { Document, Origin, Writer } from '../../lib/events/writer.js'
import type { Process } from '../../lib/processors/processor.js'

const MOST = 4096

/** A promise that is settled from outside. */
function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => (resolve = done))
  return { promise, resolve }
}

const writer = { head: '', object: (id: number) => ({ id }) } as unknown as Writer<number, Origin>
const origin = {} as Origin

function publishing(processors: Process[], full: 'wait' | 'drop' = 'wait') {
  const out: unknown[] = []
  const delayed = new Delayed()
  const publisher = new Publisher<number, Origin>({
    writer: () => writer,
    processors,
    delayed,
    keepNull: false,
    sink: {
      wants: 'document',
      full,
      text: () => false,
      document: (event) => {
        out.push(event.id)
        return true
      },
    },
  })
  return { publisher, delayed, out, emit: (id: number) => publisher.emit(origin, id) }
}

describe('events that wait for a processor', () => {
  it('do not keep others back, and go on with the next processor when they are answered', async () => {
    const asked = later<Document>()
    const seen: unknown[] = []
    const { emit, out, delayed } = publishing([
      (event) => (event.id === 1 ? asked.promise.then(() => event) : event),
      (event) => {
        seen.push(event.id)
        return event
      },
    ])
    for (const id of [1, 2, 3]) emit(id)
    assert.deepEqual([out, delayed.waiting], [[2, 3], 1])
    asked.resolve({})
    await delayed.settled()
    assert.deepEqual([out, seen, delayed.waiting], [[2, 3, 1], [2, 3, 1], 0])
  })

  it('may wait more than once, and be dropped in the end', async () => {
    const slowly: Process = (event) => turn().then(() => event)
    const { emit, out, delayed, publisher } = publishing([
      slowly,
      slowly,
      (event) => turn().then(() => (event.id === 1 ? null : event)),
    ])
    for (const id of [1, 2]) emit(id)
    await delayed.settled()
    assert.deepEqual(out, [2])
    assert.deepEqual(publisher.published, { events: 1, dropped: 1, outgoing: 0, refused: 0 })
  })

  it('are so many at most; then live events are refused and counted, without asking for them', async () => {
    const asked = later<void>()
    let calls = 0
    const { emit, out, delayed, publisher } = publishing(
      [
        (event) => {
          calls++
          return asked.promise.then(() => event)
        },
      ],
      'drop',
    )
    for (let id = 0; id < MOST + 10; id++) emit(id)
    assert.deepEqual([delayed.full, delayed.waiting, calls], [true, MOST, MOST])
    assert.equal(publisher.published.refused, 10)
    asked.resolve()
    await delayed.settled()
    assert.deepEqual([out.length, new Set(out).size, publisher.published.events], [MOST, MOST, MOST])
  })

  it('are all taken of a capture file, which is to wait until there is room', async () => {
    const first = later<void>()
    const rest = later<void>()
    const { emit, out, delayed } = publishing([
      (event) => (event.id === 0 ? first : rest).promise.then(() => event),
    ])
    for (let id = 0; id < MOST; id++) emit(id)
    let room = false
    const waiting = delayed.room().then(() => (room = true))
    await turn()
    assert.equal(room, false)
    first.resolve()
    await waiting
    assert.equal(delayed.full, false)
    emit(MOST)
    rest.resolve()
    await delayed.settled()
    assert.equal(out.length, MOST + 1)
  })

  it('settle at once when there are none', async () => {
    const delayed = new Delayed()
    await Promise.all([delayed.settled(), delayed.room()])
    assert.equal(delayed.waiting, 0)
  })
})
