import type { Message } from './parser.js'
import { binaryText } from './types.js'

/** A column of a result. `format`: 0 is text, 1 binary. */
export interface Column {
  name: string
  type: number
  format: number
}

export const NULL = 'NULL'

/** The columns of a RowDescription. PostgreSQL 17 documentation, §55.7. */
export function columns(message: Message): Column[] {
  const all: Column[] = []
  for (let left = message.i16(); left > 0 && !over(message); left--) {
    const name = message.text()
    if (message.cut && message.left < 18) break
    message.skip(6) // table and column
    const type = message.u32()
    message.skip(6) // size and modifier
    all.push({ name, type, format: message.i16() })
  }
  return all
}

/** The values of a DataRow, up to `most` bytes of it. `formats`: undefined are those of the columns. */
export function values(
  message: Message,
  columns: readonly Column[] | undefined,
  formats: readonly number[] | undefined,
  most: number,
): string[] {
  const row: string[] = []
  const count = message.i16()
  let budget = most
  for (let index = 0; index < count && budget > 0 && !over(message); index++) {
    const column = columns?.[index]
    const format = formats === undefined ? (column?.format ?? 0) : formatOf(formats, index)
    const value = oneValue(message, format, column?.type ?? 0, budget) ?? NULL
    row.push(value)
    budget -= value.length
  }
  return row
}

/** One code is for all, none means text. §55.2.3. */
export const formatOf = (formats: readonly number[], index: number): number =>
  (formats.length === 1 ? formats[0] : formats[index]) ?? 0

/** A value with its length before it, or what of it fits into `most` bytes; undefined: NULL. */
export function oneValue(message: Message, format: number, type: number, most: number): string | undefined {
  const length = message.i32()
  if (length === -1) return undefined
  const kept = message.cut ? Math.min(length, message.left) : length
  const at = message.skip(kept)
  // Of a text four bytes may be one character; a half one at the end is U+FFFD and cut by whoever counts characters.
  if (format === 0) return message.bytes.utf8Slice(at, at + Math.min(kept, 4 * most))
  return binaryText(type, message.bytes, at, at + (kept > WHOLE ? Math.min(kept, 4 * most) : kept))
}

// No type but texts and bytea is longer; a numeric of 1024 digits fits.
const WHOLE = 1024

/** What follows was not kept. */
const over = (message: Message): boolean => message.cut && message.left < 4
