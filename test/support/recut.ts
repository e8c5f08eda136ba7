import type { PcapRecord } from './pcap.js'

const ETHERNET = 14
const TCP = 6
const FIN = 0x01
const PSH = 0x08

/** The same bytes in TCP segments of at most `size` bytes; other packets as they are. Checksums are left wrong. */
export function recut(record: PcapRecord, size: number): PcapRecord[] {
  const { frame, wireLength } = record
  const tcp = transport(frame)
  if (tcp === undefined || wireLength !== frame.length || frame.length < tcp.start + 20) return [record]
  const payload = tcp.start + ((frame[tcp.start + 12] ?? 0) >> 4) * 4
  // Ethernet pads short frames; what is behind the packet is not TCP's.
  const end = Math.min(tcp.end, frame.length)
  if (end - payload <= size) return [record]
  const pieces: PcapRecord[] = []
  for (let at = payload; at < end; at += size) {
    const last = at + size >= end
    const piece = Buffer.concat([frame.subarray(0, payload), frame.subarray(at, Math.min(at + size, end))])
    const sequence = (frame.readUInt32BE(tcp.start + 4) + at - payload) >>> 0
    piece.writeUInt32BE(sequence, tcp.start + 4)
    if (!last) piece[tcp.start + 13] = (piece[tcp.start + 13] ?? 0) & ~(FIN | PSH)
    tcp.setLength(piece, piece.length - ETHERNET)
    pieces.push({ ...record, frame: piece, wireLength: piece.length })
  }
  return pieces
}

interface Transport {
  start: number
  end: number
  /** `length`: of the IP packet. */
  setLength(frame: Buffer, length: number): void
}

/** Where TCP is in an Ethernet frame of IPv4 or IPv6 without extensions. */
function transport(frame: Buffer): Transport | undefined {
  if (frame.length < ETHERNET + 40) return undefined
  const type = frame.readUInt16BE(12)
  if (type === 0x0800 && frame[ETHERNET + 9] === TCP && (frame.readUInt16BE(ETHERNET + 6) & 0x3fff) === 0)
    return {
      start: ETHERNET + ((frame[ETHERNET] ?? 0) & 15) * 4,
      end: ETHERNET + frame.readUInt16BE(ETHERNET + 2),
      setLength: (piece, length) => piece.writeUInt16BE(length, ETHERNET + 2),
    }
  if (type === 0x86dd && frame[ETHERNET + 6] === TCP)
    return {
      start: ETHERNET + 40,
      end: ETHERNET + 40 + frame.readUInt16BE(ETHERNET + 4),
      setLength: (piece, length) => piece.writeUInt16BE(length - 40, ETHERNET + 4),
    }
  return undefined
}
