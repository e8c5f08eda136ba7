import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { method } from '../../lib/sql/method.js'
import { ResultText } from '../../lib/sql/result-text.js'

describe('the method of a statement', () => {
  for (const [sql, expected] of [
    ['select 1', 'SELECT'],
    ['  \n\tSelect\n1', 'SELECT'],
    ['/* app=shop */ -- why\n# and how\n(SELECT 1) UNION (SELECT 2)', 'SELECT'],
    ['begin', 'BEGIN'],
    ['begin;', 'BEGIN'],
    ['selection', 'SELECTION'],
    ['WITH t AS (SELECT 1) SELECT * FROM t', 'WITH'],
    ['', ''],
    ['/* never closed', '/*'],
    [`${' '.repeat(100_000)}select`, ''],
  ] as const)
    it(`of ${JSON.stringify(sql.slice(0, 40))} is ${expected || 'none'}`, () => {
      assert.equal(method(sql), expected)
    })
})

describe('the text of a result', () => {
  it('has the names of the columns, then the rows', () => {
    const result = new ResultText({ max_rows: 10, max_row_length: 1024 })
    result.columns(['a', 'b'])
    result.row(['1', 'x'])
    result.row(['a "quoted", long', 'two\nlines'])
    assert.equal(result.text, 'a,b\n1,x\n"a ""quoted"", long","two\nlines"\n')
  })

  it('keeps no more rows and no longer ones than it may', () => {
    const result = new ResultText({ max_rows: 2, max_row_length: 5 })
    for (const row of [['123', '456', '789'], ['12345', '6'], ['x']]) result.row(row)
    assert.equal(result.text, '123,45\n12345\n')
    assert.equal(result.full, true)
  })
})
