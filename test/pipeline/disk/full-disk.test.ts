import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DiskQueueOptions } from '../../../lib/pipeline/disk/disk-queue.js'
import { FakeOutput, pipelineTo } from '../fake-output.js'
import { ascending, balanced, event, upTo } from '../numbered.js'
import { folder, type Opened, opened, until } from './opened.js'

const notRoot = (process.platform !== 'linux' || process.getuid?.() !== 0) && 'needs root on Linux'

describe('a queue on a disk that is full', { skip: notRoot }, () => {
  const path = join(folder(), 'disk')
  let queue: Opened
  const mounted = async (options: Partial<DiskQueueOptions> = {}) => {
    queue = await opened(join(path, 'queue'), { batchEvents: 100, writeAhead: 100, ...options })
    return queue.queue
  }
  beforeEach(() => {
    mkdirSync(path, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path])
  })
  afterEach(() => execFileSync('umount', [path]))
  after(() => rmSync(path, { recursive: true }))

  it('tells it once, drops with a count what does not fit in memory, and goes on when there is room', async () => {
    writeFileSync(join(path, 'in the way'), Buffer.alloc(1_500_000))
    const output = new FakeOutput()
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const send = async () => {
      await held
      return { retry: [], rejected: [] }
    }
    const { pipeline } = pipelineTo(Object.assign(output, { send }), {
      queue: { events: 3200, flush: { min_events: 100, timeout: 10e9 } },
      disk: await mounted(),
    })
    const live = pipeline.sink('drop')
    const dropped = () => pipeline.counters()['pipeline.events.dropped'] as number
    for (let id = 0; dropped() < 500; id++) {
      live.text(event(id, 'x'.repeat(1000)))
      if (id % 50 === 0) await sleep(1)
    }
    await sleep(60)
    assert.match(queue.warnings.join('\n'), /^queue.disk: cannot write to .*: ENOSPC.*dropped when.*$/)
    assert.ok((pipeline.counters()['queue.disk.failures.write'] as number) > 2)
    rmSync(join(path, 'in the way'))
    await until(
      () => pipeline.counters()['pipeline.queue.events'] === pipeline.counters()['queue.disk.events'],
    )
    assert.match(queue.infos.join(), /events are written to disk again/)
    assert.equal(live.text(event(0)), true)
    release()
    await pipeline.close()
    assert.equal(pipeline.counters()['pipeline.events.abandoned'], 0)
    balanced(pipeline.counters())
  })

  it('delivers what it cannot write, while the output takes it', async () => {
    const output = new FakeOutput()
    const disk = await mounted()
    writeFileSync(join(path, 'in the way'), '')
    try {
      execFileSync('dd', ['if=/dev/zero', `of=${join(path, 'in the way')}`, 'bs=64k'], { stdio: 'ignore' })
    } catch {
      // It ends when the disk is full, as it should.
    }
    const { pipeline } = pipelineTo(output, {
      queue: { events: 3200, flush: { min_events: 100, timeout: 10e9 } },
      disk,
    })
    const sink = pipeline.sink('wait')
    for (let id = 0; id < 5000; id++) {
      sink.text(event(id))
      if (pipeline.pressure()) await pipeline.drained()
    }
    await pipeline.close()
    const ids = output.events.map((text) => (JSON.parse(text) as { id: number }).id)
    assert.deepEqual(ascending(ids), upTo(5000))
    balanced(pipeline.counters())
  })
})
