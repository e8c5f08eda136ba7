import type { Cursor } from '../../wire/cursor.js'

// Names of methods are identifiers, with the service before them at most; what is longer is no name.
const MAX_NAME = 1024

/**
 * How messages and values are written: what Thrift calls a protocol. What a header says (of a message, a field, a
 * collection) is found in properties, so that reading it allocates nothing.
 */
export abstract class Encoding {
  /** What is read from. */
  cursor!: Cursor
  // --- the head of a message
  messageType = 0
  /** As it was sent, with the service before it where that is told. */
  name = ''
  seqid = 0
  // --- the head of a field
  type = 0
  id = 0
  // --- the head of a collection
  size = 0
  key = 0
  /** Type of the elements; of a map that of its values. */
  element = 0

  /** Reads a message up to its structure. */
  abstract head(): void
  /** Reads the head of a field after that with the id `last`, 0 for the first. False: there is none. */
  abstract field(last: number): boolean
  /** Reads the head of a list or a set. */
  abstract list(): void
  /** Reads the head of a map. */
  abstract map(): void
  abstract bool(): boolean
  abstract i16(): number
  abstract i32(): number
  /** In decimal. */
  abstract i64(): string
  abstract double(): number
  /** Bytes of the text that follows. */
  abstract length(): number
  /** Passes over a number of 16, 32 or 64 bits. */
  abstract skipInteger(type: number): void
  /** Bytes that every value of a type has as an element of a collection; 0: they differ. */
  abstract width(type: number): number

  i8(): number {
    return (this.cursor.u8() << 24) >> 24
  }

  protected nameOf(length: number): string {
    const { cursor } = this
    if (length < 0 || length > MAX_NAME) throw cursor.malformed(`a name of ${length} bytes`)
    return cursor.utf8(length)
  }
}
