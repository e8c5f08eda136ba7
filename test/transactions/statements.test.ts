import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Statement, Statements } from '../../lib/transactions/statements.js'
import { Memory } from '../../lib/wire/memory.js'

interface Prepared extends Statement {
  sql: string
}

const prepared = (sql: string, held = 10): Prepared => ({ sql, held })

function table({ limit = 3, memory = 1000 } = {}) {
  const held = new Memory(memory)
  const counts = { forgotten: 0 }
  const statements = new Statements<number, Prepared>(held, () => counts.forgotten++, limit)
  return { statements, held, counts }
}

describe('prepared statements', () => {
  it('are found by their key until they are closed', () => {
    const { statements, held } = table()
    statements.set(1, prepared('select 1'))
    statements.set(2, prepared('select 2'))
    assert.equal(statements.get(1)?.sql, 'select 1')
    statements.delete(1)
    assert.equal(statements.get(1), undefined)
    assert.deepEqual([statements.size, held.held], [1, 10])
    statements.clear()
    assert.deepEqual([statements.size, held.held], [0, 0])
  })

  it('take the place of an earlier one of the same key', () => {
    const { statements, held } = table()
    statements.set(1, prepared('select 1', 10))
    statements.set(1, prepared('select 2', 20))
    assert.deepEqual([statements.get(1)?.sql, held.held], ['select 2', 20])
  })

  it('that are used outlive those that are not', () => {
    const { statements, counts } = table()
    for (const key of [1, 2, 3]) statements.set(key, prepared(`select ${key}`))
    statements.get(1)
    statements.set(4, prepared('select 4'))
    assert.deepEqual(
      [1, 2, 3, 4].map((key) => statements.get(key)?.sql ?? null),
      ['select 1', null, 'select 3', 'select 4'],
    )
    assert.equal(counts.forgotten, 1)
  })

  it('are forgotten one by one when all of them are used', () => {
    const { statements, counts } = table()
    for (const key of [1, 2, 3]) statements.set(key, prepared(`select ${key}`))
    for (const key of [1, 2, 3]) statements.get(key)
    statements.set(4, prepared('select 4'))
    assert.deepEqual([statements.size, counts.forgotten], [3, 1])
  })

  it('make room in memory, and do without it when there is none', () => {
    const { statements, held, counts } = table({ memory: 25 })
    for (const key of [1, 2, 3]) statements.set(key, prepared(`select ${key}`))
    assert.deepEqual([statements.size, held.held, counts.forgotten], [2, 20, 1])
    statements.set(4, prepared('select 4', 26))
    assert.deepEqual([statements.size, held.held, counts.forgotten], [0, 0, 4])
  })
})
