import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mysql } from '../../../lib/protocols/mysql/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import { bytes, carried, column, connected, ok, packet, query, result, seen, TODAY, zlib } from './wire.js'

const COMPRESSED = TODAY | 0x20
const ZSTANDARD = TODAY | (1 << 26)

// A Zstandard frame whose one block is not compressed: a single segment, the length of its content in two bytes.
const frame = (content: Buffer): Buffer =>
  bytes(
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0x60,
    (content.length - 256) & 0xff,
    (content.length - 256) >>> 8,
    raw(content),
  )
const raw = (content: Buffer): Buffer => {
  const header = (content.length << 3) | 1
  return bytes(header & 0xff, (header >>> 8) & 0xff, header >>> 16, content)
}

describe('mysql, compressed', () => {
  const sql = `select '${'long '.repeat(100)}'`
  const rows = result([column('a')], [['x'.repeat(2000)], ['y']])
  const expected = [
    ['select 1', 1, 'OK'],
    [sql, 2, 'OK'],
  ]

  it('reads packets that are carried as they are, or as zlib, cut anywhere by both', () => {
    const asked = bytes(carried(0, query('select 1')), carried(0, query(sql), zlib))
    const answers = bytes(
      carried(1, packet(1, ok({ affected: 1 }))),
      // A packet may go on in the next compressed one.
      carried(1, rows.subarray(0, 500), zlib),
      carried(2, rows.subarray(500, 502)),
      carried(3, rows.subarray(502), zlib),
    )
    for (const chunks of splits(asked))
      for (const replies of chunks.length > 2 ? splits(answers) : [[answers]]) {
        const dialogue = connected({}, COMPRESSED)
          .client(...chunks)
          .server(...replies)
        assert.deepEqual(seen(dialogue).slice(1), expected)
        assert.equal(dialogue.close().memory.held, 0)
        assert.deepEqual(dialogue.counts, {})
      }
  })

  it('reads Zstandard', () => {
    const dialogue = connected({}, ZSTANDARD)
      .client(carried(0, query('select 1')), carried(0, query(sql), frame))
      .server(carried(1, packet(1, ok({ affected: 1 }))), carried(1, rows, frame))
    assert.deepEqual(seen(dialogue).slice(1), expected)
  })

  const hostile: Record<string, Buffer> = {
    'what is not compressed': carried(0, Buffer.alloc(100, 7), () => Buffer.alloc(50, 7)),
    'more than it says': bytes(carried(0, Buffer.alloc(50), () => zlib(Buffer.alloc(100_000)))),
    'less than it says': carried(0, Buffer.alloc(50), () => zlib(Buffer.alloc(10))),
  }
  for (const [name, wire] of Object.entries(hostile))
    it(`refuses ${name}`, () => {
      const dialogue = connected({}, COMPRESSED).client(wire).close()
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.memory.held, 0)
    })

  it('keeps less of a command of which a peer sent a thousandth', () => {
    const long = query(`select '${'x'.repeat(1_000_000)}'`)
    const pieces = Array.from({ length: 4 }, (_, at) => long.subarray(at * 260_000, (at + 1) * 260_000))
    const dialogue = connected({}, COMPRESSED)
      .client(...pieces.map((piece) => carried(0, piece, zlib)))
      .server(carried(1, packet(1, ok())))
    assert.equal(String(dialogue.events[1]?.query).length, 128 * 1024 - 1)
    assert.equal(dialogue.counts.cut_requests, 1)
  })

  it('ends where a connection is compressed whose login was not captured, and says so', () => {
    for (const wire of [
      carried(0, query('select 1')),
      carried(0, query(sql), zlib),
      carried(0, query(sql), frame),
    ]) {
      const dialogue = new Dialogue(mysql)
        .client(wire, wire, wire)
        .server(carried(1, packet(1, ok())))
        .close()
      assert.deepEqual(dialogue.events, [])
      assert.deepEqual(dialogue.counts, { undecoded_connections: 1 })
    }
  })
})
