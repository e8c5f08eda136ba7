import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { thrift } from '../../../lib/protocols/thrift/index.js'
import { I8, I16, I32, LIST, STRING, STRUCT } from '../../../lib/protocols/thrift/types.js'
import { Dialogue } from '../../support/dialogue.js'
import {
  binary,
  bool,
  call,
  compact,
  double,
  i8,
  i16,
  i32,
  i64,
  list,
  map,
  oneway,
  set,
  struct,
  text,
  uuid,
  type Value,
} from './builders.js'

const protocols = { binary, compact }

const paramsOf = ({ events: [event] }: Dialogue) => (event as { thrift: { params: string } }).thrift.params

/** How the parameters of a call are shown, in both protocols alike. */
function shown(params: Record<number, Value>, options: Record<string, unknown> = {}): string {
  const texts = Object.values(protocols).map((written) => {
    const dialogue = new Dialogue(thrift, options).client(written(oneway('f', params)))
    assert.equal(dialogue.memory.held, 0)
    return paramsOf(dialogue)
  })
  assert.equal(texts[0], texts[1])
  return texts[0] as string
}

describe('thrift values', () => {
  const values: [Value, string][] = [
    [bool(true), 'true'],
    [bool(false), 'false'],
    [i8(-128), '-128'],
    [i16(-32768), '-32768'],
    [i32(-1), '-1'],
    [i32(2 ** 31 - 1), '2147483647'],
    [i64(0), '0'],
    [i64(-1), '-1'],
    [i64(2n ** 53n + 1n), '9007199254740993'],
    [i64(-(2n ** 48n)), '-281474976710656'],
    [i64(2n ** 63n - 1n), '9223372036854775807'],
    [i64(-(2n ** 63n)), '-9223372036854775808'],
    [double(-5.235098235), '-5.235098235'],
    [double(3), '3'],
    [double(Number.NaN), 'NaN'],
    [text(''), '""'],
    [text('grün'), '"grün"'],
    [text('a "b"\n\\'), String.raw`"a \"b\"\n\\"`],
    [text(Buffer.from([0xff, 0x00])), 'ff00'],
    [text('�'), '"�"'],
    [uuid('00112233445566778899aabbccddeeff'), '00112233-4455-6677-8899-aabbccddeeff'],
    [list(I16, i16(1), i16(-2)), '[1, -2]'],
    [list(2, bool(true), bool(false)), '[true, false]'],
    [list(STRING), '[]'],
    [set(STRING, text('a'), text('b')), '{"a", "b"}'],
    [map(STRING, I8, [text('k'), i8(1)], [text('l'), i8(2)]), '{"k": 1, "l": 2}'],
    [map(STRING, I8), '{}'],
    [struct(), '()'],
    [struct({ 2: bool(false), 3: text('x'), 30: struct({ 1: i32(1) }) }), '(2: false, 3: "x", 30: (1: 1))'],
    [list(LIST, list(I32, i32(1)), list(I32)), '[[1], []]'],
  ]
  for (const [value, expected] of values)
    it(`shows ${expected}`, () =>
      assert.equal(shown({ 1: value, 7: bool(true) }), `(1: ${expected}, 7: true)`))

  it('shows so many elements, fields and parameters as it is told', () => {
    const many = Array.from({ length: 20 }, (_, index) => i32(index))
    assert.equal(shown({ 1: list(I32, ...many) }, { collection_max_size: 3 }), '(1: [0, 1, 2, ...])')
    assert.equal(shown({ 1: list(I32, ...many.slice(0, 3)) }, { collection_max_size: 3 }), '(1: [0, 1, 2])')
    const fields = { 1: i32(1), 2: bool(true), 3: text('x'), 4: list(STRING, text('y')), 5: bool(false) }
    assert.equal(shown(fields, { collection_max_size: 2 }), '(1: 1, 2: true, ...)')
    assert.equal(
      shown({ 1: struct(fields), 2: i32(1) }, { drop_after_n_struct_fields: 1 }),
      '(1: (1: 1, ...), 2: 1)',
    )
    const entries: [Value, Value][] = [1, 2, 3].map((key) => [text(`${key}`), struct({ 1: bool(true) })])
    assert.equal(
      shown({ 1: map(STRING, STRUCT, ...entries), 2: i8(1) }, { collection_max_size: 2 }),
      '(1: {"1": (1: true), "2": (1: true), ...}, 2: 1)',
    )
    assert.equal(shown({ 1: list(I32, ...many) }, { collection_max_size: 0 }), '(...)')
  })

  it('cuts texts, and never a character', () => {
    assert.equal(shown({ 1: text('abcdef') }, { string_max_size: 3 }), '(1: "abc...")')
    assert.equal(shown({ 1: text('abc') }, { string_max_size: 3 }), '(1: "abc")')
    assert.equal(shown({ 1: text('aüb') }, { string_max_size: 2 }), '(1: "a...")')
    assert.equal(shown({ 1: text('a€€') }, { string_max_size: 6 }), '(1: "a€...")')
    assert.equal(shown({ 1: text('😀😀') }, { string_max_size: 7 }), '(1: "😀...")')
    assert.equal(shown({ 1: text(Buffer.from([0xff, 1, 2])) }, { string_max_size: 2 }), '(1: ff01...)')
    assert.equal(shown({ 1: text('abc') }, { string_max_size: 0 }), '(1: "...")')
  })

  it('hides texts wherever they are', () => {
    const hidden = { 1: text('a'), 2: map(STRING, STRING, [text('k'), text('v')]), 3: set(STRING, text('s')) }
    assert.equal(shown(hidden, { obfuscate_strings: true }), '(1: "*", 2: {"*": "*"}, 3: {"*"})')
  })

  it('shows 65,536 characters of a message at most, and says that there was more', () => {
    const long = Array.from({ length: 100 }, () => text('x'.repeat(2000)))
    const options = { collection_max_size: 1000, string_max_size: 1000 }
    const dialogue = new Dialogue(thrift, options).client(
      binary(call('f', { 1: list(STRING, ...long), 2: i32(1) })),
    )
    dialogue.close()
    const params = paramsOf(dialogue)
    assert.ok(params.length > 65_000 && params.length < 70_000)
    assert.ok(params.endsWith('..."..., ...)') || params.endsWith('...", ...], ...)'), params.slice(-30))
    assert.deepEqual(dialogue.counts, { cut_messages: 1, unmatched_requests: 1 })
    assert.equal(dialogue.memory.held, 0)
    const empty = Array.from({ length: 100_000 }, () => struct())
    const hollow = new Dialogue(thrift, { collection_max_size: 1e6 }).client(
      binary(oneway('f', { 1: list(STRUCT, ...empty) })),
    )
    assert.ok(paramsOf(hollow).length < 140_000)
  })

  it('reads structures in structures up to the depth that Thrift allows', () => {
    const nested = (depth: number): Value => (depth === 0 ? i32(1) : struct({ 1: nested(depth - 1) }))
    for (const written of Object.values(protocols)) {
      const dialogue = new Dialogue(thrift).client(written(oneway('f', { 1: nested(63) })))
      assert.equal(dialogue.events.length, 1)
      dialogue.client(written(oneway('f', { 1: nested(64) })))
      assert.deepEqual([dialogue.events.length, dialogue.counts.malformed], [1, 1])
    }
  })
})
