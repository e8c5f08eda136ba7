import type { Document } from '../../lib/events/writer.js'
import { createProcessors, processors, processorsSchema } from '../../lib/processors/index.js'
import type { Processor } from '../../lib/processors/processor.js'
import { ProcessorRun, type RunFacts } from '../../lib/processors/run.js'

export const schema = processorsSchema(processors as readonly unknown[] as readonly Processor[])

/** A list of processors as configured, with what it says and counts. */
export interface Processing {
  /** What it makes of an event of its own. */
  of(event: Document): Promise<Document | null>
  /** The same without waiting. */
  now(event: Document): Document | null | Promise<Document | null>
  run: ProcessorRun
  failures: string[]
  log: string[]
  end(): void
}

/** Without `begun` the test begins the run itself. */
export function processing(
  configured: readonly object[],
  { begun = true, ...facts }: Partial<RunFacts> & { begun?: boolean } = {},
): Processing {
  const failures: string[] = []
  const log: string[] = []
  const run = new ProcessorRun(facts)
  const list = createProcessors(schema.parse(configured), {
    run,
    failed: (name, reason) => failures.push(`${name}: ${reason}`),
  })
  const say = (level: string) => (message: string) => void log.push(`${level} ${message}`)
  const begin = run.begin.bind(run)
  run.begin = () => begin({ debug: say('debug'), info: say('info'), warn: say('warn') })
  if (begun) run.begin()
  const through = async (event: Document): Promise<Document | null> => {
    let left: Document | null = event
    for (const process of list) {
      if (left === null) break
      left = await process(left)
    }
    return left
  }
  return {
    of: (event) => through(structuredClone(event)),
    now: (event) => (list[0] as (typeof list)[number])(structuredClone(event)),
    run,
    failures,
    log,
    end: () => run.end(),
  }
}

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
