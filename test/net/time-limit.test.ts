import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { timeLimit } from '../../lib/net/time-limit.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('a limit of time', () => {
  it('aborts at its time, whatever the garbage collector does meanwhile', async () => {
    const run = new AbortController()
    const { signal } = timeLimit(20, run.signal)
    let aborted = false
    signal.addEventListener('abort', () => (aborted = true))
    await sleep(1)
    collect()
    await sleep(60)
    assert.equal(aborted, true)
  })

  it('aborts with the signal it was made of, which is not its own doing', () => {
    const run = new AbortController()
    const limit = timeLimit(60e3, run.signal)
    run.abort(new Error('the run ends'))
    assert.equal(limit.signal.reason.message, 'the run ends')
    assert.equal(limit.expired, false)
    limit.end()
    const late = timeLimit(60e3, run.signal)
    assert.equal(late.signal.aborted, true)
    late.end()
  })

  it('does nothing any more when it was ended', async () => {
    const run = new AbortController()
    const limit = timeLimit(5, run.signal)
    limit.end()
    await sleep(20)
    run.abort()
    assert.equal(limit.signal.aborted, false)
  })
})
