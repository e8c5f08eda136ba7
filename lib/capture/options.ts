import { binding, type CaptureOptions, type LiveSource, type Processes, type Watch } from '../binding.js'
import type { FlowSettings, InterfaceSettings, ProtocolSettings } from '../config/settings.js'
import { UserError } from '../errors.js'

const SECOND = 1e9
const MEGABYTE = 1024 * 1024

// A connection may be quiet for long between two requests. Forgetting it costs what was left of a half-seen message;
// keeping it costs some two hundred bytes.
export const TCP_IDLE_SECONDS = 120

/** What a capture may hold; each has a counter that tells when it was full. */
export const limits: CaptureOptions['limits'] = {
  conversations: 500_000,
  heldBytes: 64 * MEGABYTE,
  reorderBytes: 4 * MEGABYTE,
  reorderSeconds: 2,
}

/** Flows at once. */
export const FLOWS = 500_000

/** What the addon is told to capture for one interface. */
export function captureOptions(
  settings: InterfaceSettings,
  protocols: readonly ProtocolSettings[],
  flows: FlowSettings | undefined,
  processes: Processes | undefined,
): CaptureOptions {
  return {
    source: source(settings, flows === undefined),
    protocols: protocols.map(watch),
    limits,
    ...(flows === undefined ? {} : { flows: flowOptions(flows) }),
    ...(processes === undefined ? {} : { processes }),
    ...(settings.dumpfile === undefined ? {} : { dumpPath: dumpPath(settings.dumpfile) }),
  }
}

function source(settings: InterfaceSettings, portFilter: boolean): CaptureOptions['source'] {
  const pace = settings.realtime ? 'recorded' : 'top'
  if (settings.file !== undefined)
    return isStream(settings.file)
      ? { kind: 'stream', pace }
      : { kind: 'file', path: settings.file, pace, loops: settings.loops }
  const live: LiveSource = {
    kind: 'live',
    device: deviceName(settings.device),
    engine: settings.engine,
    snaplen: settings.snaplen,
    bufferBytes: settings.buffer_size_mb * MEGABYTE,
    promiscuous: settings.auto_promisc_mode,
    portFilter,
    vlans: settings.with_vlans,
  }
  if (settings.bpf_filter !== undefined) live.filter = settings.bpf_filter
  if (settings.fanout_group !== undefined) live.fanoutGroup = settings.fanout_group
  return live
}

/** Files that are not read in place: standard input and compressed ones. */
export const isStream = (file: string): boolean => file === '-' || file.endsWith('.gz')

/** Resolves a number of the device list and the names for the default route. */
export function deviceName(device: string): string {
  if (/^\d+$/.test(device)) {
    const devices = binding.devices()
    const found = devices[Number(device)]
    if (found === undefined)
      throw new UserError(
        'ERR_CAPTURE_DEVICE_UNKNOWN',
        `There is no device number ${device}; \`packetbeat-native devices\` lists ${devices.length}, from 0.`,
      )
    return found.name
  }
  const match = /^default_route(?:_(ipv[46]))?$/.exec(device)
  if (match === null) return device
  const families = match[1] === undefined ? (['ipv4', 'ipv6'] as const) : [match[1] as 'ipv4' | 'ipv6']
  for (const family of families) {
    const name = binding.defaultRoute(family)
    if (name !== null) return name
  }
  throw new UserError(
    'ERR_CAPTURE_DEVICE_UNKNOWN',
    `This machine has no default route, so ${device} names no device; name one of \`packetbeat-native devices\`.`,
  )
}

function watch({ protocol, options, ports }: ProtocolSettings): Watch {
  const timeout = options.transaction_timeout / SECOND
  return {
    transports: protocol.transports,
    ports,
    // The datagrams of two ports are one conversation only to find the answer, so it may go as soon as that is late.
    idleSeconds: protocol.transports.includes('tcp') ? Math.max(TCP_IDLE_SECONDS, timeout) : timeout,
  }
}

const flowOptions = (flows: FlowSettings): NonNullable<CaptureOptions['flows']> => ({
  timeoutSeconds: flows.timeout / SECOND,
  periodSeconds: flows.period < 0 ? 0 : flows.period / SECOND,
  delta: flows.enable_delta_flow_reports,
  maximum: FLOWS,
})

const dumpPath = (prefix: string): string =>
  `${prefix}-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}.pcap`
