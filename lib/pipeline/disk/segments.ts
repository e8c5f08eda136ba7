import { AckLog } from './acks.js'
import { Backoff } from './backoff.js'
import type { DiskCounts } from './counts.js'
import { closeFile, FILE_MODE, openFile, removeFile, syncFile, syncFolder } from './files.js'
import { Segment } from './segment.js'

export interface Log {
  info(message: string): void
  warn(message: string): void
}

export interface SegmentsOptions {
  folder: string
  /** Those that were found, oldest first, and the number of the next. */
  found: readonly Segment[]
  next: number
  counts: DiskCounts
  /** Milliseconds. */
  retry: { init: number; longest: number }
  log: Log
  /** Files are gone; there is room. */
  freed(): void
}

// Power may take what was written since; a disk that has to do this more often does little else.
const SYNC_EVERY = 1000

/** The files of the queue, oldest first: made, synced, and removed when all that is in them is acknowledged. */
export class Segments {
  readonly list: Segment[]
  readonly #options: SegmentsOptions
  readonly #acks: AckLog
  readonly #busy = new Set<Promise<unknown>>()
  #next: number
  /** Files that are to go. */
  #going = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: SegmentsOptions) {
    this.#options = options
    this.list = [...options.found]
    this.#next = options.next
    const { counts, log, folder, retry } = options
    this.#acks = new AckLog(
      new Backoff(retry.init, retry.longest, (error) => {
        counts['failures.write']++
        log.warn(
          `queue.disk: cannot write down in ${folder} what the output has acknowledged: ${told(error)}; should the run be cut off now, it is sent again`,
        )
      }),
    )
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.list.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Acknowledged, and neither written down nor gone with its file yet. */
  get acksWaiting(): number {
    return this.#acks.waiting + this.#going
  }

  /** The one behind another; without one the oldest. */
  after(segment: Segment | undefined): Segment | undefined {
    return this.list.find(({ number }) => number > (segment?.number ?? -1))
  }

  async create(): Promise<Segment> {
    const segment = new Segment(this.#options.folder, this.#next)
    segment.fd = await openFile(segment.path, 'wx', FILE_MODE)
    this.#next++
    this.list.push(segment)
    this.#track(syncFolder(this.#options.folder))
    return segment
  }

  /** Nothing more is written to it. */
  finish(segment: Segment): void {
    segment.closed = true
    if (segment.done) this.#remove(segment)
    else this.#track(segment.alone(() => this.#sync(segment).finally(() => this.#closeFile(segment))))
  }

  acknowledge(segment: Segment, from: number, to: number): void {
    segment.acked.add(from, to)
    if (segment.closed && segment.done) this.#remove(segment)
    else {
      this.#acks.add(segment, from, to)
      this.touch(segment)
    }
  }

  /** Something was written to it. */
  touch(segment: Segment): void {
    segment.dirty = true
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      // Of a segment of which all is acknowledged there is nothing to save.
      for (const each of this.list)
        if (each.dirty && !each.done) this.#track(each.alone(() => this.#sync(each)))
    }, SYNC_EVERY).unref()
  }

  /** All is on the disk, and every file closed, when it resolves. What holds nothing goes. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#acks.close()
    for (const segment of [...this.list]) this.finish(segment)
    while (this.#busy.size > 0) await Promise.all(this.#busy)
    for (const { ackFd } of this.list) if (ackFd >= 0) await closeFile(ackFd)
  }

  async #sync(segment: Segment): Promise<void> {
    if (!segment.dirty || segment.removed) return
    segment.dirty = false
    try {
      if (segment.fd >= 0) await syncFile(segment.fd)
      if (segment.ackFd >= 0) await syncFile(segment.ackFd)
    } catch (error) {
      this.#options.counts['failures.sync']++
      this.#options.log.warn(
        `queue.disk: cannot sync ${segment.path}: ${told(error)}; a loss of power could cost its events`,
      )
    }
  }

  async #closeFile(segment: Segment): Promise<void> {
    const { fd } = segment
    segment.fd = -1
    if (fd >= 0) await closeFile(fd)
  }

  #remove(segment: Segment): void {
    const index = this.list.indexOf(segment)
    if (index < 0) return
    this.list.splice(index, 1)
    segment.removed = true
    this.#acks.forget(segment)
    this.#going++
    const gone = () => {
      this.#going--
      this.#options.freed()
    }
    this.#track(segment.alone(() => this.#removeFiles(segment)).finally(gone))
  }

  // The segment first: a list without its segment is known to be of no use.
  async #removeFiles(segment: Segment): Promise<void> {
    await this.#closeFile(segment)
    const { ackFd } = segment
    segment.ackFd = -1
    if (ackFd >= 0) await closeFile(ackFd)
    for (const path of [segment.path, segment.ackPath])
      await removeFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return
        this.#options.counts['failures.remove']++
        this.#options.log.warn(
          `queue.disk: cannot remove ${path}: ${told(error)}; remove it yourself, its events are delivered`,
        )
      })
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.catch((error: unknown) => this.#options.log.warn(`queue.disk: ${told(error)}`))
    this.#busy.add(tracked)
    void tracked.finally(() => this.#busy.delete(tracked))
  }
}

export const told = (error: unknown): string => (error instanceof Error ? error.message : String(error))
