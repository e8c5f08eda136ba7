import { nanoseconds, offset, rowWords, seconds } from '../capture/rows.js'
import { UserError } from '../errors.js'
import { type Area, copyOf } from './capture-area.js'

/**
 * What was captured since the last batch, in its order. A batch is **on loan** until the next one is asked for, which
 * `for await` does at the end of its body: then its memory is written anew, and the batch refuses to be read. With
 * `copy: true` it is the reader's own, for ever.
 */
export interface CaptureBatch<Row> extends Iterable<Row> {
  readonly length: number
  /**
   * A row by its index, undefined where there is none. On loan, **all rows are one object**, which each call and each
   * turn of a loop moves to another row: take out of it what you need, or keep a row's `copy()`.
   * @throws {UserError} 'ERR_CAPTURE_RELEASED' when the batch was given back.
   */
  at(index: number): Row | undefined
}

/** When a row's packet was captured. */
export interface CaptureTime {
  /** Seconds since the Unix epoch. */
  readonly seconds: number
  /** Nanoseconds within the second. */
  readonly nanoseconds: number
  /** Milliseconds since the Unix epoch, as `Date` counts them, exact to a quarter of a microsecond. */
  readonly time: number
}

/** Makes of what is in an area what a reader is handed. Every batch of a capture is read, in its order. */
export interface Reader<Row> {
  /** `kept`: the area is a copy that nobody writes to, so what is made of it may be kept, too. */
  read(area: Area, rows: number, kept: boolean): CaptureBatch<Row>
}

/** One row of an area, seen through getters. What all of them need is at hand: each look-up costs as much as the rest. */
export class View implements CaptureTime {
  protected table: Uint32Array
  bytes: Buffer
  protected words: Uint32Array
  /** Index of the row's first word in the table, and of its payload in `bytes`. */
  protected row = 0
  protected place = 0

  constructor({ table, bytes, words }: Area) {
    this.table = table
    this.bytes = bytes
    this.words = words
  }

  /** Goes on in another area. */
  enter({ table, bytes, words }: Area): void {
    this.table = table
    this.bytes = bytes
    this.words = words
  }

  /** Moves to the row that begins at that word of the table. */
  move(row: number): void {
    this.row = row
    this.place = this.table[row + offset] as number
  }

  get seconds(): number {
    return this.table[this.row + seconds] as number
  }

  get nanoseconds(): number {
    return this.table[this.row + nanoseconds] as number
  }

  get time(): number {
    return this.seconds * 1e3 + this.nanoseconds / 1e6
  }

  /** An area with this row alone. */
  protected alone(): Area {
    const row = this.table.slice(this.row, this.row + ROW)
    row[offset] = 0
    return copyOf({ table: row, bytes: this.bytes.subarray(this.place), words: this.words }, 1)
  }
}

/** Rows of a batch in an area: all through `shared`, or, where that is undefined, each through a view of its own. */
export abstract class Views<V extends View> implements CaptureBatch<V> {
  #length: number
  #released = false
  readonly #shared: V | undefined

  constructor(length: number, shared: V | undefined) {
    this.#length = length
    this.#shared = shared
  }

  get length(): number {
    return this.#length
  }

  at(index: number): V | undefined {
    if (this.#released) throw released()
    const at = index < 0 ? this.#length + index : index
    if (!Number.isInteger(at) || at < 0 || at >= this.#length) return undefined
    const view = this.#shared ?? this.make()
    this.move(view, at)
    return view
  }

  [Symbol.iterator](): Iterator<V, undefined> {
    return new Walk(this)
  }

  /** The memory is about to be written anew. */
  release(): void {
    this.#released = true
    this.#length = 0
  }

  /** A view of this batch's memory. */
  protected abstract make(): V
  /** Moves a view of this batch to the row with that index. */
  protected abstract move(view: V, index: number): void
}

/** Allocates nothing per row, unlike a generator. */
class Walk<V extends View> implements Iterator<V, undefined> {
  readonly #views: Views<V>
  readonly #step: { done: boolean; value: V | undefined } = { done: false, value: undefined }
  #next = 0

  constructor(views: Views<V>) {
    this.#views = views
  }

  next(): IteratorResult<V, undefined> {
    const step = this.#step
    step.value = this.#views.at(this.#next++)
    step.done = step.value === undefined
    return step as IteratorResult<V, undefined>
  }
}

const released = () =>
  new UserError(
    'ERR_CAPTURE_RELEASED',
    'This batch was given back when the next one was asked for; read it before, or capture with copy: true.',
  )

/** Words from one row of a table to the next. */
export const ROW = rowWords
