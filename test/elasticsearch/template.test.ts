import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventFields } from '../../lib/elasticsearch/event-fields.js'
import { type Mapping, missingTypes } from '../../lib/elasticsearch/mapping.js'
import { indexTemplate, type TemplateOptions } from '../../lib/elasticsearch/template.js'
import { customFields } from '../../lib/elasticsearch/user-fields.js'
import { protocols } from '../../lib/protocols/index.js'

const base: TemplateOptions = {
  pattern: 'packetbeat-1.2.3',
  priority: 150,
  kind: 'index',
  version: '1.2.3',
  server: { product: 'elasticsearch', version: '8.17.0' },
}

// biome-ignore lint/suspicious/noExplicitAny: templates are read as they are.
const template = (options: Partial<TemplateOptions> = {}): any => indexTemplate({ ...base, ...options })

function mappingAt(properties: Mapping, name: string): Mapping | undefined {
  let at: unknown = { properties }
  for (const part of name.split('.')) at = (at as Record<string, Record<string, unknown>>)?.properties?.[part]
  return at as Mapping | undefined
}

describe('the fields of events', () => {
  const fields = eventFields()

  it('are all that protocols say', () => {
    for (const { fields: own } of protocols)
      for (const [name, { type }] of Object.entries(own) as [string, { type: string }][])
        assert.ok(
          fields.has(name) ||
            (type === 'object' && [...fields.keys()].some((key) => key.startsWith(`${name}.`))),
          name,
        )
  })

  it('are never a value and an object at once', () => {
    for (const name of fields.keys())
      for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
        assert.ok(!fields.has(name.slice(0, dot)), `${name.slice(0, dot)} and ${name}`)
  })

  it('take keys of the network without a mapping for each', () => {
    for (const name of ['http.request.headers', 'amqp.headers', 'cassandra.request.options'])
      assert.equal(fields.get(name), 'flattened', name)
  })
})

describe('an index template', () => {
  it('is one for data streams, with settings, fields and rules', () => {
    const { index_patterns, priority, data_stream, template: inner } = template({ policy: 'packetbeat' })
    assert.deepEqual(index_patterns, ['packetbeat-1.2.3'])
    assert.equal(priority, 150)
    assert.deepEqual(data_stream, {})
    const { query, ...index } = inner.settings.index
    assert.deepEqual(index, {
      refresh_interval: '5s',
      codec: 'best_compression',
      max_docvalue_fields_search: 200,
      lifecycle: { name: 'packetbeat' },
      mapping: { total_fields: { limit: 12500 }, ignore_malformed: true },
    })
    assert.ok(query.default_field.length <= 1024)
    assert.ok(query.default_field.includes('query') && query.default_field.includes('fields.*'))
    const { properties, date_detection, dynamic_templates } = inner.mappings
    assert.equal(date_detection, false)
    assert.equal(dynamic_templates.at(-1).strings_as_keyword.mapping.ignore_above, 1024)
    assert.deepEqual(mappingAt(properties, 'source.ip'), { type: 'ip' })
    assert.deepEqual(mappingAt(properties, 'event.duration'), { type: 'long' })
    assert.deepEqual(mappingAt(properties, 'client.geo.location'), { type: 'geo_point' })
    assert.deepEqual(mappingAt(properties, 'dns.answers.ttl'), { type: 'keyword', ignore_above: 1024 })
    assert.deepEqual(mappingAt(properties, 'tls.server.x509.subject.common_name'), {
      type: 'keyword',
      ignore_above: 1024,
    })
  })

  it('has no policy unless there is one', () => {
    assert.equal(template().template.settings.index.lifecycle, undefined)
  })

  it('has the form of its kind', () => {
    assert.deepEqual(Object.keys(template({ kind: 'component' })), ['template', '_meta'])
    const legacy = template({ kind: 'legacy' })
    assert.deepEqual(Object.keys(legacy), ['index_patterns', 'order', 'settings', 'mappings'])
  })

  it('lays the settings of the user over its own', () => {
    const index = { number_of_shards: 3, codec: 'default', mapping: { total_fields: { limit: 5 } } }
    const { settings, mappings } = template({ settings: { index, _source: { enabled: false } } }).template
    assert.equal(settings.index.number_of_shards, 3)
    assert.equal(settings.index.codec, 'default')
    assert.deepEqual(settings.index.mapping, { total_fields: { limit: 5 }, ignore_malformed: true })
    assert.deepEqual(mappings._source, { enabled: false })
  })
})

describe('types that a server lacks', () => {
  const typeOf = (options: Partial<TemplateOptions>, name: string) =>
    mappingAt(template(options).template.mappings.properties, name)

  it('are told by product and version', () => {
    const missing = (product: 'elasticsearch' | 'opensearch', version: string) =>
      [...missingTypes({ product, version })].sort()
    assert.deepEqual(missing('elasticsearch', '8.0.0'), [])
    assert.deepEqual(missing('elasticsearch', '7.10.2'), ['match_only_text'])
    assert.deepEqual(missing('elasticsearch', '7.2.0'), ['flattened', 'match_only_text', 'wildcard'])
    assert.deepEqual(missing('opensearch', '2.19.1'), ['constant_keyword'])
    assert.deepEqual(missing('opensearch', '2.6.0'), [
      'constant_keyword',
      'flattened',
      'match_only_text',
      'wildcard',
    ])
  })

  it('have others in their place', () => {
    const old = { server: { product: 'elasticsearch', version: '7.2.0' } } as const
    assert.deepEqual(typeOf({}, 'url.full'), { type: 'wildcard', ignore_above: 8191 })
    assert.deepEqual(typeOf(old, 'url.full'), { type: 'keyword', ignore_above: 1024 })
    assert.deepEqual(typeOf({}, 'error.message'), { type: 'match_only_text' })
    assert.deepEqual(typeOf(old, 'error.message'), { type: 'text', norms: false })
    assert.deepEqual(typeOf({}, 'amqp.headers'), { type: 'flattened', ignore_above: 1024 })
    assert.deepEqual(typeOf(old, 'amqp.headers'), { type: 'object', enabled: false })
    const open = { server: { product: 'opensearch', version: '2.19.1' } } as const
    assert.deepEqual(typeOf(open, 'amqp.headers'), { type: 'flat_object' })
    assert.deepEqual(typeOf({ lacking: new Set(['wildcard']) }, 'url.full'), {
      type: 'keyword',
      ignore_above: 1024,
    })
  })
})

describe('fields of the user', () => {
  it('are mapped as fields.yml says', () => {
    const { fields, rules } = customFields(
      [
        {
          name: 'shop',
          type: 'group',
          fields: [
            { name: 'id', type: 'long' },
            { name: 'note', type: 'text' },
          ],
        },
        { name: 'price', type: 'scaled_float', scaling_factor: 100 },
        { name: 'name', multi_fields: [{ name: 'text', type: 'text' }] },
        { name: 'extra', type: 'object', object_type: 'keyword' },
        { name: 'items', type: 'nested', fields: [{ name: 'sku' }] },
        { name: 'old', type: 'alias', path: 'name' },
      ],
      'a test',
    )
    assert.deepEqual(Object.fromEntries(fields), {
      'shop.id': { type: 'long' },
      'shop.note': { type: 'text', norms: false },
      price: { type: 'scaled_float', scaling_factor: 100 },
      name: { type: 'keyword', ignore_above: 1024, fields: { text: { type: 'text', norms: false } } },
      extra: { type: 'object' },
      items: { type: 'nested' },
      'items.sku': { type: 'keyword', ignore_above: 1024 },
      old: { type: 'alias', path: 'name' },
    })
    assert.deepEqual(rules, [
      {
        extra: {
          path_match: 'extra.*',
          match_mapping_type: 'string',
          mapping: { type: 'keyword', ignore_above: 1024 },
        },
      },
    ])
  })

  it('stand beside ours, or in their place', () => {
    const custom = customFields(
      [
        { name: 'shop.id', type: 'long' },
        { name: 'items', type: 'nested', fields: [{ name: 'sku' }] },
      ],
      'a test',
    )
    const both = template({ appended: custom }).template.mappings.properties
    assert.deepEqual(mappingAt(both, 'shop.id'), { type: 'long' })
    assert.equal((mappingAt(both, 'items') as { type: string }).type, 'nested')
    assert.ok(mappingAt(both, 'items.sku') && mappingAt(both, 'source.ip'))
    assert.deepEqual(Object.keys(template({ fields: custom }).template.mappings.properties), [
      'items',
      'shop',
    ])
  })

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ type: 'long' }, /a field has no name/],
    [{ name: 'x', type: 'strnig' }, /x has the unknown type strnig/],
    ['x', /a field has no name/],
  ]
  for (const [entry, says] of wrong)
    it(`are refused in one sentence: ${JSON.stringify(entry)}`, () => {
      assert.throws(() => customFields([entry], 'setup.template.append_fields'), says)
    })

  it('are refused when they lie too deep', () => {
    let entry: unknown = { name: 'x' }
    for (let depth = 0; depth < 1000; depth++) entry = { name: 'x', fields: [entry] }
    assert.throws(() => customFields([entry], 'a test'), /more than 20 levels deep/)
  })
})
