import { type Leftover, NOTHING_LEFT, type Output } from '../../lib/outputs/output.js'
import type { EventBatch } from '../../lib/pipeline/batch.js'
import { lineOf } from '../../lib/pipeline/batch.js'
import type { PipelineOptions } from '../../lib/pipeline/options.js'
import { Pipeline } from '../../lib/pipeline/pipeline.js'

/** What the output is to answer to its next batch. */
export type Answer = (events: string[]) => Leftover | Promise<Leftover>

/** An output that remembers the events of each batch, and answers as it is told; all taken when it is told nothing. */
export class FakeOutput implements Output {
  readonly batches: string[][] = []
  readonly answers: Answer[] = []
  closed = 0

  readonly lanes: Output['lanes']

  /** `lanes`: how many; each of them takes what it is given. */
  constructor(lanes = 1) {
    this.lanes = Array.from({ length: lanes }, (_, index) => ({
      name: `lane ${index}`,
      send: (batch: EventBatch, signal: AbortSignal) => this.send(batch, signal),
    }))
  }

  async send(batch: EventBatch, _signal: AbortSignal): Promise<Leftover> {
    return this.take(batch)
  }

  async close(): Promise<void> {
    this.closed++
  }

  protected take(batch: EventBatch): Leftover | Promise<Leftover> {
    const events = Array.from({ length: batch.count }, (_, index) =>
      batch.documents.length > 0
        ? JSON.stringify(batch.documents[index])
        : lineOf(batch, index).toString().trimEnd(),
    )
    this.batches.push(events)
    return this.answers.shift()?.(events) ?? NOTHING_LEFT
  }

  get events(): string[] {
    return this.batches.flat()
  }
}

/** One that answers at once. */
export class FakeFile extends FakeOutput {
  sendNow(batch: EventBatch): Leftover {
    return this.take(batch) as Leftover
  }
}

/** A pipeline before an output, with what it warned of and how it ended. */
export function pipelineTo(output: Output, options: Partial<PipelineOptions> = {}) {
  const warnings: string[] = []
  const ends: (Error | undefined)[] = []
  const pipeline = new Pipeline({
    output,
    wants: 'text',
    queue: { events: 100, flush: { min_events: 10, timeout: 60e9 } },
    delivery: { backoff: { init: 1, max: 4 } },
    log: { info: () => undefined, warn: (message) => warnings.push(message) },
    ended: (failure) => ends.push(failure),
    ...options,
  })
  return { pipeline, warnings, ends }
}

export const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index))
