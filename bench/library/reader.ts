// Reads packets and their headers with one library, and tells what that took:
//
//   node --import tsx reader.ts packetbeat-native|cap|pcap file|live FILE|DEVICE FOLDER
//
// FOLDER has the other libraries installed. Live it prints `ready`, and reads until its standard input ends.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Library from '../../lib/index.js'

/** What the headers of all packets add up to: whoever reads them right has the same. */
export interface Sums {
  packets: number
  bytes: number
  ports: number
  /** Characters of the addresses. */
  addresses: number
}

export interface Told extends Sums {
  /** Microseconds of processor time for a packet, once the program is warm. */
  cpu: number
}

/** Of all libraries alike. */
const SNAPLEN = 65535
const BUFFER = 10 * 1024 * 1024
const FILTER = 'ip and (tcp or udp)'

const TCP = 6

type Ports = { sport: number; dport: number }
interface Pcap {
  createOfflineSession(path: string, options: { filter: string }): PcapSession
  createSession(
    device: string,
    options: { filter: string; buffer_size: number; buffer_timeout: number },
  ): PcapSession
  decode: {
    packet(raw: unknown): {
      pcap_header: { len: number }
      payload: { payload: { saddr: object; daddr: object; payload: Ports } }
    }
  }
}
interface PcapSession {
  on(event: 'packet', heard: (raw: unknown) => void): void
  on(event: 'complete', heard: () => void): void
  close(): void
}
interface Cap {
  Cap: new () => {
    open(device: string, filter: string, bufferBytes: number, buffer: Buffer): string
    setMinBytes?(bytes: number): void
    on(event: 'packet', heard: (bytes: number) => void): void
    close(): void
  }
  decoders: {
    Ethernet(buffer: Buffer): { offset: number }
    IPV4(
      buffer: Buffer,
      offset: number,
    ): { offset: number; info: { srcaddr: string; dstaddr: string; protocol: number } }
    TCP(buffer: Buffer, offset: number): { info: { srcport: number; dstport: number } }
    UDP(buffer: Buffer, offset: number): { info: { srcport: number; dstport: number } }
  }
}

const [library, mode, target, folder] = process.argv.slice(2) as [string, 'file' | 'live', string, string]
const require = createRequire(join(folder, 'reader.js'))
const sums: Sums = { packets: 0, bytes: 0, ports: 0, addresses: 0 }

/** Packets after which the program is warm: what V8 takes to compile it belongs to none of them. */
const WARM = 100_000
let warm = process.cpuUsage()

function add(
  bytes: number,
  source: string,
  destination: string,
  sourcePort: number,
  destinationPort: number,
): void {
  if (++sums.packets === WARM) warm = process.cpuUsage()
  sums.bytes += bytes
  sums.ports += sourcePort + destinationPort
  sums.addresses += source.length + destination.length
}

const readers: Readonly<Record<string, () => Promise<void>>> = {
  'packetbeat-native': async () => {
    const { capture } = (await import(join(import.meta.dirname, '../../dist/index.js'))) as typeof Library
    const common = { read: 'packets', filter: FILTER } as const
    const packets =
      mode === 'file'
        ? capture({ ...common, file: target })
        : capture({ ...common, device: target, snaplen: SNAPLEN, bufferBytes: BUFFER })
    const iterator = packets[Symbol.asyncIterator]()
    const first = iterator.next() // opens
    if (mode === 'live') void stopped().then(() => packets.stop())
    for (let step = await first; !step.done; step = await iterator.next())
      for (const { wireLength, sourceIp, destinationIp, sourcePort, destinationPort } of step.value)
        add(wireLength, sourceIp, destinationIp, sourcePort, destinationPort)
  },
  pcap: async () => {
    const { createOfflineSession, createSession, decode } = require('pcap') as Pcap
    const session =
      mode === 'file'
        ? createOfflineSession(target, { filter: FILTER })
        : createSession(target, { filter: FILTER, buffer_size: BUFFER, buffer_timeout: 20 })
    session.on('packet', (raw) => {
      const { pcap_header, payload } = decode.packet(raw)
      const { saddr, daddr, payload: transport } = payload.payload
      add(pcap_header.len, String(saddr), String(daddr), transport.sport, transport.dport)
    })
    await (mode === 'file' ? new Promise<void>((resolve) => session.on('complete', resolve)) : stopped())
    session.close()
  },
  cap: async () => {
    const { Cap, decoders } = require('cap') as Cap
    const session = new Cap()
    const buffer = Buffer.alloc(SNAPLEN)
    session.open(target, FILTER, BUFFER, buffer)
    session.setMinBytes?.(0)
    session.on('packet', (bytes) => {
      const { offset } = decoders.Ethernet(buffer)
      const ip = decoders.IPV4(buffer, offset)
      const { srcaddr, dstaddr, protocol } = ip.info
      const { info } = protocol === TCP ? decoders.TCP(buffer, ip.offset) : decoders.UDP(buffer, ip.offset)
      add(bytes, srcaddr, dstaddr, info.srcport, info.dstport)
    })
    await stopped()
    session.close()
  },
}

function stopped(): Promise<void> {
  process.stdout.write('ready\n')
  return new Promise((resolve) => {
    process.stdin.on('end', resolve).resume()
  })
}

const read = readers[library]
if (read === undefined) throw new Error(`no reader ${library}`)
await read()
const { user, system } = process.cpuUsage(warm)
const told: Told = { ...sums, cpu: (user + system) / (sums.packets - WARM) }
process.stdout.write(`${JSON.stringify(told)}\n`)
process.exit(0)
