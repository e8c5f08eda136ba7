import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration, SECOND } from '../../options/duration.js'
import { secret } from '../../options/kinds.js'
import { codec, encoder } from '../codec.js'
import { deliveryOf, deliveryShape, workersOf } from '../delivery-options.js'
import { authority, type Host } from '../hosts.js'
import { defineOutput, type Output, type OutputContext } from '../output.js'
import { rulesOption, selector } from '../select.js'
import { checkServer } from '../socket/check.js'
import type { Route } from '../socket/dial.js'
import { socksProxy, socksShape } from '../socket/proxy.js'
import { hostsOption, serversOf } from '../socket/servers.js'
import { sslOption } from '../ssl/options.js'
import { tlsOptions } from '../ssl/tls-options.js'
import { connect, type Login } from './client.js'
import { RedisLane } from './lane.js'

const MILLISECOND = 1e6

const servers = { scheme: 'redis', schemes: ['redis', 'rediss'], port: 6379, setting: 'output.redis.hosts' }

const options = z.strictObject({
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

type Options = z.output<typeof options>

/** Events to Redis, into lists or channels. */
export const redis = defineOutput({
  name: 'redis',
  title: 'Redis, into lists or channels',
  options,
  wants: ({ codec }) => (encoder(codec) === undefined ? 'text' : 'document'),
  delivery: deliveryOf,
  open: async (options, context) => openRedis(options, context),
  async check(options, context, report) {
    for (const host of serversOf(options.hosts, servers))
      await report.step(`redis: ${authority(host)}`, async (within) => {
        const way = route(options, context, host)
        await checkServer(way, within, async () => {
          const connection = await connect(way, login(options, host), new AbortController().signal)
          connection.destroy()
        })
      })
  },
})

function route(options: Options, { path }: OutputContext, host: Host): Route {
  const encrypted = host.scheme === 'rediss' || options.ssl?.enabled === true
  return {
    host,
    tls: encrypted ? tlsOptions(options.ssl, path.config) : undefined,
    fingerprint: options.ssl?.ca_trusted_fingerprint,
    proxy: socksProxy(options),
    timeout: options.timeout / MILLISECOND,
  }
}

const login = ({ password, db }: Options, host: Host): Login => ({
  username: host.username,
  password: host.password ?? password,
  db,
})

function openRedis(options: Options, context: OutputContext): Output {
  const { key, index, keys, datatype, loadbalance, codec } = options
  const { version, name, log } = context
  const lists = selector({
    otherwise: key ?? index ?? 'packetbeat',
    rules: keys.map(({ key: format, ...rule }) => ({ ...rule, format })),
    known: { agent: { version, name, type: 'packetbeat' } },
  })
  // One lane is used at a time without load balancing, so that more of them to the same host would only delay the next.
  const workers = loadbalance ? workersOf(options) : 1
  const lanes = serversOf(options.hosts, servers).flatMap((host) =>
    Array.from(
      { length: workers },
      () =>
        new RedisLane({
          route: route(options, context, host),
          login: login(options, host),
          datatype,
          keys: lists,
          encode: encoder(codec),
          log,
        }),
    ),
  )
  return {
    lanes,
    balanced: loadbalance,
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  }
}
