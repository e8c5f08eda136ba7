import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { compressor, xerial, zstd } from '../../../lib/outputs/kafka/compression.js'
import { crc32c } from '../../../lib/outputs/kafka/crc32c.js'
import { timeReader } from '../../../lib/outputs/kafka/event-time.js'
import {
  headerBytes,
  type Records,
  recordBatch,
  recordSize,
} from '../../../lib/outputs/kafka/record-batch.js'
import { MalformedAnswer, RequestWriter, ResponseReader } from '../../../lib/outputs/kafka/wire.js'

// How another client reads record batches; it checks no sum.
const require = createRequire(import.meta.url)
const Decoder = require('kafkajs/src/protocol/decoder')
const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: unknown) => Promise<{
  lastOffsetDelta: number
  firstTimestamp: string
  maxTimestamp: string
  records: { key: Buffer | null; value: Buffer; offset: string; timestamp: string; headers: object }[]
}>

const none = compressor('none', 0)

function records(texts: readonly string[], more: Partial<Records> = {}): Records {
  const ends: number[] = []
  let length = 0
  for (const text of texts) {
    length += Buffer.byteLength(text) + 1
    ends.push(length)
  }
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
  const indexes = texts.map((_, index) => index)
  return { bytes, ends, indexes, keys: undefined, times: texts.map(() => 1_700_000_000_000), ...more }
}

describe('the checksum of record batches', () => {
  it('is the one of RFC 3720, whatever the length and the place', () => {
    const sums: [Buffer, number][] = [
      [Buffer.from('123456789'), 0xe3069283],
      [Buffer.alloc(32), 0x8a9136aa],
      [Buffer.alloc(32, 0xff), 0x62a8ab43],
      [Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
      [Buffer.alloc(0), 0],
    ]
    for (const [bytes, sum] of sums) {
      assert.equal(crc32c(bytes), sum)
      const around = Buffer.concat([Buffer.from('abc'), bytes, Buffer.from('de')])
      assert.equal(crc32c(around, 3, 3 + bytes.length), sum)
    }
  })
})

describe('record batches', () => {
  it('hold keys, values, times and headers as another client reads them', async () => {
    const headers = headerBytes([
      { key: 'team', value: 'network' },
      { key: 'ü', value: '' },
    ])
    const times = [1_700_000_000_000, 1_600_000_000_000, 1_800_000_000_001, 1_700_000_000_063]
    const made = records(['first', '', 'ü'.repeat(5000), 'not sent', 'last'], {
      indexes: [0, 1, 2, 4],
      times,
      keys: [Buffer.from('key'), undefined, Buffer.alloc(0), Buffer.from('k'.repeat(200))],
    })
    const batch = await recordBatch(made, 0, 4, { headers, compressor: none })
    assert.equal(batch.readUInt32BE(17), crc32c(batch.subarray(21)))
    const read = await decode(new Decoder(batch))
    assert.deepEqual(
      read.records.map(({ key, value, offset, timestamp }) => [
        key?.toString(),
        value.toString(),
        Number(offset),
        Number(timestamp),
      ]),
      [
        ['key', 'first', 0, times[0]],
        [undefined, '', 1, times[1]],
        ['', 'ü'.repeat(5000), 2, times[2]],
        ['k'.repeat(200), 'last', 3, times[3]],
      ],
    )
    assert.deepEqual(
      read.records.map(({ headers }) => JSON.stringify(headers)),
      Array(4).fill(JSON.stringify({ team: Buffer.from('network'), ü: Buffer.alloc(0) })),
    )
    assert.equal(Number(read.maxTimestamp), times[2])
    const sizes = [0, 1, 2, 3].map((position) => recordSize(made, position, headers))
    assert.ok(sizes.reduce((sum, size) => sum + size, 61) >= batch.length)
  })

  it('of a part of the messages begin to count anew', async () => {
    const made = records(['a', 'b', 'c', 'd'])
    const batch = await recordBatch(made, 2, 4, {
      headers: headerBytes([]),
      compressor: compressor('gzip', 4),
    })
    const read = await decode(new Decoder(batch))
    assert.deepEqual(
      read.records.map(({ value, offset, headers }) => [value.toString(), Number(offset), headers]),
      [
        ['c', 0, {}],
        ['d', 1, {}],
      ],
    )
  })
})

describe('compression', () => {
  it('by snappy is framed as the readers in Java want it', () => {
    const framed = xerial([Buffer.from('one'), Buffer.from('three')])
    assert.equal(framed.toString('latin1'), '\x82SNAPPY\0\0\0\0\x01\0\0\0\x01\0\0\0\x03one\0\0\0\x05three')
  })

  it('by zstd asks Node.js for the level that is configured', async () => {
    const asked: unknown[] = []
    const library = {
      constants: { ZSTD_c_compressionLevel: 100 },
      zstdCompress: (...[bytes, options, done]: [Buffer, object, (error: null, bytes: Buffer) => void]) => {
        asked.push(options)
        done(null, bytes.subarray(1))
      },
    }
    assert.equal(String(await zstd(7, library)(Buffer.from('abc'))), 'bc')
    assert.deepEqual(asked, [{ params: { 100: 7 } }])
    assert.throws(() => zstd(4, {}), { code: 'ERR_CONFIG_INVALID', message: /needs Node.js 22.15/ })
  })
})

describe('the time of an event', () => {
  const read = timeReader()
  const time = (text: string) => read(Buffer.from(text), 0, Buffer.byteLength(text))

  it('is read from its text, with all the digits that it may have', () => {
    for (const stamp of ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:00.000Z', '1969-12-31T23:59:59.001Z'])
      for (const digits of ['', '123', '123456'])
        assert.equal(
          time(`{"a":1,"@timestamp":"${stamp.replace('Z', `${digits}Z`)}"}`),
          Date.parse(stamp),
          stamp,
        )
  })

  it('is not found where there is none, or in the next event', () => {
    assert.equal(time('{"a":"\\"@timestamp\\":\\"2024-02-29T23:59:59.999Z"}'), undefined)
    assert.equal(time('{"@timestamp":"yesterday, and a little more"}'), undefined)
    assert.equal(time('{"@timestamp":"2024"}'), undefined)
    assert.equal(time('{"@timestamp":"2024-02-29T23:59:5x.999Z"}'), undefined)
    const two = Buffer.from('{"a":1}\n{"@timestamp":"2024-02-29T23:59:59.999Z"}\n')
    assert.equal(read(two, 0, 8), undefined)
    assert.equal(read(two, 8, two.length), Date.parse('2024-02-29T23:59:59.999Z'))
  })
})

describe('the primitive types of the protocol', () => {
  it('are read as they were written', () => {
    const nested = Buffer.alloc(600, 7)
    const writer = new RequestWriter().int16(-2).string('ü').string(null).bytes(nested).boolean(true)
    writer.array([1, 2], (item) => writer.int32(item)).string('x'.repeat(1000))
    const reader = new ResponseReader(Buffer.concat(writer.parts()))
    assert.equal(reader.int16(), -2)
    assert.equal(reader.string(), 'ü')
    assert.equal(reader.nullableString(), null)
    assert.deepEqual(reader.bytes(), nested)
    assert.equal(reader.boolean(), true)
    assert.deepEqual(
      reader.array((each) => each.int32()),
      [1, 2],
    )
    assert.equal(reader.string(), 'x'.repeat(1000))
    assert.throws(() => reader.int16(), MalformedAnswer)
  })

  it('with counts and lengths past the end are refused, without memory for them', () => {
    for (const bytes of [Buffer.from('7fffffff', 'hex'), Buffer.from('7fffffff00', 'hex')])
      assert.throws(() => new ResponseReader(bytes).array((each) => each.int16()), MalformedAnswer)
    assert.throws(() => new ResponseReader(Buffer.from('7fff', 'hex')).string(), MalformedAnswer)
    assert.throws(() => new ResponseReader(Buffer.from('7fffffff00', 'hex')).bytes(), MalformedAnswer)
    assert.deepEqual(new ResponseReader(Buffer.from('ffffffff', 'hex')).bytes(), Buffer.alloc(0))
  })
})
