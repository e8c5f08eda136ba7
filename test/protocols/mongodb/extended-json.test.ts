import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clipped, documentText } from '../../../lib/protocols/mongodb/extended-json.js'
import { doc, el, int32, text0 } from './builder.js'

const json = (document: Buffer, limit = 1e6) => documentText(document, 0, document.length, limit)

describe('Extended JSON of BSON', () => {
  const oid = '507f1f77bcf86cd799439011'
  const cases: [Buffer, string][] = [
    [el.double('', 1.5), '1.5'],
    [el.double('', 3), '3'],
    [el.double('', Number.NaN), '{"$numberDouble":"NaN"}'],
    [el.double('', -Infinity), '{"$numberDouble":"-Infinity"}'],
    [el.string('', 'a "b" ü\n'), '"a \\"b\\" ü\\n"'],
    [el.doc('', doc(el.int32('a', 1), el.null('b'))), '{"a":1,"b":null}'],
    [el.doc('', doc()), '{}'],
    [el.array('', el.int32('0', 1), el.string('1', 'two')), '[1,"two"]'],
    [el.binary('', Buffer.of(0, 255, 16)), '{"$binary":{"base64":"AP8Q","subType":"00"}}'],
    [el.binary('', Buffer.alloc(16, 0x1f), 4), '{"$uuid":"1f1f1f1f-1f1f-1f1f-1f1f-1f1f1f1f1f1f"}'],
    [el.undefined(''), '{"$undefined":true}'],
    [el.oid('', oid), `{"$oid":"${oid}"}`],
    [el.bool('', true), 'true'],
    [el.date('', 1_700_000_000_123), '{"$date":"2023-11-14T22:13:20.123Z"}'],
    [el.date('', 1_700_000_000_000), '{"$date":"2023-11-14T22:13:20Z"}'],
    [el.date('', -1), '{"$date":{"$numberLong":"-1"}}'],
    [el.date('', 253_402_300_800_000), '{"$date":{"$numberLong":"253402300800000"}}'],
    [el.null(''), 'null'],
    [el.regex('', '^a"', 'i'), '{"$regularExpression":{"pattern":"^a\\"","options":"i"}}'],
    [el.pointer('', 'db.c', oid), `{"$dbPointer":{"$ref":"db.c","$id":{"$oid":"${oid}"}}}`],
    [el.code('', 'f()'), '{"$code":"f()"}'],
    [el.symbol('', 's'), '{"$symbol":"s"}'],
    [el.scoped('', 'f()', doc(el.int32('x', 1))), '{"$code":"f()","$scope":{"x":1}}'],
    [el.int32('', -5), '-5'],
    [el.timestamp('', 4_000_000_000, 7), '{"$timestamp":{"t":4000000000,"i":7}}'],
    [el.int64('', 9_007_199_254_740_993n), '9007199254740993'],
    [el.int64('', -1n), '-1'],
    [el.int64('', 0x80000000n), '2147483648'],
    [el.min(''), '{"$minKey":1}'],
    [el.max(''), '{"$maxKey":1}'],
    // With the bytes that the specification's tests give.
    [el.decimal('', '0000000000000000000000000000007c'), '{"$numberDecimal":"NaN"}'],
    [el.decimal('', '00000000000000000000000000000078'), '{"$numberDecimal":"Infinity"}'],
    [el.decimal('', '000000000000000000000000000000f8'), '{"$numberDecimal":"-Infinity"}'],
    [el.decimal('', '01000000000000000000000000004030'), '{"$numberDecimal":"1"}'],
    [el.decimal('', '01000000000000000000000000003e30'), '{"$numberDecimal":"0.1"}'],
    [el.decimal('', 'd2040000000000000000000000003430'), '{"$numberDecimal":"0.001234"}'],
    [el.decimal('', '01000000000000000000000000002230'), '{"$numberDecimal":"1E-15"}'],
    [el.decimal('', '0a000000000000000000000000004230'), '{"$numberDecimal":"1.0E+2"}'],
    [el.decimal('', '010000000000000000000000000040b0'), '{"$numberDecimal":"-1"}'],
    [el.decimal('', 'ffffffff638e8d37c087adbe09ed4130'), `{"$numberDecimal":"${'9'.repeat(34)}"}`],
    // A coefficient of more than 34 digits stands for 0.
    [el.decimal('', '00000000648e8d37c087adbe09ed4130'), '{"$numberDecimal":"0"}'],
  ]
  for (const [element, expected] of cases)
    it(`writes ${expected}`, () => assert.equal(json(doc(element)), `{"":${expected}}`))

  it('keeps the order of elements, and names of every kind', () => {
    const names = ['b', 'a', 'a', 'ü', '"', 'x'.repeat(100), 'prototype', '__proto__']
    const text = json(doc(...names.map((name, index) => el.int32(name, index))))
    assert.equal(text, `{${names.map((name, index) => `${JSON.stringify(name)}:${index}`).join(',')}}`)
  })

  it('stops soon after the limit, with the text that it would have had so far', () => {
    const long = el.string('long', 'ü'.repeat(100_000))
    const document = doc(
      el.int32('a', 1),
      el.array('list', long, long),
      el.scoped('f', 'x'.repeat(9999), doc(long)),
    )
    const all = json(document)
    for (const limit of [1, 2, 5, 10, 17, 100, 1000, 200_100, all.length - 1]) {
      const some = json(document, limit)
      assert.equal(clipped(some, limit), `${all.slice(0, limit)} ...`)
      assert.ok(some.length < 5 * limit + 200, `${some.length} characters`)
    }
    assert.equal(clipped(all, all.length), all)
  })

  it('writes what is there of a document that is not, wherever it is cut', () => {
    const document = doc(
      el.int32('a', 1),
      el.array('list', el.string('0', 'one'), el.doc('1', doc(el.date('b', 5), el.regex('r', 'x', 'i')))),
      el.scoped('f', 'x', doc(el.null('n'))),
      el.string('s', 'text'),
    )
    const all = json(document)
    for (let length = 5; length < document.length; length++) {
      const part = documentText(document.subarray(0, length), 0, length, 1e6, { whole: false })
      const written = part.replace(/["\]},.]*$/, '')
      assert.ok(all.startsWith(written), `${part} of ${length} bytes`)
      // No element that is all there is left out.
      if (length > 40) assert.match(part, /^\{"a":1,"list":\["one"/)
    }
  })

  it('never cuts a character in two', () => assert.equal(clipped('a😀b', 2), 'a ...'))

  it('refuses what is nested too deep', () => {
    let document = doc()
    for (let depth = 0; depth < 200; depth++) document = doc(el.doc('', document))
    assert.equal(json(document).length, 200 * 5 + 2)
    assert.throws(() => json(doc(el.doc('', document))), { name: 'Malformed' })
  })

  const raw = (...parts: Uint8Array[]) => Buffer.concat(parts)
  const hostile: Record<string, Buffer> = {
    'no length': Buffer.of(5, 0, 0),
    'a length too short': raw(int32(4), Buffer.of(0)),
    'a negative length': raw(int32(-1), Buffer.of(0)),
    'a length past the end': raw(int32(6), Buffer.of(0)),
    'no end': raw(int32(5), Buffer.of(1)),
    'an end before the end': doc(Buffer.of(0, 0)),
    'an unknown type': doc(Buffer.from('\x42a\0\0')),
    'a name without its end': doc(Buffer.from('\x01abc')),
    'a value past the end': doc(Buffer.from('\x10a\0\0')),
    'a text past the end': doc(Buffer.of(2, 0), int32(100), text0('a')),
    'a text of no bytes': doc(Buffer.of(2, 0), int32(0), text0('a')),
    'a text of negative length': doc(Buffer.of(2, 0), int32(-100), text0('a')),
    'a document past the end': doc(Buffer.of(3, 0), int32(100), Buffer.of(0)),
    'binary of negative length': doc(Buffer.of(5, 0), int32(-1), Buffer.of(0)),
    'a pattern without its end': doc(Buffer.from('\x0ba\0abc')),
    'code longer than its element': doc(Buffer.of(15, 0), int32(14), int32(1000), text0('a'), doc()),
  }
  for (const [name, document] of Object.entries(hostile))
    it(`refuses ${name}`, () => assert.throws(() => json(document), { name: 'Malformed' }))
})
