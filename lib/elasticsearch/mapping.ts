import type { SearchServer } from '../outputs/output.js'
import { compareVersions } from './server.js'

/** Types of the mappings, by their names in Elasticsearch; `stored` and `stored_text` are kept and not searchable. */
export type MappingType =
  | 'keyword'
  | 'wildcard'
  | 'constant_keyword'
  | 'text'
  | 'match_only_text'
  | 'long'
  | 'double'
  | 'boolean'
  | 'date'
  | 'ip'
  | 'geo_point'
  | 'flattened'
  | 'stored'
  | 'stored_text'

export type Mapping = { readonly [key: string]: unknown }

/** Longer keywords stay in the document, but are not searched: as upstream has it. */
export const IGNORE_ABOVE = 1024

/** A term of Lucene has at most 32766 bytes, and UTF-8 takes up to four for what counts here as one. */
const LONGEST_TERM = 8191

const since: Readonly<Record<SearchServer['product'], Readonly<Record<string, string>>>> = {
  elasticsearch: { flattened: '7.3', wildcard: '7.9', match_only_text: '7.14' },
  opensearch: { flattened: '2.7', match_only_text: '2.12', wildcard: '2.15' },
}

/** The types that a server does not have, by its version. */
export function missingTypes({ product, version }: SearchServer): Set<string> {
  const missing = Object.entries(since[product]).filter(([, first]) => compareVersions(version, first) < 0)
  return new Set([
    ...missing.map(([type]) => type),
    ...(product === 'opensearch' ? ['constant_keyword'] : []),
  ])
}

// What a server that lacks a type is given instead. `flattened` has no equal: dynamic mappings of keys that anyone on the
// network may choose would refuse events and fill the limit of fields.
const instead: Readonly<Record<string, MappingType>> = {
  wildcard: 'keyword',
  constant_keyword: 'keyword',
  match_only_text: 'text',
  flattened: 'stored',
}

export interface Dialect {
  product: SearchServer['product']
  /** Types it does not have. */
  missing: ReadonlySet<string>
}

/** What stands in the mapping for a field of a type. */
export function mappingOf(type: MappingType, dialect: Dialect): Mapping {
  const substitute = dialect.missing.has(type) ? instead[type] : undefined
  if (substitute !== undefined) return mappingOf(substitute, dialect)
  switch (type) {
    case 'keyword':
      return { type, ignore_above: IGNORE_ABOVE }
    case 'wildcard':
      return { type, ignore_above: LONGEST_TERM }
    case 'text':
      return { type, norms: false }
    case 'flattened':
      return dialect.product === 'opensearch' ? { type: 'flat_object' } : { type, ignore_above: IGNORE_ABOVE }
    case 'stored':
      return { type: 'object', enabled: false }
    case 'stored_text':
      return { type: 'keyword', index: false, doc_values: false }
    default:
      return { type }
  }
}

/** Fields by their full names, as the nested `properties` of a mapping. */
export function properties(fields: ReadonlyMap<string, Mapping>): Mapping {
  const root: Record<string, unknown> = {}
  for (const [name, mapping] of [...fields].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parts = name.split('.')
    const last = parts.pop() as string
    let at = root
    for (const part of parts) {
      // An object of a kind of its own, such as `nested`, keeps it.
      const parent = (at[part] ?? {}) as Record<string, unknown>
      parent.properties ??= {}
      at[part] = parent
      at = parent.properties as Record<string, unknown>
    }
    at[last] = { ...(at[last] as object | undefined), ...mapping }
  }
  return root
}
