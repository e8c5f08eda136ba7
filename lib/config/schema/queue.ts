import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { size } from '../../options/values.js'

// What upstream asks for.
const SMALLEST_QUEUE = 10e6
const SMALLEST_SEGMENT = 1e6

export const queueSchema = z.strictObject({
  mem: z
    .strictObject({
      events: z
        .int()
        .min(32)
        .default(3200)
        .describe('Events the queue holds; when it is full, capturing waits.'),
      flush: z
        .strictObject({
          min_events: z
            .int()
            .min(0)
            .optional()
            .describe('Events handed to the output at once, at most: 1600, or `events` when that is less.'),
          timeout: duration()
            .default(10 * SECOND)
            .describe('How long events wait for `min_events` of them; 0: not at all.'),
        })
        .prefault({})
        .describe('When events leave the queue.'),
    })
    .prefault({})
    .describe('A queue in memory.'),
  disk: z
    .strictObject({
      max_size: size()
        .refine((bytes) => bytes === 0 || bytes >= SMALLEST_QUEUE, {
          message: 'must be at least 10MB, or 0 for as much as the disk has',
        })
        .describe('Bytes it may take; 0: as many as the disk has.'),
      path: z.string().min(1).optional().describe('Its directory; `diskqueue` in `path.data` unless given.'),
      segment_size: size({ min: SMALLEST_SEGMENT })
        .optional()
        .describe('Bytes of one file: a tenth of `max_size` unless given, and half of it at most.'),
      read_ahead: z
        .int()
        .min(0)
        .default(512)
        .describe('Events read into memory in advance; two batches of the output at least.'),
      write_ahead: z.int().min(0).default(2048).describe('Events in memory that wait to be written.'),
      retry_interval: duration().default(SECOND).describe('First wait after a failed write.'),
      max_retry_interval: duration()
        .default(30 * SECOND)
        .describe('Longest wait after a failed write.'),
    })
    .optional()
    .describe('A queue on disk, instead of the one in memory: what is in it outlives the program.'),
})
