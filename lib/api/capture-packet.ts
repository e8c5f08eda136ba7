import { binding } from '../binding.js'
import { a, b, conversation, head, length } from '../capture/rows.js'
import { ipv4, ipv6 } from './capture-address.js'
import type { Area } from './capture-area.js'
import { type CaptureTime, type Reader, ROW, View, Views } from './capture-batch.js'

/**
 * How far a packet was decoded.
 *
 * - `decoded`: to a transport header, to ICMP, or to an IP protocol without ports.
 * - `fragment`: a fragment of an IP datagram; it has addresses, but no ports.
 * - `notIp`: ARP, LLDP and the like.
 * - `truncated`: a header ends beyond the captured bytes.
 * - `malformed`: a header contradicts itself.
 * - `tooDeep`: more than eight IP and Ethernet headers.
 * - `unknownLink`: a link type that is not decoded.
 */
export type DecodeResult =
  | 'decoded'
  | 'fragment'
  | 'notIp'
  | 'truncated'
  | 'malformed'
  | 'tooDeep'
  | 'unknownLink'

/**
 * A captured packet, whole, and where its headers are. Of a tunnel (IP in IP, GRE, VXLAN, Geneve, …) it is the inmost
 * IP header that addresses, ports and offsets tell of. Offsets count from the packet's first byte; -1: there is none.
 *
 * On loan: the object is the same for all packets of a batch, and what it and `bytes`, `data` and `payload` show is
 * overwritten when the next batch is asked for. `copy()`, or `copy: true` in the options, gives what may be kept.
 */
export interface Packet extends CaptureTime {
  /** Bytes on the wire. */
  readonly wireLength: number
  /** Bytes captured: fewer than on the wire where the snap length cut the packet. */
  readonly capturedLength: number
  /** Memory with the packet, from `start` (inclusive) to `end` (exclusive). */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** The packet, from its link layer on; a part of `bytes`, made anew at each access. */
  readonly data: Buffer
  /** LINKTYPE_ of the packet's first header, as in capture files: 1 Ethernet, 101 raw IP, 113 Linux cooked, … */
  readonly linkType: number
  readonly decoded: DecodeResult
  /** Of the IP header. */
  readonly networkOffset: number
  /** Of what IP carries: the header of TCP, UDP, ICMP, …; behind the extension headers of IPv6. */
  readonly transportOffset: number
  /** Of what TCP, UDP or SCTP carry, or of an ICMP message. */
  readonly payloadOffset: number
  /** Captured bytes of it, as the headers say: without the padding of Ethernet. */
  readonly payloadLength: number
  /** The payload, empty where there is none; a part of `bytes`, made anew at each access. */
  readonly payload: Buffer
  /** 0: no IP. */
  readonly ipVersion: 0 | 4 | 6
  /** IP protocol number: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, …; 0 without IP. */
  readonly protocol: number
  /** IPv4 in dotted decimal, IPv6 as RFC 5952 has it; '' without IP. Texts of recent addresses are remembered. */
  readonly sourceIp: string
  readonly destinationIp: string
  /** 0 without ports. */
  readonly sourcePort: number
  readonly destinationPort: number
  /** The flags of a TCP header (RFC 9293 §3.1): 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, …; 0 without TCP. */
  readonly tcpFlags: number
  /** The same in memory of its own, which may be kept. */
  copy(): Packet
}

const results = Object.keys(binding.decodeResults) as DecodeResult[]

const { network, transport, payload, payloadEnd } = binding.packetColumns
const COLUMNS = Object.keys(binding.packetColumns).length
const HEADER = COLUMNS * 4
const NO_BYTES = Buffer.alloc(0)

class PacketView extends View implements Packet {
  get wireLength(): number {
    return this.table[this.row + a] as number
  }

  get capturedLength(): number {
    return (this.table[this.row + length] as number) - HEADER
  }

  get start(): number {
    return this.place + HEADER
  }

  get end(): number {
    return this.place + (this.table[this.row + length] as number)
  }

  get data(): Buffer {
    return this.bytes.subarray(this.start, this.end)
  }

  get linkType(): number {
    return (this.table[this.row + conversation] as number) >>> 16
  }

  get decoded(): DecodeResult {
    return results[((this.table[this.row + head] as number) >>> 16) & 0xff] as DecodeResult
  }

  get networkOffset(): number {
    return this.#column(network)
  }

  get transportOffset(): number {
    return this.#column(transport)
  }

  get payloadOffset(): number {
    return this.#column(payload)
  }

  get payloadLength(): number {
    return this.#column(payloadEnd) - this.#column(payload)
  }

  get payload(): Buffer {
    const from = this.#column(payload)
    if (from < 0) return NO_BYTES
    const { start } = this
    return this.bytes.subarray(start + from, start + this.#column(payloadEnd))
  }

  get ipVersion(): 0 | 4 | 6 {
    return ((this.table[this.row + conversation] as number) & 0xff) as 0 | 4 | 6
  }

  get protocol(): number {
    return ((this.table[this.row + conversation] as number) >>> 8) & 0xff
  }

  // RFC 791 §3.1, RFC 8200 §3
  get sourceIp(): string {
    return this.#address(12, 8)
  }

  get destinationIp(): string {
    return this.#address(16, 24)
  }

  get sourcePort(): number {
    return (this.table[this.row + b] as number) >>> 16
  }

  get destinationPort(): number {
    return (this.table[this.row + b] as number) & 0xffff
  }

  get tcpFlags(): number {
    return (this.table[this.row + head] as number) >>> 24
  }

  copy(): Packet {
    return new PacketView(this.alone())
  }

  #column(index: number): number {
    return (this.words[this.place / 4 + index] as number) | 0
  }

  #address(ipv4At: number, ipv6At: number): string {
    const { ipVersion } = this
    if (ipVersion === 0) return ''
    const header = this.start + this.#column(network)
    return ipVersion === 4 ? ipv4(this.bytes, header + ipv4At) : ipv6(this.bytes, header + ipv6At)
  }
}

class Packets extends Views<PacketView> {
  readonly #area: Area

  constructor(area: Area, length: number, shared: PacketView | undefined) {
    super(length, shared)
    this.#area = area
    shared?.enter(area)
  }

  protected make(): PacketView {
    return new PacketView(this.#area)
  }

  protected move(view: PacketView, index: number): void {
    view.move(index * ROW)
  }
}

/** Reads batches whose rows are packets and nothing else. */
export function packetReader(): Reader<Packet> {
  let shared: PacketView | undefined
  return {
    read(area, rows, kept) {
      if (kept) return new Packets(area, rows, undefined)
      shared ??= new PacketView(area)
      return new Packets(area, rows, shared)
    },
  }
}
