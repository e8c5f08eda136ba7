import { z } from 'zod'
import { duration } from '../../options/duration.js'

const unused = () =>
  duration().default(0).describe('Accepted, not used: processes are looked up when they talk.')

/** `packetbeat.procs`. */
export const procsSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .describe('Add the processes at both ends of a connection to events of live captures.'),
  monitored: z
    .array(
      z.strictObject({
        process: z.string().min(1).describe('Its name in events.'),
        cmdline_grep: z
          .string()
          .min(1)
          .describe('A part of its command line, its arguments joined by spaces.'),
      }),
    )
    .default([])
    .describe('Names for processes that their executables do not tell apart; the first that fits counts.'),
  max_proc_read_freq: unused(),
  refresh_pids_freq: unused(),
})
