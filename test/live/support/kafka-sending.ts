import { kafka } from '../../../lib/outputs/kafka/index.js'
import type { Output } from '../../../lib/outputs/output.js'
import { lineOf } from '../../../lib/pipeline/batch.js'
import { pipelineTo } from '../../pipeline/fake-output.js'
import { outputContext } from '../../support/output-context.js'
import { until } from './processes.js'

/** Sends events through a pipeline, as a run does. */
export interface Sending {
  warnings: string[]
  /** Hands events over, and waits while the queue is full. */
  add(events: readonly object[]): Promise<void>
  /** Resolves when so many events are acknowledged. */
  acked(count: number): Promise<void>
  /** Counters at the end; everything is acknowledged or given up. */
  close(): Promise<Record<string, number>>
  /** Texts of the events of batches that failed, whole or in part: only they may have been sent twice. */
  failed: Set<string>
}

/** `batch`: events of one. */
export async function sending(options: object, batch = 100): Promise<Sending> {
  const context = outputContext()
  const soon = { backoff: { init: '100ms', max: '500ms' }, metadata: { retry: { backoff: '20ms', max: 12 } } }
  const parsed = kafka.options.parse({ ...soon, ...options })
  const failed = new Set<string>()
  const output = watched(await kafka.open(parsed, context), failed)
  const { pipeline, warnings } = pipelineTo(output, {
    wants: kafka.wants(parsed),
    delivery: kafka.delivery?.(parsed) ?? {},
    queue: { events: 10 * batch, flush: { min_events: batch, timeout: 50e6 } },
  })
  const sink = pipeline.sink('wait')
  const acked = () => pipeline.counters()['pipeline.events.acked'] ?? 0
  return {
    warnings,
    failed,
    add: async (events) => {
      for (const event of events) {
        if (sink.wants === 'text') sink.text(JSON.stringify(event))
        else sink.document(event as Record<string, unknown>)
        if (pipeline.pressure()) await pipeline.drained()
      }
      pipeline.flush()
    },
    acked: (count) => until(`${count} events are acknowledged`, () => acked() >= count),
    close: async () => {
      await pipeline.close()
      warnings.push(...context.warnings)
      return pipeline.counters()
    },
  }
}

function watched(output: Output, failed: Set<string>): Output {
  const lanes = output.lanes.map((lane) => ({
    ...lane,
    send: async (...[batch, signal]: Parameters<typeof lane.send>) => {
      const events = Array.from({ length: batch.count }, (_, index) =>
        batch.documents.length > 0
          ? JSON.stringify(batch.documents[index])
          : lineOf(batch, index).toString().trimEnd(),
      )
      try {
        const left = await lane.send(batch, signal)
        for (const index of left.retry) failed.add(events[index] as string)
        return left
      } catch (error) {
        for (const event of events) failed.add(event)
        throw error
      }
    },
  }))
  return { ...output, lanes }
}

/** Events with numbers from `start` on; about a kilobyte each, and no two alike. */
export const events = (count: number, start = 0, more: object = {}): { id: number }[] =>
  Array.from({ length: count }, (_, index) => ({
    '@timestamp': new Date(1_700_000_000_000 + (start + index) * 1009).toISOString(),
    id: start + index,
    note: `${start + index} `.repeat(80),
    ...more,
  }))
