import type { EventBatch } from '../pipeline/batch.js'
import type { Encode } from './codec.js'
import type { Leftover } from './output.js'

/** Events as text: line `i` from `ends[i - 1]` to `ends[i]`, its line end included. */
export interface Lines {
  readonly count: number
  readonly bytes: Buffer
  readonly length: number
  readonly ends: readonly number[]
}

/** A batch ready to be written, and the way back from its lines to its events. */
export interface Printed {
  lines: Lines
  /** What is left when the first `written` lines are written. */
  leftover(written: number): Leftover
}

/** The lines of a batch: as they came, or made by `encode` of its documents. */
export function print(batch: EventBatch, encode: Encode | undefined): Printed {
  if (encode === undefined)
    return { lines: batch, leftover: (written) => ({ retry: from(written, batch.count), rejected: [] }) }
  const indexes: number[] = []
  const texts: string[] = []
  const rejected: { index: number; reason: string }[] = []
  batch.documents.forEach((document, index) => {
    const text = encode(document)
    if (text === undefined)
      rejected.push({ index, reason: 'it lacks a field that codec.format.string names' })
    else {
      indexes.push(index)
      texts.push(`${text}\n`)
    }
  })
  const ends: number[] = []
  let length = 0
  for (const text of texts) {
    length += Buffer.byteLength(text)
    ends.push(length)
  }
  const lines = { count: texts.length, bytes: Buffer.from(texts.join('')), length, ends }
  return { lines, leftover: (written) => ({ retry: indexes.slice(written), rejected }) }
}

const from = (start: number, end: number): number[] =>
  start >= end ? [] : Array.from({ length: end - start }, (_, index) => start + index)

/** How many lines, from line `first` on, end at or before that byte. */
export function linesWithin({ ends, count }: Lines, first: number, byte: number): number {
  let low = first
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] as number) <= byte) low = middle + 1
    else high = middle
  }
  return low - first
}
