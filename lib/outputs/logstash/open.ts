import { MILLISECOND } from '../../options/duration.js'
import type { Report } from '../check.js'
import { workersOf } from '../delivery-options.js'
import { authority, type Host } from '../hosts.js'
import type { Output, OutputContext } from '../output.js'
import { checkServer } from '../socket/check.js'
import type { Route } from '../socket/dial.js'
import { socksProxy } from '../socket/proxy.js'
import { serversOf } from '../socket/servers.js'
import { tlsOptions } from '../ssl/tls-options.js'
import type { Opening } from './frames.js'
import { LogstashLane } from './lane.js'
import { type Options, servers, USUAL_INDEX } from './options.js'
import { slowStart, unlimited } from './window-size.js'

const encrypted = ({ ssl }: Options): boolean => ssl?.enabled === true

function route(options: Options, context: OutputContext, host: Host): Route {
  return {
    host,
    tls: encrypted(options) ? tlsOptions(options.ssl, context.path.config) : undefined,
    fingerprint: options.ssl?.ca_trusted_fingerprint,
    proxy: socksProxy(options),
    timeout: options.timeout / MILLISECOND,
  }
}

/** What `test output` tries. */
export async function checkLogstash(options: Options, context: OutputContext, report: Report): Promise<void> {
  for (const host of serversOf(options.hosts, servers))
    await report.step(`logstash: ${authority(host)}`, (within) =>
      checkServer(route(options, context, host), within),
    )
}

/** Opens the output. */
export function openLogstash(options: Options, context: OutputContext): Output {
  const { loadbalance, pipelining, slow_start, ttl, compression_level, escape_html, index } = options
  // One lane is used at a time without load balancing, so that more of them to the same host would only delay the next.
  const workers = loadbalance ? workersOf(options) : 1
  const hosts = serversOf(options.hosts, servers)
  const lanes = hosts.flatMap((host) =>
    Array.from(
      { length: workers },
      () =>
        new LogstashLane({
          route: route(options, context, host),
          compression: compression_level,
          ttl: ttl / MILLISECOND,
          escapeHtml: escape_html,
          opening: opening(index),
          size: slow_start ? slowStart() : unlimited,
          log: context.log,
        }),
    ),
  )
  return {
    lanes,
    window: Math.max(1, pipelining),
    balanced: loadbalance,
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  }
}

/** What the texts of events begin with, when that is to be another. */
function opening(index: string): Opening | undefined {
  const wanted = index.toLowerCase()
  if (wanted === USUAL_INDEX) return undefined
  const text = (name: string) => Buffer.from(`{"@metadata":{"beat":${JSON.stringify(name)}`)
  return { is: text(USUAL_INDEX), becomes: text(wanted) }
}
