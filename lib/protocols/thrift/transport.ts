import { Cursor } from '../../wire/cursor.js'
import { MAGIC } from './header.js'

/**
 * What begins here. A message tells by its first bytes how it is carried and written: `framed` and `header` stand after four
 * bytes of length, `binary` and `compact` by themselves.
 */
export type Carried =
  | 'binary'
  | 'compact'
  | 'framed'
  | 'header'
  | 'empty'
  | 'sasl'
  | 'tls'
  | 'json'
  | 'http'
  | 'unknown'

const BRACKET = 0x5b

// Bytes that are looked at: the length of a frame, and the first two of what is in it.
const ENOUGH = 6

const isLetter = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f

/** Looks at the message that begins at the cursor, and leaves it there. */
export function carried(cursor: Cursor): Carried {
  const { bytes, at } = cursor
  const first = cursor.peek()
  switch (first) {
    case 0x80:
      return 'binary'
    case 0x82:
      return 'compact'
    case BRACKET:
      return 'json'
    case 0x00:
      break
    case 0x47: // G
    case 0x48: // H
    case 0x50: // P
      // Prometheus has the same usual port.
      cursor.want(4)
      return /^(?:GET |HEAD|HTTP|POST|PRI |PUT )$/.test(bytes.latin1Slice(at, at + 4)) ? 'http' : 'unknown'
    case 0x14: // the types of TLS records
    case 0x15:
    case 0x16:
    case 0x17:
      cursor.want(2)
      return bytes[at + 1] === 3 ? 'tls' : 'unknown'
    default:
      if (first > 5) return 'unknown'
      cursor.want(2)
      return bytes[at + 1] === 0 ? 'sasl' : 'unknown'
  }
  cursor.want(4)
  if (bytes.readUInt32BE(at) === 0) return 'empty'
  cursor.want(ENOUGH)
  const inner = bytes[at + 4] as number
  switch (inner) {
    case 0x80:
    case 0x82:
    case 0x00: // the length of a name: no name begins with a zero
    case BRACKET:
      return 'framed'
    case MAGIC >>> 8:
      return bytes[at + 5] === (MAGIC & 0xff) ? 'header' : 'unknown'
    default:
      return isLetter(inner) ? 'binary' : 'unknown'
  }
}

export type Written = 'binary' | 'compact' | 'json'

/** How a message is written that begins with that byte. */
export const written = (first: number): Written =>
  first === 0x82 ? 'compact' : first === BRACKET ? 'json' : 'binary'

/** Whether a segment looks like one that a message begins with; for want of bytes it does not. */
export function mayBegin(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < SURE) return false
  switch (carried(looking.reset(bytes, start, end))) {
    case 'binary':
    case 'compact':
      return isHead(bytes, start)
    case 'framed':
      return isHead(bytes, start + 4)
    case 'header':
      return true
    default:
      return false
  }
}

// Bytes that show where a message begins, when one may begin anywhere: up to the first letter of a name in a frame.
const SURE = 9

const looking = new Cursor()

/** Whether these five bytes may be the first of a message. */
function isHead(bytes: Buffer, at: number): boolean {
  const second = bytes[at + 1] as number
  switch (bytes[at]) {
    case 0x80:
      return second === 1 && bytes[at + 2] === 0
    case 0x82:
      return (second & 0x1f) === 1
    default:
      return second === 0 && isLetter(bytes[at + 4] as number)
  }
}
