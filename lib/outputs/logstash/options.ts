import { z } from 'zod'
import { duration, MILLISECOND, SECOND } from '../../options/duration.js'
import { deliveryShape } from '../delivery-options.js'
import { socksShape } from '../socket/proxy.js'
import { hostsOption } from '../socket/servers.js'
import { sslOption } from '../ssl/options.js'

export const USUAL_INDEX = 'packetbeat'

/** What hosts are without more words. */
export const servers = { scheme: 'tcp', schemes: ['tcp'], port: 5044, setting: 'output.logstash.hosts' }

export const options = z.strictObject({
  hosts: hostsOption(servers)
    .default(['localhost:5044'])
    .describe('Beats inputs of Logstash, as `host[:port]`; port 5044 unless given.'),
  index: z
    .string()
    .min(1)
    .default(USUAL_INDEX)
    .describe(
      '`@metadata.beat` of the events, which a Logstash pipeline makes the name of an index of; in lower case.',
    ),
  ...deliveryShape(2048),
  loadbalance: z
    .boolean()
    .default(false)
    .describe('Use all hosts at once; otherwise one of them, and another when it fails.'),
  pipelining: z
    .int()
    .min(0)
    .default(2)
    .describe(
      'Batches under way on a connection at once; 0 and 1: the next one waits for the acknowledgement.',
    ),
  slow_start: z
    .boolean()
    .default(false)
    .describe('Begin with a few events at once, and go on with more as they are acknowledged.'),
  ttl: duration()
    .default(0)
    .describe('Make a new connection after that time, so that a load balancer can choose anew; 0: never.'),
  timeout: duration({ min: MILLISECOND })
    .default(30 * SECOND)
    .describe(
      'Longest wait for a connection and for a sign of life while events wait for their acknowledgement.',
    ),
  compression_level: z.int().min(0).max(9).default(3).describe('Strength of zlib, 1 to 9; 0: none.'),
  escape_html: z.boolean().default(false).describe('Write <, > and & as \\u003c, \\u003e and \\u0026.'),
  ssl: sslOption(),
  ...socksShape(),
})

export type Options = z.output<typeof options>
