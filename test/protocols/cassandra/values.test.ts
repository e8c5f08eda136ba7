import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Body } from '../../../lib/protocols/cassandra/body.js'
import { readType, skipType } from '../../../lib/protocols/cassandra/types.js'
import { valueText } from '../../../lib/protocols/cassandra/values.js'
import { bytes, i32, i64, join, string, u8, u16 } from './builders.js'

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex')
const custom = (name: string) => join(u16(0), string(`org.apache.cassandra.db.marshal.${name}`))
const list = (...values: (Buffer | string | undefined)[]) => join(i32(values.length), ...values.map(bytes))

function double(value: number): Buffer {
  const written = Buffer.alloc(8)
  written.writeDoubleBE(value)
  return written
}

function float(value: number): Buffer {
  const written = Buffer.alloc(4)
  written.writeFloatBE(value)
  return written
}

const INT = u16(0x09)
const VARCHAR = u16(0x0d)
const place = join(
  u16(0x30),
  string('ks'),
  string('place'),
  u16(2),
  string('street'),
  VARCHAR,
  string('number'),
  INT,
)

/** What a type is, a value of it, and how that is shown. */
const table: readonly (readonly [type: Buffer | undefined, value: Buffer, text: string])[] = [
  [undefined, join('text, ü'), 'text, ü'],
  [undefined, hex('00ff'), '0x00ff'],
  [u16(0x01), join('ascii'), 'ascii'],
  [u16(0x0a), join('old text'), 'old text'],
  [VARCHAR, join('x'.repeat(2000)), `${'x'.repeat(1024)}…`],
  [VARCHAR, join('x', 'ü'.repeat(1000)), `x${'ü'.repeat(511)}…`],
  [u16(0x02), i64(2n ** 62n), '4611686018427387904'],
  [u16(0x02), i64(-1), '-1'],
  [u16(0x02), i64(2 ** 40), '1099511627776'],
  [u16(0x05), i64(-(2n ** 60n)), '-1152921504606846976'],
  [u16(0x03), hex('c0ffee'), '0xc0ffee'],
  [u16(0x03), Buffer.alloc(1025), `0x${'00'.repeat(1024)}…`],
  [u16(0x04), u8(1), 'true'],
  [u16(0x04), u8(0), 'false'],
  [u16(0x06), join(i32(2), u8(-123)), '-1.23'],
  [u16(0x06), join(i32(5), u8(7)), '0.00007'],
  [u16(0x06), join(i32(0), u8(7)), '7'],
  [u16(0x06), join(i32(-3), u8(7)), '7E+3'],
  [u16(0x06), join(i32(2_000_000_000), u8(7)), '7E-2000000000'],
  [u16(0x07), double(1.5), '1.5'],
  [u16(0x07), double(Number.NaN), 'NaN'],
  [u16(0x08), float(0.1), '0.1'],
  [u16(0x08), float(16_777_217), '16777216'],
  [u16(0x08), float(3.4028234663852886e38), '3.4028235e+38'],
  [INT, i32(-7), '-7'],
  [u16(0x0b), i64(1_700_000_000_123), '2023-11-14T22:13:20.123Z'],
  [u16(0x0b), i64(2n ** 62n), '4611686018427387904'],
  [u16(0x0c), hex('756716f7 2e54 4715 9f00 91dcbea6cf50'), '756716f7-2e54-4715-9f00-91dcbea6cf50'],
  [u16(0x0e), hex('ff00'), '-256'],
  [u16(0x0e), Buffer.alloc(65, 1), `0x${'01'.repeat(65)}`],
  [u16(0x10), hex('0a000001'), '10.0.0.1'],
  [u16(0x10), hex('20010db8000000000000000000000001'), '2001:db8::1'],
  [u16(0x10), hex('00000000000000000000000000000000'), '::'],
  [u16(0x10), hex('00010000000000000002000000000003'), '1::2:0:0:3'],
  [u16(0x10), hex('00010002000300040005000600070008'), '1:2:3:4:5:6:7:8'],
  [u16(0x10), hex('0a00'), '0x0a00'],
  [u16(0x11), hex('80000000'), '1970-01-01'],
  [u16(0x11), hex('7fffff56'), '1969-07-15'],
  [u16(0x11), hex('ffffffff'), '2147483647 days'],
  [u16(0x12), i64(86_399_123_456_789n), '23:59:59.123456789'],
  [u16(0x12), i64(-1), '-1'],
  [u16(0x13), u16(-2), '-2'],
  [u16(0x14), u8(-3), '-3'],
  [u16(0x15), hex('02 04 06'), '1mo2d3ns'],
  [u16(0x15), hex('00 01 c1 86 a0'), '0mo-1d50000ns'],
  [u16(0x15), hex('02 04'), '0x0204'],
  [custom('DurationType'), hex('02 04 06'), '1mo2d3ns'],
  [
    custom('VectorType(org.apache.cassandra.db.marshal.FloatType , 3)'),
    join(float(1), float(0.5), float(-2)),
    '[1, 0.5, -2]',
  ],
  [custom('VectorType(org.apache.cassandra.db.marshal.FloatType , 3)'), float(1), '0x3f800000'],
  [custom('Other'), hex('01'), '0x01'],
  [join(u16(0x20), INT), list(i32(1), i32(2), undefined), '[1, 2, null]'],
  [join(u16(0x22), VARCHAR), list('a', "b's"), "{'a', 'b''s'}"],
  [join(u16(0x21), VARCHAR, INT), join(i32(1), bytes('k'), bytes(i32(1))), "{'k': 1}"],
  [join(u16(0x20), u16(0x20), INT), list(list(i32(1)), list()), '[[1], []]'],
  [join(u16(0x20), INT), list(...Array.from({ length: 101 }, () => i32(0))), `[${'0, '.repeat(100)}…]`],
  [join(u16(0x20), INT), join(i32(5)), '[]'],
  [join(u16(0x20), INT), join(i32(1), i32(99)), '0x0000000100000063'],
  [place, join(bytes('Main'), bytes(i32(7))), "{street: 'Main', number: 7}"],
  [place, bytes('Main'), "{street: 'Main'}"],
  [place, join(bytes('Main'), bytes(undefined)), "{street: 'Main', number: null}"],
  [place, i32(50), '0x00000032'],
  [join(u16(0x31), u16(2), INT, VARCHAR), join(bytes(i32(7)), bytes('x')), "(7, 'x')"],
  // Not of the length that their types have.
  [INT, hex('01'), '0x01'],
  [u16(0x02), hex('01'), '0x01'],
  [u16(0x04), join(), '0x'],
  [u16(0x06), i32(0), '0x00000000'],
  [u16(0x0c), hex('01'), '0x01'],
]

const bodyOf = (wire: Buffer) => new Body().reset(wire, 0, wire.length, true)

describe('values of Cassandra', () => {
  for (const [type, value, text] of table)
    it(`read as ${text.slice(0, 40)}`, () => {
      const read = type === undefined ? undefined : readType(bodyOf(type))
      const wire = join('before', value, 'after')
      assert.equal(valueText(read, wire, 6, 6 + value.length, true), text)
      // Whatever the bytes are, something is shown.
      for (let end = 0; end <= value.length; end++) valueText(read, value, 0, end, true)
      for (let at = 0; at < value.length; at++) {
        const worse = Buffer.from(value)
        worse[at] = (worse[at] as number) ^ 0xff
        valueText(read, worse, 0, worse.length, true)
        valueText(read, worse, 0, worse.length, false)
      }
    })

  it('in collections have lengths of two bytes before version 3', () => {
    const type = readType(bodyOf(join(u16(0x20), INT)))
    const value = join(u16(2), u16(4), i32(1), u16(4), i32(2))
    assert.equal(valueText(type, value, 0, value.length, false), '[1, 2]')
  })
})

describe('types of Cassandra', () => {
  it('are passed over as they are read', () => {
    for (const [type] of table) {
      if (type === undefined) continue
      const body = bodyOf(join(type, 'rest'))
      skipType(body)
      assert.equal(body.left, 4)
    }
  })

  const hostile: Record<string, Buffer> = {
    'more levels than anybody nests': join(...Array.from({ length: 17 }, () => u16(0x20)), INT),
    'more fields than a table has columns': join(u16(0x31), u16(5000)),
    'a number that no type has': u16(0x40),
    'no elements': u16(0x20),
  }
  for (const [what, wire] of Object.entries(hostile))
    it(`with ${what} are refused`, () => {
      assert.throws(() => readType(bodyOf(wire)), { name: 'Malformed' })
      assert.throws(() => skipType(bodyOf(wire)), { name: 'Malformed' })
    })
})
