import { type Cursor, Incomplete } from '../../wire/cursor.js'

const CR = 0x0d
const LF = 0x0a

/**
 * Text up to LF, without it and a CR before it, as memcached reads lines. How far a cut line was searched is kept as
 * progress. `limit`: bytes a line may have.
 */
export function textLine(cursor: Cursor, limit: number): string {
  const { bytes, at: start, left } = cursor
  const stop = Math.min(left, limit)
  for (let used = (cursor.progress as number | undefined) ?? 0; used < stop; used++) {
    if (bytes[start + used] !== LF) continue
    const end = start + used
    cursor.skip(used + 1)
    return bytes.utf8Slice(start, end > start && bytes[end - 1] === CR ? end - 1 : end)
  }
  if (left >= limit) throw cursor.malformed(`a line of more than ${limit} bytes`)
  cursor.progress = left
  cursor.want(left + 1)
  throw Incomplete.signal
}
