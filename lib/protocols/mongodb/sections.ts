import type { Body } from './body.js'
import { i32 } from './bson.js'

/** Documents that stand one after the other, as if they were a list of that name in the command. */
export interface Sequence {
  name: string
  start: number
  end: number
}

/** What OP_MSG consists of. */
export interface Sections {
  flags: number
  /** Where its document begins; -1: it has none. */
  document: number
  /** The rest, whichever side of the document it stands on. */
  sequences: readonly Sequence[]
}

/** Flags of OP_MSG. */
export const CHECKSUM_PRESENT = 1
export const MORE_TO_COME = 2
export const EXHAUST_ALLOWED = 1 << 16

// Two are the most that any command has; what has more is no command.
const MAX_SEQUENCES = 16

// Kind, length and name of a section: of a message that goes on, what begins nearer to the end of its head is not read.
const BEGINNING = 64

const NO_SEQUENCES: readonly Sequence[] = []

/** Finds the sections. Spec: MongoDB Manual, "MongoDB Wire Protocol", OP_MSG. @throws {Malformed} */
export function sections(body: Body): Sections {
  const flags = body.i32()
  // CRC-32C of the message. Whether TCP carried it well is not ours to check.
  const end = body.end - ((flags & CHECKSUM_PRESENT) !== 0 && body.whole ? 4 : 0)
  let document = -1
  let sequences = NO_SEQUENCES
  while (body.at < end && (body.whole || body.left > BEGINNING)) {
    const kind = body.u8()
    if (kind === 0) {
      if (document >= 0) throw body.malformed('a second document')
      document = body.document()
    } else if (kind === 1) {
      const found = sequence(body, end)
      if (sequences.length === MAX_SEQUENCES) throw body.malformed('a section too many')
      sequences = [...sequences, found]
    } else break // between servers only, and of no known length
  }
  if (document < 0 && body.whole) throw body.malformed('no document')
  return { flags, document, sequences }
}

function sequence(body: Body, end: number): Sequence {
  const { at } = body
  const stop = at + body.i32()
  if (stop < at + 5 || (stop > end && body.whole)) throw body.malformed('a section past its message')
  const name = body.text0()
  const start = body.at
  if (start > stop) throw body.malformed('a section that is too short')
  body.at = Math.min(stop, end)
  return { name, start, end: body.at }
}

/** The documents of a sequence, by where each begins; of one that is cut, those of which anything is there. */
export function* documentsOf(bytes: Buffer, { start, end }: Sequence): Generator<number> {
  for (let at = start; at + 4 < end; ) {
    const length = i32(bytes, at)
    yield at
    if (length < 5) return
    at += length
  }
}
