import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Document } from '../../lib/events/writer.js'
import { made, run } from './support.js'

/** What a processor with one field makes of its text, or what it complains about. */
function decoded(name: string, options: object, text: unknown): unknown {
  const { event, failures } = run([{ [name]: options }], { a: text })
  return failures[0] ?? event?.b
}

describe('decode_base64_field', () => {
  const of = (text: unknown) => decoded('decode_base64_field', { field: { from: 'a', to: 'b' } }, text)
  it('decodes with and without padding', () => {
    assert.equal(of('aGVsbG8='), 'hello')
    assert.equal(of('aGVsbG8'), 'hello')
    assert.equal(of('w6TDtg=='), 'äö')
  })
  it('refuses what is none', () => {
    for (const text of ['a*b', 'abcde', 'a=b'])
      assert.equal(of(text), 'decode_base64_field: a is no base64', text)
    assert.equal(of(7), 'decode_base64_field: a is no text')
    assert.equal(of(undefined), 'decode_base64_field: there is no field a')
  })
  it('works in place', () => {
    assert.deepEqual(made([{ decode_base64_field: { field: { from: 'a' } } }], { a: 'aGVsbG8=' }), {
      a: 'hello',
    })
  })
})

describe('decompress_gzip_field', () => {
  const list = (base64: string) =>
    run(
      [
        { decode_base64_field: { field: { from: 'a' } } },
        { decompress_gzip_field: { field: { from: 'a', to: 'b' } } },
      ],
      { a: base64 },
    )
  it('decompresses what was decoded from base64', () => {
    assert.equal(list(gzipSync('größer').toString('base64')).event?.b, 'größer')
  })
  it('refuses a bomb, and what is no gzip', () => {
    assert.match(
      list(gzipSync(Buffer.alloc(11 * 1024 * 1024)).toString('base64')).failures[0] as string,
      /a decompresses to more than 10485760 bytes/,
    )
    assert.match(list('aGVsbG8=').failures[0] as string, /a is no gzip/)
  })
})

it('urldecode decodes, and refuses broken escapes', () => {
  const of = (text: unknown) => decoded('urldecode', { fields: [{ from: 'a', to: 'b' }] }, text)
  assert.equal(of('a+b%20c%2B%c3%a4'), 'a b c+ä')
  assert.equal(of('%ff'), '\ufffd')
  assert.equal(of('100%'), 'urldecode: a has a % without two hexadecimal digits at character 3')
})

describe('decode_csv_fields', () => {
  const of = (text: unknown, options = {}) =>
    decoded('decode_csv_fields', { fields: { a: 'b' }, ...options }, text)
  const records: [text: string, values: string[]][] = [
    ['a,b,c', ['a', 'b', 'c']],
    ['', []],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a ""b""",c', ['a "b"', 'c']],
    ['a "b",c', ['a "b"', 'c']],
    ['"a"b,c', ['a"b,c']],
    ['"a\nb",c', ['a\nb', 'c']],
    ['\r\na,b\r\nsecond,record', ['a', 'b']],
    ['"open', ['open']],
  ]
  for (const [text, values] of records)
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(of(text), text === '' ? 'decode_csv_fields: a has no record' : values)
    })
  it('has other separators and trims', () => {
    assert.deepEqual(of('a; b', { separator: ';', trim_leading_space: true }), ['a', 'b'])
    assert.throws(() => of('a', { separator: ',,' }), /must be one character/)
  })
  it('replaces a field only when told to', () => {
    const list = (more: object) => [{ decode_csv_fields: { fields: { a: 'c.d' }, ...more } }]
    const event = { a: 'x,y', c: { d: 1 } }
    assert.match(run(list({}), event).failures[0] as string, /c\.d exists already/)
    assert.deepEqual(made(list({ overwrite_keys: true }), event), { a: 'x,y', c: { d: ['x', 'y'] } })
  })
})

describe('decode_json_fields', () => {
  const of = (options: object, event: Document) =>
    run([{ decode_json_fields: { fields: ['a'], ...options } }], event)
  it('replaces the text, puts it elsewhere, or merges it into the event', () => {
    const event = { a: '{"x":1,"c":{"z":2}}', c: { y: 1 } }
    assert.deepEqual(of({}, event).event, { a: { x: 1, c: { z: 2 } }, c: { y: 1 } })
    assert.deepEqual(of({ target: 'd.e' }, event).event, { ...event, d: { e: { x: 1, c: { z: 2 } } } })
    assert.deepEqual(of({ target: '' }, event).event, { ...event, x: 1 })
    assert.deepEqual(of({ target: '', overwrite_keys: true }, event).event, {
      ...event,
      x: 1,
      c: { y: 1, z: 2 },
    })
  })
  it('decodes what is in what it decoded, as deep as it is told', () => {
    const event = { a: JSON.stringify({ b: JSON.stringify({ c: '{"d":1}' }), list: ['{"e":1}'] }) }
    assert.deepEqual(of({ max_depth: 2 }, event).event, { a: { b: { c: '{"d":1}' }, list: ['{"e":1}'] } })
    assert.deepEqual(of({ max_depth: 3 }, event).event, { a: { b: { c: { d: 1 } }, list: ['{"e":1}'] } })
    assert.deepEqual(of({ max_depth: 2, process_array: true }, { a: '["{}"]' }).event, { a: [{}] })
  })
  it('expands names with dots, and takes the id', () => {
    assert.deepEqual(of({ expand_keys: true }, { a: '{"b.c":1,"b":{"d.e":2}}' }).event, {
      a: { b: { c: 1, d: { e: 2 } } },
    })
    assert.deepEqual(of({ document_id: 'id' }, { a: '{"id":"7","x":1}' }).event, {
      a: { x: 1 },
      '@metadata': { _id: '7' },
    })
  })
  it('says what is wrong, in the event when told to', () => {
    assert.deepEqual(of({}, { a: '{' }), {
      event: { a: '{' },
      failures: ['decode_json_fields: a is no JSON'],
    })
    assert.deepEqual(of({ add_error_key: true }, { a: '{' }).event, {
      a: '{',
      error: { message: 'decode_json_fields: a is no JSON', type: 'json', field: 'a' },
    })
    assert.match(of({ target: '' }, { a: '[1]' }).failures[0] as string, /a is no object/)
    assert.match(
      of({ expand_keys: true }, { a: '{"b":1,"b.c":2}' }).failures[0] as string,
      /part of its name/,
    )
  })
  it('refuses what is too deep, and touches no prototype', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    assert.match(of({}, { a: deep }).failures[0] as string, /more than 64 levels/)
    const hostile = '{"__proto__":{"polluted":1},"constructor.prototype.polluted":1}'
    for (const options of [{ target: '', overwrite_keys: true }, { expand_keys: true }, {}])
      JSON.stringify(of(options, { a: hostile }).event)
    assert.equal(({} as Document).polluted, undefined)
  })
})

it('decode_duration turns durations into numbers', () => {
  const of = (a: unknown, format: string) => made([{ decode_duration: { field: 'a', format } }], { a })?.a
  assert.equal(of('1m30s', 'seconds'), 90)
  assert.equal(of('1.5s', 'milliseconds'), 1500)
  assert.equal(of('90m', 'hours'), 1.5)
  assert.equal(of('soon', 'hours'), 'soon')
})

describe('dissect', () => {
  const of = (tokenizer: string, message: string, more = {}) =>
    run([{ dissect: { tokenizer, target_prefix: '', field: 'm', ...more } }], { m: message })
  const cases: [tokenizer: string, message: string, values: object | undefined][] = [
    ['%{key}', 'foobar', { key: 'foobar' }],
    ['%{a} %{b}', 'foo bar', { a: 'foo', b: 'bar' }],
    ['/var/%{key}/log', '/var/foobar/log', { key: 'foobar' }],
    ['/var/%{key}', '/other/foobar', undefined],
    ['%{key}.log', 'foobar', undefined],
    ['%{+key/3} %{+key/1} %{+key/2}', '1 2 3', { key: '2 3 1' }],
    ['%{key}-%{+key}-%{+key}', '1-2-3', { key: '1-2-3' }],
    ['%{?key} %{&key}', 'hello world', { hello: 'world' }],
    ['%{*key} %{&key}', 'hello world', { hello: 'world' }],
    ['%{key} %{&key}', 'hello world', { key: 'hello', hello: 'world' }],
    ['%{} %{key}', 'hello world', { key: 'world' }],
    ['%{a},%{b},%{c}', 'x,,', { a: 'x', b: '', c: '' }],
    ['%{id} %{function->} %{server}', '43 View     m-1', { id: '43', function: 'View', server: 'm-1' }],
    ['%{id} %{server->} ', '43 m-1    ', { id: '43', server: 'm-1' }],
    ['{%{a}}{%{b}} %{rest}', '{c}{d} any', { a: 'c', b: 'd', rest: 'any' }],
    ['%{a#3}%{b#2}', 'abcde', { a: 'abc', b: 'de' }],
    ['%{a#3}%{b#2}', 'abcdef', undefined],
    ['%{n|integer} %{f|float} %{i|ip} %{t|boolean}', '12 1.5 ::1 true', { n: 12, f: 1.5, i: '::1', t: true }],
    ['%{n|integer}', 'many', { n: 'many' }],
    ['%{service.pid|long}-%{service.name}', '7-app', { service: { pid: 7, name: 'app' } }],
  ]
  for (const [tokenizer, message, values] of cases)
    it(`${values === undefined ? 'refuses' : 'splits'} ${message} by ${tokenizer}`, () => {
      const { event } = of(tokenizer, message)
      assert.deepEqual(
        event,
        values === undefined
          ? { m: message, log: { flags: ['dissect_parsing_error'] } }
          : { m: message, ...values },
      )
    })
  it('puts values below its prefix and leaves fields alone that are there', () => {
    const list = (more = {}) => [
      { dissect: { tokenizer: '%{a} %{b}', field: 'm', target_prefix: 'd', ...more } },
    ]
    const event = { m: 'x y', d: { b: 1 } }
    assert.deepEqual(run(list(), event).event, event)
    assert.deepEqual(made(list({ overwrite_keys: true }), event), { m: 'x y', d: { a: 'x', b: 'y' } })
  })
  it('trims', () => {
    const trimmed = (trim_values: string, trim_chars?: string) =>
      of('%{a}|%{b}', ' x |-y-', { trim_values, ...(trim_chars === undefined ? {} : { trim_chars }) }).event
    assert.deepEqual(trimmed('all', ' -'), { m: ' x |-y-', a: 'x', b: 'y' })
    assert.deepEqual(trimmed('left'), { m: ' x |-y-', a: 'x ', b: '-y-' })
  })
  it('keeps quiet when told to', () => {
    assert.deepEqual(of('%{a}-%{b}', 'x', { ignore_failure: true }), { event: { m: 'x' }, failures: [] })
  })
  it('refuses patterns that cannot be meant', () => {
    const wrong: [string, RegExp][] = [
      ['text', /must have a key/],
      ['%{a}%{b}', /must have something between/],
      ['%{&a}', /has %\{&a\} and no/],
      ['%{a|number}', /no type after \|; there are integer/],
      ['%{+&a}', /two modifiers/],
    ]
    for (const [tokenizer, message] of wrong) assert.throws(() => of(tokenizer, ''), message)
  })
})

describe('timestamp', () => {
  const of = (layouts: string[], t: unknown, more = {}) =>
    run([{ timestamp: { field: 't', layouts, ...more } }], { t })
  const year = new Date().getUTCFullYear()
  const cases: [layout: string, text: unknown, iso: string | undefined, timezone?: string][] = [
    ['2006-01-02T15:04:05Z', '2019-06-22T16:33:51Z', '2019-06-22T16:33:51.000Z'],
    ['2006-01-02T15:04:05.999Z', '2019-11-18T04:59:51.123Z', '2019-11-18T04:59:51.123Z'],
    ['2006-01-02T15:04:05Z07:00', '2019-11-18T04:59:51.5+02:00', '2019-11-18T02:59:51.500Z'],
    ['Mon Jan _2 15:04:05 2006', 'Tue Jun  4 10:00:00 2024', '2024-06-04T10:00:00.000Z'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Tuesday, 04-Jun-24 10:00:00 UTC', '2024-06-04T10:00:00.000Z'],
    ['02/Jan/2006:15:04:05 -0700', '10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36.000Z'],
    ['1/2/2006 3:04 PM', '6/4/2024 12:30 AM', '2024-06-04T00:30:00.000Z'],
    ['2006-01-02 15:04', '2024-07-01 12:00', '2024-07-01T10:00:00.000Z', 'Europe/Berlin'],
    ['2006-01-02 15:04', '2024-01-01 12:00', '2024-01-01T17:00:00.000Z', 'America/New_York'],
    ['2006-01-02 15:04', '2024-03-31 03:30', '2024-03-31T01:30:00.000Z', 'Europe/Berlin'],
    ['2006-01-02 15:04', '2024-01-01 12:00', '2024-01-01T06:30:00.000Z', '+05:30'],
    ['Jan 2 15:04:05', 'Feb 3 04:05:06', `${year}-02-03T04:05:06.000Z`],
    ['UNIX', 1500000000.5, '2017-07-14T02:40:00.500Z'],
    ['UNIX', '1500000000', '2017-07-14T02:40:00.000Z'],
    ['UNIX_MS', 1500000000123, '2017-07-14T02:40:00.123Z'],
    ['2006-01-02', '2023-02-29', undefined],
    ['2006-01-02', '2023-02-28 ', undefined],
    ['UNIX', '1e400', undefined],
    ['UNIX', 1e18, undefined],
  ]
  for (const [layout, text, iso, timezone = 'UTC'] of cases)
    it(`${iso === undefined ? 'refuses' : 'reads'} ${text} as ${layout} in ${timezone}`, () => {
      assert.deepEqual(of([layout], text, { timezone }), {
        event: iso === undefined ? { t: text } : { t: text, '@timestamp': iso },
        failures: iso === undefined ? ['timestamp: t fits none of the layouts'] : [],
      })
    })
  it('tries its layouts in turn and writes where it is told', () => {
    assert.deepEqual(of(['2006', 'UNIX_MS'], '5', { target_field: 'a.b' }).event, {
      t: '5',
      a: { b: '1970-01-01T00:00:00.005Z' },
    })
  })
  it('checks at the start what it is to be able to read', () => {
    assert.throws(() => of(['2006'], 1, { test: ['2024', 'x'] }), /must fit one of the layouts, and .*x/)
    assert.throws(() => of(['2006'], 1, { timezone: 'Mars' }), /must be a time zone such as/)
  })
})
