import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { createProcessors } from '../../lib/processors/index.js'
import { made, run, schema } from './support.js'

describe('move_fields', () => {
  const event = { '@timestamp': 't', '@metadata': { a: 1 }, type: 'x', a: { b: 1, c: { d: 2 } } }
  it('moves all fields, or those it names, below another', () => {
    assert.deepEqual(made([{ move_fields: { to: 'my.' } }], event), {
      '@timestamp': 't',
      '@metadata': { a: 1 },
      my: { type: 'x', a: { b: 1, c: { d: 2 } } },
    })
    assert.deepEqual(made([{ move_fields: { from: 'a', fields: ['c.d'], to: 'my_' } }], { a: event.a }), {
      a: { b: 1, c: {} },
      my_c: { d: 2 },
    })
    assert.deepEqual(made([{ move_fields: { from: 'a', exclude: ['b'], to: '' } }], { a: event.a }), {
      a: { b: 1 },
      c: { d: 2 },
    })
  })
  it('leaves the event as it was when one is missing', () => {
    const list = (ignore_missing: boolean) => [
      { move_fields: { from: 'a', fields: ['b', 'x'], to: 'm.', ignore_missing } },
    ]
    assert.deepEqual(run(list(false), event), { event, failures: ['move_fields: there is no field a.x'] })
    assert.deepEqual(made(list(true), { a: { b: 1 } }), { a: {}, m: { b: 1 } })
  })
})

describe('lowercase and uppercase', () => {
  it('change names, whatever their case, and keep their places', () => {
    const event = { First: 1, Http: { Request: { Method: 'GET' } }, last: 1 }
    const changed = made([{ lowercase: { fields: ['http.request.method'] } }], event)
    assert.deepEqual(changed, { First: 1, http: { request: { method: 'GET' } }, last: 1 })
    assert.deepEqual(Object.keys(changed as object), ['First', 'http', 'last'])
    assert.deepEqual(made([{ uppercase: { fields: ['http.request'], alter_full_field: false } }], event), {
      First: 1,
      Http: { REQUEST: { Method: 'GET' } },
      last: 1,
    })
  })
  it('change texts and lists of texts', () => {
    assert.deepEqual(made([{ lowercase: { values: ['a', 'b.c'] } }], { a: 'ÄB', b: { c: ['X', 'y'] } }), {
      a: 'äb',
      b: { c: ['x', 'y'] },
    })
  })
  it('are all or nothing', () => {
    const event = { A: 1, B: 2, b: 3 }
    const { event: left, failures } = run([{ lowercase: { fields: ['a', 'b'] } }], event)
    assert.deepEqual(left, { ...event, error: { message: 'lowercase: b may be any of B, b' } })
    assert.equal(failures.length, 1)
    assert.deepEqual(made([{ lowercase: { fields: ['a', 'b'], fail_on_error: false } }], event), {
      a: 1,
      B: 2,
      b: 3,
    })
    assert.match(run([{ uppercase: { values: ['A'] } }], event).failures[0] as string, /A is no text/)
    assert.deepEqual(run([{ uppercase: { values: ['x'], ignore_missing: true } }], event).failures, [])
  })
  it('never change what outputs need', () => {
    const event = { '@timestamp': 't', type: 'http' }
    assert.deepEqual(made([{ uppercase: { fields: ['type', '@timestamp'] } }], event), event)
  })
})

describe('append', () => {
  const of = (options: object, event: Document) => run([{ append: { target_field: 't', ...options } }], event)
  it('makes a list, of a single value too', () => {
    assert.deepEqual(of({ values: ['x', 1] }, {}).event, { t: ['x', 1] })
    assert.deepEqual(of({ values: ['x'], fields: ['a', 'b'] }, { t: 'y', a: [1, 2], b: 'z' }).event, {
      t: ['y', 1, 2, 'z', 'x'],
      a: [1, 2],
      b: 'z',
    })
  })
  it('leaves out what is empty or there already when told to', () => {
    assert.deepEqual(of({ values: ['', 'x'], fields: ['a'], ignore_empty_values: true }, { a: null }).event, {
      t: ['x'],
      a: null,
    })
    assert.deepEqual(
      of({ values: ['x', { a: 1 }, 'y'], allow_duplicate: false }, { t: ['x', { a: 1 }] }).event,
      {
        t: ['x', { a: 1 }, 'y'],
      },
    )
  })
  it('says what is missing', () => {
    assert.deepEqual(of({ fields: ['a'] }, {}).event, { error: { message: 'append: there is no field a' } })
    assert.deepEqual(of({ fields: ['a'], ignore_missing: true }, {}).event, { t: [] })
  })
  it('is known by both of its names', () => {
    assert.deepEqual(made([{ append_processor: { target_field: 't', values: [1] } }], {}), { t: [1] })
  })
})

describe('extract_array', () => {
  const of = (options: object, event: Document) => run([{ extract_array: { field: 'a', ...options } }], event)
  it('puts elements into fields', () => {
    assert.deepEqual(of({ mappings: { 'x.y': 0, z: { w: 2 } } }, { a: ['p', 'q', { r: 1 }] }).event, {
      a: ['p', 'q', { r: 1 }],
      x: { y: 'p' },
      z: { w: { r: 1 } },
    })
    assert.deepEqual(of({ mappings: { x: 0, y: 1 }, omit_empty: true }, { a: ['', 'q'] }).event, {
      a: ['', 'q'],
      y: 'q',
    })
  })
  it('is all or nothing, unless told otherwise', () => {
    const event = { a: ['p'], z: 1 }
    assert.deepEqual(of({ mappings: { x: 0, y: 1 } }, event).event, {
      ...event,
      error: { message: 'extract_array: a has 1 elements and no number 1' },
    })
    assert.deepEqual(of({ mappings: { x: 0, z: 0 }, fail_on_error: false }, event).event, {
      ...event,
      x: 'p',
    })
    assert.deepEqual(of({ mappings: { z: 0 }, overwrite_keys: true }, event).event, { a: ['p'], z: 'p' })
    assert.match(of({ mappings: { x: 0 } }, { a: 'text' }).failures[0] as string, /a is no list/)
    assert.throws(() => of({ mappings: { x: -1 } }, {}), /numbers of elements, from 0 on/)
  })
})

it('add_formatted_index chooses the index, or says which field it lacks', () => {
  const list = [{ add_formatted_index: { index: 'pb-%{[type]}-%{+yyyy.MM}' } }]
  assert.deepEqual(made(list, { '@timestamp': '2024-05-06T00:00:00.000Z', type: 'dns' })?.['@metadata'], {
    raw_index: 'pb-dns-2024.05',
  })
  assert.match(run(list, { '@timestamp': '2024-05-06T00:00:00.000Z' }).failures[0] as string, /lacks a field/)
})

it('add_locale says where the machine is', () => {
  const zone = (format: string) =>
    (made([{ add_locale: { format } }], {})?.event as Document | undefined)?.timezone
  const before = process.env.TZ
  try {
    process.env.TZ = 'Asia/Kolkata'
    assert.equal(zone('offset'), '+05:30')
    process.env.TZ = 'America/Phoenix'
    assert.equal(zone('offset'), '-07:00')
    assert.equal(zone('abbreviation'), 'MST')
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
})

describe('rate_limit', () => {
  const at = (milliseconds: number, more = {}) => ({
    '@timestamp': new Date(milliseconds).toISOString(),
    ...more,
  })
  const passing = (options: object, events: Document[]) => {
    const counters: Record<string, number> = {}
    const [process] = createProcessors(schema.parse([{ rate_limit: options }]), { counters })
    const passed = events.map((event) => process?.(event) !== null)
    return { passed, counters }
  }
  it('lets events pass at its rate, by their own time', () => {
    const times = [0, 10, 20, 500, 990, 1000, 1100, 9000, 9001, 9002]
    const { passed, counters } = passing(
      { limit: '2/s' },
      times.map((time) => at(time)),
    )
    assert.deepEqual(passed, [true, true, false, true, false, true, false, true, true, false])
    assert.equal(counters['processors.rate_limit.dropped'], 4)
  })
  it('counts each key for itself', () => {
    const events = ['a', 'a', 'b', undefined, '', 'b'].map((k) => at(0, { k }))
    assert.deepEqual(passing({ limit: '1/m', fields: ['k'] }, events).passed, [
      true,
      false,
      true,
      true,
      false,
      false,
    ])
  })
  it('allows bursts, and is not confused by times that go back', () => {
    const burst = { limit: '1/s', algorithm: { token_bucket: { burst_multiplier: 3 } } }
    assert.deepEqual(
      passing(
        burst,
        [0, 0, 0, 0].map((time) => at(time)),
      ).passed,
      [true, true, true, false],
    )
    const times = [10_000, 9_500, 9_999, 11_000, 1_000, 2_000]
    assert.deepEqual(
      passing(
        { limit: '1/s' },
        times.map((time) => at(time)),
      ).passed,
      [true, false, false, true, false, true],
    )
  })
  it('keeps no more keys than it may', () => {
    const { passed, counters } = passing(
      { limit: '1/h', fields: ['k'] },
      Array.from({ length: 100_001 }, (_, k) => at(0, { k })),
    )
    assert.ok(passed.every(Boolean))
    assert.equal(counters['processors.rate_limit.evicted'], 25_000)
  })
  it('refuses rates that are none', () => {
    for (const limit of ['10', '0/s', '5/d', '-1/s'])
      assert.throws(() => passing({ limit }, []), /must be events per second, minute or hour/)
  })
})

it('what processors fail at is counted by their names', () => {
  const counters: Record<string, number> = {}
  const list = createProcessors(schema.parse([{ fingerprint: { fields: ['x'], tag: 'mine' } }]), { counters })
  for (let i = 0; i < 3; i++) list[0]?.({})
  assert.deepEqual(counters, { 'processors.fingerprint.failures': 3 })
})
