import type { z } from 'zod'

/** What a schema stands for where zod has no word for it: for the documentation, the JSON Schema and messages. */
export interface Kind {
  name: string
  /** JSON Schema of what may be written. */
  json: object
  /** A value as a user would write it. */
  written(value: unknown): unknown
}

const kinds = new WeakMap<z.core.$ZodType, Kind>()
const plannedSchemas = new WeakSet<z.ZodType>()
const secretSchemas = new WeakSet<z.ZodType>()

/** Also of what `.describe()` and `.refine()` make of it, which are other schemas. */
export function kindOf(schema: z.ZodType): Kind | undefined {
  for (let each: z.core.$ZodType | undefined = schema; each !== undefined; each = each._zod.parent) {
    const kind = kinds.get(each)
    if (kind !== undefined) return kind
  }
  return undefined
}

export function ofKind<S extends z.ZodType>(kind: Kind, schema: S): S {
  kinds.set(schema, kind)
  return schema
}

/**
 * Marks an option of a part that does not exist yet: it is checked like any other, and reported when it is used.
 * The mark belongs to this very schema: what `.optional()` and the like make of it afterwards has none.
 */
export function planned<S extends z.ZodType>(schema: S): S {
  plannedSchemas.add(schema)
  return schema
}

export const isPlanned = (schema: z.ZodType): boolean => plannedSchemas.has(schema)

/** Marks a value that no log, message or export may show. */
export function secret<S extends z.ZodType>(schema: S): S {
  secretSchemas.add(schema)
  return schema
}

export const isSecret = (schema: z.ZodType): boolean => secretSchemas.has(schema)
