import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { binaryText } from '../../../lib/protocols/pgsql/types.js'

// What PostgreSQL 15 sends in binary format, and the text it writes for the same value.
describe('a value in binary format', () => {
  for (const [name, type, hex, expected] of [
    ['bool', 16, '01', 't'],
    ['bool', 16, '00', 'f'],
    ['bytea', 17, '00ff', '\\x00ff'],
    ['name', 19, '616263', 'abc'],
    ['int8', 20, 'ffffffffffffffff', '-1'],
    ['int8', 20, '7fffffffffffffff', '9223372036854775807'],
    ['int2', 21, 'fffe', '-2'],
    ['int4', 23, '00000007', '7'],
    ['text', 25, 'c3a9', 'é'],
    ['oid', 26, 'ffffffff', '4294967295'],
    ['float4', 700, '3dcccccd', '0.1'],
    ['float8', 701, '3ff8000000000000', '1.5'],
    ['float8', 701, '7ff8000000000000', 'NaN'],
    ['float8', 701, 'fff0000000000000', '-Infinity'],
    ['jsonb', 3802, '017b7d', '{}'],
    ['uuid', 2950, '0123456789abcdef0123456789abcdef', '01234567-89ab-cdef-0123-456789abcdef'],
    ['date', 1082, '00000000', '2000-01-01'],
    ['date', 1082, 'ffffffff', '1999-12-31'],
    ['date', 1082, '7fffffff', 'infinity'],
    ['date', 1082, 'fff4dbf8', '0001-12-31 BC'],
    ['time', 1083, '0000000ab3788440', '12:46:00.6928'],
    ['timestamp', 1114, '0000000000000001', '2000-01-01 00:00:00.000001'],
    ['timestamp', 1114, 'ffffffffffffffff', '1999-12-31 23:59:59.999999'],
    ['timestamp', 1114, '8000000000000000', '-infinity'],
    ['timestamp', 1114, 'ff1af9e8fb46d000', '0044-03-15 12:00:00 BC'],
    ['timestamptz', 1184, '000000000000f424', '2000-01-01 00:00:00.0625+00'],
    ['numeric', 1700, '0001000000000000002a', '42'],
    ['numeric', 1700, '000200004000000200011388', '-1.50'],
    ['numeric', 1700, '0001ffff0000000403e8', '0.1000'],
    ['numeric', 1700, '000100010000000004d2', '12340000'],
    ['numeric', 1700, '0000000000000000', '0'],
    ['numeric', 1700, '00000000c0000000', 'NaN'],
    ['numeric cut short', 1700, '0009000000000000002a', '\\x0009000000000000002a'],
    ['numeric of a hostile length', 1700, '00017fff0000000003e8', '\\x00017fff0000000003e8'],
    ['int4 of the wrong length', 23, '0007', '\\x0007'],
    ['unknown type', 600, '01', '\\x01'],
  ] as const)
    it(`${name}: ${expected.slice(0, 40)}`, () => {
      const bytes = Buffer.from(`ff${hex}ff`, 'hex')
      assert.equal(binaryText(type, bytes, 1, bytes.length - 1), expected)
    })
})
