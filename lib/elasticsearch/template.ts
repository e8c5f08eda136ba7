import type { SearchServer } from '../outputs/output.js'
import { openTexts } from './added-fields.js'
import { eventFields } from './event-fields.js'
import { type Dialect, IGNORE_ABOVE, type Mapping, mappingOf, missingTypes, properties } from './mapping.js'

export type TemplateKind = 'index' | 'component' | 'legacy'

/** Fields with a mapping of their own, and the rules for those below an object. */
export interface CustomFields {
  fields: ReadonlyMap<string, Mapping>
  rules: readonly Mapping[]
}

export interface TemplateOptions {
  /** Names of indices or data streams. */
  pattern: string
  priority: number
  kind: TemplateKind
  /** `agent.version`. */
  version: string
  server: SearchServer
  /** Types that the server turned out not to have. */
  lacking?: ReadonlySet<string>
  /** The lifecycle policy of its indices. */
  policy?: string | undefined
  /** The lifecycle of its data streams, where the server itself has them: serverless. */
  lifecycle?: Mapping | undefined
  /** Of the user: below `index`, and `_source`. */
  settings?: { index?: Mapping | undefined; _source?: Mapping | undefined }
  /** Whose fields it has; ours unless given. */
  protocols?: readonly { fields: object }[] | undefined
  /** Instead of the fields of our own events. */
  fields?: CustomFields | undefined
  /** Beside them. */
  appended?: CustomFields | undefined
}

// A query without a field looks into so many at most, as `indices.query.bool.max_clause_count` has it.
const MAX_DEFAULT_FIELDS = 1024

/** An index template for the events, as the server's API takes it. */
export function indexTemplate(options: TemplateOptions): Mapping {
  const { pattern, priority, kind, version } = options
  const template = {
    settings: { index: settings(options) },
    mappings: mappings(options),
    ...(options.lifecycle !== undefined && { lifecycle: options.lifecycle }),
  }
  const _meta = { beat: 'packetbeat', version }
  if (kind === 'component') return { template, _meta }
  if (kind === 'legacy') return { index_patterns: [pattern], order: priority, ...template }
  return { index_patterns: [pattern], priority, data_stream: {}, template, _meta }
}

function mappings(options: TemplateOptions): Mapping {
  const { server, lacking = [], settings = {}, version, appended } = options
  const dialect: Dialect = {
    product: server.product,
    missing: new Set([...missingTypes(server), ...lacking]),
  }
  const { fields, rules } = options.fields ?? ownFields(dialect, options.protocols)
  return {
    _meta: { beat: 'packetbeat', version },
    date_detection: false,
    dynamic_templates: [
      ...rules,
      ...(appended?.rules ?? []),
      {
        strings_as_keyword: {
          match_mapping_type: 'string',
          mapping: { type: 'keyword', ignore_above: IGNORE_ABOVE },
        },
      },
    ],
    properties: properties(new Map([...fields, ...(appended?.fields ?? [])])),
    ...(settings._source !== undefined && { _source: settings._source }),
  }
}

function ownFields(dialect: Dialect, protocols: TemplateOptions['protocols']): CustomFields {
  return {
    fields: new Map([...eventFields(protocols)].map(([name, type]) => [name, mappingOf(type, dialect)])),
    rules: openTexts.map((name) => ({
      [name]: {
        path_match: `${name}.*`,
        match_mapping_type: 'string',
        mapping: { type: 'keyword', ignore_above: IGNORE_ABOVE },
      },
    })),
  }
}

function settings({ policy, settings = {}, fields, server, protocols }: TemplateOptions): Mapping {
  const { mapping, ...more } = (settings.index ?? {}) as Record<string, unknown>
  return {
    refresh_interval: '5s',
    codec: 'best_compression',
    max_docvalue_fields_search: 200,
    ...(fields === undefined && { query: { default_field: defaultFields(server, protocols) } }),
    ...(policy !== undefined && { lifecycle: { name: policy } }),
    ...more,
    mapping: {
      total_fields: { limit: 12500 },
      // A number too large for its type costs its place in the index, never the event.
      ignore_malformed: true,
      ...(mapping as object | undefined),
    },
  }
}

const SEARCHED = new Set(['keyword', 'text', 'match_only_text', 'wildcard'])

function defaultFields({ product }: SearchServer, protocols: TemplateOptions['protocols']): string[] {
  const texts = [...eventFields(protocols)].filter(([, type]) => SEARCHED.has(type)).map(([name]) => name)
  const open = product === 'elasticsearch' ? ['fields.*', 'labels.*'] : []
  return [...priorities(texts).slice(0, MAX_DEFAULT_FIELDS - open.length), ...open]
}

/** Those of nearly every event first: what comes last is left out where there are too many. */
const priorities = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => a.split('.').length - b.split('.').length || (a < b ? -1 : 1))
