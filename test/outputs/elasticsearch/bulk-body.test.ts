import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BulkBody } from '../../../lib/outputs/elasticsearch/bulk-body.js'
import { options } from '../../../lib/outputs/elasticsearch/options.js'
import { router } from '../../../lib/outputs/elasticsearch/route.js'
import { textBatch } from '../../support/batch.js'
import { itemsOf } from '../../support/bulk-server.js'

const known = { agent: { version: '9.9.9', name: 'a' } }

function made(configured: object, events: readonly (object | string)[]) {
  const parsed = options.parse(configured)
  const body = new BulkBody(router(parsed, known), parsed.escape_html)
  const batch = textBatch(events)
  const { bytes, items, rejected } = body.make(batch, batch.ends.keys())
  return { text: bytes.toString(), items, rejected }
}

const event = (metadata: object | undefined, more: object = {}) => ({
  ...(metadata && { '@metadata': { beat: 'packetbeat', ...metadata } }),
  '@timestamp': '2024-02-29T23:59:59.999Z',
  ...more,
})

/** The action and the event of the only item. */
function only(configured: object, one: object | string) {
  const { text, rejected } = made(configured, [one])
  assert.deepEqual(rejected, [])
  const [item = assert.fail(), ...others] = itemsOf(text)
  assert.equal(others.length, 0)
  return item
}

describe('the event', () => {
  it('is sent as it is, without its metadata', () => {
    const given = event(
      { version: '1' },
      { text: 'a"b\\c\u0000{}', n: 1.5, list: [{ '@metadata': { kept: 1 } }] },
    )
    const { '@metadata': _, ...wanted } = given
    assert.deepEqual(only({}, given).event, wanted)
  })

  it('may have nothing but metadata, braces and quotes in it, or none at all', () => {
    assert.deepEqual(only({}, { '@metadata': { a: '}"\\"{' } }).event, {})
    const { text } = made({}, [event({ a: { b: '\\' } }), event(undefined, { x: 1 }), {}])
    assert.deepEqual(
      itemsOf(text).map((item) => item.event),
      [{ '@timestamp': '2024-02-29T23:59:59.999Z' }, { '@timestamp': '2024-02-29T23:59:59.999Z', x: 1 }, {}],
    )
  })

  it('loses metadata that does not come first, too', () => {
    const item = only({}, { x: 1, '@metadata': { raw_index: 'Other' }, y: '"@metadata":' })
    assert.deepEqual(item.event, { x: 1, y: '"@metadata":' })
    assert.equal(item.meta._index, 'other')
  })

  it('keeps text that only looks like metadata', () => {
    const given = { a: '"@metadata":{', b: { '@metadata': 1 } }
    assert.deepEqual(only({}, given).event, given)
  })

  it('has <, > and & escaped where that is wanted', () => {
    const { text } = made({ escape_html: true }, [event({}, { html: '<a>&é' })])
    assert.match(text, /"html":"\\u003ca\\u003e\\u0026é"/)
    assert.equal(itemsOf(text)[0]?.event?.html, '<a>&é')
  })

  it('of many in a batch, of several protocols, keeps its order', () => {
    const events = Array.from({ length: 5000 }, (_, n) =>
      event(n % 3 === 0 ? { raw_index: `i${n % 50}` } : {}, { n }),
    )
    const { text, items } = made({}, events)
    assert.deepEqual(items, [...events.keys()])
    itemsOf(text).forEach((item, n) => {
      assert.equal(item.event?.n, n)
      assert.equal(item.meta._index, n % 3 === 0 ? `i${n % 50}` : 'packetbeat-9.9.9')
    })
  })
})

describe('the action', () => {
  it('creates an event in the data stream of this version', () => {
    const { op, meta } = only({}, event({}))
    assert.deepEqual([op, meta], ['create', { _index: 'packetbeat-9.9.9' }])
  })

  for (const [name, metadata, action] of [
    ['an id', { _id: 'x' }, { create: { _index: 'i', _id: 'x' } }],
    ['op_type index', { op_type: 'index', _id: 'x' }, { index: { _index: 'i', _id: 'x' } }],
    ['a pipeline', { pipeline: 'Geo' }, { create: { _index: 'i', pipeline: 'geo' } }],
    ['raw_index', { raw_index: 'Mine' }, { create: { _index: 'mine' } }],
    ['alias, which comes first', { alias: 'A', index: 'b', raw_index: 'c' }, { create: { _index: 'a' } }],
    ['index, which gets the day', { index: 'b', raw_index: 'c' }, { create: { _index: 'b-2024.02.29' } }],
    [
      'a raw_index that is a format string',
      { raw_index: 'x-%{[type]}-%{+yyyy.MM}' },
      { create: { _index: 'x-http-2024.02' } },
    ],
    ['a raw_index that is no format string after all', { raw_index: 'x-%{' }, { create: { _index: 'x-%{' } }],
    [
      'values of no use',
      { _id: 1, pipeline: null, raw_index: [], op_type: 'update' },
      { create: { _index: 'i' } },
    ],
  ] as const)
    it(`follows what the metadata say: ${name}`, () => {
      const { op, meta } = only({ index: 'I' }, event(metadata, { type: 'http' }))
      assert.deepEqual({ [op]: meta }, action)
    })

  it('is all that is sent of an event to be deleted', () => {
    const { op, meta, event: sent } = only({ index: 'i' }, event({ op_type: 'delete', _id: 'x' }))
    assert.deepEqual([op, meta, sent], ['delete', { _index: 'i', _id: 'x' }, undefined])
  })

  it('is chosen by rules, conditions and fields of the event', () => {
    const configured = {
      index: 'rest-%{+yyyy.MM.dd}',
      indices: [
        { index: 'errors-%{[type]}', when: { equals: { status: 'Error' } } },
        { index: '%{[type]}', mappings: { dns: 'names' }, when: { has_fields: ['type'] } },
      ],
      pipelines: [{ pipeline: 'P-%{[type]}', when: { equals: { type: 'http' } } }],
    }
    const of = (more: object) => only(configured, event({}, more)).meta
    assert.deepEqual(of({ type: 'http', status: 'Error' }), { _index: 'errors-http', pipeline: 'p-http' })
    assert.deepEqual(of({ type: 'dns' }), { _index: 'names' })
    assert.deepEqual(of({}), { _index: 'rest-2024.02.29' })
  })

  it('stays one line, whatever traffic puts into a name', () => {
    const evil = 'a"}}\n{"delete":{"_index":"b","_id":"1"}}\n\u2028\\'
    for (const configured of [{ index: '%{[host]}' }, { index: 'i', pipeline: '%{[host]}' }]) {
      const item = only(configured, event({}, { host: evil }))
      assert.ok([item.meta._index, item.meta.pipeline].includes(evil.toLowerCase()))
    }
    assert.equal(only({ index: 'i' }, event({ _id: evil })).meta._id, evil)
  })
})

describe('an event that no server would take', () => {
  for (const [name, configured, metadata] of [
    ['whose index names a field it lacks', { index: '%{[nope]}' }, {}],
    ['with an empty _id', {}, { _id: '' }],
    ['whose _id is too long', {}, { _id: 'é'.repeat(257) }],
    ['to be deleted without an _id', {}, { op_type: 'delete' }],
  ] as const)
    it(`is refused here, and the others are sent: ${name}`, () => {
      const { text, items, rejected } = made(configured, [
        event({ raw_index: 'a' }),
        event(metadata),
        event({ raw_index: 'b' }),
      ])
      assert.deepEqual(items, [0, 2])
      assert.deepEqual(
        rejected.map(({ index }) => index),
        [1],
      )
      assert.deepEqual(
        itemsOf(text).map(({ meta }) => meta._index),
        ['a', 'b'],
      )
    })
})
