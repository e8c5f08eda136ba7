import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration, MILLISECOND, SECOND } from '../../options/duration.js'
import { secret } from '../../options/kinds.js'
import { codec } from '../codec.js'
import { deliveryShape } from '../delivery-options.js'
import { rulesOption } from '../select.js'
import { socksShape } from '../socket/proxy.js'
import { hostsOption } from '../socket/servers.js'
import { sslOption } from '../ssl/options.js'

/** What hosts are without more words. */
export const servers = {
  scheme: 'redis',
  schemes: ['redis', 'rediss'],
  port: 6379,
  setting: 'output.redis.hosts',
}

export const options = z.strictObject({
  hosts: hostsOption(servers)
    .default(['localhost:6379'])
    .describe(
      'Servers, as `host[:port]`, `redis://user:password@host:port` or `rediss://…`, which is encrypted.',
    ),
  key: formatString
    .min(1)
    .optional()
    .describe('The list or channel, a format string; `packetbeat` unless given.'),
  keys: rulesOption('key', 'list or channel'),
  index: formatString.min(1).optional().describe('Older name of `key`.'),
  password: secret(z.string().optional().describe('Password, where the host has none.')),
  db: z.int().min(0).default(0).describe('Number of the database.'),
  datatype: z
    .enum(['list', 'channel'])
    .default('list')
    .describe(
      '`list`: events are added to the end of a list (RPUSH); `channel`: published for those who listen (PUBLISH).',
    ),
  ...deliveryShape(2048),
  loadbalance: z
    .boolean()
    .default(true)
    .describe('Use all hosts at once; otherwise one of them, and another when it fails.'),
  timeout: duration({ min: MILLISECOND })
    .default(5 * SECOND)
    .describe('Longest wait for a connection, and for an answer.'),
  codec,
  ssl: sslOption(),
  ...socksShape(),
})

export type Options = z.output<typeof options>
