import { deviceName } from './capture/options.js'
import { Shard } from './capture/shard.js'
import type { InterfaceSettings, Settings } from './config/settings.js'
import { directionOf } from './events/direction.js'
import { identity } from './events/identity.js'
import { parseNetworks } from './net/networks.js'
import type { OutputPlugin } from './outputs/output.js'
import { Pipeline } from './pipeline/pipeline.js'
import { openProcesses, type Processes } from './procs/processes.js'

/** What a run is given by whoever starts it. */
export interface Runtime {
  /** Where events go when no output is configured. */
  defaultOutput: { plugin: OutputPlugin; options: unknown }
  /** Ends the captures; what was read is still decoded, paired, written and acknowledged. */
  signal: AbortSignal
  log: Log
  /** Called when every capture is open; `counters` may be called at any time from then on. */
  started?(counters: () => Record<string, number>): void
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
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  runtime.signal.addEventListener('abort', stop)
  if (runtime.signal.aborted) stop()
  const who = identity(settings.name, settings.path.data, runName(settings.interfaces))
  const { plugin, options } = settings.output ?? runtime.defaultOutput
  const log = runtime.log
  const shards: Shard[] = []
  const counters = (): Record<string, number> =>
    sum([...shards.map((shard) => shard.counters()), processes?.counters() ?? {}, pipeline.counters()])
  let processes: Processes | undefined
  const pipeline: Pipeline = new Pipeline({
    output: await plugin.open(options, {
      version: who.version,
      name: who.name,
      path: settings.path,
      log,
      counters,
    }),
    wants: plugin.wants(options),
    queue: settings.queue,
    delivery: plugin.delivery?.(options),
    log,
    ended: stop,
  })
  let failure: unknown
  try {
    const internal = settings.interfaces[0]?.internal_networks ?? []
    const direction = directionOf(internal.length > 0 ? parseNetworks(internal) : undefined)
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
    runtime.started?.(counters)
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
  }
  // The output's own failure is the one to tell: it is why the captures stopped.
  await pipeline.close(settings.shutdown_timeout / 1e6)
  const counted = counters()
  processes?.addon.close()
  if (failure !== undefined) throw failure
  return counted
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
