import { field } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import type { Colours } from './colours.js'
import { Histogram } from './histogram.js'
import { harmless, pad } from './text.js'
import { count, size, time } from './units.js'

class Totals {
  transactions = 0
  errors = 0
  bytes = 0
  readonly durations = new Histogram()
}

const duration = field('event.duration')
const bytes = field('network.bytes')
const packets = field('network.packets')

// Parts of the names of counters that count what was lost, wherever it was.
const LOSSES =
  /drop|lost|loss|gap|malformed|unmatched|refused|evicted|rejected|abandoned|expired|truncated|error|fail/

/** What a run saw, told at its end. */
export class Summary {
  readonly #protocols = new Map<string, Totals>()
  #flows = { count: 0, packets: 0, bytes: 0 }

  transaction(event: Document): void {
    const type = String(event.type)
    const totals = this.#protocols.get(type) ?? new Totals()
    this.#protocols.set(type, totals)
    totals.transactions++
    if (event.status !== undefined && event.status !== 'OK') totals.errors++
    const took = duration.get(event)
    if (typeof took === 'number') totals.durations.add(took)
    totals.bytes += Number(bytes.get(event) ?? 0)
  }

  /** A flow's last report. */
  flow(event: Document): void {
    this.#flows.count++
    this.#flows.packets += Number(packets.get(event) ?? 0)
    this.#flows.bytes += Number(bytes.get(event) ?? 0)
  }

  /** Lines of text, empty when nothing was seen and nothing lost. */
  lines(counters: Readonly<Record<string, number>>, colours: Colours): string[] {
    const rows = [...this.#protocols].sort(([, a], [, b]) => b.transactions - a.transactions)
    const lines: string[] = []
    if (rows.length > 0) {
      lines.push(colours.bold(row('', 'transactions', 'errors', 'p50', 'p95', 'max', 'bytes')))
      for (const [name, totals] of rows) lines.push(totalsRow(name, totals, colours))
    }
    const { count: flows, packets, bytes } = this.#flows
    if (flows > 0)
      lines.push(colours.dim(`${count(flows)} flows, ${count(packets)} packets, ${size(bytes)} on the wire`))
    const losses = Object.entries(counters).filter(([name, value]) => value > 0 && LOSSES.test(name))
    for (const [name, value] of losses) lines.push(colours.warning(`${name}: ${count(value)}`))
    return lines
  }
}

function totalsRow(
  name: string,
  { transactions, errors, bytes, durations }: Totals,
  colours: Colours,
): string {
  const timed = durations.count > 0
  const took = (quantile: number) => (timed ? time(durations.quantile(quantile)) : '')
  const max = timed ? time(durations.max) : ''
  const cells = [count(transactions), count(errors), took(0.5), took(0.95), max, size(bytes)]
  return (errors > 0 ? colours.warning : (text: string) => text)(row(harmless(name), ...cells))
}

const WIDTH = 13

const row = (name: string, ...cells: readonly string[]): string =>
  `${pad(name, 10)}${cells.map((cell) => pad(cell, WIDTH, 'left')).join('')}`
