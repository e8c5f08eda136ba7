import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { planned } from '../../options/kinds.js'
import { size } from '../../options/values.js'

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
  disk: planned(
    z
      .strictObject({
        max_size: size().optional().describe('Bytes it may take.'),
        path: z.string().optional().describe('Its directory.'),
        segment_size: size().optional().describe('Bytes of one file.'),
        read_ahead: z.int().min(0).default(512).describe('Events read into memory in advance.'),
        write_ahead: z.int().min(0).default(2048).describe('Events in memory that wait to be written.'),
        retry_interval: duration().default(SECOND).describe('First wait after a failed write.'),
        max_retry_interval: duration()
          .default(30 * SECOND)
          .describe('Longest wait after a failed write.'),
      })
      .optional()
      .describe('A queue on disk.'),
  ),
})
