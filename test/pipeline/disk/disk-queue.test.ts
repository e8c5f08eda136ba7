import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { numbers } from '../fake-output.js'
import {
  closed,
  drained,
  eventsOf,
  files,
  folder,
  found,
  opened,
  put,
  sizeOf,
  taken,
  until,
} from './opened.js'

describe('a queue on disk', () => {
  it('gives batches in order, and leaves no file behind when all is acknowledged', async () => {
    const path = folder()
    const { queue } = await opened(path)
    put(queue, ['1', '2', '3'], ['4'], ['5', '6'])
    assert.deepEqual(await drained(queue), ['1', '2', '3', '4', '5', '6'])
    assert.equal(queue.events, 0)
    await closed(queue)
    assert.deepEqual(files(path), [])
  })

  it('keeps what is not acknowledged for the next run, which sends it first', async () => {
    const path = folder()
    const first = await opened(path)
    put(first.queue, ['1', '2'], ['3', '4'], ['5'])
    await until(() => first.queue.kept === 5)
    assert.equal(statSync(files(path, '.seg')[0] as string).mode & 0o777, 0o600)
    await closed(first.queue)
    const second = await opened(path)
    assert.match(second.infos.join(), /5 events of an earlier run .* are sent first/)
    assert.equal(second.queue.counters()['queue.disk.events.recovered'], 5)
    put(second.queue, ['6'])
    assert.deepEqual(await drained(second.queue), numbers(7).slice(1))
    await closed(second.queue)
    assert.deepEqual((await found(path)).events, [])
  })

  it('keeps an event that was only being gathered when the run ended', async () => {
    const path = folder()
    const { queue } = await opened(path)
    queue.text('1')
    await closed(queue)
    assert.deepEqual((await found(path)).events, ['1'])
  })

  it('remembers what was acknowledged out of order', async () => {
    const path = folder()
    const { queue } = await opened(path, { batchEvents: 1 })
    put(queue, ...numbers(20).map((event) => [event]))
    const batches = []
    for (let i = 0; i < 20; i++) batches.push(await taken(queue))
    for (const index of [19, 3, 4, 11, 0, 7]) queue.remove(batches[index] as never)
    await until(() => queue.counters()['queue.disk.acks_waiting'] === 0)
    assert.equal(queue.kept, 14)
    await closed(queue)
    const left = numbers(20).filter((event) => !['19', '3', '4', '11', '0', '7'].includes(event))
    assert.deepEqual((await found(path)).events, left)
  })

  it('sends a batch again as a whole, of which a part was not delivered when the run ended', async () => {
    const path = folder()
    const { queue } = await opened(path)
    put(queue, ['1', '2', '3'])
    const batch = await taken(queue)
    assert.ok(batch)
    batch.keep([2])
    queue.giveBack(batch)
    assert.equal(queue.events, 1)
    const again = await taken(queue)
    assert.deepEqual(again && eventsOf(again), ['3'])
    await closed(queue)
    assert.deepEqual((await found(path)).events, ['1', '2', '3'])
  })

  it('hands over small batches together, and large ones in parts, each acknowledged when all of it is', async () => {
    const path = folder()
    const { queue } = await opened(path, { batchEvents: 4 })
    put(queue, numbers(10), ['a'], ['b', 'c'], ['d', 'e'])
    await until(() => queue.kept === 15)
    const sizes = []
    const batches = []
    for (let batch = await taken(queue); batch !== undefined; batch = await taken(queue)) {
      sizes.push(eventsOf(batch).join(''))
      batches.push(batch)
    }
    assert.deepEqual(sizes, ['0123', '4567', '89', 'abc', 'de'])
    queue.remove(batches[0] as never)
    queue.remove(batches[2] as never)
    queue.remove(batches[3] as never)
    await closed(queue)
    assert.deepEqual((await found(path)).events, [...numbers(10), 'd', 'e'])
  })

  it('gives documents to an output that wants them, from memory and from disk', async () => {
    const path = folder()
    const first = await opened(path, { gives: 'document' })
    put(first.queue, ['{"id":1}', '{"id":"ä€"}'])
    const batch = await taken(first.queue)
    assert.deepEqual(batch?.documents, [{ id: 1 }, { id: 'ä€' }])
    await closed(first.queue)
    const second = await opened(path, { gives: 'document' })
    assert.deepEqual((await taken(second.queue))?.documents, [{ id: 1 }, { id: 'ä€' }])
    await closed(second.queue)
  })

  it('brings events that are larger than a segment, and loses with a word one that is larger than the queue', async () => {
    const path = folder()
    const { queue, warnings } = await opened(path)
    const large = 'ä'.repeat(1_500_000)
    put(queue, ['small'], [large], ['small again'], ['x'.repeat(11e6)])
    await until(() => queue.kept === 3)
    await closed(queue)
    assert.equal(queue.counters()['queue.disk.events.too_large'], 1)
    assert.match(warnings.join(), /an event of 11000001 bytes is larger than queue.disk.max_size, and lost/)
    const { events } = await found(path)
    assert.ok(['small', large, 'small again'].every((event, index) => event === events[index]))
  })

  it('reads back what memory does not hold, in order, while more is written', async () => {
    const path = folder()
    const { queue } = await opened(path, { batchEvents: 50, readAhead: 50 })
    const all = numbers(5000)
    const put50 = (from: number) => put(queue, all.slice(from, from + 50))
    for (let at = 0; at < 2500; at += 50) put50(at)
    await until(() => queue.kept === 2500)
    const events: string[] = []
    for (let at = 2500; at < 5000; at += 50) {
      put50(at)
      const batch = await taken(queue)
      assert.ok(batch)
      events.push(...eventsOf(batch))
      queue.remove(batch)
    }
    events.push(...(await drained(queue)))
    assert.deepEqual(events, all)
    assert.ok((queue.counters()['queue.disk.batches.read'] as number) > 40)
    await closed(queue)
    assert.deepEqual(files(path), [])
  })

  it('removes segments as they are acknowledged, and never takes more than it may', async () => {
    const path = folder()
    const { queue } = await opened(path, { batchEvents: 100, segmentSize: 1e6, maxSize: 10e6 })
    const event = 'x'.repeat(1000)
    const batch = Array<string>(100).fill(event)
    let accepted = 0
    // A slow disk is waited for: memory is to fill after it, not before.
    for (const end = Date.now() + 20_000; (queue.kept < 9800 || queue.load < 1) && Date.now() < end; ) {
      if (queue.load < 1) {
        put(queue, batch)
        accepted += 100
      }
      await sleep(queue.load < 1 && queue.kept < 9800 ? 0 : 5)
      assert.ok(sizeOf(path) <= 10e6, `${sizeOf(path)} bytes`)
    }
    // Ten million bytes hold 9,900 events; what waits in memory comes on top.
    assert.ok(queue.kept >= 9800 && queue.kept < 10_000, `${queue.kept} events`)
    assert.ok(accepted - queue.kept >= 2048)
    assert.equal((await drained(queue)).length, accepted)
    await closed(queue)
    assert.deepEqual(files(path), [])
  })

  it('loses nothing of a batch larger than what is left, when segments are as large as half of it', async () => {
    const path = folder()
    const { queue } = await opened(path, { segmentSize: 5e6, maxSize: 10e6, batchEvents: 1 })
    const sent = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(4_000_000))
    put(queue, ...sent.map((event) => [event]))
    const events = await drained(queue)
    assert.ok(sent.every((event, index) => event === events[index]))
    await closed(queue)
  })

  it('holds little in memory while 200 MB go through it', async () => {
    const path = folder()
    const { queue } = await opened(path, {
      batchEvents: 1600,
      maxSize: 300e6,
      segmentSize: 30e6,
    })
    const event = 'y'.repeat(1000)
    const batch = Array<string>(900).fill(event)
    const before = process.memoryUsage.rss()
    let most = 0
    for (let count = 0; count < 112; count++) {
      put(queue, batch)
      while (queue.load > 0.5) await sleep(1)
      most = Math.max(most, process.memoryUsage.rss() - before)
    }
    await until(() => queue.kept === 112 * 900)
    let events = 0
    for (let more = 0; more < 112; more++) {
      put(queue, batch)
      const next = await taken(queue)
      assert.ok(next)
      events += next.count
      queue.remove(next)
      most = Math.max(most, process.memoryUsage.rss() - before)
    }
    for (let next = await taken(queue); next !== undefined; next = await taken(queue)) {
      events += next.count
      queue.remove(next)
      most = Math.max(most, process.memoryUsage.rss() - before)
    }
    assert.equal(events, 224 * 900)
    assert.ok(most < 100e6, `${Math.round(most / 1e6)} MB more than before`)
    await closed(queue)
  })

  it('does not touch the queue of another program, or of a newer version, and says so', async () => {
    const upstream = folder()
    writeFileSync(join(upstream, 'state.dat'), '')
    writeFileSync(join(upstream, '0.seg'), Buffer.from('02000000', 'hex'))
    const other = folder()
    writeFileSync(join(other, '3.seg'), Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.alloc(500, 0x7b)]))
    for (const path of [upstream, other])
      await assert.rejects(opened(path), {
        code: 'ERR_OUTPUT_OPEN',
        message: /holds a disk queue of another program, .* or set queue.disk.path to another folder$/,
      })
    const newer = folder()
    writeFileSync(join(newer, '1.seg'), 'PBNQSEG\x02PBNQSEG\x02')
    await assert.rejects(opened(newer), { code: 'ERR_OUTPUT_OPEN', message: /written by a newer version/ })
    assert.equal(files(upstream).length + files(other).length + files(newer).length, 4)
  })
})
