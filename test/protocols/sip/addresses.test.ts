import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { address } from '../../../lib/protocols/sip/address.js'
import { items, parameter } from '../../../lib/protocols/sip/text.js'
import { uri } from '../../../lib/protocols/sip/uri.js'

describe('an address', () => {
  for (const [text, display, target, tag] of [
    ['<sip:a@h>', '', 'sip:a@h', ''],
    ['sip:a@h;tag=1', '', 'sip:a@h', '1'],
    ['<sip:a@h;tag=uri>;tag=2', '', 'sip:a@h;tag=uri', '2'],
    ['Anna Lena <sip:a@h> ; TAG = 3', 'Anna Lena', 'sip:a@h', '3'],
    ['"a, <b>; \\"c\\\\" <sip:a@h>;x="; tag=9";tag=4', 'a, <b>; "c\\', 'sip:a@h', '4'],
    ['"unended <sip:a@h>', 'unended <sip:a@h>', '', ''],
    ['"only a name"', 'only a name', '', ''],
    ['<sip:a@h', '', 'sip:a@h', ''],
    ['*', '', '*', ''],
    ['', '', '', ''],
  ] as const)
    it(`${text} is read`, () => {
      const read = address(text)
      assert.deepEqual([read.display, read.uri.original, read.tag], [display, target, tag])
    })
})

describe('a URI', () => {
  for (const [text, scheme, username, host, port] of [
    ['sip:bob@example.com', 'sip', 'bob', 'example.com', 0],
    ['SIPS:bob:secret@example.com:5061;transport=tls?subject=x', 'sips', 'bob', 'example.com', 5061],
    ['sip:example.com', 'sip', '', 'example.com', 0],
    ['sip:10.0.0.1:5070;lr', 'sip', '', '10.0.0.1', 5070],
    ['sip:[::1]', 'sip', '', '::1', 0],
    ['sip:a@[2001:db8::1]:5062', 'sip', 'a', '2001:db8::1', 5062],
    ['sip:a@[::1', 'sip', 'a', '[:', 1],
    ['sip:+1;phone-context=x@h;user=phone', 'sip', '+1;phone-context=x', 'h', 0],
    ['tel:+49-30-1;phone-context=x', 'tel', '', '+49-30-1', 0],
    ['urn:service:sos', 'urn', '', 'service:sos', 0],
    ['sip:a@h:99999', 'sip', 'a', 'h:99999', 0],
    ['sip:', 'sip', '', '', 0],
    ['no uri', '', '', '', 0],
    ['*', '', '', '', 0],
  ] as const)
    it(`${text} is read`, () => {
      const { rest: _, ...read } = uri(text)
      assert.deepEqual(read, { original: text, scheme, username, host, port })
    })
})

describe('a header', () => {
  it('is a list whose items may have commas in quotes and brackets', () => {
    assert.deepEqual(items('"a, b" <sip:c,d@h>, <sip:e@h>,'), ['"a, b" <sip:c,d@h>', '<sip:e@h>'])
    assert.deepEqual([items(''), items('x'), items(' , ')], [[], ['x'], []])
  })

  it('has parameters, with and without a value', () => {
    const text = 'x;lr;Branch=z9;q="a;b"'
    assert.deepEqual(
      ['lr', 'branch', 'q', 'b', 'x2'].map((name) => parameter(text, name)),
      ['', 'z9', 'a;b', undefined, undefined],
    )
  })
})
