import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { UserError } from '../../lib/errors.js'
import { type Lane, NOTHING_LEFT, OutputEnded } from '../../lib/outputs/output.js'
import { FakeFile, FakeOutput, numbers, pipelineTo } from './fake-output.js'

const failing = () => Promise.reject(new Error('connection refused'))

/** Waits for something that will be, however slow the machine is. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await sleep(2)
}

/** Every event has exactly one end. */
function balanced(counters: Record<string, number>): void {
  const of = (name: string) => counters[`pipeline.events.${name}`] as number
  assert.equal(
    of('published'),
    of('acked') +
      of('rejected') +
      of('abandoned') +
      of('unread') +
      (counters['pipeline.queue.events'] as number),
  )
}

for (const Output of [FakeOutput, FakeFile])
  describe(`a pipeline to a ${Output === FakeFile ? 'file' : 'server'}`, () => {
    it('delivers every event once, in order, before it is closed', async () => {
      const output = new Output()
      const { pipeline } = pipelineTo(output)
      const sink = pipeline.sink('wait')
      for (const event of numbers(95)) assert.equal(sink.text(event), true)
      await pipeline.close()
      assert.deepEqual(output.events, numbers(95))
      assert.deepEqual(
        output.batches.map(({ length }) => length),
        [...Array(9).fill(10), 5],
      )
      assert.equal(output.closed, 1)
      const counters = pipeline.counters()
      assert.equal(counters['pipeline.events.acked'], 95)
      balanced(counters)
    })

    it('delivers documents to who wants documents', async () => {
      const output = new Output()
      const { pipeline } = pipelineTo(output, { wants: 'document' })
      for (let id = 0; id < 25; id++) pipeline.sink('wait').document({ id })
      await pipeline.close()
      assert.deepEqual(
        output.events,
        numbers(25).map((id) => `{"id":${id}}`),
      )
    })

    it('brings events that are larger than any buffer, and then needs no more than before', async () => {
      const output = new Output()
      const { pipeline } = pipelineTo(output)
      const events = ['small', `"${'ä'.repeat(1_500_000)}"`, 'small again', '"€"']
      for (const event of events) pipeline.sink('wait').text(event)
      await pipeline.close()
      assert.ok(events.every((event, index) => event === output.events[index]))
    })

    it('hands over what there is after the flush timeout', async () => {
      const output = new Output()
      const { pipeline } = pipelineTo(output, {
        queue: { events: 100, flush: { min_events: 50, timeout: 20e6 } },
      })
      pipeline.sink('wait').text('1')
      await turn()
      assert.deepEqual(output.batches, [])
      await until(() => output.batches.length === 1)
      assert.deepEqual(output.batches, [['1']])
      pipeline.sink('wait').text('2')
      await until(() => output.batches.length === 2)
      assert.deepEqual(output.batches, [['1'], ['2']])
      await pipeline.close()
    })

    it('with a timeout of 0 hands over once a turn, not once an event', async () => {
      const output = new Output()
      const { pipeline } = pipelineTo(output, {
        queue: { events: 100, flush: { min_events: 50, timeout: 0 } },
      })
      for (const event of numbers(5)) pipeline.sink('wait').text(event)
      await turn()
      await turn()
      assert.deepEqual(output.batches, [numbers(5)])
      await pipeline.close()
    })

    it('sends again what the output left, and counts what it will never take', async () => {
      const output = new Output()
      output.answers.push(() => ({ retry: [1, 3, 9], rejected: [{ index: 0, reason: 'mapping' }] }))
      const refused: string[][] = []
      const { pipeline, warnings } = pipelineTo(output, { rejected: (...told) => refused.push(told) })
      for (const event of numbers(10)) pipeline.sink('wait').text(event)
      await pipeline.close()
      assert.deepEqual(output.batches, [numbers(10), ['1', '3', '9']])
      assert.deepEqual(refused, [['0', 'mapping']])
      assert.match(warnings[0] as string, /refused 1 events for good.*mapping/)
      const counters = pipeline.counters()
      assert.equal(counters['pipeline.events.rejected'], 1)
      assert.equal(counters['pipeline.events.acked'], 9)
      balanced(counters)
    })

    it('ends with the error that no retry would mend, and takes no more', async () => {
      const output = new Output()
      const full = new UserError('ERR_OUTPUT_WRITE', 'no space')
      output.answers.push(
        () => ({ retry: [8, 9], rejected: [] }),
        () => {
          throw full
        },
      )
      const { pipeline, ends } = pipelineTo(output)
      const sink = pipeline.sink('wait')
      for (const event of numbers(15)) sink.text(event)
      await until(() => ends.length > 0)
      assert.deepEqual(ends, [full])
      assert.equal(sink.text('late'), false)
      assert.equal(pipeline.pressure(), false)
      await pipeline.drained()
      await assert.rejects(pipeline.close(), full)
      const counters = pipeline.counters()
      assert.equal(counters['pipeline.events.acked'], 8)
      assert.equal(counters['pipeline.events.abandoned'], 7)
      assert.equal(counters['pipeline.events.dropped'], 1)
      balanced(counters)
      assert.equal(output.closed, 1)
    })

    it('ends quietly when nobody reads any more', async () => {
      const output = new Output()
      output.answers.push(() => {
        throw new OutputEnded()
      })
      const { pipeline, ends } = pipelineTo(output)
      for (const event of numbers(20)) pipeline.sink('wait').text(event)
      await pipeline.close()
      assert.deepEqual(ends, [undefined])
      balanced(pipeline.counters())
    })
  })

describe('a pipeline to a server', () => {
  it('tries again until the output takes it', async () => {
    const output = new FakeOutput()
    output.answers.push(failing, failing, failing, failing, failing)
    const { pipeline, warnings } = pipelineTo(output)
    for (const event of numbers(10)) pipeline.sink('wait').text(event)
    await until(() => output.batches.length === 6)
    await pipeline.close()
    assert.deepEqual(output.batches, Array(6).fill(numbers(10)))
    assert.match(warnings[0] as string, /took nothing of 10 events: connection refused/)
    const counters = pipeline.counters()
    assert.equal(counters['pipeline.events.retried'], 50)
    assert.equal(counters['output.failures'], 5)
    balanced(counters)
  })

  it('gives a batch up after as many retries as configured, and goes on with the next', async () => {
    const output = new FakeOutput()
    output.answers.push(failing, failing, failing)
    const { pipeline } = pipelineTo(output, { delivery: { maxRetries: 2, backoff: { init: 1, max: 1 } } })
    for (const event of numbers(20)) pipeline.sink('wait').text(event)
    await until(() => output.batches.length === 4)
    await pipeline.close()
    const counters = pipeline.counters()
    assert.equal(counters['pipeline.events.abandoned'], 10)
    assert.equal(counters['pipeline.events.acked'], 10)
    balanced(counters)
  })

  it('does not wait at its end for an output that keeps failing', async () => {
    const output = new FakeOutput()
    for (let i = 0; i < 100; i++) output.answers.push(failing)
    const { pipeline } = pipelineTo(output, { delivery: { backoff: { init: 20, max: 60e3 } } })
    for (const event of numbers(50)) pipeline.sink('wait').text(event)
    await pipeline.close()
    const counters = pipeline.counters()
    assert.equal(counters['pipeline.events.abandoned'], 50)
    balanced(counters)
    assert.equal(output.closed, 1)
  })

  it('waits no longer than told for an output that hangs', async () => {
    const output = new FakeOutput()
    const hang = (_: unknown, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    const { pipeline } = pipelineTo(Object.assign(output, { send: hang }))
    for (const event of numbers(30)) pipeline.sink('wait').text(event)
    const start = performance.now()
    await pipeline.close(50)
    assert.ok(performance.now() - start < 1000)
    const counters = pipeline.counters()
    assert.equal(counters['pipeline.events.abandoned'], 30)
    balanced(counters)
  })

  it('drops and counts the events of a live capture that find it full, and keeps those of a file', async () => {
    const output = new FakeOutput()
    const { pipeline } = pipelineTo(output)
    const live = pipeline.sink('drop')
    const taken = numbers(150).filter((event) => live.text(event))
    assert.deepEqual(taken, numbers(100))
    assert.equal(pipeline.counters()['pipeline.events.dropped'], 50)
    assert.equal(pipeline.sink('wait').text('kept'), true)
    await pipeline.close()
    assert.deepEqual(output.events, [...numbers(100), 'kept'])
    balanced(pipeline.counters())
  })

  it('asks captures to pause while it is nearly full, and tells when it has drained', async () => {
    const output = new FakeOutput()
    let release = (): void => undefined
    output.answers.push(
      () => new Promise((resolve) => (release = () => resolve({ retry: [], rejected: [] }))),
    )
    const { pipeline } = pipelineTo(output)
    const sink = pipeline.sink('wait')
    for (const event of numbers(74)) sink.text(event)
    assert.equal(pipeline.pressure(), false)
    sink.text('one more')
    assert.equal(pipeline.pressure(), true)
    let drained = false
    const waiting = pipeline.drained().then(() => (drained = true))
    await sleep(10)
    assert.equal(drained, false)
    release()
    await waiting
    assert.equal(pipeline.pressure(), false)
    await pipeline.close()
    assert.equal(output.events.length, 75)
  })

  it('lets captures end that wait for room', async () => {
    const output = new FakeOutput()
    let release = (): void => undefined
    output.answers.push(
      () => new Promise((resolve) => (release = () => resolve({ retry: [], rejected: [] }))),
    )
    const { pipeline } = pipelineTo(output)
    const sink = pipeline.sink('wait')
    for (const event of numbers(90)) sink.text(event)
    const waiting = pipeline.drained()
    pipeline.letCapturesEnd()
    await waiting
    assert.equal(pipeline.pressure(), false)
    assert.equal(sink.text('the last one'), true)
    release()
    await pipeline.close()
    assert.equal(output.events.length, 91)
  })

  it('does not wait for a fuller batch when a capture waits for room', async () => {
    const output = new FakeOutput()
    const { pipeline } = pipelineTo(output, {
      queue: { events: 32, flush: { min_events: 32, timeout: 60e9 } },
    })
    for (const event of numbers(15)) pipeline.sink('wait').text(event)
    await pipeline.drained()
    assert.equal(output.events.length, 15)
    await pipeline.close()
  })

  it('holds few buffers for many small batches while the output is slow', async () => {
    const output = new FakeOutput()
    output.answers.push(() => sleep(100).then(() => ({ retry: [], rejected: [] })))
    const { pipeline } = pipelineTo(output, {
      queue: { events: 3200, flush: { min_events: 1600, timeout: 0 } },
    })
    const before = process.memoryUsage().arrayBuffers
    for (const event of numbers(50)) {
      pipeline.sink('drop').text(event)
      await turn()
    }
    assert.ok(process.memoryUsage().arrayBuffers - before < 4e6)
    await pipeline.close()
    assert.deepEqual(output.events, numbers(50))
    assert.equal(output.batches.length, 2)
  })

  it('takes events that come while the last batch is being acknowledged', async () => {
    const output = new FakeOutput()
    const { pipeline } = pipelineTo(output, { queue: { events: 2, flush: { min_events: 1, timeout: 0 } } })
    const sink = pipeline.sink('wait')
    for (const event of numbers(500)) {
      sink.text(event)
      if (pipeline.pressure()) await pipeline.drained()
    }
    await pipeline.close()
    assert.deepEqual(output.events, numbers(500))
  })
})

it('a pipeline to a file writes while a capture is being decoded, and needs one buffer', () => {
  const output = new FakeFile()
  const { pipeline } = pipelineTo(output, {
    queue: { events: 3200, flush: { min_events: 1600, timeout: 60e9 } },
  })
  const sink = pipeline.sink('drop')
  const event = JSON.stringify({ text: 'x'.repeat(1000) })
  for (let i = 0; i < 10_000; i++) assert.equal(sink.text(event), true)
  assert.ok(output.events.length > 8000)
  assert.equal(pipeline.pressure(), false)
})

describe('several lanes', () => {
  const held = () => {
    let release = (): void => undefined
    const answer = () =>
      new Promise<typeof NOTHING_LEFT>((resolve) => (release = () => resolve(NOTHING_LEFT)))
    return { answer, release: () => release() }
  }

  it('are given batches at once, and what comes back late is not missed', async () => {
    const output = new FakeOutput(3)
    const first = held()
    output.answers.push(first.answer)
    const { pipeline } = pipelineTo(output)
    for (const event of numbers(60)) pipeline.sink('wait').text(event)
    await until(() => output.batches.length === 6)
    assert.equal(pipeline.counters()['pipeline.queue.events'], 10)
    first.release()
    await pipeline.close()
    assert.deepEqual(output.events.sort(), numbers(60).sort())
    balanced(pipeline.counters())
  })

  it('take over what one of them could not deliver', async () => {
    const output = new FakeOutput(2)
    const broken: Lane = { name: 'broken', send: failing }
    const lanes = [broken, output.lanes[0] as Lane]
    const { pipeline, warnings } = pipelineTo(Object.assign(output, { lanes }), {
      delivery: { backoff: { init: 60e3, max: 60e3 } },
    })
    for (const event of numbers(50)) pipeline.sink('wait').text(event)
    await until(() => output.events.length === 50)
    assert.deepEqual(output.events.sort(), numbers(50).sort())
    assert.match(warnings[0] as string, /the output at broken took nothing of 10 events: connection refused/)
    assert.equal(pipeline.counters()['output.failures'], 1)
    await pipeline.close()
    balanced(pipeline.counters())
  })

  it('that fail do not have the events given up at the end, while another is still at work', async () => {
    const output = new FakeOutput(1)
    const slow = async () => {
      await sleep(200)
      return NOTHING_LEFT
    }
    output.answers.push(slow, slow)
    const broken: Lane = { name: 'broken', send: failing }
    const lanes = [broken, output.lanes[0] as Lane]
    const { pipeline } = pipelineTo(Object.assign(output, { lanes }), {
      delivery: { backoff: { init: 5, max: 5 } },
    })
    for (const event of numbers(50)) pipeline.sink('wait').text(event)
    await pipeline.close()
    assert.equal(pipeline.counters()['pipeline.events.acked'], 50)
    balanced(pipeline.counters())
  })

  it('that are not balanced are used one at a time, the next when one fails', async () => {
    const used: string[] = []
    let down = ''
    const lane = (name: string): Lane => ({
      name,
      send: async () => {
        used.push(name)
        await sleep(1)
        if (name === down) throw new Error('connection refused')
        return NOTHING_LEFT
      },
    })
    const output = Object.assign(new FakeOutput(), { lanes: [lane('a'), lane('b')], balanced: false })
    const { pipeline } = pipelineTo(output, { delivery: { backoff: { init: 60e3, max: 60e3 } } })
    for (const event of numbers(30)) pipeline.sink('wait').text(event)
    await until(() => pipeline.counters()['pipeline.events.acked'] === 30)
    assert.equal(new Set(used).size, 1)
    down = used[0] as string
    for (const event of numbers(20)) pipeline.sink('wait').text(event)
    await until(() => used.length === 6)
    const other = down === 'a' ? 'b' : 'a'
    assert.deepEqual(used.slice(3), [down, other, other])
    await pipeline.close()
    assert.equal(pipeline.counters()['pipeline.events.acked'], 50)
    balanced(pipeline.counters())
  })

  it('may have several batches under way', async () => {
    const output = Object.assign(new FakeOutput(), { window: 2 })
    const first = held()
    output.answers.push(first.answer)
    const { pipeline } = pipelineTo(output)
    for (const event of numbers(40)) pipeline.sink('wait').text(event)
    await until(() => output.batches.length === 4)
    first.release()
    await pipeline.close()
    assert.equal(pipeline.counters()['pipeline.events.acked'], 40)
  })
})
