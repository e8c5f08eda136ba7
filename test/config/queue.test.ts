import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { loaded } from './support.js'

describe('a queue on disk', () => {
  const rest = { read_ahead: 512, write_ahead: 2048, retry_interval: 1e9, max_retry_interval: 30e9 }

  it('is in the data folder, in files of a tenth of it', () => {
    const { queue, notices } = loaded('path.data: /srv/data\nqueue.disk.max_size: 50MB\n')
    assert.deepEqual(queue.disk, {
      path: '/srv/data/diskqueue',
      max_size: 50e6,
      segment_size: 5e6,
      ...rest,
    })
    assert.deepEqual(notices, [])
  })

  it('may have a folder of its own, and belong to the output', () => {
    const { queue } = loaded(
      'queue.mem.events: 64\noutput.console.queue.disk: {max_size: 0, path: queue, segment_size: 2MiB}\n',
    )
    assert.deepEqual(queue.disk, {
      path: resolve('queue'),
      max_size: 0,
      segment_size: 2 * 2 ** 20,
      ...rest,
    })
  })

  it('that may take the whole disk has files of 1 GB', () => {
    assert.equal(loaded('queue.disk.max_size: 0\n').queue.disk?.segment_size, 1e9)
  })
})
