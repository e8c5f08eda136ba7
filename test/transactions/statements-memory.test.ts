import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Statements } from '../../lib/transactions/statements.js'
import { Memory } from '../../lib/wire/memory.js'

describe('prepared statements', () => {
  it('take memory for as long as they are remembered', () => {
    const memory = new Memory(100)
    const statements = new Statements<string, { held: number }>(memory, () =>
      assert.fail('nothing is forgotten'),
    )
    statements.set('a', { held: 30 })
    const second = { held: 40 }
    statements.set('a', second)
    assert.equal(memory.held, 40)
    assert.equal(statements.grow(second, 20), true)
    assert.equal(statements.grow(second, 60), false)
    assert.equal(statements.grow(second, -10), true)
    assert.deepEqual([memory.held, second.held], [50, 50])
    statements.delete('a')
    assert.equal(memory.held, 0)
  })

  it('go when there are too many, first what was not used', () => {
    let forgotten = 0
    const statements = new Statements<number, { held: number }>(new Memory(), () => forgotten++, 3)
    for (const id of [1, 2, 3]) statements.set(id, { held: 1 })
    statements.get(1)
    statements.set(4, { held: 1 })
    assert.deepEqual(
      [1, 2, 3, 4].map((id) => statements.get(id) !== undefined),
      [true, false, true, true],
    )
    assert.equal(forgotten, 1)
  })

  it('go when there is no memory for the next', () => {
    const memory = new Memory(100)
    let forgotten = 0
    const statements = new Statements<number, { held: number }>(memory, () => forgotten++)
    for (const id of [1, 2]) statements.set(id, { held: 50 })
    statements.set(2, { held: 80 })
    assert.deepEqual([statements.get(1), statements.get(2)?.held, memory.held], [undefined, 80, 80])
    statements.set(3, { held: 200 })
    assert.deepEqual([statements.size, memory.held, forgotten], [0, 0, 3])
  })
})
