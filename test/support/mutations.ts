/**
 * Captures made worse: what a network, a disk and an attacker do to one. From a seed, so that a failure can be repeated.
 *
 * A protocol is tested by `for (const mutation of mutations(bytes, 1, 5))`, written to a file and read by `analyse`; then
 * `broken` tells what no capture may cause. `recut` is another thing: it changes nothing that a reader of the streams may
 * notice, so its events are those of the capture itself.
 */
import { type PcapFile, type PcapRecord, readPcap, writePcap } from './pcap.js'
import { recut } from './recut.js'

export interface Mutation {
  /** What was done, and how often that was done before. */
  name: string
  bytes: Buffer
}

/** Numbers from 0 up to below `limit`; the same for the same seed (mulberry32). */
export function random(seed: number): Below {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** A number from 0 up to below `limit`. */
export type Below = (limit: number) => number
type OfRecords = (records: PcapRecord[], below: Below) => PcapRecord[]

const oneIn = (share: number, below: Below) => below(share) === 0

// One byte in some hundred, from `first` on.
function flip(bytes: Buffer, first: number, below: Below): Buffer {
  const copy = Buffer.from(bytes)
  const flips = 1 + below(Math.ceil(bytes.length / 200))
  for (let i = 0; i < flips && first < copy.length; i++) {
    const at = first + below(copy.length - first)
    copy[at] = (copy[at] ?? 0) ^ (1 << below(8))
  }
  return copy
}

/** A frame that says it is as long as it is now. */
const withFrame = (record: PcapRecord, frame: Buffer): PcapRecord => ({
  ...record,
  frame,
  wireLength: frame.length,
})

/** What is done to the packets of a capture. */
const ofRecords: Readonly<Record<string, OfRecords>> = {
  'bits flipped anywhere': (records, below) =>
    records.map((record) => (oneIn(4, below) ? { ...record, frame: flip(record.frame, 0, below) } : record)),
  // Behind Ethernet, IPv4 and TCP: the parsers get most of it.
  'bits flipped in payloads': (records, below) =>
    records.map((record) => (oneIn(2, below) ? { ...record, frame: flip(record.frame, 54, below) } : record)),
  'bytes overwritten': (records, below) =>
    records.map((record) => {
      const frame = Buffer.from(record.frame)
      const start = 34 + below(Math.max(1, frame.length - 34))
      frame.subarray(start, start + below(16)).fill([0, 0xff, 0x0a, 0x30, below(256)][below(5)] ?? 0)
      return { ...record, frame }
    }),
  'packets dropped': (records, below) => records.filter(() => !oneIn(5, below)),
  'all but a few packets dropped': (records, below) => records.filter(() => oneIn(5, below)),
  'one packet dropped': (records, below) => records.toSpliced(below(records.length), 1),
  'packets doubled': (records, below) =>
    records.flatMap((record) => (oneIn(3, below) ? [record, record] : [record])),
  'packets repeated later': (records, below) =>
    records.flatMap((record) =>
      oneIn(3, below) ? [record, records[below(records.length)] ?? record] : [record],
    ),
  'neighbours swapped': (records, below) => {
    const result = [...records]
    for (let at = 1; at < result.length; at++)
      if (oneIn(3, below)) result.splice(at - 1, 2, ...result.slice(at - 1, at + 1).reverse())
    return result
  },
  'packets shuffled': (records, below) => shuffled(records, below),
  'packets shuffled and the clock with them': (records, below) => {
    const times = shuffled(records, below)
    return records.map((record, at) => ({ ...record, ...timeOf(times[at] ?? record) }))
  },
  'the clock leaps': (records, below) =>
    records.map((record) => (oneIn(10, below) ? { ...record, seconds: below(2 ** 32) } : record)),
  'a snap length': (records, below) => {
    const length = 40 + below(100)
    return records.map((record) => ({ ...record, frame: record.frame.subarray(0, length) }))
  },
  'packets cut': (records, below) =>
    records.map((record) =>
      oneIn(4, below) ? withFrame(record, record.frame.subarray(0, below(record.frame.length + 1))) : record,
    ),
  'the middle only': (records, below) => {
    const start = below(records.length)
    return records.slice(start, start + 1 + below(records.length - start))
  },
}

const timeOf = ({ seconds, fraction }: PcapRecord) => ({ seconds, fraction })

function shuffled<T>(items: readonly T[], below: Below): T[] {
  const result = [...items]
  for (let at = result.length - 1; at > 0; at--) {
    const other = below(at + 1)
    const item = result[at] as T
    result[at] = result[other] as T
    result[other] = item
  }
  return result
}

/**
 * A capture file in many wrong forms: each kind of damage `times` times. A file that is no pcap, such as a pcapng, is
 * only damaged as a file.
 */
export function* mutations(bytes: Buffer, seed: number, times: number): Generator<Mutation> {
  const below = random(seed)
  for (let time = 1; time <= times; time++) {
    yield { name: `the file cut, ${time}`, bytes: bytes.subarray(0, below(bytes.length)) }
    yield { name: `the file damaged, ${time}`, bytes: flip(bytes, oneIn(2, below) ? 0 : 24, below) }
  }
  const pcap = readPcap(bytes)
  if (pcap === undefined || pcap.records.length === 0) return
  for (const [name, mutate] of Object.entries(ofRecords))
    for (let time = 1; time <= times; time++)
      yield { name: `${name}, ${time}`, bytes: writePcap({ ...pcap, records: mutate(pcap.records, below) }) }
}

/**
 * The capture with its file cut before, in the head of and within its packets: all of them, or `most` spread over it, since a
 * cut costs as much as the capture. Where its streams may end is tried in captures/streams.test.ts, byte by byte.
 */
export function* cutEverywhere(bytes: Buffer, most: number): Generator<Mutation> {
  const pcap = readPcap(bytes)
  if (pcap === undefined) return
  const step = Math.ceil(pcap.records.length / most)
  let end = 24
  for (const [index, { frame }] of pcap.records.entries()) {
    if (index % step === 0) {
      yield { name: `cut before packet ${index + 1}`, bytes: bytes.subarray(0, end) }
      yield { name: `cut in the head of packet ${index + 1}`, bytes: bytes.subarray(0, end + 7) }
      yield { name: `cut in packet ${index + 1}`, bytes: bytes.subarray(0, end + 16 + (frame.length >> 1)) }
    }
    end += 16 + frame.length
  }
}

/** The capture with TCP segments of at most `size` bytes each; undefined: it is no pcap of Ethernet. */
export function recutCapture(bytes: Buffer, size: number): Buffer | undefined {
  const pcap: PcapFile | undefined = readPcap(bytes)
  if (pcap?.linkType !== 1) return undefined
  return writePcap({ ...pcap, records: pcap.records.flatMap((record) => recut(record, size)) })
}
