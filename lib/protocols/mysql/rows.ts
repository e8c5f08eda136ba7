import { type Cursor, Incomplete } from '../../wire/cursor.js'
import { count, text } from './encoding.js'
import { characters, value } from './values.js'

/** What is known of a result's columns when its rows are to be read. */
export interface Columns {
  names: string[]
  /** By column its type, and 1 if it is unsigned. */
  types: number[]
}

const UNSIGNED = 0x20

// Its fixed part: a length, character set, length of values, type, flags, decimals and two bytes that are 0.
const FIXED = 13

/** Adds a column. Spec: "Protocol::ColumnDefinition41". */
export function addColumn(columns: Columns, cursor: Cursor): void {
  const end = cursor.at + cursor.left
  for (let skipped = 0; skipped < 4; skipped++) cursor.skip(Math.max(0, count(cursor)))
  columns.names.push(text(cursor))
  // From the end: the original name, and MariaDB's extended type where agreed on, stand before it.
  if (cursor.left < FIXED) throw cursor.malformed('a column without its type')
  columns.types.push(
    cursor.bytes[end - 6] as number,
    ((cursor.bytes[end - 5] as number) & UNSIGNED) === 0 ? 0 : 1,
  )
}

/**
 * The values of a text row, up to `enough` characters; a packet of which only the beginning was kept ends them, too.
 * Spec: "Text Resultset Row".
 */
export function textRow(cursor: Cursor, enough: number): string[] {
  const values: string[] = []
  for (let left = enough; left > 0 && cursor.left > 0; ) {
    const isNull = cursor.peek() === 0xfb
    const read = characters(cursor)
    values.push(isNull ? 'NULL' : read)
    left -= read.length + 1
  }
  return values
}

/** The values of a binary row, likewise. Spec: "Binary Protocol Resultset Row". */
export function binaryRow(cursor: Cursor, { types }: Columns, enough: number): string[] {
  cursor.skip(1)
  const bitmap = cursor.at
  const columns = types.length / 2
  cursor.skip((columns + 7 + 2) >>> 3)
  const values: string[] = []
  let left = enough
  try {
    for (let at = 0; at < columns && left > 0; at++) {
      // The bitmap begins with two bits that mean nothing.
      const isNull = ((cursor.bytes[bitmap + ((at + 2) >>> 3)] as number) >>> ((at + 2) & 7)) & 1
      const read = isNull ? 'NULL' : value(cursor, types[2 * at] as number, types[2 * at + 1] === 1, 'result')
      values.push(read)
      left -= read.length + 1
    }
  } catch (error) {
    if (error !== Incomplete.signal) throw error
  }
  return values
}
