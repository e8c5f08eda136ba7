import type { Cursor } from '../../wire/cursor.js'
import { END, HEAD, HEARTBEAT, METHOD } from './frame.js'
import { methodOf } from './methods.js'

/** Whether what begins here is a TLS record with a hello in it: RFC 8446 §4 and §5.1. */
export function isForeign(cursor: Cursor): boolean {
  if (cursor.peek() !== 0x16) return false
  cursor.want(6)
  const { bytes, at } = cursor
  const hello = bytes[at + 5]
  return bytes[at + 1] === 0x03 && (bytes[at + 3] as number) <= 0x40 && (hello === 1 || hello === 2)
}

// A method that is looked for is waited for when it goes on past a segment: a longer one would cost too much if it is none.
const LONGEST = 4096

/**
 * Bytes before the next frame that is sure to be one: a method of that side, whole, or a heartbeat. 0: here it is. For
 * a connection older than the capture, and for what follows a gap; what it answers depends on the bytes alone, and not on
 * where TCP cuts them.
 */
export function nextFrame(cursor: Cursor, fromServer: boolean): number {
  const { bytes, at, left } = cursor
  for (let passed = 0; passed < left; passed++) {
    const kind = bytes[at + passed]
    if (kind !== METHOD && kind !== HEARTBEAT) continue
    const here = begins(bytes, at + passed, at + left, fromServer)
    if (here === false) continue
    if (here > 0 && passed === 0) cursor.want(here)
    return passed
  }
  return left
}

/** False: no frame begins there. Otherwise bytes that are wanted to be sure; 0: it is. */
function begins(bytes: Buffer, at: number, end: number, fromServer: boolean): number | false {
  const left = end - at
  if (left < HEAD) return HEAD
  const size = bytes.readUInt32BE(at + 3)
  const length = HEAD + size + 1
  if (bytes[at] === HEARTBEAT) {
    if (size !== 0 || bytes.readUInt16BE(at + 1) !== 0) return false
    return left < length ? length : bytes[at + HEAD] === END && 0
  }
  if (size < 4 || size > LONGEST) return false
  if (left < HEAD + 4) return HEAD + 4
  const method = methodOf(bytes.readUInt16BE(at + HEAD), bytes.readUInt16BE(at + HEAD + 2))
  if (method === undefined || !method.by[fromServer ? 1 : 0]) return false
  return left < length ? length : bytes[at + length - 1] === END && 0
}
