import type { QueueSettings } from '../../config/settings.js'
import type { Delivery } from '../../outputs/output.js'
import { batchEvents } from '../options.js'
import { DiskQueue } from './disk-queue.js'
import type { Log } from './segments.js'

/**
 * The queue on disk as it is configured; undefined: there is none. `gives`: what the output wants.
 * @throws {UserError} 'ERR_OUTPUT_OPEN'
 */
export async function openDiskQueue(
  queue: QueueSettings,
  gives: 'text' | 'document',
  delivery: Delivery | undefined,
  log: Log,
): Promise<DiskQueue | undefined> {
  const { disk } = queue
  if (disk === undefined) return undefined
  return DiskQueue.open({
    path: disk.path,
    maxSize: disk.max_size,
    segmentSize: disk.segment_size,
    readAhead: disk.read_ahead,
    writeAhead: disk.write_ahead,
    retry: { init: disk.retry_interval / 1e6, longest: disk.max_retry_interval / 1e6 },
    batchEvents: batchEvents({ queue, delivery }),
    gives,
    log,
  })
}
