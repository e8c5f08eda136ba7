import { MILLISECOND } from '../../options/duration.js'
import type { Report } from '../check.js'
import { encoder } from '../codec.js'
import { workersOf } from '../delivery-options.js'
import { authority, type Host } from '../hosts.js'
import type { Output, OutputContext } from '../output.js'
import { selector } from '../select.js'
import { checkServer } from '../socket/check.js'
import type { Route } from '../socket/dial.js'
import { socksProxy } from '../socket/proxy.js'
import { serversOf } from '../socket/servers.js'
import { tlsOptions } from '../ssl/tls-options.js'
import { connect, type Login } from './client.js'
import { RedisLane } from './lane.js'
import { type Options, servers } from './options.js'

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

/** What `test output` tries. */
export async function checkRedis(options: Options, context: OutputContext, report: Report): Promise<void> {
  for (const host of serversOf(options.hosts, servers))
    await report.step(`redis: ${authority(host)}`, async (within) => {
      const way = route(options, context, host)
      await checkServer(way, within, async () => {
        const connection = await connect(way, login(options, host), new AbortController().signal)
        connection.destroy()
      })
    })
}

/** Opens the output. */
export function openRedis(options: Options, context: OutputContext): Output {
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
