import type { Cursor } from '../../wire/cursor.js'
import { i32 } from './bson.js'
import { type Compressor, compressors, expand } from './compression.js'
import { LongDocument, type Reader } from './long-document.js'

/** Operations. Spec: MongoDB Manual, "MongoDB Wire Protocol", and its "Legacy Opcodes". */
export const OP_REPLY = 1
/** A text for diagnosis, before MongoDB 3.6 took its name away. */
export const OP_OLD_MSG = 1000
export const OP_UPDATE = 2001
export const OP_INSERT = 2002
export const OP_QUERY = 2004
export const OP_GET_MORE = 2005
export const OP_DELETE = 2006
export const OP_KILL_CURSORS = 2007
export const OP_COMMAND = 2010
export const OP_COMMANDREPLY = 2011
export const OP_COMPRESSED = 2012
export const OP_MSG = 2013

const operations: ReadonlySet<number> = new Set([
  OP_REPLY,
  OP_OLD_MSG,
  OP_UPDATE,
  OP_INSERT,
  OP_QUERY,
  OP_GET_MORE,
  OP_DELETE,
  OP_KILL_CURSORS,
  OP_COMMAND,
  OP_COMMANDREPLY,
  OP_COMPRESSED,
  OP_MSG,
])

/** A message, its bytes on loan and the object itself reused: whoever takes it reads it at once. */
export interface Message {
  /** Bytes on the wire, with the header. */
  length: number
  id: number
  /** The id of the request that it answers; 0: none. */
  to: number
  operation: number
  compressor: Compressor | undefined
  /** What follows the header (of a compressed message: once expanded). */
  bytes: Buffer
  start: number
  end: number
  /** False: it goes on past `end`. */
  whole: boolean
  /** Why its body cannot be read; there is none then. */
  problem: string | undefined
}

/** What else may be read: the head of a message nobody knows, bytes nobody looks at, TLS up to the end of the segment. */
export type Piece = Message | 'unknown' | 'rest' | 'encrypted'

const HEADER = 16
// maxMessageSizeBytes is 48,000,000; what a server adds to the 16 MB of a document stays far below.
const MAX_MESSAGE = 48_000_000
// A message up to this length is held until all of it is there. What is longer carries documents, by hundreds or of
// some MB each: its head tells what is done, and what was done to how many documents a reply tells at its end.
const WHOLE = 1_048_576
const HEAD = 65_536
// Compressed, there is no head. 10 MiB is what other protocols hold of a message as well.
const WHOLE_COMPRESSED = 10 * 1_048_576

// OP_COMPRESSED: the header, the operation it stands for, the length it expands to, the compressor.
const COMPRESSED_HEADER = HEADER + 9
// Where the document of OP_MSG begins, when nothing stands before it: after the header, flags, and a section's kind.
const DOCUMENT_AT = HEADER + 5
/** What `error.message` says of a compressed message that is longer. */
export const TOO_LONG = 'The compressed message is too long to be expanded'

// One serves all: it is read before another one is parsed.
const message: Message = {
  length: 0,
  id: 0,
  to: 0,
  operation: 0,
  compressor: undefined,
  bytes: Buffer.alloc(0),
  start: 0,
  end: 0,
  whole: true,
  problem: undefined,
}

/** Reads what one side sends. */
export class Parser {
  /** Bytes still to come of a message whose head has been read. */
  #left = 0
  /** Who reads it; undefined: nobody does. */
  #follow: { read(cursor: Cursor, left: number): void } | undefined
  /** A message was read before: now one whose operation nobody knows may be skipped. */
  #inStep = false

  /** In the midst of a message whose head has been read. */
  get isInside(): boolean {
    return this.#left > 0
  }

  /** Has the document of a message that goes on read by `reader`, when nothing stands before it. */
  readOn<Kind>({ operation, bytes, start }: Message, reader: Reader<Kind>): void {
    if (operation === OP_MSG && bytes[start + 4] === 0) this.#follow = new LongDocument(reader)
  }

  readonly parse = (cursor: Cursor): Piece => {
    if (this.#left > 0) return this.#rest(cursor)
    this.#follow = undefined
    cursor.want(HEADER)
    const { bytes, at } = cursor
    const length = i32(bytes, at)
    const operation = i32(bytes, at + 12)
    const isKnown = operations.has(operation)
    if (!isKnown && isEncrypted(bytes, at)) {
      cursor.skip(cursor.left)
      return 'encrypted'
    }
    if (length < HEADER || length > MAX_MESSAGE) throw cursor.malformed(`a message of ${length} bytes`)
    if (!isKnown) return this.#skip(cursor, length, operation)
    this.#inStep = true
    const isCompressed = operation === OP_COMPRESSED
    const whole = length <= (isCompressed ? WHOLE_COMPRESSED : WHOLE)
    const size = whole ? length : isCompressed ? COMPRESSED_HEADER : HEAD
    cursor.want(size)
    message.length = length
    message.id = i32(bytes, at + 4)
    message.to = i32(bytes, at + 8)
    message.operation = operation
    message.compressor = undefined
    message.bytes = bytes
    message.start = at + HEADER
    message.end = at + size
    message.whole = whole
    message.problem = undefined
    if (isCompressed) open(cursor, message)
    // What goes on is looked at from its document on.
    const taken = whole ? size : Math.min(size, DOCUMENT_AT)
    cursor.skip(taken)
    this.#left = length - taken
    return message
  }

  #skip(cursor: Cursor, length: number, operation: number): Piece {
    if (!this.#inStep) throw cursor.malformed(`operation ${operation}`)
    cursor.skip(HEADER)
    this.#left = length - HEADER
    return 'unknown'
  }

  #rest(cursor: Cursor): Piece {
    const { used } = cursor
    if (this.#follow === undefined) cursor.skip(Math.min(this.#left, cursor.left))
    else this.#follow.read(cursor, this.#left)
    this.#left -= cursor.used - used
    return 'rest'
  }
}

/** Makes of OP_COMPRESSED the message that it is. Spec: MongoDB Manual, "OP_COMPRESSED". */
function open(cursor: Cursor, message: Message): void {
  const { bytes, start, end, whole } = message
  if (end < start + 9) throw cursor.malformed('a compressed message that is too short')
  message.operation = i32(bytes, start)
  const compressor = bytes[start + 8] as number
  message.compressor = compressors[compressor]
  const body = whole ? expand(bytes.subarray(start + 9, end), compressor, i32(bytes, start + 4)) : TOO_LONG
  if (typeof body === 'string') message.problem = body
  else message.bytes = body
  message.start = 0
  message.end = typeof body === 'string' ? 0 : body.length
}

/** The records of TLS begin with their type and with the major version 3. Spec: RFC 8446 §5.1. */
const isEncrypted = (bytes: Buffer, at: number): boolean => {
  const type = bytes[at] as number
  return type >= 20 && type <= 23 && bytes[at + 1] === 3 && (bytes[at + 2] as number) <= 4
}
