import type { Document } from '../../lib/events/writer.js'
import { createProcessors, processors, processorsSchema } from '../../lib/processors/index.js'
import type { Processor } from '../../lib/processors/processor.js'

export const schema = processorsSchema(processors as readonly unknown[] as readonly Processor[])

/** What a configured list makes of an event, and what it complains about. */
export function run(configured: unknown[], event: Document): { event: Document | null; failures: string[] } {
  const failures: string[] = []
  let left: Document | null = structuredClone(event)
  const failed = (name: string, reason: string) => failures.push(`${name}: ${reason}`)
  for (const process of createProcessors(schema.parse(configured), { failed })) {
    left = process(left) as Document | null
    if (left === null) break
  }
  return { event: left, failures }
}

export const made = (configured: unknown[], event: Document) => run(configured, event).event
