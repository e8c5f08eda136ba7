import { CALL, REPLY, RPC_VERSION } from './call.js'
import { isKnown } from './programs.js'

/** Bytes of a record mark: the length of a fragment, and in the highest bit whether it is the last. RFC 5531 §11. */
export const MARK = 4
const LAST = 0x8000_0000

// The shortest message is a call that is refused, with five words.
const SHORTEST = 20
// No server reads or writes more than 16 MiB at once; what goes beyond is something else.
const LONGEST = 64 * 1024 * 1024

/** Bytes of a message that tell whether it is one. */
export const HEAD = 12
/** Bytes that tell a record from anything else, its mark included. */
export const BEGIN = 28

export const isLast = (mark: number): boolean => mark >= LAST
export const lengthOf = (mark: number): number => mark & 0x7fff_ffff

/** The mark may be one. `whole`: no fragment of its record came before. */
export function isMark(mark: number, whole = true): boolean {
  const length = lengthOf(mark)
  return length <= LONGEST && length >= (whole && isLast(mark) ? SHORTEST : 1)
}

/** What begins at `at` may be a message: `HEAD` bytes are there. */
export function isMessage(bytes: Buffer, at: number): boolean {
  const type = bytes.readUInt32BE(at + 4)
  const next = bytes.readUInt32BE(at + 8)
  return type === CALL ? next === RPC_VERSION : type === REPLY && next <= 1
}

/**
 * What begins at `at` is a record: `BEGIN` bytes are there. A call is of a program that is known, a reply is `expected`;
 * nothing else tells one in the middle of a stream.
 */
export function isBegin(bytes: Buffer, at: number, expected: (xid: number) => boolean): boolean {
  if (bytes[at + 8] !== 0 || bytes[at + 9] !== 0 || bytes[at + 10] !== 0) return false
  if (!isMark(bytes.readUInt32BE(at)) || !isMessage(bytes, at + MARK)) return false
  if (bytes[at + 11] === REPLY) return expected(bytes.readUInt32BE(at + MARK))
  return (
    isKnown(bytes.readUInt32BE(at + 16)) &&
    bytes.readUInt32BE(at + 20) <= 4 &&
    bytes.readUInt32BE(at + 24) < 100
  )
}
