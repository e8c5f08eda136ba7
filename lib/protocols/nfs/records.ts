import { Malformed } from '../../wire/cursor.js'
import type { Direction, Segment } from '../protocol.js'
import { BEGIN, HEAD, isBegin, isLast, isMark, isMessage, lengthOf, MARK } from './begin.js'
import type { Exchanges, Lack } from './exchanges.js'
import type { Shared } from './shared.js'
import type { Hole } from './xdr.js'

// Directory listings are as long as the client allows, 1 MiB at most; a quarter of that has more names than anyone looks at.
const KEPT = 256 * 1024
// What most messages have that are cut in two.
const FIRST = 1024
// So much of a message has its header: worth a look for where its data begin.
const LOOK = 128

/** A record that goes on past a segment. */
interface Begun {
  /** Packet time of its first byte. */
  time: number
  /** What is kept of it, up to `length`, without marks. */
  bytes: Buffer
  length: number
  /** Bytes of the record so far, on the wire. */
  size: number
  hole: Hole | undefined
  /** Bytes of the hole still to come. */
  passing: number
  /** Bytes kept before its data are looked for again. */
  look: number
  lacks: Lack
  truncated: boolean
  /** Of the fragment: its mark, of which that many bytes came, and bytes still to come. */
  mark: number
  marked: number
  left: number
}

/** Bytes of a segment, from `start` to `end`. */
interface Piece {
  time: number
  bytes: Buffer
  start: number
  end: number
}

const NOTHING = Buffer.alloc(0)

/**
 * One direction of a TCP stream, cut into records (RFC 5531 §11). A record within a segment is read in place. Of others
 * only what is not data of a READ or WRITE is copied. After a gap, or when the capture began in the middle of a record,
 * the next begin is searched for.
 */
export class Records {
  readonly #direction: Direction
  readonly #exchanges: Exchanges
  readonly #shared: Shared
  #begun: Begun | undefined
  /** The begin of a record is searched for; the last bytes, which may hold a part of it. */
  #tail: Buffer | undefined
  readonly #expected = (xid: number): boolean => this.#exchanges.expects(xid, this.#direction)

  constructor(direction: Direction, exchanges: Exchanges, shared: Shared) {
    this.#direction = direction
    this.#exchanges = exchanges
    this.#shared = shared
  }

  /** @throws {Malformed} when there is no memory to hold a record. */
  feed(segment: Segment): void {
    let rest: Piece | undefined = segment
    while (rest !== undefined) rest = this.#tail === undefined ? this.#read(rest) : this.#search(rest)
  }

  /** That many bytes were lost. */
  gap(bytes: number, time: number): void {
    const begun = this.#begun
    // Data are not missed.
    if (begun !== undefined && begun.left >= bytes && begun.passing >= bytes) {
      begun.passing -= bytes
      begun.left -= bytes
      begun.size += bytes
      if (begun.left === 0) this.#endFragment(begun)
      return
    }
    this.#exchanges.lost(time)
    if (begun !== undefined && begun.left >= bytes) {
      // It is known where the fragment ends.
      begun.lacks = 'lost'
      begun.left -= bytes
      begun.size += bytes
      if (begun.left === 0) this.#endFragment(begun)
      return
    }
    this.#giveUp('lost')
    this.#tail = NOTHING
  }

  /** The conversation is over. */
  end(): void {
    this.#giveUp('end')
    this.#tail = undefined
  }

  /** Reads up to the end, or returns the rest, in which the begin of a record is to be searched for. */
  #read({ bytes, start, end, time }: Piece): Piece | undefined {
    let at = start
    while (at < end) {
      if (this.#begun === undefined && end - at >= MARK) {
        const mark = bytes.readUInt32BE(at)
        const length = lengthOf(mark)
        const first = at + MARK
        if (isLast(mark) && length <= end - first && length >= HEAD) {
          if (!isMark(mark) || !isMessage(bytes, first)) {
            this.#tail = NOTHING
            return { bytes, start: at, end, time }
          }
          at = first + length
          this.#take(bytes, first, at, undefined, length, undefined, time)
          continue
        }
      }
      at = this.#collect(bytes, at, end, time)
      if (this.#tail !== undefined) return { bytes, start: at, end, time }
    }
    if (this.#begun !== undefined) this.#look(this.#begun)
    return undefined
  }

  /** Adds to the record that has begun, up to the end of its fragment. Returns where it stopped. */
  #collect(bytes: Buffer, start: number, end: number, time: number): number {
    this.#begun ??= beginning(time)
    const begun = this.#begun
    let at = start
    while (begun.marked < MARK) {
      if (at === end) return at
      begun.mark = ((begun.mark << 8) | (bytes[at++] as number)) >>> 0
      if (++begun.marked < MARK) continue
      if (!isMark(begun.mark, begun.size === 0)) {
        this.#lose(begun)
        return at
      }
      begun.left = lengthOf(begun.mark)
    }
    const stop = Math.min(end, at + begun.left)
    if (begun.size === 0 && stop - at >= LOOK && isMessage(bytes, at)) {
      // In place, so that not even the first of the data are copied.
      begun.hole = this.#exchanges.payload(bytes, at, stop, this.#direction)
      begun.look = 2 * (stop - at)
    }
    if (begun.size === 0 && begun.hole !== undefined) {
      this.#keep(begun, bytes, at, at + begun.hole.at)
      begun.passing = begun.hole.length - (stop - at - begun.hole.at)
    } else {
      const passed = Math.min(begun.passing, stop - at)
      begun.passing -= passed
      this.#keep(begun, bytes, at + passed, stop)
    }
    begun.left -= stop - at
    begun.size += stop - at
    if (begun.hole === undefined && begun.length >= HEAD && !isMessage(begun.bytes, 0)) {
      this.#lose(begun)
      return stop
    }
    if (begun.left === 0) this.#endFragment(begun)
    return stop
  }

  #keep(begun: Begun, bytes: Buffer, start: number, end: number): void {
    if (begun.lacks !== undefined || start === end) return
    const stop = Math.min(end, start + KEPT - begun.length)
    if (stop < end && !begun.truncated) {
      begun.truncated = true
      this.#shared.context.count('truncated_records')
    }
    const length = begun.length + stop - start
    if (length > begun.bytes.length) {
      const capacity = Math.min(KEPT, Math.max(FIRST, 2 * length))
      if (!this.#shared.context.memory.take(capacity - begun.bytes.length)) {
        throw new Malformed('no memory left to hold a record', begun.length)
      }
      const grown = Buffer.allocUnsafe(capacity)
      begun.bytes.copy(grown, 0, 0, begun.length)
      begun.bytes = grown
    }
    bytes.copy(begun.bytes, begun.length, start, stop)
    begun.length = length
  }

  #endFragment(begun: Begun): void {
    if (!isLast(begun.mark)) {
      begun.mark = 0
      begun.marked = 0
      return
    }
    this.#finish(begun)
  }

  #finish(begun: Begun): void {
    this.#forget(begun)
    const { bytes, length, hole, size, lacks, time } = begun
    this.#take(bytes, 0, length, hole, size, lacks, time)
  }

  /** Looks for data in what has come of a record, so that they need not be kept. */
  #look(begun: Begun): void {
    if (begun.hole !== undefined || begun.lacks !== undefined || begun.length < begun.look || begun.truncated)
      return
    begun.look = 2 * begun.length
    const hole = this.#exchanges.payload(begun.bytes, 0, begun.length, this.#direction)
    if (hole === undefined) return
    begun.hole = hole
    begun.passing = hole.length - (begun.length - hole.at)
    begun.length = hole.at
  }

  /** What came is no record: one is searched for in it. */
  #lose(begun: Begun): void {
    this.#forget(begun)
    const mark = Buffer.alloc(MARK)
    mark.writeUInt32BE(begun.mark)
    this.#tail = Buffer.concat([mark, begun.bytes.subarray(0, begun.length)])
  }

  #forget(begun: Begun): void {
    this.#begun = undefined
    this.#shared.context.memory.give(begun.bytes.length)
  }

  /** Reports what is known of a record whose end cannot be found any more. */
  #giveUp(why: Lack): void {
    const begun = this.#begun
    if (begun === undefined) return
    begun.lacks ??= why
    if (begun.length >= HEAD) this.#finish(begun)
    else this.#forget(begun)
  }

  /** Returns what begins with a record, or keeps the last bytes. */
  #search({ bytes, start, end, time }: Piece): Piece | undefined {
    const tail = this.#tail ?? NOTHING
    const joined = tail.length > 0
    const all = joined ? Buffer.concat([tail, bytes.subarray(start, end)]) : bytes
    const first = joined ? 0 : start
    const stop = joined ? all.length : end
    let at = first
    while (at + BEGIN <= stop && !isBegin(all, at, this.#expected)) at++
    this.#shared.context.count('passed_bytes', at - first)
    if (at + BEGIN <= stop) {
      this.#tail = undefined
      return { bytes: all, start: at, end: stop, time }
    }
    this.#tail = Buffer.from(all.subarray(at, stop))
    return undefined
  }

  #take(
    bytes: Buffer,
    start: number,
    end: number,
    hole: Hole | undefined,
    size: number,
    lacks: Lack,
    time: number,
  ): void {
    this.#exchanges.take({ bytes, start, end, hole, size, lacks, time }, this.#direction)
  }
}

const beginning = (time: number): Begun => ({
  time,
  bytes: NOTHING,
  length: 0,
  size: 0,
  hole: undefined,
  passing: 0,
  look: LOOK,
  lacks: undefined,
  truncated: false,
  mark: 0,
  marked: 0,
  left: 0,
})
