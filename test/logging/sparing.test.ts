import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Sparing } from '../../lib/logging/sparing.js'

function sparing() {
  const told: string[] = []
  const clock = { now: 0 }
  return {
    told,
    clock,
    log: new Sparing(
      (message) => told.push(message),
      () => clock.now,
    ),
  }
}

describe('messages that are told sparingly', () => {
  it('come once in a minute, with how many there were', () => {
    const { told, clock, log } = sparing()
    for (clock.now = 0; clock.now < 150_000; clock.now += 1000) log.tell('no disk')
    assert.deepEqual(told, ['no disk', 'no disk (and 59 like it before)', 'no disk (and 59 like it before)'])
  })

  it('do not hide those of another kind', () => {
    const { told, log } = sparing()
    log.tell('no disk at 1', 'disk')
    log.tell('no disk at 2', 'disk')
    log.tell('no net')
    assert.deepEqual(told, ['no disk at 1', 'no net'])
  })

  it('are one kind when there are too many', () => {
    const { told, log } = sparing()
    for (let kind = 0; kind < 1000; kind++) log.tell(`message ${kind}`)
    assert.equal(told.length, 65)
  })
})
