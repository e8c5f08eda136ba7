import type { Document } from '../../events/writer.js'
import type { StoredBatch } from './stored.js'

/** Lines of text, and where each ends, its line end included. */
export interface Text {
  bytes: Buffer
  ends: number[]
}

/** Events `from` up to, without, `to` of a batch; the bytes are shared. */
export function part({ bytes, ends }: StoredBatch, from: number, to: number): Text {
  const start = from === 0 ? 0 : (ends[from - 1] as number)
  const own = ends.slice(from, to)
  return {
    bytes: bytes.subarray(start, own.at(-1)),
    ends: start === 0 ? own : own.map((end) => end - start),
  }
}

export function joined(batches: readonly StoredBatch[]): Text {
  const ends: number[] = []
  let start = 0
  for (const { bytes, ends: own, count } of batches) {
    for (let index = 0; index < count; index++) ends.push(start + (own[index] as number))
    start += bytes.length
  }
  return { bytes: Buffer.concat(batches.map(({ bytes }) => bytes)), ends }
}

export function documents(bytes: Buffer, ends: readonly number[]): Document[] {
  let start = 0
  return ends.map((end) => {
    const line = bytes.toString('utf8', start, end - 1)
    start = end
    return JSON.parse(line) as Document
  })
}
