import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DiskQueue } from '../../lib/pipeline/disk/disk-queue.js'
import { deliver, expected } from './support/delivery.js'
import { folder } from './support/folder.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { until } from './support/processes.js'
import { redisServer } from './support/redis-output.js'

const quiet = { info: () => undefined, warn: () => undefined }

/** What a queue holds that nobody uses: lines of text. */
async function held(path: string): Promise<string[]> {
  const copy = folder()
  cpSync(path, copy, { recursive: true })
  const queue = await DiskQueue.open({
    path: copy,
    maxSize: 0,
    segmentSize: 1e6,
    readAhead: 512,
    writeAhead: 512,
    retry: { init: 10, longest: 10 },
    batchEvents: 1000,
    gives: 'text',
    log: quiet,
  })
  const lines: string[] = []
  while (await queue.more()) {
    const batch = queue.take()
    if (batch === undefined) continue
    lines.push(...batch.bytes.toString('utf8', 0, batch.length).split('\n').slice(0, -1))
    queue.remove(batch)
  }
  await queue.close()
  return lines
}

describe('A queue on disk', { skip: lacking('redis-server', 'redis-cli') }, () => {
  let network: Network
  before(() => {
    network = new Network('lo')
  })
  after(() => network.remove())

  test('of a run that is killed has its events sent by the next one, each once and in order', async () => {
    const path = join(folder(), 'queue')
    const redis = {
      hosts: [`${network.ip4}:7101`],
      backoff: { init: '50ms', max: '100ms' },
      queue: { disk: { path, max_size: '20MB', segment_size: '1MB' } },
    }
    const { running } = deliver(network, { redis }, 1e6)
    // Nobody listens. Full files show that much is on the disk.
    await until('a few files', () => {
      if (!running.alive()) throw new Error(`it ended: ${running.stderr()}`)
      try {
        return readdirSync(path).length >= 4
      } catch {
        return false
      }
    })
    running.signal('SIGKILL')
    await running.ended
    const kept = await held(path)
    assert.ok(kept.length > 1000, `${kept.length} events`)
    const once = await expected(network, 1)
    const server = await redisServer(network, 7101)
    const { status, counters, warnings } = await deliver(network, { redis }, 1).done
    assert.equal(status, 0)
    assert.equal(counters['queue.disk.events.recovered'], kept.length)
    assert.equal(counters['pipeline.events.acked'], kept.length + once.length)
    assert.deepEqual(
      warnings.filter((warning) => !/not written to their end/.test(warning)),
      [],
    )
    assert.deepEqual(await server.list('packetbeat'), [...kept, ...once])
    assert.deepEqual(readdirSync(path), [])
  })

  test('that is full, as one in memory, keeps nobody from ending a run', async () => {
    const path = join(folder(), 'queue')
    const backoff = { init: '50ms', max: '100ms' }
    const disk = { disk: { path, max_size: '10MB' } }
    for (const queue of [disk, { mem: { events: 64 } }]) {
      const { running, done } = deliver(
        network,
        { redis: { hosts: ['127.0.0.1:7103'], backoff, queue } },
        1e6,
      )
      await until('a full queue', () => {
        const bytes = existsSync(path) ? readdirSync(path).map((name) => statSync(join(path, name)).size) : []
        const full = 'mem' in queue || bytes.reduce((sum, size) => sum + size, 0) > 8.5e6
        return full && running.stderr().includes('took nothing')
      })
      // Long enough for the capture to wait for room.
      await sleep(300)
      running.signal('SIGINT')
      await until('the end', () => !running.alive(), 15_000)
      const { counters, status } = await done
      // What there was no room for is told.
      assert.equal(status, 6)
      assert.equal(
        counters['pipeline.events.published'],
        (counters['pipeline.events.abandoned'] as number) + (counters['queue.disk.events'] ?? 0),
      )
    }
  })

  test('keeps the events of a run that ends while its server is away', async () => {
    const path = join(folder(), 'queue')
    const redis = {
      hosts: [`${network.ip4}:7102`],
      backoff: { init: '50ms', max: '100ms' },
      queue: { disk: { path, max_size: '20MB' } },
    }
    const lines = await expected(network, 2)
    const first = await deliver(network, { redis }, 2).done
    assert.equal(first.status, 0)
    assert.equal(first.counters['pipeline.events.abandoned'], undefined)
    assert.equal(first.counters['queue.disk.events'], lines.length)
    const server = await redisServer(network, 7102)
    const second = await deliver(network, { redis }, 1).done
    assert.equal(second.status, 0)
    assert.deepEqual(await server.list('packetbeat'), [...lines, ...(await expected(network, 1))])
  })
})
