import { batchBytes, length, offset, rows, rowWords, tableBytes } from '../capture/rows.js'

/** One batch's part of a capture's memory: its table of rows, and its payload as bytes and as words. */
export interface Area {
  readonly table: Uint32Array
  readonly bytes: Buffer
  readonly words: Uint32Array
}

const area = (memory: ArrayBuffer, start: number, table: number, payload: number): Area => ({
  table: new Uint32Array(memory, start, table / 4),
  bytes: Buffer.from(memory, start + table, payload),
  words: new Uint32Array(memory, start + table, payload / 4),
})

/** The batches of `Capture.memory`, by their index. */
export const areas = (memory: ArrayBuffer): Area[] =>
  Array.from({ length: memory.byteLength / batchBytes }, (_, index) =>
    area(memory, index * batchBytes, tableBytes, batchBytes - tableBytes),
  )

/** A copy of the first `count` rows and their payload, which nobody writes to. */
export function copyOf(from: Area, count: number): Area {
  const table = Math.min(count, rows) * rowWords
  const last = table - rowWords
  const used = (from.table[last + offset] as number) + (from.table[last + length] as number)
  const payload = (used + 3) & ~3
  const memory = new ArrayBuffer(table * 4 + payload)
  const copy = area(memory, 0, table * 4, payload)
  copy.table.set(from.table.subarray(0, table))
  copy.bytes.set(from.bytes.subarray(0, used))
  return copy
}
