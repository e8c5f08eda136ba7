import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { planned } from '../../options/kinds.js'
import { network } from './networks.js'

/**
 * Bytes kept of each packet unless configured: tcpdump's. Segments that the system joins, and those of a loopback
 * device, make frames of more than 65,535 bytes, of which Packetbeat's default lacks the end.
 */
export const SNAPLEN = 262_144

// Linux has one device for all; elsewhere the way to the internet is the best guess.
export const defaultDevice = process.platform === 'linux' ? 'any' : 'default_route'

/** Size of the kernel's buffer unless configured. */
export const BUFFER_MIB = 64

/** What captures, by the `type` that is configured; without one, and for `autodetect`, what suits the system. */
export const engineOf = (type: string | undefined): 'af_packet' | 'libpcap' =>
  type === 'af_packet' || (type !== 'pcap' && process.platform === 'linux') ? 'af_packet' : 'libpcap'

/** One entry of `packetbeat.interfaces`. */
export const interfaceSchema = z.strictObject({
  device: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where to capture: the name of an interface, its number in the list of the `devices` command, `any` (all of them, Linux), `default_route`, `default_route_ipv4` or `default_route_ipv6`. Unless given, `any` on Linux and `default_route` elsewhere.',
    ),
  type: z
    .enum(['af_packet', 'pcap', 'autodetect', ''])
    .default('autodetect')
    .describe('How to capture. `autodetect` is `af_packet` on Linux, and `pcap` (libpcap) elsewhere.'),
  snaplen: z
    .int()
    .min(0)
    .default(SNAPLEN)
    .describe(`Bytes kept of each packet; 0: ${SNAPLEN}. What is cut off cannot be decoded.`),
  buffer_size_mb: z
    .int()
    .min(1)
    .default(BUFFER_MIB)
    .describe('Size of the kernel buffer, in MiB. A larger one survives longer bursts.'),
  bpf_filter: z
    .string()
    .optional()
    .describe('A pcap filter expression, instead of the filter made from the ports of the protocols.'),
  with_vlans: z
    .boolean()
    .default(true)
    .describe('The filter made from the ports also looks behind VLAN tags.'),
  auto_promisc_mode: z
    .boolean()
    .default(false)
    .describe('Put the interface into promiscuous mode while capturing, to see traffic of other machines.'),
  internal_networks: z
    .array(network())
    .default([])
    .describe(
      'Networks that count as inside for `network.direction`: CIDR blocks and names such as `private`. Only those of the first interface count.',
    ),
  fanout_group: z
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('Share the traffic with other processes of the same group, by flow. Needs `type: af_packet`.'),
  poll_default_route: planned(
    duration({ min: SECOND, except: 0 })
      .default(0)
      .describe('Follow the default route to another interface, looking that often; 0: stay.'),
  ),
  metrics_interval: planned(
    duration({ min: 1 })
      .default(5 * SECOND)
      .describe('How often kernel counters are read.'),
  ),
  file: z
    .string()
    .optional()
    .describe(
      'A capture file (pcap, pcapng, also gzipped) to read instead of a device; `-`: standard input. As `-I`.',
    ),
  dumpfile: z
    .string()
    .optional()
    .describe('Also write every packet to the file `<dumpfile>-<timestamp>.pcap`. As `--dump`.'),
  topspeed: z
    .boolean()
    .default(true)
    .describe(
      'Read the file as fast as possible with its own time stamps; false: at the pace it was recorded, as now.',
    ),
  loop: z.int().min(0).default(1).describe('How many times the file is read; 0: for ever. As `-l`.'),
  oneatatime: planned(z.boolean().default(false).describe('Wait for Enter before each packet of the file.')),
})
