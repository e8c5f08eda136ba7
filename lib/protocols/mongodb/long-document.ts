import type { Cursor } from '../../wire/cursor.js'
import { Elements, i32 } from './bson.js'

// Type, name and length of every element that matters are within so many bytes.
const PEEK = 1024
// What is longer is a list of documents, which is entered or gone past. What is not is waited for.
const LONGEST = 65_536

/** Whoever makes something of a long document. `Kind`: which of its documents an element stands in. */
export interface Reader<Kind> {
  /** What the document itself is. */
  readonly kind: Kind
  /** An element of some length, all there. */
  element(elements: Elements, kind: Kind): void
  /** What a long element is that is to be entered; undefined: it is gone past. */
  enter(name: string, kind: Kind): Kind | undefined
  /** Whether elements of such a document are counted, not read. */
  isCounted(kind: Kind): boolean
  count(): void
}

/** A document that was entered. */
interface Open<Kind> {
  kind: Kind
  /** Bytes of the message that are left when it ends. */
  end: number
}

const walk = new Elements()

/**
 * Reads the document of a message too long to be held, element by element as they come, so that sixteen megabytes of
 * documents take no more memory than a segment.
 */
export class LongDocument<Kind = unknown> {
  readonly #reader: Reader<Kind>
  readonly #open: Open<Kind>[] = []
  #begun = false
  /** Bytes to go past. */
  #skip = 0

  constructor(reader: Reader<Kind>) {
    this.#reader = reader
  }

  /** Reads on in a message of which `left` bytes are still to come. @throws {Malformed} */
  read(cursor: Cursor, left: number): void {
    const open = this.#open.at(-1)
    // After its document a message may have a checksum.
    if (this.#begun && open === undefined) this.#skip = left
    if (this.#skip > 0) {
      this.#pass(cursor, this.#skip)
      return
    }
    cursor.want(Math.min(left, PEEK))
    if (open === undefined) {
      this.#enter(cursor, this.#reader.kind, 0, left)
      this.#begun = true
    } else if (cursor.peek() === 0) {
      cursor.skip(1)
      if (left - 1 !== open.end) throw cursor.malformed('an end before the end')
      this.#open.pop()
    } else this.#element(cursor, open, left)
  }

  /** Enters the document that begins so many bytes further on. */
  #enter(cursor: Cursor, kind: Kind, ahead: number, left: number): void {
    const length = i32(cursor.bytes, cursor.at + ahead)
    if (length < 5 || length > left - ahead) throw cursor.malformed(`a document of ${length} bytes`)
    this.#open.push({ kind, end: left - ahead - length })
    cursor.skip(ahead + 4)
  }

  #element(cursor: Cursor, { kind, end }: Open<Kind>, left: number): void {
    const { bytes, at } = cursor
    const reader = this.#reader
    // Its last byte is the document's end.
    const most = left - end - 1
    walk.resume(bytes, at, at + Math.min(cursor.left, most)).step()
    const length = walk.beyond - at
    if (length > most) throw cursor.malformed(`an element of ${length} bytes`)
    if (reader.isCounted(kind)) reader.count()
    else if (length <= LONGEST) {
      cursor.want(length)
      reader.element(walk, kind)
    } else if (walk.nests) {
      const inside = reader.enter(walk.name.text, kind)
      if (inside !== undefined) {
        this.#enter(cursor, inside, walk.at - at, left)
        return
      }
    }
    this.#pass(cursor, length)
  }

  #pass(cursor: Cursor, length: number): void {
    const now = Math.min(length, cursor.left)
    cursor.skip(now)
    this.#skip = length - now
  }
}
