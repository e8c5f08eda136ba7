import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProcessorRun } from '../../lib/processors/run.js'

describe('the run of processors', () => {
  it('starts what reaches outside when it begins, not before', () => {
    const run = new ProcessorRun()
    const started: string[] = []
    run.onBegin(() => started.push('early'))
    assert.equal(started.length, 0)
    run.begin()
    run.onBegin(() => started.push('late'))
    assert.deepEqual(started, ['early', 'late'])
  })

  it('tells its end once', () => {
    const run = new ProcessorRun().begin()
    let ends = 0
    run.signal.addEventListener('abort', () => ends++)
    run.end()
    run.end()
    assert.deepEqual([ends, run.signal.aborted], [1, true])
  })
})
