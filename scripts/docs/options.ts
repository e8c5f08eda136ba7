import type { z } from 'zod'
import { defOf, unwrap } from '../../lib/config/unwrap.js'
import { kindOf } from '../../lib/options/kinds.js'

/** One option as the documentation shows it. */
export interface Option {
  path: string
  type: string
  /** As a user would write it; undefined: none. */
  default: string | undefined
  description: string
  planned: boolean
}

const code = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function typeOf(schema: z.ZodType): string {
  const { schema: inner } = unwrap(schema)
  const kind = kindOf(inner)
  if (kind !== undefined) return kind.name
  const def = defOf(inner)
  switch (def.type) {
    case 'array':
      return `list of ${plural(typeOf(def.element as z.ZodType))}`
    case 'enum':
      return Object.values(def.entries as object)
        .filter((value) => value !== '')
        .map((value) => `\`${value}\``)
        .join(', ')
    case 'literal':
      return (def.values as unknown[]).map((value) => `\`${String(value)}\``).join(', ')
    case 'union':
      return [...new Set((def.options as z.ZodType[]).map(typeOf))].join(' or ')
    case 'record':
      return 'names and values'
    case 'object':
      return 'section'
    case 'string':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'number':
      return 'number'
    default:
      return 'any'
  }
}

const plural = (type: string): string =>
  type.startsWith('`') ? type : type.replace(/^(text|number|duration|size|section)$/, '$1s')

/** An option by itself. */
export function optionOf(path: string, schema: z.ZodType, planned = false): Option {
  const found = unwrap(schema)
  const kind = kindOf(found.schema)
  const value = found.default
  const isSection =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  const shown =
    value === undefined || isSection ? undefined : code(kind === undefined ? value : kind.written(value))
  return {
    path,
    type: typeOf(schema),
    default: shown === '' ? '""' : shown,
    description: found.description ?? '',
    planned: planned || found.planned,
  }
}

// They have a chapter of their own, and conditions in conditions have no end.
const isProcessors = (key: string): boolean => key === 'processors' || key === 'when'

/** All options below a section, each by its full path; a list of sections adds `[]` to its path. */
export function optionsOf(path: string, schema: z.ZodType, planned = false): Option[] {
  const found = unwrap(schema)
  const isPlanned = planned || found.planned
  const def = defOf(found.schema)
  if (def.type === 'object') {
    const shape = (found.schema as z.ZodObject).shape as Record<string, z.ZodType>
    return Object.entries(shape).flatMap(([key, option]) => {
      const here = path === '' ? key : `${path}.${key}`
      return isProcessors(key) ? [optionOf(here, option, isPlanned)] : optionsOf(here, option, isPlanned)
    })
  }
  if (def.type === 'array' && defOf(unwrap(def.element as z.ZodType).schema).type === 'object')
    return optionsOf(`${path}[]`, def.element as z.ZodType, isPlanned)
  return [optionOf(path, schema, isPlanned)]
}

/** The schema at a path of keys. */
export function at(schema: z.ZodType, ...keys: string[]): z.ZodType {
  let result = schema
  for (const key of keys) {
    const { schema: inner } = unwrap(result)
    const def = defOf(inner)
    const next = key === '[]' ? (def.element as z.ZodType) : ((inner as z.ZodObject).shape[key] as z.ZodType)
    if (next === undefined) throw new Error(`the schema has no ${keys.join('.')}`)
    result = next
  }
  return result
}

/** The kinds of entries that a list of protocols takes, by their type. */
export function entries(schema: z.ZodType): Map<string, z.ZodObject> {
  const union = unwrap(at(schema, 'packetbeat', 'protocols', '[]')).schema as z.ZodDiscriminatedUnion
  return new Map(
    (union.options as z.ZodObject[]).map((option) => [
      String((defOf(option.shape.type as z.ZodType).values as string[])[0]),
      option,
    ]),
  )
}
