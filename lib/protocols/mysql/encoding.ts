import type { Cursor } from '../../wire/cursor.js'

// A length-encoded integer begins with itself, or with how many bytes follow.
const NULL = 0xfb
const TWO = 0xfc
const THREE = 0xfd
const EIGHT = 0xfe

/** A length-encoded integer that is a length or a count; -1: NULL. Spec: "Protocol::LengthEncodedInteger". */
export function count(cursor: Cursor): number {
  const first = cursor.u8()
  if (first < NULL) return first
  switch (first) {
    case NULL:
      return -1
    case TWO:
      return cursor.u16le()
    case THREE:
      return cursor.u24le()
    case EIGHT:
      return Number(cursor.u64le())
  }
  throw cursor.malformed('a length of 255')
}

/** A length-encoded integer of up to 64 bits: a text where a number would not be exact. */
export function whole(cursor: Cursor): number | string {
  if (cursor.peek() !== EIGHT) return count(cursor)
  cursor.skip(1)
  return exact(cursor.u64le())
}

export const exact = (value: bigint): number | string =>
  value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString()

/** A length-encoded string; NULL is empty. */
export const text = (cursor: Cursor): string => cursor.utf8(Math.max(0, count(cursor)))

/** The rest of the packet. */
export const rest = (cursor: Cursor): string => cursor.utf8(cursor.left)
