import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Clock } from '../../lib/events/clock.js'

describe('clock', () => {
  it('writes dates with the digits asked for', () => {
    const iso = (precision: 'millisecond' | 'microsecond' | 'nanosecond') => {
      const clock = new Clock(precision)
      return clock.iso(clock.time(1_440_662_455, 638_957_001))
    }
    assert.equal(iso('millisecond'), '2015-08-27T08:00:55.638Z')
    assert.equal(iso('microsecond'), '2015-08-27T08:00:55.638957Z')
    assert.equal(iso('nanosecond'), '2015-08-27T08:00:55.638957001Z')
  })

  it('knows no date before its capture, whichever second is asked for first', () => {
    for (let later = 0; later < 40; later++) {
      const clock = new Clock()
      clock.time(1_700_000_000, 0)
      const time = clock.time(1_700_000_000 + later, 500_000_000)
      assert.equal(clock.iso(time), new Date(1_700_000_000_500 + later * 1000).toISOString())
    }
  })

  it('keeps nanoseconds exact, before and after the first packet', () => {
    const clock = new Clock('nanosecond')
    clock.time(1_700_000_000, 5)
    assert.equal(
      clock.iso(clock.time(1_700_000_000 + 86_400 * 90, 123_456_789)),
      '2024-02-12T22:13:20.123456789Z',
    )
    assert.equal(clock.iso(clock.time(1_699_999_999, 999_999_999)), '2023-11-14T22:13:19.999999999Z')
  })

  it('keeps microseconds when a capture spans decades', () => {
    const clock = new Clock('microsecond')
    clock.time(0, 0)
    assert.equal(clock.iso(clock.time(1_700_000_000, 645_000_000)), '2023-11-14T22:13:20.645Z')
    assert.equal(clock.iso(clock.time(1_700_000_000, 645_787_000)), '2023-11-14T22:13:20.645787Z')
  })
})
