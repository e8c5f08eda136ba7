import type { z } from 'zod'
import { isPlanned } from '../options/kinds.js'

/** A schema without what is wrapped around it, such as a default. */
export interface Unwrapped {
  schema: z.ZodType
  planned: boolean
  nullable: boolean
  optional: boolean
  /** A function looks at what was written before the schema does. */
  preprocessed: boolean
  /** What stands there when nothing is written. */
  default: unknown
  description: string | undefined
}

// What zod keeps in `def`, as far as it is read here.
interface Def {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  out?: z.ZodType
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
    preprocessed: false,
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
    const inner = def.innerType ?? (def.type === 'lazy' ? def.getter?.() : undefined) ?? piped(def, result)
    if (inner === undefined) return result
    result.schema = inner
  }
}

/** The end of a pipe where people write: a transform behind it changes what was read, one before it adapts to it. */
function piped(def: Def, result: Unwrapped): z.ZodType | undefined {
  if (def.type !== 'pipe') return undefined
  const first = defOf(def.in as z.ZodType).type
  if (first === 'unknown' || first === 'any') return undefined
  if (first !== 'transform') return def.in
  result.preprocessed = true
  return def.out
}
