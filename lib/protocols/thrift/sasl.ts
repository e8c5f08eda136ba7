import type { Cursor } from '../../wire/cursor.js'
import type { Step } from './message.js'

// What a client or a server says in a step of a login, TSaslTransport.
export const START = 1
export const COMPLETE = 5
export const BAD = 3
export const ERROR = 4

// Kerberos tickets with many groups have some 64 KB at most; TSaslTransport itself takes 100 MB.
const MAX_STEP = 262_144

// Names of mechanisms have at most 20 characters (RFC 4422 §3.1); what servers say is a sentence.
const MAX_SHOWN = 256

/** Reads a step of a login: a status, a length, and what the mechanism says. Source: Thrift's TSaslTransport. */
export function step(cursor: Cursor): Step {
  const status = cursor.u8()
  const length = cursor.u32()
  if (length > MAX_STEP) throw cursor.malformed(`a step of a login of ${length} bytes`)
  cursor.want(length)
  const { bytes, at } = cursor
  cursor.skip(length)
  const isShown = status === START || status === BAD || status === ERROR
  return {
    status,
    text: isShown ? bytes.utf8Slice(at, at + Math.min(length, MAX_SHOWN)) : '',
    user: isShown ? undefined : plainUser(bytes, at, at + length),
    bytes: 5 + length,
  }
}

/** Who logs in with PLAIN (RFC 4616): a name to act as, a NUL, the name, a NUL, the password. */
function plainUser(bytes: Buffer, start: number, end: number): string | undefined {
  const first = bytes.indexOf(0, start)
  const second = first < 0 ? -1 : bytes.indexOf(0, first + 1)
  if (second < 0 || second >= end || second - first > MAX_SHOWN) return undefined
  return bytes.utf8Slice(first + 1, second)
}
