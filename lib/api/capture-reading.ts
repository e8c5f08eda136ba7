import { binding, type Capture, type CaptureOptions } from '../binding.js'
import { feed } from '../capture/feed.js'
import { isStream } from '../capture/options.js'
import { type Area, areas, copyOf } from './capture-area.js'
import { type CaptureBatch, type Reader, Views } from './capture-batch.js'

/** A batch that was handed over and not asked for yet. `loan`: its index; undefined for a copy. */
interface Waiting {
  area: Area
  rows: number
  loan: number | undefined
}

export interface ReadingOptions<Row> {
  native: CaptureOptions
  file: string | undefined
  copy: boolean
  signal: AbortSignal | undefined
  reader: Reader<Row>
}

/** One source that is open, and what it has handed over. */
export class Reading<Row> {
  readonly #options: ReadingOptions<Row>
  readonly #over = new AbortController()
  readonly #ended: Promise<void>
  #capture: Capture | undefined
  #areas: Area[]
  #waiting: Waiting[] = []
  #wake = () => {}
  #stopping = false
  #abandoned = false
  #result: { failure?: unknown } | undefined
  #lent: { batch: CaptureBatch<Row>; loan: number | undefined } | undefined
  #counters: Record<string, number> = {}

  /** @throws {Error} with a code of lib/errors.ts: the source cannot be opened. */
  constructor(options: ReadingOptions<Row>) {
    this.#options = options
    const capture = new binding.Capture(options.native)
    this.#capture = capture
    this.#areas = areas(capture.memory)
    this.#ended = this.#run(capture)
    options.signal?.addEventListener('abort', this.#abort)
  }

  /**
   * The next batch with rows, as soon as there is one; undefined after the last. Gives back the one before. Rejects with what
   * went wrong, or with the signal's reason.
   */
  async next(): Promise<CaptureBatch<Row> | undefined> {
    this.#giveBack()
    for (;;) {
      this.#options.signal?.throwIfAborted()
      const next = this.#waiting.shift()
      if (next !== undefined) {
        const batch = this.#read(next)
        if (batch.length > 0) return batch
        this.#giveBack()
      } else if (this.#result !== undefined) {
        if ('failure' in this.#result) throw this.#result.failure
        return undefined
      } else
        await new Promise<void>((wake) => {
          this.#wake = wake
        })
    }
  }

  /**
   * Reads no further, as at the end of a file; what was read still comes. The source is closed at once: nothing that waits may
   * hold up the capture thread.
   */
  stop(): void {
    this.#stopping = true
    this.#takeOver()
    this.#capture?.stop()
    this.#over.abort()
  }

  /** Reads no further; what was not asked for is lost. */
  abandon(): void {
    this.#abandoned = true
    this.#capture?.abandon()
    this.#waiting = []
    this.#over.abort()
  }

  /** Gives everything back; resolves when the source is closed and its thread has ended. */
  async close(): Promise<void> {
    this.#giveBack()
    if (this.#result === undefined) this.abandon()
    await this.#ended
  }

  counters(): Record<string, number> {
    return this.#capture?.stats() ?? this.#counters
  }

  async #run(capture: Capture): Promise<void> {
    const { file } = this.#options
    const ended = new Promise<void>((resolve, reject) => {
      capture.start(
        (batch, rows) => this.#handedOver(batch, rows),
        (error) => (error === undefined ? resolve() : reject(error)),
      )
    })
    const fed = file !== undefined && isStream(file) ? feed(capture, file, this.#over.signal) : undefined
    // The feeder may fail first, but what it fed has still to be read. Its failure is then the one to tell.
    const ends = await Promise.allSettled([fed, ended.finally(() => this.#over.abort())])
    this.#options.signal?.removeEventListener('abort', this.#abort)
    const failed = ends.find((end) => end.status === 'rejected')
    // Whoever has left is not told what went wrong behind him.
    this.#result = failed === undefined || this.#abandoned ? {} : { failure: failed.reason }
    // What is counted stays; memory, tables and whatever else the addon has may go.
    this.#counters = capture.stats()
    this.#capture = undefined
    this.#areas = []
    this.#wake()
  }

  #handedOver(loan: number, rows: number): void {
    this.#waiting.push({ area: this.#areas[loan] as Area, rows, loan })
    if (this.#stopping) this.#takeOver()
    this.#wake()
  }

  readonly #abort = (): void => {
    this.abandon()
    this.#wake()
  }

  /** Copies what waits, so that the capture has its memory back. */
  #takeOver(): void {
    for (const waiting of this.#waiting) {
      if (waiting.loan === undefined) continue
      waiting.area = copyOf(waiting.area, waiting.rows)
      this.#capture?.release(waiting.loan)
      waiting.loan = undefined
    }
  }

  #read({ area, rows, loan }: Waiting): CaptureBatch<Row> {
    const { copy, reader } = this.#options
    if (copy && loan !== undefined) {
      const own = copyOf(area, rows)
      this.#capture?.release(loan)
      return reader.read(own, rows, true)
    }
    const batch = reader.read(area, rows, copy)
    this.#lent = { batch, loan }
    return batch
  }

  #giveBack(): void {
    if (this.#lent === undefined) return
    const { batch, loan } = this.#lent
    this.#lent = undefined
    if (!this.#options.copy && batch instanceof Views) batch.release()
    if (loan !== undefined) this.#capture?.release(loan)
  }
}
