import { deviceName } from './capture/options.js'
import { Shard } from './capture/shard.js'
import type { InterfaceSettings, Settings } from './config/settings.js'
import { loadDashboards } from './dashboards/load.js'
import { lockData } from './data-lock.js'
import { connected } from './elasticsearch/connected.js'
import { directionOf } from './events/direction.js'
import { type Identity, identity } from './events/identity.js'
import { parseNetworks } from './net/networks.js'
import type { OutputPlugin, SearchContext } from './outputs/output.js'
import { openDiskQueue } from './pipeline/disk/open.js'
import { Pipeline } from './pipeline/pipeline.js'
import { openProcesses, type Processes } from './procs/processes.js'

/** What a run is given by whoever starts it. */
export interface Runtime {
  /** Where events go when no output is configured. */
  defaultOutput: { plugin: OutputPlugin; options: unknown }
  /** Ends the captures; what was read is still decoded, paired, written and acknowledged. */
  signal: AbortSignal
  log: Log
  /** Told of each event that the output refused for good, as JSON text. */
  rejected?(event: string, reason: string): void
  /** Opens what needs the right to capture; as everything else unless given. */
  opening?<T>(open: () => T): T
  /** Of whoever starts it, told with the run's own. */
  counters?(): Record<string, number>
  /** Called when every capture is open; what it is told of may be asked at any time from then on. */
  started?(running: Running): void
}

/** A run that has begun. */
export interface Running {
  identity: Identity
  output: string
  counters(): Record<string, number>
  /** Of each capture. */
  inputs(): { device: string; counters: Record<string, number> }[]
}

export interface Log {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
}

/**
 * Captures, decodes and delivers until the sources end or `signal` says so. Resolves with all counters when everything
 * that was read has been written and acknowledged.
 * @throws {Error} with a code of lib/errors.ts; what came before the failure was delivered, where that was possible.
 */
export async function run(settings: Settings, runtime: Runtime): Promise<Record<string, number>> {
  const unlock = lockData(settings, runtime.log)
  try {
    return await locked(settings, runtime)
  } finally {
    unlock()
  }
}

// What a queue on disk keeps anyway is no reason to make somebody who ends a live capture wait. Milliseconds.
const KEPT_WAIT = 5000

async function locked(settings: Settings, runtime: Runtime): Promise<Record<string, number>> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  runtime.signal.addEventListener('abort', stop)
  if (runtime.signal.aborted) stop()
  const who = identity(settings.name, settings.path.data, runName(settings.interfaces))
  const { plugin, options } = settings.output ?? runtime.defaultOutput
  const log = runtime.log
  for (const start of settings.processing.starts) await start()
  const shards: Shard[] = []
  const counters = (): Record<string, number> =>
    sum([
      ...shards.map((shard) => shard.counters()),
      settings.processing.counters,
      processes?.counters() ?? {},
      pipeline.counters(),
      runtime.counters?.() ?? {},
    ])
  let processes: Processes | undefined
  const wants = plugin.wants(options)
  const delivery = plugin.delivery?.(options)
  const disk = await openDiskQueue(settings.queue, wants, delivery, log)
  const context: SearchContext = {
    version: who.version,
    name: who.name,
    path: settings.path,
    log,
    counters,
    connected: connected(settings, who.version, log),
  }
  const pipeline: Pipeline = new Pipeline({
    output: await plugin.open(options, context).catch(async (error: unknown) => {
      await disk?.close()
      throw error
    }),
    wants,
    queue: settings.queue,
    disk,
    delivery,
    log,
    rejected: runtime.rejected,
    ended: stop,
  })
  stopping.signal.addEventListener('abort', () => pipeline.letCapturesEnd())
  if (stopping.signal.aborted) pipeline.letCapturesEnd()
  const dashboards = loadingDashboards(settings, who.version, log)
  let failure: unknown
  try {
    const internal = settings.interfaces[0]?.internal_networks ?? []
    const direction = directionOf(internal.length > 0 ? parseNetworks(internal) : undefined)
    const opening = runtime.opening ?? ((open) => open())
    opening(() => {
      processes = openProcesses(settings.procs, settings.interfaces, {
        devices: () => settings.interfaces.map(({ device }) => deviceName(device)),
        udpPorts: settings.protocols.flatMap(({ protocol, ports }) =>
          protocol.transports.includes('udp') ? ports : [],
        ),
        notice: (text) => log.warn(text),
      })
      for (const each of settings.interfaces)
        shards.push(
          new Shard({
            interface: each,
            protocols: settings.protocols,
            flows: settings.flows,
            processors: settings.processors,
            envelope: { identity: who, added: [settings.added] },
            direction,
            processes,
            precision: settings.precision,
            ignoreOutgoing: settings.ignore_outgoing,
            pipeline,
            log,
          }),
        )
    })
    runtime.started?.({
      identity: who,
      output: plugin.name,
      counters,
      inputs: () => shards.map((shard) => ({ device: shard.device, counters: shard.counters() })),
    })
    settings.processing.begin(log)
    // One that fails stops the others, but each is read to where it can be.
    const ends = await Promise.allSettled(
      shards.map((shard) =>
        shard.run(stopping.signal).catch((error: unknown) => {
          stop()
          throw error
        }),
      ),
    )
    failure = ends.find((end) => end.status === 'rejected')?.reason
  } catch (error) {
    failure = error
  } finally {
    runtime.signal.removeEventListener('abort', stop)
    settings.processing.end()
  }
  await dashboards.end()
  // The output's own failure is the one to tell: it is why the captures stopped.
  const live = settings.interfaces.some(({ file }) => file === undefined)
  const longest = settings.shutdown_timeout / 1e6
  try {
    await pipeline.close(longest === 0 && live && disk !== undefined ? KEPT_WAIT : longest)
    if (failure !== undefined) throw failure
    return counters()
  } finally {
    processes?.addon.close()
  }
}

/** Dashboards come while events are captured already: nothing should be missed for them. */
function loadingDashboards(settings: Settings, version: string, log: Log): { end(): Promise<void> } {
  if (!settings.setup.dashboards.enabled) return { end: async () => undefined }
  const ending = new AbortController()
  const loaded = loadDashboards(settings, { version, log, signal: ending.signal }).then(
    (count) => log.info(`loaded the dashboards: ${count} objects`),
    (error: Error) => log.warn(`the dashboards are not loaded: ${error.message}`),
  )
  return {
    end: () => {
      ending.abort()
      return loaded
    },
  }
}

/** Tells this run from others; the same for the same capture file. */
const runName = (interfaces: readonly InterfaceSettings[]): string =>
  interfaces.every(({ file }) => file !== undefined) ? 'file' : `${process.pid} ${Date.now()}`

function sum(counters: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const each of counters)
    for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + count
  return total
}
