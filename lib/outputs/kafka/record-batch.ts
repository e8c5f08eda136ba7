import type { Compressor } from './compression.js'
import { crc32c } from './crc32c.js'

/** Messages for one partition, in their order. */
export interface Records {
  /** Where their values are: lines, as lib/outputs/lines.ts has them. */
  bytes: Buffer
  ends: readonly number[]
  /** Which of the lines. */
  indexes: readonly number[]
  /** Of each of the messages; undefined: none has one. */
  keys: readonly (Buffer | undefined)[] | undefined
  /** Of each of the messages, in milliseconds since 1970. */
  times: readonly number[]
}

// Format 2, since Kafka 0.11. Spec: kafka.apache.org/documentation, "Record Batch".
const HEADER = 61
const MAGIC = 2
const CRC_AT = 17
const ATTRIBUTES_AT = 21
// What a record needs beside key, value and headers at most: seven numbers of ten bytes at most.
const FRAME = 48
const NO_HEADERS: Buffer = Buffer.of(0)

/** Headers that every message has, as records carry them. */
export function headerBytes(headers: readonly { key: string; value: string }[]): Buffer {
  if (headers.length === 0) return NO_HEADERS
  const parts = headers.flatMap(({ key, value }) => [Buffer.from(key), Buffer.from(value)])
  const bytes = Buffer.allocUnsafe(10 + parts.reduce((sum, part) => sum + part.length + 10, 0))
  let at = writeNumber(bytes, 0, headers.length)
  for (const part of parts) {
    at = writeNumber(bytes, at, part.length)
    at += part.copy(bytes, at)
  }
  return bytes.subarray(0, at)
}

/** What message `position` takes of a batch that is not compressed, roughly and never less than that. Bytes. */
export const recordSize = ({ ends, indexes, keys }: Records, position: number, headers: Buffer): number => {
  const index = indexes[position] as number
  const start = index === 0 ? 0 : (ends[index - 1] as number)
  return (ends[index] as number) - start + (keys?.[position]?.length ?? 0) + headers.length + FRAME
}

/** The bytes of a batch beside its records. */
export const BATCH_SIZE = HEADER

/** The record batch of the messages from `first` to `last` (exclusive), one at least. */
export async function recordBatch(
  records: Records,
  first: number,
  last: number,
  { headers, compressor }: { headers: Buffer; compressor: Compressor },
): Promise<Buffer> {
  const plain = encode(records, first, last, headers)
  const { id, compress } = compressor
  const bytes =
    compress === undefined
      ? plain
      : Buffer.concat([plain.subarray(0, HEADER), await compress(plain.subarray(HEADER))])
  seal(bytes, records.times, first, last, id)
  return bytes
}

/** The records behind room for the batch's header. */
function encode(
  { bytes, ends, indexes, keys, times }: Records,
  first: number,
  last: number,
  headers: Buffer,
): Buffer {
  let size = HEADER
  for (let position = first; position < last; position++) {
    const index = indexes[position] as number
    size += (ends[index] as number) - (index === 0 ? 0 : (ends[index - 1] as number))
    size += (keys?.[position]?.length ?? 0) + headers.length + FRAME
  }
  const batch = Buffer.allocUnsafe(size)
  const base = times[first] as number
  let at = HEADER
  for (let position = first; position < last; position++) {
    const index = indexes[position] as number
    const start = index === 0 ? 0 : (ends[index - 1] as number)
    const value = (ends[index] as number) - 1 - start
    const key = keys?.[position]
    const time = (times[position] as number) - base
    const offset = position - first
    const keyLength = key === undefined ? -1 : key.length
    const length =
      1 +
      numberSize(time) +
      numberSize(offset) +
      numberSize(keyLength) +
      (key === undefined ? 0 : keyLength) +
      numberSize(value) +
      value +
      headers.length
    at = writeNumber(batch, at, length)
    batch[at++] = 0
    at = writeNumber(batch, at, time)
    at = writeNumber(batch, at, offset)
    at = writeNumber(batch, at, keyLength)
    if (key !== undefined) at += key.copy(batch, at)
    at = writeNumber(batch, at, value)
    at += bytes.copy(batch, at, start, start + value)
    at += headers.copy(batch, at)
  }
  return batch.subarray(0, at)
}

function seal(
  batch: Buffer,
  times: readonly number[],
  first: number,
  last: number,
  attributes: number,
): void {
  let latest = times[first] as number
  for (let position = first; position < last; position++) latest = Math.max(latest, times[position] as number)
  batch.writeBigInt64BE(0n, 0) // base offset: the broker's to say
  batch.writeInt32BE(batch.length - 12, 8) // what comes after this field
  batch.writeInt32BE(-1, 12) // epoch of the partition's leader: the broker's to say
  batch[16] = MAGIC
  batch.writeInt16BE(attributes, ATTRIBUTES_AT)
  batch.writeInt32BE(last - first - 1, 23) // the last record's offset
  batch.writeBigInt64BE(BigInt(times[first] as number), 27)
  batch.writeBigInt64BE(BigInt(latest), 35)
  batch.writeBigInt64BE(-1n, 43) // producer: none, neither idempotent nor transactional
  batch.writeInt16BE(-1, 51) // its epoch
  batch.writeInt32BE(-1, 53) // its first sequence number
  batch.writeInt32BE(last - first, 57)
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES_AT), CRC_AT)
}

// Numbers of records are zigzag varints: the sign is the lowest bit, seven bits a byte, the lowest first.

function numberSize(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  let size = 1
  for (; rest >= 0x80; size++) rest = Math.floor(rest / 0x80)
  return size
}

function writeNumber(bytes: Buffer, start: number, value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  let at = start
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80
  bytes[at++] = rest
  return at
}
