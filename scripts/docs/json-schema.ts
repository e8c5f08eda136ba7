import { z } from 'zod'
import { unwrap } from '../../lib/config/unwrap.js'
import { kindOf } from '../../lib/options/kinds.js'

type Json = Record<string, unknown>

// What may stand where a number or a truth value is wanted.
const REFERENCE = { type: 'string', pattern: '\\$\\{.+\\}' }

/** docs/config.schema.json: for editors, so it takes all that the loader takes: dotted keys, references, lone values. */
export function jsonSchema(schema: z.ZodType): Json {
  const generated = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => adapt(zodSchema as unknown as z.ZodType, jsonSchema as Json),
  }) as Json
  const { $schema, ...rest } = generated
  return { $schema, title: 'packetbeat.yml', ...(loosened(rest) as Json) }
}

function adapt(schema: z.ZodType, json: Json): void {
  const kind = kindOf(unwrap(schema).schema)
  if (kind !== undefined) {
    Object.assign(json, kind.json)
    if ('default' in json) json.default = kind.written(json.default)
  }
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum
  const { default: value } = json
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0)
    delete json.default
}

function loosened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(loosened)
  if (typeof value !== 'object' || value === null) return value
  const json = value as Json
  const { description, default: standard, ...rest } = json
  const notes = {
    ...(description !== undefined && { description }),
    ...(standard !== undefined && { default: standard }),
  }
  switch (rest.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return { ...notes, anyOf: [rest, REFERENCE] }
    case 'array': {
      const items = loosened(rest.items ?? {})
      return { ...notes, anyOf: [{ ...rest, items }, items, REFERENCE] }
    }
    case 'object':
      return { ...notes, ...section(rest) }
    default:
      return Object.fromEntries(
        Object.entries(json).map(([key, inner]) => [
          key,
          key === 'default' || key === 'enum' ? inner : loosened(inner),
        ]),
      )
  }
}

/** A section may be empty, and names of its sections may be joined to those inside by dots. */
function section({ type: _, properties, required, ...rest }: Json): Json {
  if (properties === undefined) return { type: ['object', 'null'], ...rest }
  const own = properties as Record<string, unknown>
  const inner = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, loosened(value)]))
  const joined = Object.keys(own).map((key) => [`^${key.replace(/\W/g, '\\$&')}\\..+`, {}])
  return {
    type: ['object', 'null'],
    properties: inner,
    patternProperties: Object.fromEntries(joined),
    ...(required !== undefined && (required as string[]).includes('type') && { required: ['type'] }),
    ...rest,
  }
}
