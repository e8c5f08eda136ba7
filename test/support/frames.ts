import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePcap } from './pcap.js'

/** An Ethernet frame with IPv4 from 10.0.0.1 to 10.0.0.2, or the other way round. */
export function ipv4(protocol: number, payload: Buffer, reversed = false): Buffer {
  const frame = Buffer.alloc(34 + payload.length)
  frame.writeUInt16BE(0x0800, 12)
  frame.set([0x45, 0], 14)
  frame.writeUInt16BE(20 + payload.length, 16)
  frame.set([64, protocol, 0, 0, 10, 0, 0, reversed ? 2 : 1, 10, 0, 0, reversed ? 1 : 2], 22)
  frame.set(payload, 34)
  return frame
}

export interface Tcp {
  sequence: number
  /** What comes from the other side next. */
  acknowledges?: number
  flags?: number
  reversed?: boolean
  /** Of 10.0.0.1 and of 10.0.0.2. */
  ports?: readonly [number, number]
}

export const FIN = 1
export const SYN = 2
export const RST = 4
export const ACK = 16

/** A TCP segment between 10.0.0.1:40000 and 10.0.0.2:80. */
export function tcp(
  text: string,
  { sequence, acknowledges, flags = 0, reversed, ports = [40000, 80] }: Tcp,
): Buffer {
  const bytes = Buffer.alloc(20 + text.length)
  const [from, to] = reversed ? [ports[1], ports[0]] : ports
  bytes.writeUInt16BE(from, 0)
  bytes.writeUInt16BE(to, 2)
  bytes.writeUInt32BE(sequence >>> 0, 4)
  bytes.writeUInt32BE(acknowledges ?? 0, 8)
  bytes.set([0x50, acknowledges === undefined ? flags : flags | ACK], 12)
  bytes.write(text, 20, 'latin1')
  return ipv4(6, bytes, reversed)
}

/** A datagram between 10.0.0.1:40000 and 10.0.0.2:53. */
export function udp(text: string, reversed = false, ports: readonly [number, number] = [40000, 53]): Buffer {
  const bytes = Buffer.alloc(8 + text.length)
  bytes.writeUInt16BE(ports[reversed ? 1 : 0], 0)
  bytes.writeUInt16BE(ports[reversed ? 0 : 1], 2)
  bytes.writeUInt16BE(bytes.length, 4)
  bytes.write(text, 8, 'latin1')
  return ipv4(17, bytes, reversed)
}

/** The second of the first frame of `pcap`. */
export const BEGIN = 1_700_000_000

/** A pcap file of Ethernet frames, a millisecond apart. `wire`: bytes each had on the wire, if more were captured. */
export function pcap(frames: readonly Buffer[], wire = 0): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt32LE(0x00040002, 4)
  header.writeUInt32LE(262144, 16)
  header.writeUInt32LE(1, 20)
  const records = frames.map((frame, at) => ({
    seconds: BEGIN + Math.floor(at / 1000),
    fraction: (at % 1000) * 1000,
    wireLength: Math.max(wire, frame.length),
    frame,
  }))
  return writePcap({ header, linkType: 1, littleEndian: true, records })
}

/** Files of one test file, removed at the end of the process. */
export function files(name: string): (file: string, bytes: Buffer) => string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  return (file, bytes) => {
    const path = join(folder, file)
    writeFileSync(path, bytes)
    return path
  }
}
