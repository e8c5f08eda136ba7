import type { z } from 'zod'
import { isPlanned } from '../options/kinds.js'

/** A schema without what is wrapped around it, such as a default. */
export interface Unwrapped {
  schema: z.ZodType
  planned: boolean
  nullable: boolean
  optional: boolean
  /** What stands there when nothing is written. */
  default: unknown
  description: string | undefined
}

// What zod keeps in `def`, as far as it is read here.
interface Def {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  getter?: () => z.ZodType
  defaultValue?: unknown
}

export const defOf = (schema: z.ZodType): Def & Record<string, unknown> => schema.def as never

export function unwrap(schema: z.ZodType): Unwrapped {
  const result: Unwrapped = {
    schema,
    planned: false,
    nullable: false,
    optional: false,
    default: undefined,
    description: undefined,
  }
  for (;;) {
    const { schema: current } = result
    const def = defOf(current)
    if (isPlanned(current)) result.planned = true
    result.description ??= current.description
    if (def.type === 'default' || def.type === 'prefault') result.default ??= def.defaultValue
    if (def.type === 'optional') result.optional = true
    if (def.type === 'nullable') result.nullable = true
    // A transform at the end of a pipe changes what was read, not what may be written.
    const inner =
      def.innerType ??
      (def.type === 'lazy' ? def.getter?.() : undefined) ??
      (def.type === 'pipe' && !['transform', 'unknown', 'any'].includes(defOf(def.in as z.ZodType).type)
        ? def.in
        : undefined)
    if (inner === undefined) return result
    result.schema = inner
  }
}
