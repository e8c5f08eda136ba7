import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { type PcapRecord, readPcap, writePcap } from '../../test/support/pcap.js'
import { traces } from '../../test/support/traces.js'

const LONGEST = 1514 // bytes of an Ethernet frame that every link takes
const CHUNK = 50_000 // packets written at once
const BEGIN = 1_700_000_000
const GAP = 20 // microseconds

/** TCP and UDP over IPv4, as real servers and clients have sent them. */
const isOrdinary = ({ frame, wireLength }: PcapRecord): boolean =>
  frame.length === wireLength &&
  frame.length >= 42 &&
  frame.length <= LONGEST &&
  frame.readUInt16BE(12) === 0x0800 &&
  [6, 17].includes(frame[23] as number)

/** Writes a capture of so many packets: those of this repository’s traces, again and again. Returns their mean length. */
export function writeTraffic(path: string, packets: number): number {
  const files = traces()
    .map((trace) => readPcap(readFileSync(trace)))
    .filter((file) => file?.linkType === 1 && file.littleEndian)
  const header = files[0]?.header
  if (header === undefined) throw new Error('there are no traces to make traffic of')
  const frames = files.flatMap((file) => file?.records.filter(isOrdinary).map(({ frame }) => frame) ?? [])
  const out = openSync(path, 'w')
  let bytes = 0
  for (let from = 0; from < packets; from += CHUNK) {
    const records = Array.from({ length: Math.min(CHUNK, packets - from) }, (_, at): PcapRecord => {
      const number = from + at
      const frame = frames[number % frames.length] as Buffer
      bytes += frame.length
      const micros = number * GAP
      return {
        seconds: BEGIN + Math.floor(micros / 1e6),
        fraction: micros % 1e6,
        wireLength: frame.length,
        frame,
      }
    })
    const chunk = writePcap({ header, linkType: 1, littleEndian: true, records })
    writeSync(out, from === 0 ? chunk : chunk.subarray(header.length))
  }
  closeSync(out)
  return bytes / packets
}
