import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InOrder, type Ordered } from '../../lib/transactions/in-order.js'
import { WaitingRoom } from '../../lib/transactions/waiting.js'

interface Request extends Ordered {
  name: string
}

let clock = 0
const request = (name: string, sourceBytes = 10): Request => ({
  name,
  start: clock++,
  sourceBytes,
  late: false,
})

function queue({ bytes = 0, messages = 0 } = {}) {
  const room = new WaitingRoom<Request>(100, (late) => {
    late.late = true
  })
  return { room, waiting: new InOrder(room, { bytes, messages }) }
}

describe('requests in order', () => {
  it('are answered in the order they came', () => {
    const { waiting } = queue()
    for (const name of ['a', 'b', 'c']) waiting.push(request(name))
    assert.deepEqual([waiting.peek()?.name, waiting.last()?.name, waiting.length], ['a', 'c', 3])
    assert.deepEqual(
      [1, 2, 3, 4].map(() => waiting.shift()?.name),
      ['a', 'b', 'c', undefined],
    )
    assert.equal(waiting.bytes, 0)
  })

  it('give up the oldest when there are too many of them', () => {
    const { waiting, room } = queue({ messages: 2 })
    const gone = ['a', 'b', 'c'].map((name) => waiting.push(request(name))?.name)
    assert.deepEqual(gone, [undefined, undefined, 'a'])
    const late: string[] = []
    room.tick(clock + 1000)
    for (const { name } of waiting.drain()) late.push(name)
    assert.deepEqual(late, [])
  })

  it('give up the oldest when they are too large, but never the only one', () => {
    const { waiting } = queue({ bytes: 25 })
    assert.equal(waiting.push(request('huge', 1000)), undefined)
    assert.equal(waiting.push(request('small', 10))?.name, 'huge')
    assert.equal(waiting.bytes, 10)
  })

  it('keep their place when they are late, and are not drained again', () => {
    const { waiting, room } = queue()
    waiting.push(request('slow'))
    room.tick(clock + 1000)
    waiting.push(request('next'))
    assert.equal(waiting.peek()?.late, true)
    assert.deepEqual(
      [...waiting.drain()].map(({ name }) => name),
      ['next'],
    )
    assert.equal(waiting.length, 0)
  })
})
