import { z } from 'zod'
import { duration, MILLISECOND, SECOND } from '../options/duration.js'
import type { Delivery } from './output.js'

export const workersShape = {
  worker: z.int().min(1).optional().describe('Connections to each host; 1 unless given.'),
  workers: z.int().min(1).optional().describe('The same as `worker`.'),
}

/** Options of outputs that send batches to servers. `batch`: events of one, unless configured. */
export const deliveryShape = (batch: number) => ({
  ...workersShape,
  bulk_max_size: z
    .int()
    .default(batch)
    .describe('Events sent at once, at most; below 1: as many as `queue.mem.flush.min_events`.'),
  max_retries: z
    .int()
    .min(-1)
    .default(-1)
    .describe('Tries after the first, for each batch; then its events are dropped and counted. -1: no end.'),
  backoff: z
    .strictObject({
      init: duration().default(SECOND).describe('Before the first retry; doubled each time.'),
      max: duration()
        .default(60 * SECOND)
        .describe('The longest wait.'),
    })
    .prefault({})
    .describe('Waits between tries.'),
})

interface DeliveryOptions {
  worker?: number | undefined
  workers?: number | undefined
  bulk_max_size: number
  max_retries: number
  backoff: { init: number; max: number }
}

/** Connections to each host. */
export const workersOf = ({ worker, workers }: Pick<DeliveryOptions, 'worker' | 'workers'>): number =>
  workers ?? worker ?? 1

/** What the pipeline is to know of these options. */
export const deliveryOf = ({ bulk_max_size, max_retries, backoff }: DeliveryOptions): Delivery => ({
  ...(bulk_max_size >= 1 && { batchEvents: bulk_max_size }),
  ...(max_retries >= 0 && { maxRetries: max_retries }),
  backoff: { init: backoff.init / MILLISECOND, max: backoff.max / MILLISECOND },
})
