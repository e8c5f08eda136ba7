import { Pause } from '../pause.js'
import type { DiskCounts } from './counts.js'
import { closeFile, openFile } from './files.js'
import { lineEnds, SEGMENT_HEADER } from './frame.js'
import { type Found, SegmentReader } from './reader.js'
import type { Segment } from './segment.js'
import { type Log, type Segments, told } from './segments.js'
import { type StoredBatch, storedBatch } from './stored.js'

export interface ReadAheadOptions {
  segments: Segments
  /** Held in memory at most; one batch in any case. */
  events: number
  retry: { init: number; longest: number }
  counts: DiskCounts
  log: Log
  /** There is more to take, or nothing is left to read. */
  changed(): void
}

// Of text that is read, or was kept since it was written; large events are fewer events.
const MOST_BYTES = 16 * 1024 * 1024
const TRIES = 3

/** The batches that are next, in memory; those behind them are on disk alone, and read when there is room. */
export class ReadAhead {
  readonly ready: StoredBatch[] = []
  /** Of those that are ready. */
  events = 0
  #bytes = 0
  readonly #options: ReadAheadOptions
  readonly #pause = new Pause()
  // The next batch that is not ready stands there. No segment: none was ever written.
  #segment: Segment | undefined
  #offset: number = SEGMENT_HEADER.length
  #open: { fd: number; segment: Segment; reader: SegmentReader } | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: ReadAheadOptions) {
    this.#options = options
    this.#segment = options.segments.after(undefined)
  }

  /** True: there are batches on disk that are not ready. */
  get behind(): boolean {
    this.#advance()
    return this.#segment !== undefined && this.#offset < this.#segment.size
  }

  /** A batch was written. True: it is the next and stays in memory; else it is read back in its turn. */
  written(batch: StoredBatch): boolean {
    const segment = batch.segment as Segment
    this.#advance()
    if (this.#segment === undefined) this.#segment = segment
    const isNext = this.#segment === segment && this.#offset === batch.offset && this.#running === undefined
    if (isNext && this.#hasRoom) {
      this.#offset = batch.end
      this.#push(batch)
      return true
    }
    segment.unread += batch.count
    this.read()
    return false
  }

  /** The one that is next. */
  shift(): StoredBatch | undefined {
    const batch = this.ready.shift()
    if (batch === undefined) return undefined
    this.events -= batch.count
    this.#bytes -= batch.bytes.length
    return batch
  }

  /** Reads until there is enough in memory; not each time that one batch was taken. */
  read(): void {
    const low = this.events <= this.#options.events / 2 && this.#bytes <= MOST_BYTES / 2
    if (!this.#closed && low && this.behind) this.#running ??= this.#run()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#pause.cut()
    await this.#running
    await this.#close()
  }

  get #hasRoom(): boolean {
    return this.ready.length === 0 || (this.events < this.#options.events && this.#bytes < MOST_BYTES)
  }

  #push(batch: StoredBatch): void {
    this.ready.push(batch)
    this.events += batch.count
    this.#bytes += batch.bytes.length
  }

  /** Over what is acknowledged, and from the end of a segment that gets nothing more to the next one. */
  #advance(): void {
    for (let segment = this.#segment; segment !== undefined; segment = this.#segment) {
      this.#offset = segment.acked.endAt(this.#offset) ?? this.#offset
      if (this.#offset < segment.size || !segment.closed) return
      this.#reconcile(segment)
      const next = this.#options.segments.after(segment)
      if (next === undefined) return
      this.#segment = next
      this.#offset = SEGMENT_HEADER.length
    }
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#closed && this.#hasRoom && this.behind; ) {
      const segment = this.#segment as Segment
      try {
        const { reader } = await this.#opened(segment)
        reader.offset = this.#offset
        const found = await reader.next(segment.size)
        if (found === undefined) break
        this.#offset = found.end
        this.#take(segment, found)
        failures = 0
      } catch (error) {
        if (++failures < TRIES) await this.#pause.wait(this.#options.retry.init)
        else this.#skip(segment, error)
      }
    }
    // An open file that has been removed would still take its room.
    if (!this.behind) await this.#close()
    this.#running = undefined
    this.#options.changed()
    this.read()
  }

  #take(segment: Segment, found: Found): void {
    const { counts, segments, log, changed } = this.#options
    const ends = found.kind === 'batch' ? lineEnds(found.text) : []
    segment.unread -= found.count
    if (found.kind === 'batch' && ends.length === found.count) {
      const batch = storedBatch(found.count, found.text, ends)
      Object.assign(batch, { segment, offset: found.offset, end: found.end })
      counts['batches.read']++
      this.#push(batch)
      changed()
      return
    }
    const bytes = found.end - found.offset
    counts['damaged.batches']++
    counts['damaged.bytes'] += bytes
    counts['events.lost'] += found.count
    const events = found.count > 0 ? `${found.count} events` : 'an unknown number of events'
    log.warn(`queue.disk: ${bytes} bytes of ${segment.path} are damaged; ${events} are lost`)
    // So that the file can go, and the next run does not find it again.
    segments.acknowledge(segment, found.offset, found.end)
  }

  /** Events whose batch was whole when the queue was opened, and is not found any more. */
  #reconcile(segment: Segment): void {
    if (segment.unreadable) return
    this.#options.counts['events.lost'] += segment.unread
    segment.unread = 0
  }

  /** Nothing of it can be read now; perhaps the next run can. */
  #skip(segment: Segment, error: unknown): void {
    this.#options.counts['failures.read']++
    this.#options.log.warn(
      `queue.disk: cannot read ${segment.path}: ${told(error)}; its events stay there for the next run`,
    )
    this.#offset = segment.size
    segment.unreadable = true
  }

  async #opened(segment: Segment): Promise<{ reader: SegmentReader }> {
    if (this.#open?.segment === segment) return this.#open
    await this.#close()
    const fd = await openFile(segment.path, 'r')
    this.#open = { fd, segment, reader: new SegmentReader(fd, this.#offset) }
    return this.#open
  }

  async #close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (open !== undefined) await closeFile(open.fd)
  }
}
