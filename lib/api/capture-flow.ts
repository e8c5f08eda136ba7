import { flow, head, length, nanoseconds, offset, seconds } from '../capture/rows.js'
import { type Flow, readFlow } from '../flows/flow.js'
import { type Reader, ROW } from './capture-batch.js'

/**
 * What two sides sent each other from `start` to `end`: since the flow began, or, with `flows.delta`, since its last
 * report. An object of its own, which may be kept. The source is the side whose packet was the first.
 */
export interface FlowReport extends Omit<Flow, 'sourceProcess' | 'destinationProcess'> {
  /** Milliseconds since the Unix epoch; of its first packet. */
  start: number
  /** Milliseconds since the Unix epoch; of its last packet. */
  end: number
  /** Milliseconds since the Unix epoch, by the packets' clock. */
  reported: number
}

const milliseconds = (wholeSeconds: number, rest: number): number => wholeSeconds * 1e3 + rest / 1e6

/** Reads batches for their flow reports. */
export const flowReader: Reader<FlowReport> = {
  read({ table, bytes }, rows) {
    const reports: FlowReport[] = []
    for (let at = 0; at < rows * ROW; at += ROW) {
      if (((table[at + head] as number) & 0xff) !== flow) continue
      const from = table[at + offset] as number
      const reported = milliseconds(table[at + seconds] as number, table[at + nanoseconds] as number)
      const { sourceProcess, destinationProcess, ...report } = readFlow(
        bytes,
        from,
        from + (table[at + length] as number),
        reported,
        milliseconds,
      )
      reports.push(report)
    }
    return reports
  },
}
