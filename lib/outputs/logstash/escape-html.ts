import type { EventBatch } from '../../pipeline/batch.js'

const SIGNS = /[<>&]/g
const LINE_END = 10

/** The batch with `<`, `>` and `&` as \u003c, \u003e and \u0026: within JSON text these only stand inside of strings. */
export function escapeHtml(batch: EventBatch): EventBatch {
  // Every byte is a sign of its own, so that the bytes of others stay as they are.
  const text = batch.bytes.latin1Slice(0, batch.length)
  const escaped = text.replace(SIGNS, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
  if (escaped.length === text.length) return batch
  const bytes = Buffer.from(escaped, 'latin1')
  const ends: number[] = []
  for (let at = 0; at < bytes.length; ) {
    at = bytes.indexOf(LINE_END, at) + 1
    ends.push(at)
  }
  return { ...batch, count: batch.count, bytes, length: bytes.length, ends, documents: [] }
}
