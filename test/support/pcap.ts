/** A packet in a capture file. */
export interface PcapRecord {
  seconds: number
  /** Of a second, in the file's own unit. */
  fraction: number
  wireLength: number
  /** What was kept of it. */
  frame: Buffer
}

export interface PcapFile {
  header: Buffer
  linkType: number
  littleEndian: boolean
  records: PcapRecord[]
}

const HEADER = 24
const RECORD = 16
// Micro- and nanoseconds.
const MAGIC = [0xa1b2c3d4, 0xa1b23c4d]

/** Takes a pcap file to pieces, up to where it is whole; undefined: it is no pcap file. */
export function readPcap(bytes: Buffer): PcapFile | undefined {
  if (bytes.length < HEADER) return undefined
  const littleEndian = MAGIC.includes(bytes.readUInt32LE(0))
  if (!littleEndian && !MAGIC.includes(bytes.readUInt32BE(0))) return undefined
  const u32 = (at: number) => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const records: PcapRecord[] = []
  for (let at = HEADER; at + RECORD <= bytes.length; ) {
    const end = at + RECORD + u32(at + 8)
    if (end > bytes.length) break
    const frame = bytes.subarray(at + RECORD, end)
    records.push({ seconds: u32(at), fraction: u32(at + 4), wireLength: u32(at + 12), frame })
    at = end
  }
  return { header: bytes.subarray(0, HEADER), linkType: u32(20) & 0xffff, littleEndian, records }
}

export function writePcap({ header, littleEndian, records }: PcapFile): Buffer {
  const parts: Buffer[] = [header]
  for (const { seconds, fraction, wireLength, frame } of records) {
    const head = Buffer.alloc(RECORD)
    const numbers = [seconds, fraction, frame.length, Math.max(wireLength, frame.length)]
    for (const [index, number] of numbers.entries())
      if (littleEndian) head.writeUInt32LE(number, index * 4)
      else head.writeUInt32BE(number, index * 4)
    parts.push(head, frame)
  }
  return Buffer.concat(parts)
}
