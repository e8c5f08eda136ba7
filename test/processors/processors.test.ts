import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { createProcessors, processors, processorsSchema } from '../../lib/processors/index.js'
import type { Processor } from '../../lib/processors/processor.js'
import { made, run, schema } from './support.js'

// Not as a literal: an object with a `then` looks like a promise to the linter.
const choice = (meant: object, yes: object[], no?: object[]): object =>
  Object.fromEntries(Object.entries({ if: meant, else: no }).concat([['then', yes]]))

const base = { '@timestamp': '2024-01-01T00:00:00.000Z', type: 'http', '@metadata': { beat: 'packetbeat' } }
const event = {
  ...base,
  http: { response: { status_code: 200, headers: { a: 'x', 'b.c': 'y' } } },
  tags: ['t'],
}

describe('the list', () => {
  it('runs in its order, and no further than a dropped event', () => {
    const list = [{ add_tags: { tags: ['a'] } }, { drop_event: null }, { add_tags: { tags: ['b'] } }]
    assert.equal(made(list, event), null)
    assert.deepEqual(made([list[0], list[2]], event)?.tags, ['t', 'a', 'b'])
  })

  it('leaves events alone that a condition does not mean', () => {
    const list = [{ drop_event: { when: { equals: { type: 'dns' } } } }]
    assert.deepEqual(made(list, event), event)
  })

  it('chooses between lists, within lists', () => {
    const inner = choice(
      { has_fields: ['nothing'] },
      [{ drop_event: {} }],
      [{ add_tags: { tags: ['inner'] } }],
    )
    const list = [choice({ equals: { type: 'http' } }, [inner], [{ drop_event: {} }])]
    assert.deepEqual(made(list, event)?.tags, ['t', 'inner'])
    assert.equal(made(list, { type: 'dns' }), null)
  })

  const refused: [unknown, RegExp][] = [
    [{ drop_evnt: null }, /drop_evnt is not a processor; allowed: .*add_fields, .*drop_event/],
    [{ include_fields: {} }, /fields/],
    [{ drop_event: {}, add_tags: { tags: ['a'] } }, /must be one processor, not 2/],
    [{}, /needs the name of a processor/],
    [{ if: { equals: { a: 1 } } }, /needs both `if` and `then`/],
    [{ drop_event: { wen: {} } }, /wen/],
    [{ convert: { fields: [{ from: 'a', type: 'int' }] } }, /integer.*long/],
    [choice({ equals: { a: 1 } }, [{ nothing: {} }]), /nothing is not a processor/],
  ]
  for (const [entry, message] of refused)
    it(`refuses ${JSON.stringify(entry)}`, () => {
      assert.throws(() => schema.parse([entry]), message)
    })

  it('takes processors of others', () => {
    const mine = processors.find(({ name }) => name === 'drop_event') as unknown as Processor
    const registry = [{ ...mine, name: 'forget' }]
    const [process] = createProcessors(processorsSchema(registry).parse([{ forget: null }]), { registry })
    assert.equal(process?.({}), null)
  })
})

describe('drop_fields', () => {
  it('drops leaves, whole objects and names with dots', () => {
    const fields = ['http.response.headers.a', 'http.response.headers.b.c', 'tags']
    assert.deepEqual(made([{ drop_fields: { fields } }], event), {
      ...base,
      http: { response: { status_code: 200, headers: {} } },
    })
    assert.deepEqual(made([{ drop_fields: { fields: ['http', 'tags'] } }], event), base)
  })

  it('drops what regular expressions find, and never @timestamp, type or @metadata', () => {
    assert.deepEqual(made([{ drop_fields: { fields: ['/.*/', '@timestamp', 'type'] } }], event), {
      ...base,
      http: { response: { headers: {} } },
    })
  })

  it('says what is missing, unless that is ignored', () => {
    const fields = ['nothing', 'tags']
    assert.deepEqual(run([{ drop_fields: { fields } }], { ...base, tags: [] }), {
      event: base,
      failures: ['drop_fields: there is no field nothing'],
    })
    assert.deepEqual(run([{ drop_fields: { fields, ignore_missing: true, tag: 'x' } }], base).failures, [])
  })
})

describe('include_fields', () => {
  it('keeps only what is named, with @timestamp and type', () => {
    assert.deepEqual(
      made([{ include_fields: { fields: ['http.response.status_code', 'nothing'] } }], event),
      { ...base, http: { response: { status_code: 200 } } },
    )
    assert.deepEqual(made([{ include_fields: { fields: [] } }], event), base)
  })

  it('keeps what regular expressions find', () => {
    assert.deepEqual(made([{ include_fields: { fields: ['/status/'] } }], event), {
      ...base,
      http: { response: { status_code: 200 } },
    })
  })
})

describe('add_fields, add_labels and add_tags', () => {
  it('merge into what is there', () => {
    const list = [
      { add_fields: { fields: { id: 7 } } },
      { add_fields: { target: 'http.response', fields: { headers: { a: 'new' }, more: [1] } } },
      { add_fields: { target: '', fields: { at_root: true, http: { version: '1.1' } } } },
      { add_labels: { labels: { a: { b: 1 }, list: ['x', 'y'] } } },
      { add_tags: { tags: ['u'], target: 'notes' } },
    ]
    assert.deepEqual(made(list, event), {
      ...event,
      fields: { id: 7 },
      http: { version: '1.1', response: { status_code: 200, headers: { a: 'new', 'b.c': 'y' }, more: [1] } },
      at_root: true,
      labels: { 'a.b': 1, 'list.0': 'x', 'list.1': 'y' },
      notes: ['u'],
    })
  })

  it('give each event values of its own', () => {
    const [process] = createProcessors(schema.parse([{ add_fields: { fields: { list: [] } } }]))
    const first = process?.({}) as { fields: { list: number[] } }
    first.fields.list.push(1)
    assert.deepEqual(process?.({}), { fields: { list: [] } })
  })

  it('leave a field alone that is in their way', () => {
    const { event: left, failures } = run(
      [{ add_fields: { target: 'type', fields: { a: 1 } } }, { add_tags: { tags: ['a'], target: 'http' } }],
      event,
    )
    assert.deepEqual(left, event)
    assert.equal(failures.length, 2)
  })
})

describe('rename and copy_fields', () => {
  it('move and copy, making objects on the way', () => {
    const list = [
      {
        rename: {
          fields: [
            { from: 'http.response.status_code', to: 'code.http' },
            { from: 'tags', to: 'tags.list' },
          ],
        },
      },
      { copy_fields: { fields: [{ from: 'http.response.headers', to: 'headers' }] } },
    ]
    const headers = { a: 'x', 'b.c': 'y' }
    assert.deepEqual(made(list, event), {
      ...base,
      http: { response: { headers } },
      code: { http: 200 },
      tags: { list: ['t'] },
      headers,
    })
  })

  const failing: [string, { from: string; to: string }, RegExp][] = [
    ['a missing field', { from: 'nothing', to: 'b' }, /there is no field nothing/],
    ['a target that exists', { from: 'tags', to: 'type' }, /the field type exists already/],
    [
      'a target below a text',
      { from: 'tags', to: 'type.of.it' },
      /a part of type\.of\.it is a field that is no object/,
    ],
  ]
  for (const [what, pair, message] of failing)
    for (const name of ['rename', 'copy_fields']) {
      const fields = [
        { from: 'http.response.status_code', to: 'made.code' },
        pair,
        { from: 'http.response.headers.a', to: 'after' },
      ]
      it(`${name} takes everything back after ${what}, and says so in the event`, () => {
        const { event: left, failures } = run([{ [name]: { fields } }], event)
        const { error, ...rest } = left as { error: { message: string } }
        assert.deepEqual(rest, event)
        assert.match(error.message, message)
        assert.match(failures[0] as string, message)
      })
      it(`${name} goes on after ${what} when errors do not count`, () => {
        const { event: left, failures } = run([{ [name]: { fields, fail_on_error: false } }], event)
        assert.equal((left as { after: string }).after, 'x')
        assert.deepEqual((left as { tags: string[] }).tags, ['t'])
        assert.equal((left as { error?: object }).error, undefined)
        assert.equal(failures.length, 1)
      })
    }

  it('add to the messages that are there', () => {
    const noted = { error: { message: 'Unmatched request' } }
    const list = [{ rename: { fields: [{ from: 'a', to: 'b' }] } }]
    assert.deepEqual(made(list, noted), {
      error: { message: ['Unmatched request', 'rename: there is no field a'] },
    })
  })

  it('ignore what is missing when told to', () => {
    const list = [{ rename: { fields: [{ from: 'a', to: 'b' }], ignore_missing: true } }]
    assert.deepEqual(run(list, base), { event: base, failures: [] })
  })
})

describe('convert', () => {
  const conversions: [type: string, from: unknown, to: unknown][] = [
    ['integer', '0x1f', 31],
    ['integer', '-17', -17],
    ['integer', '017', 15],
    ['integer', 3.9, 3],
    ['integer', '4294967296', undefined],
    ['integer', '-2147483648', -2147483648],
    ['integer', '1.5', undefined],
    ['long', '4294967296', 4294967296],
    ['long', '9007199254740993', undefined],
    ['float', '1.1', 1.1],
    ['double', '1e3', 1000],
    ['double', '', undefined],
    ['double', 'NaN', undefined],
    ['string', 200, '200'],
    ['string', true, 'true'],
    ['string', { a: 1 }, undefined],
    ['boolean', 'T', true],
    ['boolean', 'FALSE', false],
    ['boolean', 'yes', undefined],
    ['ip', '::1', '::1'],
    ['ip', '1.2.3', undefined],
  ]
  for (const [type, from, to] of conversions)
    it(`${to === undefined ? 'refuses' : 'makes'} ${JSON.stringify(from)} ${to === undefined ? 'as' : 'to'} ${type}`, () => {
      const list = [{ convert: { fields: [{ from: 'a', to: 'b', type }], fail_on_error: false } }]
      assert.deepEqual(made(list, { a: from }), to === undefined ? { a: from } : { a: from, b: to })
    })

  it('works in place, and moves when it is to rename', () => {
    assert.deepEqual(made([{ convert: { fields: [{ from: 'a.b', type: 'string' }] } }], { a: { b: 1 } }), {
      a: { b: '1' },
    })
    assert.deepEqual(
      made([{ convert: { mode: 'rename', fields: [{ from: 'a', to: 'b', type: 'string' }] } }], { a: 1 }),
      { b: '1' },
    )
  })

  it('is all or nothing', () => {
    const fields = [
      { from: 'a', type: 'string' },
      { from: 'b', type: 'ip' },
    ]
    assert.deepEqual(made([{ convert: { fields } }], { a: 1, b: 'x' }), {
      a: 1,
      b: 'x',
      error: { message: 'convert: b is no ip' },
    })
  })
})

describe('truncate_fields', () => {
  const cut = (limit: object, text: string) =>
    made([{ truncate_fields: { fields: ['a'], ...limit } }], { a: text })
  it('cuts characters and bytes, and never one in two', () => {
    assert.deepEqual(cut({ max_characters: 3 }, 'ä😀öü'), { a: 'ä😀ö', log: { flags: ['truncated'] } })
    assert.deepEqual(cut({ max_bytes: 4 }, 'ä😀öü'), { a: 'ä', log: { flags: ['truncated'] } })
    assert.deepEqual(cut({ max_bytes: 6 }, 'ä😀öü'), { a: 'ä😀', log: { flags: ['truncated'] } })
  })
  it('leaves what is short enough', () => {
    assert.deepEqual(cut({ max_characters: 3 }, 'äöü'), { a: 'äöü' })
    assert.deepEqual(cut({ max_bytes: 6 }, 'äöü'), { a: 'äöü' })
  })
  it('needs exactly one limit', () => {
    for (const limit of [{}, { max_bytes: 1, max_characters: 1 }])
      assert.throws(() => cut(limit, 'a'), /needs one of max_bytes and max_characters/)
  })
})

it('replace puts other text where a pattern was found', () => {
  const fields = [{ field: 'a', pattern: '(?i)user=(?P<who>\\w+)', replacement: `\${who}!` }]
  assert.deepEqual(made([{ replace: { fields } }], { a: 'USER=bob user=al' }), { a: 'bob! al!' })
})

it('replace reads its replacement as Go does', () => {
  const by = (pattern: string, replacement: string) =>
    made([{ replace: { fields: [{ field: 'a', pattern, replacement }] } }], { a: 'xay' })?.a
  assert.equal(by('(a)', '$1$1'), 'xaay')
  assert.equal(by('(a)', '[$0$9]'), 'x[a]y')
  assert.equal(by('(a)', '$1b'), 'xy')
  assert.equal(by('(a)', '$$1$&'), 'x$1$&y')
  assert.equal(by('(?P<n>a)', '$n-$<n>'), 'xa-ay')
})

it('add_network_direction tells from two addresses where traffic goes', () => {
  const options = {
    source: 's',
    destination: 'd',
    target: 'network.direction',
    internal_networks: ['private'],
  }
  const direction = (s: string, d: string) =>
    (made([{ add_network_direction: options }], { s, d })?.network as Document | undefined)?.direction
  assert.equal(direction('10.0.0.1', '10.0.0.2'), 'internal')
  assert.equal(direction('10.0.0.1', '8.8.8.8'), 'outbound')
  assert.equal(direction('8.8.8.8', '10.0.0.2'), 'inbound')
  assert.equal(direction('8.8.8.8', '9.9.9.9'), 'external')
})

describe('detect_mime_type', () => {
  const kinds: [data: string, type: string | undefined][] = [
    ['user=monica&telephon=89', 'text/plain; charset=utf-8'],
    ['\n <!DOCTYPE html>\n<html>', 'text/html; charset=utf-8'],
    ['<?xml version="1.0"?><a/>', 'text/xml; charset=utf-8'],
    ['<note id="1"><to>x</to></note>', 'text/xml'],
    [' {"a": [1]} ', 'application/json'],
    ['{"a": ', 'text/plain; charset=utf-8'],
    ['\u0089PNG\r\n\u001a\n\0\0', 'image/png'],
    ['\ufffdPNG\r\n\u001a\n\0\0', 'image/png'],
    ['%PDF-1.4', 'application/pdf'],
    ['PK\u0003\u0004x', 'application/zip'],
    ['\0\u0001\u0002', undefined],
    ['', undefined],
  ]
  for (const [data, type] of kinds)
    it(`says ${type} of ${JSON.stringify(data)}`, () => {
      const list = [{ detect_mime_type: { field: 'body', target: 'mime' } }]
      assert.deepEqual(
        made(list, { body: data }),
        type === undefined ? { body: data } : { body: data, mime: type },
      )
    })

  it('leaves events without the field alone', () => {
    assert.deepEqual(run([{ detect_mime_type: { field: 'body', target: 'mime' } }], base), {
      event: base,
      failures: [],
    })
  })
})

it('a hostile field name changes no prototype', () => {
  const hostile = JSON.parse('{"a":{"__proto__":{"polluted":1}},"x":1}') as Document
  const list = [
    { rename: { fields: [{ from: 'x', to: '__proto__.polluted' }], fail_on_error: false } },
    { copy_fields: { fields: [{ from: 'a.__proto__', to: 'b' }] } },
  ]
  const left = made(list, hostile)
  assert.equal(({} as Document).polluted, undefined)
  assert.deepEqual(left?.b, { polluted: 1 })
})
