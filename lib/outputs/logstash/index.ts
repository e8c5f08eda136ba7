import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { deliveryOf, deliveryShape, workersOf } from '../delivery-options.js'
import { authority, type Host } from '../hosts.js'
import { defineOutput, type Output, type OutputContext } from '../output.js'
import { checkServer } from '../socket/check.js'
import type { Route } from '../socket/dial.js'
import { socksProxy, socksShape } from '../socket/proxy.js'
import { hostsOption, serversOf } from '../socket/servers.js'
import { sslOption } from '../ssl/options.js'
import { tlsOptions } from '../ssl/tls-options.js'
import type { Opening } from './frames.js'
import { LogstashLane } from './lane.js'
import { slowStart, unlimited } from './window-size.js'

const MILLISECOND = 1e6
const USUAL_INDEX = 'packetbeat'

const servers = { scheme: 'tcp', schemes: ['tcp'], port: 5044, setting: 'output.logstash.hosts' }

const options = z.strictObject({
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

type Options = z.output<typeof options>

/** Events to Beats inputs of Logstash, over Lumberjack version 2. */
export const logstash = defineOutput({
  name: 'logstash',
  title: 'Logstash, over the Lumberjack protocol',
  options,
  wants: () => 'text',
  delivery: deliveryOf,
  open: async (options, context) => openLogstash(options, context),
  async check(options, context, report) {
    for (const host of serversOf(options.hosts, servers))
      await report.step(`logstash: ${authority(host)}`, (within) =>
        checkServer(route(options, context, host), within),
      )
  },
})

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

function openLogstash(options: Options, context: OutputContext): Output {
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
