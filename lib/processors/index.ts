import type { z } from 'zod'
import { type CreateOptions, createProcessors } from './create.js'
import type { Process, Processor } from './processor.js'
import { processors } from './registry.js'
import { processorsSchema } from './schema.js'

export { compileCondition, condition } from './conditions.js'
export { type CreateOptions, createProcessors } from './create.js'
export { processors } from './registry.js'
export { type Entry, processorsSchema } from './schema.js'

/** For the configuration: the names there are, and a schema whose result is ready to run. */
export function configurable(options: CreateOptions = {}): {
  names: readonly string[]
  schema: z.ZodType<readonly Process[]>
} {
  const registry = options.registry ?? (processors as readonly unknown[] as readonly Processor[])
  return {
    names: registry.map(({ name }) => name),
    schema: processorsSchema(registry).transform((entries) =>
      createProcessors(entries, { ...options, registry }),
    ),
  }
}
