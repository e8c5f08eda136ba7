import { Pause } from '../pause.js'
import { Backoff } from './backoff.js'
import type { DiskCounts } from './counts.js'
import { writeAt } from './files.js'
import { FRAME_HEADER, SEGMENT_HEADER, writeHead } from './frame.js'
import type { Segment } from './segment.js'
import { type Log, type Segments, told } from './segments.js'
import type { StoredBatch } from './stored.js'

export interface WriterOptions {
  folder: string
  segments: Segments
  /** Bytes of all files; infinite: as many as the disk has. */
  maxSize: number
  segmentSize: number
  /** Milliseconds. */
  retry: { init: number; longest: number }
  counts: DiskCounts
  log: Log
  /** They are in the file, in this order behind all before them. */
  written(batches: readonly StoredBatch[]): void
  /** It waits, for room or for a disk that fails. */
  stuck(): void
}

// Written at once, when so much has come meanwhile: one call for many small batches, and no long one.
const MOST_BATCHES = 256
const MOST_BYTES = 4 * 1024 * 1024
// A segment of which nothing is left is removed rather than filled, when it is worth a new file.
const SPENT = 8 * 1024 * 1024

/** Writes batches behind each other, one write at a time. What cannot be written waits in memory. */
export class Writer {
  readonly waiting: StoredBatch[] = []
  /** Of those that wait. */
  events = 0
  bytes = 0
  readonly #options: WriterOptions
  readonly #backoff: Backoff
  readonly #pause = new Pause()
  #segment: Segment | undefined
  #running: Promise<void> | undefined
  #underWay = 0
  #full = false
  #closing = false

  constructor(options: WriterOptions) {
    const { retry, log, folder } = options
    this.#options = options
    this.#backoff = new Backoff(retry.init, retry.longest, (error) =>
      log.warn(
        `queue.disk: cannot write to ${folder}: ${told(error)}; events wait in memory, and are dropped when there are too many`,
      ),
    )
  }

  /** True: it cannot write what waits, for want of room or for a disk that fails. */
  get isStuck(): boolean {
    return this.#full || this.#backoff.failing
  }

  add(batch: StoredBatch): void {
    this.waiting.push(batch)
    this.events += batch.count
    this.bytes += batch.bytes.length
    this.#go()
  }

  /** There may be room again. */
  freed(): void {
    if (!this.#full) return
    this.#full = false
    this.#go()
  }

  /** True: the disk fails, so what waits may go to the output without having been written. */
  get canSteal(): boolean {
    return this.#backoff.failing && this.#underWay === 0 && this.waiting.length > 0
  }

  /** The first that waits, unwritten; undefined unless `canSteal`. */
  steal(): StoredBatch | undefined {
    return this.canSteal ? this.#shift() : undefined
  }

  /** Tries once more to write what waits. */
  async flush(): Promise<void> {
    this.#closing = true
    this.#full = false
    this.#pause.cut()
    await this.#running
    this.#go()
    await this.#running
  }

  /** Forgets what is not written. */
  forget(): void {
    while (this.waiting.length > 0) this.#shift()
  }

  #shift(): StoredBatch | undefined {
    const batch = this.waiting.shift()
    if (batch !== undefined) {
      this.events -= batch.count
      this.bytes -= batch.bytes.length
    }
    return batch
  }

  #go(): void {
    if (this.waiting.length > 0 && !this.#full) this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    // What comes in one turn is one write.
    await undefined
    while (this.waiting.length > 0) {
      try {
        const segment = await this.#room(this.waiting[0] as StoredBatch)
        if (segment === undefined) break
        await this.#write(segment)
        if (this.#backoff.failing) this.#options.log.info('queue.disk: events are written to disk again')
        this.#backoff.worked()
      } catch (error) {
        this.#options.counts['failures.write']++
        const wait = this.#backoff.failed(error)
        this.#options.stuck()
        if (this.#closing) break
        await this.#pause.wait(wait)
      }
    }
    this.#running = undefined
  }

  /** Where it can be written; undefined: nowhere, until segments have gone. */
  async #room(batch: StoredBatch): Promise<Segment | undefined> {
    const { segments, maxSize, segmentSize } = this.#options
    const bytes = FRAME_HEADER + batch.bytes.length
    const current = this.#segment
    if (current?.done && current.size >= Math.min(SPENT, segmentSize)) this.#finish()
    if (current !== undefined && !isEmpty(current) && current.size + bytes > segmentSize) this.#finish()
    const header = this.#segment === undefined ? SEGMENT_HEADER.length : 0
    if (segments.bytes + header + bytes > maxSize) {
      // The last one goes as well, when nothing is left in it.
      if (this.#segment?.done && !isEmpty(this.#segment)) {
        this.#finish()
        return this.#room(batch)
      }
      this.#full = true
      this.#options.stuck()
      return undefined
    }
    this.#segment ??= await segments.create()
    return this.#segment
  }

  #finish(): void {
    if (this.#segment !== undefined) this.#options.segments.finish(this.#segment)
    this.#segment = undefined
  }

  async #write(segment: Segment): Promise<void> {
    const { segments, maxSize, segmentSize, counts, written } = this.#options
    const limit = Math.min(segmentSize, segment.size + maxSize - segments.bytes)
    const batches: StoredBatch[] = []
    const buffers: Buffer[] = []
    let end = segment.size
    for (const batch of this.waiting) {
      const next = end + FRAME_HEADER + batch.bytes.length
      const enough = batches.length >= MOST_BATCHES || end - segment.size > MOST_BYTES || next > limit
      if (enough && batches.length > 0) break
      buffers.push(writeHead(batch.bytes, batch.count), batch.bytes)
      batches.push(batch)
      end = next
    }
    this.#underWay = batches.length
    try {
      if (isEmpty(segment)) await writeAt(segment.fd, [SEGMENT_HEADER, ...buffers], 0)
      else await writeAt(segment.fd, buffers, segment.size)
    } finally {
      this.#underWay = 0
    }
    let offset = segment.size
    for (const batch of batches) {
      this.#shift()
      batch.segment = segment
      batch.offset = offset
      offset += FRAME_HEADER + batch.bytes.length
      batch.end = offset
    }
    segment.size = end
    counts['batches.written'] += batches.length
    segments.touch(segment)
    written(batches)
  }
}

const isEmpty = ({ size }: Segment): boolean => size === SEGMENT_HEADER.length
