import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Fifo } from '../../lib/transactions/fifo.js'
import { type Waiting, WaitingRoom } from '../../lib/transactions/waiting.js'

describe('waiting room', () => {
  it('lets requests go in their order when their time is over', () => {
    const gone: number[] = []
    const room = new WaitingRoom<Waiting>(10, ({ start }) => gone.push(start))
    const requests = [1, 2, 3, 4].map((start): Waiting => ({ start }))
    for (const request of requests) room.enter(request)
    room.leave(requests[1] as Waiting)
    room.leave(requests[1] as Waiting) // twice does no harm
    room.tick(10)
    assert.deepEqual(gone, [])
    room.tick(13)
    assert.deepEqual(gone, [1, 3])
    room.tick(1000)
    assert.deepEqual(gone, [1, 3, 4])
  })

  it('takes a request again', () => {
    const gone: number[] = []
    const room = new WaitingRoom<Waiting>(10, ({ start }) => gone.push(start))
    const request: Waiting = { start: 5 }
    room.enter(request)
    room.tick(15)
    room.enter(request)
    room.tick(16)
    assert.deepEqual(gone, [5, 5])
  })
})

describe('fifo', () => {
  it('keeps the order of many', () => {
    const fifo = new Fifo<number>()
    for (let i = 0; i < 5000; i++) fifo.push(i)
    for (let i = 0; i < 4000; i++) assert.equal(fifo.shift(), i)
    assert.deepEqual([fifo.length, fifo.peek(), fifo.at(1), fifo.at(1000)], [1000, 4000, 4001, undefined])
    assert.equal(fifo.last(), 4999)
    for (let i = 4000; i < 5000; i++) assert.equal(fifo.shift(), i)
    assert.deepEqual(
      [fifo.shift(), fifo.peek(), fifo.last(), fifo.length],
      [undefined, undefined, undefined, 0],
    )
  })
})
