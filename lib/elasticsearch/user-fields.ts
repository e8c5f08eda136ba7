import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { UserError } from '../errors.js'
import { IGNORE_ABOVE, type Mapping } from './mapping.js'
import type { CustomFields } from './template.js'

type Entry = Readonly<Record<string, unknown>>

/** Fields that may stand one in another: more is a mistake, or an attack on the stack. */
const MAX_DEPTH = 20

/** @throws {UserError} 'ERR_CONFIG_INVALID' for a file that cannot be read or is no list of fields. */
export function readFieldsFile(file: string): CustomFields {
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'), { version: '1.1' })
  } catch (cause) {
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `setup.template.fields: cannot read ${file}: ${(cause as Error).message}.`,
      { cause },
    )
  }
  if (!Array.isArray(content))
    throw new UserError('ERR_CONFIG_INVALID', `setup.template.fields: ${file} is no list of fields.`)
  // Chapters, each with its fields, are what fields.yml has at its top.
  const entries = content.flatMap((entry) =>
    isObject(entry) && entry.key !== undefined && entry.name === undefined ? list(entry.fields) : [entry],
  )
  return customFields(entries, `setup.template.fields (${file})`)
}

/**
 * The mappings of fields as `fields.yml` writes them: entries with `name`, `type` and, for groups, `fields`.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for an entry without a name, or of a type that nobody knows.
 */
export function customFields(entries: readonly unknown[], setting: string): CustomFields {
  const fields = new Map<string, Mapping>()
  const rules: Mapping[] = []
  const add = (given: readonly unknown[], prefix: string, depth: number): void => {
    for (const entry of given) {
      if (!isObject(entry) || typeof entry.name !== 'string' || entry.name === '')
        throw new UserError('ERR_CONFIG_INVALID', `${setting}: a field has no name.`)
      const name = prefix + entry.name
      if (depth > MAX_DEPTH)
        throw new UserError(
          'ERR_CONFIG_INVALID',
          `${setting}: ${name} is more than ${MAX_DEPTH} levels deep.`,
        )
      const type = String(entry.type ?? (entry.fields === undefined ? 'keyword' : 'group'))
      if (type === 'nested') fields.set(name, { type })
      if (type === 'group' || type === 'nested') add(list(entry.fields), `${name}.`, depth + 1)
      else if (type === 'object' || type === 'dict' || type === 'list') addObject(name, entry, fields, rules)
      else if (type !== 'array') fields.set(name.replaceAll('.*', ''), mapping(type, entry, name, setting))
    }
  }
  add(entries, '', 0)
  return { fields, rules }
}

function addObject(name: string, entry: Entry, fields: Map<string, Mapping>, rules: Mapping[]): void {
  const inner = typeof entry.object_type === 'string' ? entry.object_type : undefined
  if (!name.includes('*'))
    fields.set(name, {
      type: 'object',
      ...(entry.enabled === false && { enabled: false }),
      ...(entry.dynamic !== undefined && { dynamic: entry.dynamic }),
    })
  if (inner === undefined || inner === 'object') return
  const mapped = inner === 'keyword' ? { type: inner, ignore_above: IGNORE_ABOVE } : { type: inner }
  rules.push({
    [name]: {
      path_match: name.includes('*') ? name : `${name}.*`,
      match_mapping_type: String(entry.object_type_mapping_type ?? detected[inner] ?? 'string'),
      mapping: inner === 'scaled_float' ? { ...mapped, scaling_factor: factor(entry) } : mapped,
    },
  })
}

/** What dynamic mapping takes a value for, by the type that is wanted. */
const detected: Readonly<Record<string, string>> = {
  long: 'long',
  integer: 'long',
  short: 'long',
  byte: 'long',
  double: '*',
  float: '*',
  half_float: '*',
  scaled_float: '*',
  boolean: 'boolean',
}

const types = new Set(
  'alias binary boolean byte constant_keyword date date_nanos double flattened float geo_point geo_shape half_float histogram integer ip ip_range keyword long long_range date_range match_only_text scaled_float short text unsigned_long version wildcard'.split(
    ' ',
  ),
)

// Properties of an entry that are the mapping's own, too.
const taken =
  'index doc_values ignore_above copy_to analyzer search_analyzer norms null_value coerce ignore_malformed time_series_metric eager_global_ordinals'.split(
    ' ',
  )

function mapping(type: string, entry: Entry, name: string, setting: string): Mapping {
  if (!types.has(type))
    throw new UserError('ERR_CONFIG_INVALID', `${setting}: ${name} has the unknown type ${type}.`)
  const multi = list(entry.multi_fields).filter(isObject)
  return {
    type,
    ...(type === 'keyword' && entry.index !== false && { ignore_above: IGNORE_ABOVE }),
    ...(type === 'text' && { norms: false }),
    ...(type === 'scaled_float' && { scaling_factor: factor(entry) }),
    ...(type === 'alias' && { path: entry.path }),
    ...(typeof entry.date_format === 'string' && { format: entry.date_format }),
    ...Object.fromEntries(taken.filter((key) => key in entry).map((key) => [key, entry[key]])),
    ...(multi.length > 0 && {
      fields: Object.fromEntries(
        multi.map((inner) => {
          const kind = String(inner.type ?? 'keyword')
          return [String(inner.name), mapping(kind, inner, `${name}.${inner.name}`, setting)]
        }),
      ),
    }),
  }
}

const factor = ({ scaling_factor }: Entry): unknown => scaling_factor ?? 1000

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
