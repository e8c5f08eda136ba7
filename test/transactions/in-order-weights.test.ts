import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InOrder, type Ordered } from '../../lib/transactions/in-order.js'
import { WaitingRoom } from '../../lib/transactions/waiting.js'

const request = (sourceBytes: number): Ordered => ({ start: 0, sourceBytes, late: false })

describe('requests in order', () => {
  it('weigh their bytes, or what the queue is told', () => {
    const room = new WaitingRoom<Ordered>(1, () => {})
    const bySize = new InOrder(room, { bytes: 10, messages: 0 })
    assert.equal(bySize.push(request(8)), undefined)
    assert.equal(bySize.push(request(8))?.sourceBytes, 8)
    const alike = new InOrder(room, { bytes: 10, messages: 0 }, () => 4)
    for (let n = 0; n < 2; n++) assert.equal(alike.push(request(100)), undefined)
    alike.grow(2)
    assert.equal(alike.bytes, 10)
    assert.equal(alike.push(request(1))?.sourceBytes, 100)
  })
})
