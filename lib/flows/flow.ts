import { binding } from '../binding.js'

const { flowColumns: column, flowTexts: text } = binding

/** What the capture tells of a flow: what two sides sent each other so far, or since the last report. */
export interface Flow {
  /** Packet times, see `Clock`. */
  start: number
  end: number
  /** When it was reported. */
  reported: number
  final: boolean
  /** IP protocol number; 0: no IP. */
  transport: number
  id: string
  communityId: string
  /** Outermost first; empty without IP. */
  sourceIps: string[]
  destinationIps: string[]
  vlans: number[]
  sourceMac: string
  destinationMac: string
  sourcePort: number
  destinationPort: number
  sourceBytes: number
  sourcePackets: number
  destinationBytes: number
  destinationPackets: number
  /** Nanoseconds from the SYN to the ACK of its answer; -1: not seen. */
  handshake: number
  retransmissions: number
  outOfOrder: number
  zeroWindows: number
  resets: number
  tcpEnd: string
  /** Numbers of processes in the addon; 0: unknown. */
  sourceProcess: number
  destinationProcess: number
}

/** A flow as the payload of a `flow` row has it, see binding.d.ts. `time` makes a packet time of its two halves. */
export function readFlow(
  bytes: Buffer,
  start: number,
  end: number,
  reported: number,
  time: (seconds: number, nanoseconds: number) => number,
): Flow {
  const number = (index: number) => bytes.readDoubleLE(start + 8 * index)
  const texts = bytes.latin1Slice(start + 8 * COLUMNS, end).split('\0')
  const list = (index: number) => (texts[index] ? (texts[index] as string).split(',') : [])
  return {
    start: time(number(column.startSeconds), number(column.startNanoseconds)),
    end: time(number(column.endSeconds), number(column.endNanoseconds)),
    reported,
    final: number(column.final) === 1,
    transport: number(column.transport),
    id: texts[text.id] as string,
    communityId: texts[text.communityId] as string,
    sourceIps: list(text.sourceIps),
    destinationIps: list(text.destinationIps),
    vlans: list(text.vlans).map(Number),
    sourceMac: texts[text.sourceMac] as string,
    destinationMac: texts[text.destinationMac] as string,
    sourcePort: number(column.sourcePort),
    destinationPort: number(column.destinationPort),
    sourceBytes: number(column.sourceBytes),
    sourcePackets: number(column.sourcePackets),
    destinationBytes: number(column.destinationBytes),
    destinationPackets: number(column.destinationPackets),
    handshake: number(column.handshakeNanoseconds),
    retransmissions: number(column.sourceRetransmissions) + number(column.destinationRetransmissions),
    outOfOrder: number(column.sourceOutOfOrder) + number(column.destinationOutOfOrder),
    zeroWindows: number(column.sourceZeroWindows) + number(column.destinationZeroWindows),
    resets: number(column.resets),
    tcpEnd: texts[text.tcpEnd] as string,
    sourceProcess: number(column.sourceProcess),
    destinationProcess: number(column.destinationProcess),
  }
}

const COLUMNS = Object.keys(column).length
