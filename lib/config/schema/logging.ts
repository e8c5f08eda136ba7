import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { planned } from '../../options/kinds.js'
import { fileMode, size } from '../../options/values.js'

const MIB = 2 ** 20

const filesShape = (name: string, bytes: number, keep: number) => ({
  path: z.string().optional().describe('Directory of the log files; `path.logs` unless given.'),
  name: z
    .string()
    .min(1)
    .default(name)
    .describe('Files are called `<name>-<yyyymmdd>.ndjson`, then `-1`, `-2` and so on.'),
  rotateeverybytes: size({ min: 1 })
    .default(bytes)
    .describe('Begin another file when this one has that many bytes.'),
  keepfiles: z.int().min(2).max(1024).default(keep).describe('How many files are kept; the oldest go.'),
  permissions: fileMode().default(0o600).describe('File mode of new files.'),
  interval: duration({ min: SECOND, except: 0 })
    .default(0)
    .describe('Also begin another file that often; 0: no.'),
  rotateonstartup: z.boolean().default(true).describe('Begin another file at each start.'),
  redirect_stderr: planned(z.boolean().default(false).describe('Write standard error to the log file too.')),
})

export const loggingSchema = z.strictObject({
  level: z
    .enum(['error', 'warning', 'info', 'debug'])
    .optional()
    .describe(
      'The least important lines that are written: `info`; `warning` when there is no configuration file.',
    ),
  selectors: z
    .array(z.string())
    .default([])
    .describe(
      'Which parts of the program may write at level `debug`, such as `http` or `flows`; `*` or none: all.',
    ),
  to_stderr: z.boolean().default(false).describe('Write to standard error instead of files. As `-e`.'),
  to_files: z
    .boolean()
    .optional()
    .describe('Write to files: true with a configuration file; without one the log goes to standard error.'),
  to_syslog: planned(z.boolean().default(false).describe('Write to syslog.')),
  to_eventlog: planned(z.boolean().default(false).describe('Write to the Windows event log.')),
  files: z
    .strictObject(filesShape('packetbeat', 10 * MIB, 7))
    .prefault({})
    .describe('The log files.'),
  metrics: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Log the counters that changed.'),
      period: duration({ min: SECOND })
        .default(30 * SECOND)
        .describe('How often.'),
      namespaces: planned(z.array(z.string()).default(['stats']).describe('Which groups of counters.')),
    })
    .prefault({})
    .describe('Counters in the log.'),
  event_data: z
    .strictObject({
      to_stderr: z.boolean().default(false).describe('Write to standard error instead of files.'),
      to_files: z.boolean().default(true).describe('Write to files, when the log goes there too.'),
      files: z
        .strictObject(filesShape('packetbeat-event-data', 5 * MIB, 2))
        .prefault({})
        .describe('The files.'),
    })
    .prefault({})
    .describe(
      'A log of its own for the events that the output refused for good: nothing else quotes events.',
    ),
})
