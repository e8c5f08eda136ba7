import { z } from 'zod'
import type { CaptureOptions as NativeOptions } from '../binding.js'
import { deviceName, isStream } from '../capture/options.js'
import { defaultDevice, SNAPLEN } from '../config/schema/interfaces.js'
import { checkOptions } from './check-options.js'

/** What can be read of a device or file. */
export type CaptureRead = 'packets' | 'segments' | 'datagrams' | 'flows'

/** A capture file: it is read as fast as its reader takes it. */
export interface CaptureFromFile {
  /** pcap or pcapng, also gzipped (`.gz`); `-`: standard input. */
  file: string
  device?: never
  engine?: never
  snaplen?: never
  bufferBytes?: never
  promiscuous?: never
}

/** A network device, live. Needs CAP_NET_RAW on Linux. */
export interface CaptureFromDevice {
  file?: never
  /**
   * The name of an interface, or its number in the list of `packetbeat-native devices`; `any`: all of them (Linux);
   * `default_route`, `default_route_ipv4`, `default_route_ipv6`. Default `any` on Linux and `default_route` elsewhere.
   */
  device?: string
  /** How to capture: by Linux itself, or by libpcap. Default `af_packet` on Linux and `pcap` elsewhere. */
  engine?: 'af_packet' | 'pcap'
  /** Bytes kept of each packet. Default 65535. */
  snaplen?: number
  /** Size of the kernel's buffer, in bytes. A larger one survives longer bursts. Default 64 MiB. */
  bufferBytes?: number
  /** See the traffic of other machines, where the network has it. Default false. */
  promiscuous?: boolean
}

/** What may be held at once; what is full has a counter that tells, see docs/metrics.md. */
export interface CaptureLimits {
  /** Conversations; the one idle longest is closed as `evicted`. Default 500,000. */
  conversations?: number
  /** Seconds without a packet until a conversation is closed as `idle`. Default 120. */
  idleSeconds?: number
  /** Bytes held for TCP reordering and IP fragments, in all conversations; the oldest held go first. Default 64 MiB. */
  heldBytes?: number
  /** Bytes held in one direction of one connection before a gap is declared. Default 4 MiB. */
  reorderBytes?: number
  /** Seconds a hole may stay before a gap is declared. Default 2. */
  reorderSeconds?: number
}

export interface CaptureFlows {
  /** Seconds without a packet until a flow is reported final. Default 30. */
  timeoutSeconds?: number
  /**
   * Seconds between two reports of a flow that lasts, the first of them at a multiple of ten seconds; 0: only at its end.
   * Default 10.
   */
  periodSeconds?: number
  /** Count from the last report on, rather than from the begin of the flow. Default false. */
  delta?: boolean
  /** Flows at once; beyond, the one idle longest is reported final. Default 500,000. */
  maximum?: number
}

/** Options that belong to one kind of what is read. */
export interface CaptureOptionsOf {
  packets: { ports?: never; limits?: never; flows?: never }
  segments: {
    /** TCP ports to watch; without it, all. */
    ports?: readonly number[]
    limits?: CaptureLimits
    flows?: never
  }
  datagrams: {
    /** UDP ports to watch; without it, all. ICMP messages are read in either case. */
    ports?: readonly number[]
    limits?: CaptureLimits
    flows?: never
  }
  flows: { ports?: never; limits?: never; flows?: CaptureFlows }
}

/** What `capture` reads, and where: a file or a device, never both. */
export type CaptureOptions<R extends CaptureRead = CaptureRead> = (CaptureFromFile | CaptureFromDevice) &
  CaptureOptionsOf[R] & {
    read: R
    /** A pcap filter expression, such as `tcp port 80`; needs libpcap. Of a device it is applied in the kernel. */
    filter?: string
    /** Let what is yielded be kept: each batch is copied into memory of its own. Default false: all is on loan. */
    copy?: boolean
    /**
     * Ends the capture as the end of a file does, without an error: the source is given back at once, and what was read
     * until then still comes.
     */
    signal?: AbortSignal | undefined
  }

const defaultEngine = process.platform === 'linux' ? 'af_packet' : 'pcap'

const LIVE = ['device', 'engine', 'snaplen', 'bufferBytes', 'promiscuous'] as const
const MEBIBYTE = 1024 * 1024
const LARGEST = 2 ** 31 - 1

const many = (maximum = Number.MAX_SAFE_INTEGER) => z.int().min(1).max(maximum)
const seconds = (least: number) => z.number().min(least).max(1e9)

const limits = z.strictObject({
  conversations: many(2 ** 32 - 1).default(500_000),
  idleSeconds: seconds(0.001).default(120),
  heldBytes: many().default(64 * MEBIBYTE),
  reorderBytes: many().default(4 * MEBIBYTE),
  reorderSeconds: seconds(0).default(2),
})

const flows = z.strictObject({
  timeoutSeconds: seconds(0.001).default(30),
  periodSeconds: seconds(0).default(10),
  delta: z.boolean().default(false),
  maximum: many(2 ** 32 - 1).default(500_000),
})

const options = z
  .strictObject({
    read: z.enum(['packets', 'segments', 'datagrams', 'flows']),
    file: z.string().min(1).optional(),
    device: z.string().min(1).optional(),
    engine: z.enum(['af_packet', 'pcap']).optional(),
    snaplen: many(LARGEST).optional(),
    bufferBytes: many().optional(),
    promiscuous: z.boolean().optional(),
    filter: z.string().min(1).optional(),
    copy: z.boolean().default(false),
    signal: z
      .custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal')
      .optional(),
    ports: z.array(z.int().min(0).max(65535)).min(1).optional(),
    limits: limits.optional(),
    flows: flows.optional(),
  })
  .superRefine((given, { addIssue }) => {
    const refuse = (name: string, why: string) => addIssue({ code: 'custom', path: [name], message: why })
    if (given.file !== undefined)
      for (const name of LIVE)
        if (given[name] !== undefined) refuse(name, 'is of a live capture; leave it out to read a file')
    const streams = given.read === 'segments' || given.read === 'datagrams'
    for (const name of ['ports', 'limits'] as const)
      if (given[name] !== undefined && !streams)
        refuse(name, `is of segments and datagrams; leave it out to read ${given.read}, or use filter`)
    if (given.flows !== undefined && given.read !== 'flows')
      refuse('flows', `is of flows; leave it out to read ${given.read}`)
  })

export type Checked = z.output<typeof options>

/** @throws {UserError} 'ERR_OPTIONS' with everything that is wrong with them. */
export const checkCaptureOptions = (given: unknown): Checked => checkOptions(options, given, 'capture')

/** What the addon is told. @throws {UserError} 'ERR_CAPTURE_DEVICE_UNKNOWN'. */
export function nativeOptions(checked: Checked): NativeOptions {
  const { read } = checked
  const { idleSeconds, ...held } = limits.parse(checked.limits ?? {})
  const transports = read === 'segments' ? (['tcp'] as const) : (['udp', 'icmp'] as const)
  const streams = read === 'segments' || read === 'datagrams'
  return {
    source: source(checked),
    packets: read === 'packets',
    protocols: streams ? [{ transports, ports: checked.ports ?? 'all', idleSeconds }] : [],
    ...(read === 'flows' ? { flows: flows.parse(checked.flows ?? {}) } : {}),
    limits: held,
  }
}

function source(checked: Checked): NativeOptions['source'] {
  const { file, ports } = checked
  const filter = checked.filter === undefined ? {} : { filter: checked.filter }
  if (file !== undefined)
    return isStream(file) ? { kind: 'stream', ...filter } : { kind: 'file', path: file, ...filter }
  return {
    kind: 'live',
    device: deviceName(checked.device ?? defaultDevice),
    engine: (checked.engine ?? defaultEngine) === 'pcap' ? 'libpcap' : 'af_packet',
    snaplen: checked.snaplen ?? SNAPLEN,
    bufferBytes: checked.bufferBytes ?? 64 * MEBIBYTE,
    promiscuous: checked.promiscuous ?? false,
    portFilter: ports !== undefined,
    vlans: true,
    ...filter,
  }
}
