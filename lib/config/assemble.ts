import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Entry } from '../processors/index.js'
import type { Process } from '../processors/processor.js'
import { ProcessorRun } from '../processors/run.js'
import type { CommonOptions } from '../protocols/protocol.js'
import { chooseOutput } from './choose-output.js'
import {
  checkEntryDevices,
  checkInterfaces,
  checkPorts,
  checkTemplateNames,
  type Entry as PortEntry,
} from './cross-checks.js'
import type { LoadRequest } from './load.js'
import { logging } from './logging-settings.js'
import type { Problems } from './problems.js'
import { queueSettings } from './queue-settings.js'
import { runAsSettings } from './run-as-settings.js'
import type { Configuration, Registries } from './schema/index.js'
import { defaultDevice, engineOf, SNAPLEN } from './schema/interfaces.js'
import type {
  AddedSettings,
  EntrySettings,
  InterfaceSettings,
  ProtocolSettings,
  Settings,
} from './settings.js'
import type { MapNode } from './tree.js'
import { tune } from './tune.js'

export interface Parts {
  configuration: Configuration
  root: MapNode
  files: readonly string[]
  request: LoadRequest
  registries: Registries
  notices: string[]
  problems: Problems
  /** What the processors of all lists share. */
  processing: ProcessorRun
}

/** Makes settings of a configuration whose parts are right, and checks how they fit together. */
export function assemble(given: Omit<Parts, 'processing'>): Omit<Settings, 'fresh'> {
  const { configuration, root, files, request, registries, notices, problems } = given
  const { packetbeat } = configuration
  const path = {
    home: resolve(configuration.path.home ?? ''),
    config: resolve(configuration.path.config ?? ''),
    data: resolve(configuration.path.data ?? ''),
    logs: resolve(configuration.path.logs ?? ''),
  }
  const captured = interfaces(given)
  const processing = new ProcessorRun({
    patient: captured.every(({ file, realtime }) => file !== undefined && !realtime),
    folder: path.config,
  })
  const parts = { ...given, processing }
  const discard = registries.outputs.find(({ name }) => name === 'discard')
  const {
    output: chosen,
    queue,
    at,
  } = request.publish === false && discard !== undefined
    ? { output: { plugin: discard, options: {} }, queue: undefined, at: ['queue'] }
    : chooseOutput(configuration.output, registries, root, problems)
  checkTemplateNames(configuration.setup.template, root, problems)
  const { output, queue: tunedQueue } = tune(chosen, root, notices)
  return {
    files,
    plugins: registries.plugins,
    interfaces: captured,
    flows: packetbeat.flows?.enabled
      ? {
          ...entry(packetbeat.flows, parts),
          timeout: packetbeat.flows.timeout,
          period: packetbeat.flows.period,
          enable_delta_flow_reports: packetbeat.flows.enable_delta_flow_reports,
        }
      : undefined,
    protocols: protocols(parts),
    procs: packetbeat.procs.enabled ? { monitored: packetbeat.procs.monitored } : undefined,
    run_as: runAsSettings(packetbeat.run_as, root),
    processors: processors(configuration.processors, parts),
    processing,
    name: configuration.name ?? hostname(),
    added: added(configuration),
    precision: configuration.timestamp.precision,
    ignore_outgoing: packetbeat.ignore_outgoing,
    shutdown_timeout: packetbeat.shutdown_timeout,
    queue: {
      ...queueSettings(
        (queue as Configuration['queue'] | undefined) ?? configuration.queue,
        { at, root, problems },
        path.data,
      ),
      ...tunedQueue,
    },
    output,
    setup: {
      ...configuration.setup,
      overwrite_pipelines: packetbeat.overwrite_pipelines,
      protocols: registries.protocols,
    },
    logging: logging(configuration.logging, request, files.length > 0, path.logs),
    http: configuration.http.enabled ? configuration.http : undefined,
    path,
    notices,
  }
}

type Given = Pick<Parts, 'configuration' | 'request'>

/** As configured; a device that was asked for takes the place of all of them, with the options of the first. */
function configuredInterfaces({ configuration, request }: Given): Configuration['packetbeat']['interfaces'] {
  const { interfaces } = configuration.packetbeat
  const device = request.capture?.device
  if (device === undefined) return interfaces
  return interfaces.slice(0, 1).map((first) => ({ ...first, device, file: undefined }))
}

function interfaces({
  configuration,
  request,
  root,
  problems,
}: Omit<Parts, 'processing'>): InterfaceSettings[] {
  const interfaces = configuredInterfaces({ configuration, request })
  const { file, loops, realtime, dumpfile } = request.capture ?? {}
  if (file === undefined) checkInterfaces(interfaces, root, problems)
  const settings = interfaces.map(
    (configured): InterfaceSettings => ({
      device: configured.device ?? defaultDevice,
      engine: engineOf(configured.type),
      snaplen: configured.snaplen || SNAPLEN,
      buffer_size_mb: configured.buffer_size_mb,
      bpf_filter: configured.bpf_filter || undefined,
      with_vlans: configured.with_vlans,
      auto_promisc_mode: configured.auto_promisc_mode,
      internal_networks: configured.internal_networks,
      fanout_group: configured.fanout_group,
      poll_default_route: configured.poll_default_route,
      file: file ?? configured.file,
      loops: loops ?? configured.loop,
      realtime: realtime ?? !configured.topspeed,
      dumpfile: dumpfile ?? configured.dumpfile,
    }),
  )
  return file === undefined ? settings : settings.slice(0, 1)
}

interface ConfiguredEntry
  extends CommonOptions,
    Pick<Configuration, 'tags' | 'fields' | 'fields_under_root' | 'processors'> {
  type: string
  enabled: boolean
  ports?: number[]
  interface: { device?: string | undefined }
  keep_null: boolean
  index?: string | undefined
}

function protocols(parts: Parts): ProtocolSettings[] {
  const { configuration, request, registries, root, notices, problems } = parts
  const configured = configuration.packetbeat.protocols as unknown as ConfiguredEntry[]
  const entries = configured.map(
    ({ type, enabled, ports = [], interface: { device } }): PortEntry | undefined => {
      const { transports } = registries.protocols.find(({ name }) => name === type) ?? { transports: [] }
      return enabled ? { type, transports, ports, device } : undefined
    },
  )
  checkPorts(entries, root, problems)
  if (request.capture?.file === undefined)
    checkEntryDevices(entries, configuredInterfaces(parts), root, problems)
  return configured.flatMap((options, index): ProtocolSettings[] => {
    const protocol = registries.protocols.find(({ name }) => name === options.type)
    if (protocol === undefined || !options.enabled) return []
    const ports = options.ports ?? []
    if (ports.length === 0 && !protocol.transports.includes('icmp'))
      notices.push(`packetbeat.protocols[${index}] (${options.type}) has no ports, so it decodes nothing`)
    const own = Object.keys(protocol.options.shape)
    const common = ['send_request', 'send_response', 'transaction_timeout']
    const picked = Object.entries(options).filter(([key]) => own.includes(key) || common.includes(key))
    return [
      {
        ...entry(options, parts),
        protocol,
        options: Object.fromEntries(picked) as unknown as ProtocolSettings['options'],
        ports,
        device: options.interface.device,
      },
    ]
  })
}

type ConfiguredAdded = Pick<Configuration, 'tags' | 'fields' | 'fields_under_root'>

const added = ({ tags, fields, fields_under_root }: ConfiguredAdded): AddedSettings => ({
  tags,
  fields,
  fields_under_root,
})

const processors = (
  entries: readonly Entry[],
  { registries, request, configuration, processing }: Parts,
): Process[] =>
  registries.processors.create(entries, {
    run: processing,
    ...(request.processorFailed ? { failed: request.processorFailed } : {}),
    dataPath: resolve(configuration.path.data ?? ''),
  })

const entry = (
  configured: ConfiguredAdded & Pick<ConfiguredEntry, 'processors' | 'keep_null' | 'index'>,
  parts: Parts,
): EntrySettings => ({
  added: added(configured),
  processors: processors(configured.processors, parts),
  keep_null: configured.keep_null,
  index: configured.index,
})
