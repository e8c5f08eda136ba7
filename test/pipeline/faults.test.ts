import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { files, folder, opened, until } from './disk/opened.js'
import { FakeOutput, pipelineTo } from './fake-output.js'
import { ascending, balanced, event, upTo } from './numbered.js'
import { TcpOutput, TcpServer } from './tcp.js'

for (const kind of ['memory', 'disk'])
  describe(`a pipeline with a queue in ${kind} and several lanes`, () => {
    let server: TcpServer
    beforeEach(async () => {
      server = await new TcpServer().start()
    })
    // A pipeline that a failed test left behind would go on trying.
    afterEach(async () => {
      await server.stop().catch(() => undefined)
      await end?.()
    })
    let end: (() => Promise<void>) | undefined

    const piped = async (lanes: number, timeout = 1000) => {
      const disk = kind === 'disk' ? (await opened(folder(), { batchEvents: 100 })).queue : undefined
      const piped = pipelineTo(new TcpOutput(server.port, lanes, timeout), {
        queue: { events: 32_000, flush: { min_events: 100, timeout: 5e6 } },
        disk,
      })
      let closing: Promise<void> | undefined
      const close = () => (closing ??= piped.pipeline.close(1000))
      end = close
      return { ...piped, close }
    }

    it('delivers everything to a server that is stopped and started again and again', async () => {
      const { pipeline, close } = await piped(3)
      const sink = pipeline.sink('wait')
      server.manner = () => Math.round(Math.random() * 3)
      let id = 0
      for (let times = 0; times < 4; times++) {
        for (let round = 0; round < 20; round++) {
          for (let count = 0; count < 50; count++) sink.text(event(id++))
          await sleep(1)
        }
        await server.stop()
        const { failures } = counted(pipeline)
        for (let count = 0; count < 500; count++) sink.text(event(id++))
        await until(() => counted(pipeline).failures > failures)
        await server.start()
      }
      await until(() => counted(pipeline).acked === id)
      await close()
      assert.deepEqual(ascending([...new Set(server.ids)]), upTo(id))
      const counters = pipeline.counters()
      assert.equal(counters['pipeline.events.published'], id)
      assert.ok((counters['pipeline.events.retried'] as number) > 0)
      balanced(counters)
    })

    it('goes on over the other lane while one hangs, and sends again what that one had', async () => {
      let hanging: Socket | undefined
      server.manner = (_, socket) => {
        hanging ??= socket
        return socket === hanging ? 'silent' : 'answer'
      }
      const { pipeline, warnings, close } = await piped(2, 1000)
      const sink = pipeline.sink('wait')
      for (let id = 0; id < 5000; id++) sink.text(event(id))
      await until(() => counted(pipeline).acked === 5000)
      await close()
      assert.match(warnings.join(), /the output at 127.0.0.1:\d+ took nothing of 100 events: no answer/)
      const hung = server.batches.filter(({ answered }) => !answered)
      const answered = server.batches.filter((batch) => batch.answered).map(({ ids }) => ids)
      assert.deepEqual(ascending(answered.flat()), upTo(5000))
      // The others did not wait for it.
      const again = answered.findIndex(([id]) => id === hung[0]?.ids[0])
      assert.ok(again > 10, `it was sent again after ${again} others`)
      const counters = pipeline.counters()
      assert.equal(counters['output.failures'], hung.length)
      assert.equal(counters['pipeline.events.retried'], hung.length * 100)
      balanced(counters)
    })
  })

const counted = (pipeline: { counters(): Record<string, number> }) => {
  const counters = pipeline.counters()
  return {
    acked: counters['pipeline.events.acked'] as number,
    failures: counters['output.failures'] as number,
  }
}

describe('a pipeline with a queue on disk', () => {
  it('has every event on disk within some 100 ms, and delivers small batches while the output is free', async () => {
    const { queue } = await opened(folder(), { batchEvents: 100 })
    const output = new FakeOutput()
    const { pipeline } = pipelineTo(output, { disk: queue })
    const before = performance.now()
    pipeline.sink('drop').text('1')
    await until(() => output.events.length === 1)
    assert.ok(performance.now() - before >= 90)
    // One that is busy is no reason to wait.
    let release = (): void => undefined
    output.answers.push(
      () => new Promise((resolve) => (release = () => resolve({ retry: [], rejected: [] }))),
    )
    pipeline.sink('drop').text('2')
    await until(() => output.batches.length === 2)
    pipeline.sink('drop').text('3')
    await until(() => queue.kept === 2)
    release()
    await pipeline.close()
    assert.deepEqual(output.events, ['1', '2', '3'])
    balanced(pipeline.counters())
  })

  it('does not wait at its end for an output that is dead: the next run delivers what it keeps', async () => {
    const path = folder()
    const dead = Object.assign(new FakeOutput(2), { send: () => Promise.reject(new Error('refused')) })
    const first = pipelineTo(dead, { disk: (await opened(path)).queue })
    for (let id = 0; id < 2000; id++) first.pipeline.sink('wait').text(event(id))
    const start = performance.now()
    await first.pipeline.close()
    assert.ok(performance.now() - start < 3000)
    const ended = first.pipeline.counters()
    assert.equal(ended['pipeline.events.abandoned'], 0)
    assert.equal(ended['pipeline.queue.events'], 2000)
    balanced(ended)
    const output = new FakeOutput(2)
    const second = pipelineTo(output, { disk: (await opened(path)).queue })
    second.pipeline.sink('wait').text(event(2000))
    await second.pipeline.close()
    const ids = output.events.map((text) => (JSON.parse(text) as { id: number }).id)
    assert.deepEqual(ascending(ids), upTo(2001))
    const counters = second.pipeline.counters()
    assert.equal(counters['queue.disk.events.recovered'], 2000)
    assert.equal(counters['pipeline.events.acked'], 2001)
    balanced(counters)
    assert.deepEqual(files(path), [])
  })

  it('waits no longer than told for an output that hangs, and loses nothing', async () => {
    const path = folder()
    const hang = (_: unknown, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    const first = pipelineTo(Object.assign(new FakeOutput(3), { send: hang }), {
      disk: (await opened(path)).queue,
    })
    for (let id = 0; id < 500; id++) first.pipeline.sink('wait').text(event(id))
    const start = performance.now()
    await first.pipeline.close(100)
    assert.ok(performance.now() - start < 1500)
    balanced(first.pipeline.counters())
    const output = new FakeOutput()
    const second = pipelineTo(output, { disk: (await opened(path)).queue })
    await second.pipeline.close()
    assert.equal(output.events.length, 500)
  })

  it('keeps what an output that has ended did not take', async () => {
    const path = folder()
    const failed = Object.assign(new Error('no space'), { code: 'ERR_OUTPUT_WRITE' })
    const output = new FakeOutput()
    output.answers.push(
      () => ({ retry: [], rejected: [] }),
      () => Promise.reject(failed),
    )
    const first = pipelineTo(output, { disk: (await opened(path)).queue })
    for (let id = 0; id < 95; id++) first.pipeline.sink('wait').text(event(id))
    await until(() => first.ends.length > 0)
    await assert.rejects(first.pipeline.close(), failed)
    const counters = first.pipeline.counters()
    assert.equal(counters['pipeline.events.abandoned'], 0)
    assert.equal(counters['pipeline.queue.events'], 85)
    balanced(counters)
    const second = new FakeOutput()
    await pipelineTo(second, { disk: (await opened(path)).queue }).pipeline.close()
    assert.equal(second.events.length, 85)
  })

  it('makes a capture file wait and a live capture drop, when it may take no more', async () => {
    const output = new FakeOutput()
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const send = async () => {
      await held
      return { retry: [], rejected: [] }
    }
    const { queue } = await opened(folder(), { batchEvents: 100, writeAhead: 100 })
    const { pipeline } = pipelineTo(Object.assign(output, { send }), {
      queue: { events: 3200, flush: { min_events: 100, timeout: 10e9 } },
      disk: queue,
    })
    const live = pipeline.sink('drop')
    let offered = 0
    for (; (pipeline.counters()['pipeline.events.dropped'] as number) < 500; offered++) {
      live.text(event(offered, 'x'.repeat(2000)))
      if (offered % 50 === 0) await sleep(1)
    }
    assert.equal(pipeline.pressure(), true)
    assert.ok((pipeline.counters()['queue.disk.bytes'] as number) <= 10e6)
    const drained = pipeline.drained()
    release()
    await drained
    assert.equal(pipeline.pressure(), false)
    await pipeline.close()
    const counters = pipeline.counters()
    assert.equal(counters['pipeline.events.published'], offered - 500)
    assert.equal(counters['pipeline.events.acked'], offered - 500)
    balanced(counters)
  })
})
