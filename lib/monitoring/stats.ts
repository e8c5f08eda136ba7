import { arch, cpus, hostname, loadavg, platform, release } from 'node:os'
import type { Source } from './source.js'

type Tree = { [key: string]: unknown }

/** `/`: who this is. */
export const info = ({ identity }: Source): Tree => ({
  beat: 'packetbeat',
  name: identity.name,
  hostname: hostname(),
  uuid: identity.id,
  ephemeral_id: identity.ephemeralId,
  version: identity.version,
  binary_arch: arch(),
})

/** `/stats`: upstream's tree with what is known here, and all counters under their own names beside it. */
export function stats(source: Source): Tree {
  const counters = source.counters()
  const count = (name: string): number => counters[name] ?? 0
  const { user, system } = process.cpuUsage()
  const memory = process.memoryUsage()
  const published = count('pipeline.events.published')
  const dropped = count('pipeline.events.dropped')
  const acked = count('pipeline.events.acked')
  const lost = count('pipeline.events.rejected') + count('pipeline.events.abandoned')
  const active = count('pipeline.queue.events')
  const milliseconds = (microseconds: number) => Math.round(microseconds / 1000)
  const load = loadavg() as [number, number, number]
  return {
    beat: {
      cpu: {
        user: { time: { ms: milliseconds(user) } },
        system: { time: { ms: milliseconds(system) } },
        total: { time: { ms: milliseconds(user + system) }, value: milliseconds(user + system) },
      },
      info: {
        ephemeral_id: source.identity.ephemeralId,
        name: 'packetbeat',
        version: source.identity.version,
        uptime: { ms: Date.now() - source.started },
      },
      memstats: { rss: memory.rss, memory_alloc: memory.heapUsed, memory_sys: memory.heapTotal },
    },
    libbeat: {
      output: {
        type: source.output,
        events: {
          acked,
          active,
          batches: count('output.batches'),
          dropped: lost,
          failed: count('pipeline.events.retried'),
          total: published,
        },
        write: { errors: count('output.failures') },
      },
      pipeline: {
        clients: source.inputs().length,
        events: {
          active,
          dropped,
          filtered: total(counters, '.events_dropped') + total(counters, '.events_outgoing'),
          published,
          retry: count('pipeline.events.retried'),
          total: published + dropped,
        },
        queue: { acked: acked + lost },
      },
    },
    system: { cpu: { cores: cpus().length }, load: { 1: load[0], 5: load[1], 15: load[2] } },
    ...nested(counters),
  }
}

/** `/state`: what it runs with. */
export const state = (source: Source): Tree => ({
  beat: { name: source.identity.name },
  host: { hostname: hostname(), architecture: arch(), os: { platform: platform(), kernel: release() } },
  output: { name: source.output },
  queue: { name: source.queue },
  service: { id: source.identity.id, name: 'packetbeat', version: source.identity.version },
  management: { enabled: false },
})

/** `/inputs/`: the counters of each capture. */
export const inputs = (source: Source): Tree[] =>
  source
    .inputs()
    .map(({ device, counters }) => ({ id: device, input: 'packetbeat', device, ...nested(counters) }))

const total = (counters: Readonly<Record<string, number>>, ending: string): number =>
  Object.entries(counters).reduce((sum, [name, value]) => (name.endsWith(ending) ? sum + value : sum), 0)

/** Names with dots as objects; where one name is the beginning of another it keeps its rest with dots. */
export function nested(counters: Readonly<Record<string, number>>): Tree {
  const root: Tree = {}
  for (const [name, value] of Object.entries(counters)) {
    const parts = name.split('.')
    let branch = root
    while (parts.length > 1) {
      const next = branch[parts[0] as string] ?? {}
      if (typeof next !== 'object') break
      branch[parts[0] as string] = next
      branch = next as Tree
      parts.shift()
    }
    branch[parts.join('.')] = value
  }
  return root
}
