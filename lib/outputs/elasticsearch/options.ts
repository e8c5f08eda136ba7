import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration, SECOND } from '../../options/duration.js'
import { secret } from '../../options/kinds.js'
import { deliveryShape } from '../delivery-options.js'
import { rulesOption } from '../select.js'
import { sslOption } from '../ssl/options.js'
import { presetNames } from './preset.js'

const named = (description: string) =>
  z
    .record(z.string(), z.unknown())
    .default({})
    .transform((map) => leaves(map))
    .describe(description)

/** Names with dots have become sections when they were read; here they are names again. */
function leaves(map: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]): [string, string][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(leaves(value as object, `${prefix}${key}.`))
        : [[`${prefix}${key}`, Array.isArray(value) ? value.join(',') : String(value ?? '')]],
    ),
  )
}

export const options = z
  .strictObject({
    hosts: z
      .array(z.string().min(1))
      .min(1)
      .default(['localhost:9200'])
      .describe('Nodes, as URLs or `host[:port]`; each event goes to one of them.'),
    protocol: z.enum(['http', 'https']).default('http').describe('How hosts without a scheme are spoken to.'),
    path: z.string().default('').describe('What paths begin with at hosts that have none of their own.'),
    username: z.string().optional().describe('The user, for basic authentication.'),
    password: secret(z.string().optional().describe('Its password.')),
    api_key: secret(z.string().optional().describe('An API key instead: `id:key`, or that in base64.')),
    preset: z
      .enum(presetNames)
      .optional()
      .describe('Sets bulk_max_size, worker, compression_level, idle_connection_timeout and queue.mem.'),
    index: formatString
      .default('packetbeat-%{[agent.version]}')
      .describe('The data stream or index, in lower case.'),
    indices: rulesOption('index', 'data stream or index'),
    pipeline: formatString.optional().describe('The ingest pipeline that events go through.'),
    pipelines: rulesOption('pipeline', 'ingest pipeline'),
    ...deliveryShape(1600),
    compression_level: z.int().min(0).max(9).default(1).describe('How hard gzip tries; 0: no compression.'),
    loadbalance: z
      .boolean()
      .default(true)
      .describe('Use all hosts at once; otherwise one of them until it fails.'),
    timeout: duration()
      .default(90 * SECOND)
      .describe('The longest wait for an answer.'),
    idle_connection_timeout: duration()
      .default(3 * SECOND)
      .describe('A connection without requests is closed after that.'),
    headers: named('Headers of every request.'),
    parameters: named('Parameters of every bulk request.'),
    escape_html: z.boolean().default(false).describe('Write <, > and & as \\u003c, \\u003e and \\u0026.'),
    allow_older_versions: z
      .boolean()
      .default(true)
      .describe('Send to Elasticsearch older than 8.0, too, whose templates may not fit these events.'),
    non_indexable_policy: z
      .strictObject({
        drop: z.strictObject({}).nullish().describe('They are dropped and counted.'),
        dead_letter_index: z
          .strictObject({ index: z.string().min(1).describe('The index they go to.') })
          .optional()
          .describe('They are kept as text, with the error, in another index.'),
      })
      .refine(({ drop, dead_letter_index }) => drop === undefined || dead_letter_index === undefined, {
        message: 'must be one of drop and dead_letter_index',
      })
      .optional()
      .describe('What becomes of events that the server refuses for good.'),
    ssl: sslOption(),
    proxy_url: z.string().min(1).optional().describe('An HTTP proxy; otherwise as the environment says.'),
    proxy_disable: z.boolean().default(false).describe('No proxy, whatever the environment says.'),
    proxy_headers: named('Headers for the proxy, when a tunnel is made.'),
  })
  .refine(({ username, api_key }) => username === undefined || api_key === undefined, {
    message: 'must have either api_key or username and password',
    path: ['api_key'],
  })

export type Options = z.output<typeof options>
