import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Cursor, Incomplete } from '../../lib/wire/cursor.js'

const over = (text: string | Buffer) => {
  const bytes = Buffer.from(text)
  return new Cursor().reset(bytes, 0, bytes.length)
}

describe('cursor', () => {
  it('reads numbers in network byte order', () => {
    const cursor = over(Buffer.from([1, 2, 3, 4, 5, 6, 7]))
    assert.deepEqual([cursor.u8(), cursor.u16(), cursor.u32()], [1, 0x0203, 0x04050607])
    assert.equal(cursor.left, 0)
  })

  it('reads numbers with the lowest byte first', () => {
    const bytes = Buffer.alloc(4 + 2 + 3 + 4 + 8 + 4 + 8)
    bytes.writeInt32LE(-2, 0)
    bytes.writeUInt16LE(0x0201, 4)
    bytes.writeUIntLE(0xff0201, 6, 3)
    bytes.writeUInt32LE(0xfffffffe, 9)
    bytes.writeBigInt64LE(-3n, 13)
    bytes.writeFloatLE(1.5, 21)
    bytes.writeDoubleLE(0.1, 25)
    const cursor = over(bytes)
    assert.deepEqual(
      [cursor.i32le(), cursor.u16le(), cursor.u24le(), cursor.u32le(), cursor.i64le()],
      [-2, 0x0201, 0xff0201, 0xfffffffe, -3n],
    )
    assert.deepEqual([cursor.f32le(), cursor.f64le(), cursor.left], [1.5, 0.1, 0])
    assert.equal(over(Buffer.alloc(8, 0xff)).u64le(), 2n ** 64n - 1n)
  })

  it('looks at a byte without taking it, and takes copies', () => {
    const bytes = Buffer.from('abc')
    const cursor = new Cursor().reset(bytes, 0, 3)
    assert.deepEqual([cursor.peek(), cursor.used], [0x61, 0])
    const copy = cursor.copy(3)
    bytes.fill(0)
    assert.equal(copy.toString(), 'abc')
    assert.throws(() => cursor.peek(), Incomplete)
  })

  it('reads texts that end in NUL', () => {
    const cursor = over('one\0\0rest')
    assert.deepEqual([cursor.text0(), cursor.text0(), cursor.left], ['one', '', 4])
    assert.throws(() => cursor.text0(), Incomplete)
    assert.throws(() => over('rest').text0(3), { name: 'Malformed' })
  })

  it('says how many bytes a message needs at least', () => {
    const cursor = over('abc')
    cursor.skip(1)
    assert.throws(() => cursor.utf8(5), Incomplete)
    assert.equal(Incomplete.signal.need, 6)
  })

  it('reads lines that end in CRLF, and in LF where the protocol is tolerant', () => {
    const cursor = over('one\ntwo\r\nthree\r\nfour\n')
    assert.deepEqual([cursor.line(), cursor.anyLine(), cursor.anyLine()], ['one\ntwo', 'three', 'four'])
  })

  it('refuses a line past its limit, and waits for one that may still end', () => {
    assert.throws(() => over('x'.repeat(20)).line(10), { name: 'Malformed' })
    assert.throws(() => over('x'.repeat(9)).line(10), Incomplete)
  })

  it('reads decimal numbers and nothing else', () => {
    assert.equal(over('-12\r\n').decimal(), -12)
    for (const text of ['\r\n', '1x\r\n', '--1\r\n', '1 \r\n', '12345678901234567\r\n'])
      assert.throws(() => over(text).decimal(), { name: 'Malformed' }, JSON.stringify(text))
    for (const text of ['', '1', '1\r']) assert.throws(() => over(text).decimal(), Incomplete)
  })

  it('refuses lengths below zero', () => {
    assert.throws(() => over('abc').utf8(-1), { name: 'Malformed' })
  })
})
