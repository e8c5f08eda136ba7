import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { binding } from '../../lib/binding.js'
import { type Capture, capture, type Packet, UserError } from '../../lib/index.js'
import { files, pcap, tcp, udp } from '../support/frames.js'

const file = files('capture-life')
const COUNT = 100_000
const large = file('large.pcap', pcap(Array.from({ length: COUNT }, () => udp('x'))))
const compressed = file('large.pcap.gz', gzipSync(readFileSync(large)))
const { batches, rows } = binding.layout

async function count(of: Capture<unknown>): Promise<number> {
  let all = 0
  for await (const batch of of) all += batch.length
  return all
}

describe('an iteration', () => {
  it('is one and no more', async () => {
    const reading = capture({ file: large, read: 'packets' })
    assert.equal(await count(reading), COUNT)
    assert.throws(
      () => reading[Symbol.asyncIterator](),
      (error) => error instanceof UserError && error.code === 'ERR_ITERATED',
    )
  })

  it('lets a file wait while a batch is held', async () => {
    const reading = capture({ file: large, read: 'packets' })
    const iterator = reading[Symbol.asyncIterator]()
    const first = await iterator.next()
    assert.equal(first.done, false)
    while (reading.statistics().counters['batches.waits'] === 0) await sleep(5)
    const { received } = reading.statistics()
    await sleep(50)
    assert.equal(reading.statistics().received, received)
    assert.ok(received <= batches * rows + 1)
    let all = first.value.length
    for await (const batch of iterator) all += batch.length
    assert.equal(all, COUNT)
    assert.equal(reading.statistics().received, COUNT)
    assert.deepEqual(reading.statistics().droppedByUs, {})
  })

  it('answers several calls of next in their order', async () => {
    const iterator = capture({ file: large, read: 'packets', copy: true })[Symbol.asyncIterator]()
    const steps = await Promise.all(Array.from({ length: 60 }, () => iterator.next()))
    const times = steps.flatMap(({ value }) => [...(value ?? [])]).map(({ time }: Packet) => time)
    assert.equal(times.length, COUNT)
    assert.ok(times.every((time, at) => at === 0 || time > (times[at - 1] as number)))
  })

  for (const path of [large, compressed])
    it(`gives the source back by break, of ${basename(path)}`, async () => {
      const reading = capture({ file: path, read: 'packets' })
      for await (const batch of reading) {
        assert.ok(batch.length > 0)
        break
      }
      const { received, counters } = reading.statistics()
      assert.ok(received < COUNT)
      await sleep(20)
      assert.deepEqual(reading.statistics().counters, counters)
    })

  it('gives the source back by what its body throws', async () => {
    const reading = capture({ file: large, read: 'packets' })
    const body = async () => {
      for await (const batch of reading) throw new Error(`${batch.length > 0}`)
    }
    await assert.rejects(body, { message: 'true' })
    assert.ok(reading.statistics().received < COUNT)
  })

  it('never begun needs no end', async () => {
    const reading = capture({ file: '/nowhere', read: 'packets' })
    assert.deepEqual(reading.statistics().counters, {})
    assert.deepEqual(await reading[Symbol.asyncIterator]().return(), { done: true, value: undefined })
  })
})

describe('a signal', () => {
  it('ends the iteration with its reason', async () => {
    const controller = new AbortController()
    const reading = capture({ file: large, read: 'packets', signal: controller.signal })
    let batches = 0
    const iterating = (async () => {
      for await (const _ of reading) {
        batches++
        controller.abort(new Error('enough'))
      }
    })()
    await assert.rejects(iterating, /^Error: enough$/)
    assert.equal(batches, 1)
  })

  it('that was given before opens nothing', async () => {
    const signal = AbortSignal.abort()
    await assert.rejects(count(capture({ file: '/nowhere', read: 'packets', signal })), {
      name: 'AbortError',
    })
  })
})

describe('stop', () => {
  it('ends a capture without an error, after what was read', async () => {
    const reading = capture({ file: large, read: 'packets' })
    let all = 0
    for await (const batch of reading) {
      all += batch.length
      reading.stop()
    }
    assert.equal(all, reading.statistics().received)
    assert.ok(all >= rows && all < COUNT, String(all))
  })

  it('gives the source back though nobody asks for the next batch', async () => {
    const reading = capture({ file: large, read: 'datagrams' })
    const iterator = reading[Symbol.asyncIterator]()
    await iterator.next()
    await sleep(50)
    reading.stop()
    await sleep(200)
    // All conversations are closed, which they are after the source.
    assert.equal(reading.statistics().counters['conversations.closed'], 1)
    let all = 0
    for await (const batch of iterator) for (const { data } of batch) all += data.length
    assert.ok(all > 0)
  })

  it('before it begins opens nothing', async () => {
    const reading = capture({ file: '/nowhere', read: 'packets' })
    reading.stop()
    assert.equal(await count(reading), 0)
  })
})

describe('what goes wrong', () => {
  it('is told when the first batch is asked for', async () => {
    await assert.rejects(count(capture({ file: '/nowhere', read: 'flows' })), {
      code: 'ERR_CAPTURE_FILE_NOT_FOUND',
    })
    await assert.rejects(count(capture({ file: '/nowhere.gz', read: 'flows' })), {
      code: 'ERR_CAPTURE_FILE_NOT_FOUND',
    })
    const text = file('text', Buffer.from('this is no capture file, and goes on for a while'))
    await assert.rejects(count(capture({ file: text, read: 'packets' })), { code: 'ERR_CAPTURE_FILE_FORMAT' })
    await assert.rejects(count(capture({ file: large, read: 'packets', filter: 'tcp prot 80' })), {
      code: 'ERR_CAPTURE_FILTER',
      message: /tcp prot 80/,
    })
    await assert.rejects(count(capture({ device: 'no-such-device', read: 'packets' })), {
      code: /^ERR_CAPTURE_(DEVICE_UNKNOWN|PERMISSION)$/,
    })
  })

  it('later is told after all that came before', async () => {
    const whole = pcap(
      Array.from({ length: 10_000 }, (_, at) => tcp('0123456789', { sequence: 1 + at * 10 })),
    )
    for (const read of ['packets', 'segments', 'flows'] as const) {
      const broken = file('broken.pcap', whole.subarray(0, -5))
      const reading = capture({ file: broken, read })
      let all = 0
      const body = async () => {
        for await (const batch of reading) all += batch.length
      }
      await assert.rejects(body, { code: 'ERR_CAPTURE_FILE_TRUNCATED' })
      assert.equal(all, { packets: 9999, segments: 10_001, flows: 1 }[read])
      assert.equal(reading.statistics().received, 9999)
    }
  })

  it('ends one of several at once, and no other', async () => {
    const ends = await Promise.allSettled([
      count(capture({ file: large, read: 'packets' })),
      count(capture({ file: '/nowhere', read: 'packets' })),
      count(capture({ file: large, read: 'datagrams' })),
      count(capture({ file: large, read: 'flows' })),
    ])
    assert.deepEqual(
      ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason.code)),
      [COUNT, 'ERR_CAPTURE_FILE_NOT_FOUND', COUNT, 10],
    )
  })
})
