import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ById, type Identified } from '../../lib/transactions/by-id.js'
import { WaitingRoom } from '../../lib/transactions/waiting.js'
import { Memory } from '../../lib/wire/memory.js'

interface Request extends Identified {
  name: string
}

let clock = 0
const request = (id: number, name = String(id)): Request => ({ id, name, start: clock++, held: 10 })

function table({ limit = 3, memory = 1000 } = {}) {
  const late: string[] = []
  const held = new Memory(memory)
  const room = new WaitingRoom<Request>(100, (gone) => {
    late.push(gone.name)
    byId.forget(gone)
  })
  const byId = new ById(room, held, limit)
  return { byId, room, held, late }
}

describe('requests by id', () => {
  it('are found in any order, and leave nothing behind', () => {
    const { byId, held } = table()
    for (const id of [5, 7, 9]) assert.equal(byId.add(request(id)), undefined)
    assert.equal(held.held, 30)
    assert.deepEqual(
      [7, 5, 7, 9].map((id) => byId.take(id)?.name),
      ['7', '5', undefined, '9'],
    )
    assert.deepEqual([byId.size, held.held], [0, 0])
  })

  it('give way to a later one of the same id', () => {
    const { byId } = table()
    byId.add(request(1))
    byId.add(request(2, 'first'))
    assert.equal(byId.add(request(2, 'again'))?.name, 'first')
    assert.equal(byId.take(2)?.name, 'again')
  })

  it('are bounded: the oldest leaves', () => {
    const { byId, held } = table()
    for (const id of [1, 2, 3]) byId.add(request(id))
    assert.equal(byId.add(request(4))?.name, '1')
    assert.equal(byId.add(request(5))?.name, '2')
    byId.take(3)
    assert.equal(byId.add(request(6)), undefined)
    assert.equal(byId.add(request(7))?.name, '4')
    assert.equal(held.held, 30)
    assert.deepEqual(
      byId.drain().map(({ name }) => name),
      ['5', '6', '7'],
    )
  })

  it('are turned away when memory is short, without harm to those that wait', () => {
    const { byId, held } = table({ memory: 20 })
    byId.add(request(1))
    byId.add(request(2))
    assert.equal(byId.add(request(2, 'again'))?.name, 'again')
    assert.deepEqual([byId.take(1)?.name, byId.take(2)?.name, held.held], ['1', '2', 0])
  })

  it('time out', () => {
    const { byId, room, late, held } = table()
    clock = 0
    byId.add(request(1))
    clock = 50
    byId.add(request(2))
    room.tick(120)
    assert.deepEqual([late, byId.size, held.held], [['1'], 1, 10])
    byId.take(2)
    room.tick(500)
    assert.deepEqual(late, ['1'])
  })

  it('are all given back at the end, the oldest first', () => {
    const { byId, room, late, held } = table()
    for (const id of [1, 2]) byId.add(request(id))
    byId.take(1)
    byId.add(request(3))
    assert.deepEqual(
      byId.drain().map(({ name }) => name),
      ['2', '3'],
    )
    room.tick(1e9)
    assert.deepEqual([late, byId.size, held.held], [[], 0, 0])
  })
})
