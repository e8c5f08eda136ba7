import type { Document } from '../../events/writer.js'
import { FillingBatch } from '../filling-batch.js'
import type { Queue, QueueEvents } from '../queue.js'
import { DiskCounts } from './counts.js'
import { FRAME_HEADER, SEGMENT_HEADER } from './frame.js'
import { Outgoing } from './outgoing.js'
import { ReadAhead } from './read-ahead.js'
import { recover } from './recover.js'
import { type Log, Segments } from './segments.js'
import { type StoredBatch, storedBatch } from './stored.js'
import { Writer } from './writer.js'

export interface DiskQueueOptions {
  /** Absolute. */
  path: string
  /** Bytes; 0: as many as there are. */
  maxSize: number
  segmentSize: number
  /** Events in memory: those read in advance, and those that wait to be written. */
  readAhead: number
  writeAhead: number
  /** After a failed write, milliseconds. */
  retry: { init: number; longest: number }
  /** Events of one batch at most. */
  batchEvents: number
  /** What the output wants; events are kept as text. */
  gives: 'text' | 'document'
  log: Log
}

// However large events are: text that waits to be written. Bytes.
const MOST_BYTES = 32 * 1024 * 1024
const SPARE = 3

/**
 * `queue.disk`: events outlive the process from the moment they are written, which is 100 ms after they came at most
 * (a write of the page cache each 100 ms, some 20 microseconds); a loss of power costs the last second. They are handed
 * to the output from memory, unless more come than memory holds.
 */
export class DiskQueue implements Queue {
  readonly wants = 'text'
  readonly durable = true
  readonly filling = new FillingBatch()
  readonly #options: DiskQueueOptions
  readonly #counts: DiskCounts
  readonly #segments: Segments
  readonly #writer: Writer
  readonly #ahead: ReadAhead
  readonly #outgoing: Outgoing
  readonly #area = this.filling.bytes.length
  readonly #spare: Buffer[] = []
  /** Batches that were not delivered. */
  readonly #returned: FillingBatch[] = []
  #on: QueueEvents = { ready: () => undefined, room: () => undefined }
  #waiters: (() => void)[] = []

  /** @throws {UserError} 'ERR_OUTPUT_OPEN' when the folder cannot be used, or belongs to another program. */
  static async open(options: DiskQueueOptions): Promise<DiskQueue> {
    const counts = new DiskCounts()
    const { segments, next } = await recover(options.path, counts)
    return new DiskQueue(options, counts, segments, next)
  }

  private constructor(
    options: DiskQueueOptions,
    counts: DiskCounts,
    found: Awaited<ReturnType<typeof recover>>['segments'],
    next: number,
  ) {
    this.#options = options
    this.#counts = counts
    const { path: folder, retry, log, segmentSize } = options
    const maxSize = options.maxSize || Number.POSITIVE_INFINITY
    counts['events.recovered'] = found.reduce((sum, { unread }) => sum + unread, 0)
    const changed = () => this.#changed()
    const shared = { folder, retry, log, counts }
    this.#segments = new Segments({ ...shared, found, next, freed: () => this.#writer.freed() })
    // Enough for a batch to be under way and another to be ready.
    const events = Math.max(options.readAhead, 2 * options.batchEvents)
    this.#ahead = new ReadAhead({ ...shared, segments: this.#segments, events, changed })
    this.#writer = new Writer({
      ...shared,
      segments: this.#segments,
      maxSize,
      segmentSize,
      written: (batches) => {
        for (const batch of batches) this.#written(batch)
        changed()
        this.#on.room()
      },
      stuck: changed,
    })
    this.#outgoing = new Outgoing({
      ahead: this.#ahead,
      writer: this.#writer,
      batchEvents: options.batchEvents,
      gives: options.gives,
      delivered: (batch) => {
        if (batch.segment !== undefined) this.#segments.acknowledge(batch.segment, batch.offset, batch.end)
        this.#reuse(batch)
      },
    })
    this.#tellFound()
    this.#ahead.read()
  }

  attach(on: QueueEvents): void {
    this.#on = on
    this.#changed()
  }

  get waiting(): number {
    const { ready, behind } = this.#ahead
    const some = (what: unknown) => (what ? 1 : 0)
    return (
      this.#returned.length +
      some(this.#outgoing.hasRest) +
      ready.length +
      some(behind) +
      this.#writer.waiting.length
    )
  }

  get events(): number {
    let events = this.filling.count + this.#writer.events + this.#ahead.events + this.#outgoing.events
    for (const { unread } of this.#segments.list) events += unread
    return events
  }

  get kept(): number {
    return this.events - this.filling.count - this.#writer.events - this.#outgoing.unwritten
  }

  get load(): number {
    const { writeAhead, batchEvents } = this.#options
    const events = this.#writer.events + this.filling.count
    return Math.max(events / (writeAhead + batchEvents), this.#writer.bytes / MOST_BYTES)
  }

  get filled(): boolean {
    return this.filling.count >= this.#options.batchEvents
  }

  counters(): Record<string, number> {
    const counts = Object.entries(this.#counts).map(([name, count]) => [`queue.disk.${name}`, count])
    return {
      ...Object.fromEntries(counts),
      'queue.disk.events': this.kept,
      'queue.disk.bytes': this.#segments.bytes,
      'queue.disk.segments': this.#segments.list.length,
      'queue.disk.acks_waiting': this.#segments.acksWaiting,
    }
  }

  text(json: string, head?: Buffer): boolean {
    return this.filling.text(json, head)
  }

  document(document: Document): void {
    const text = JSON.stringify(document)
    if (this.filling.text(text)) return
    this.moveOn()
    this.filling.text(text)
  }

  moveOn(): void {
    const batch = this.#detach()
    const most = (this.#options.maxSize || Number.POSITIVE_INFINITY) - SEGMENT_HEADER.length - FRAME_HEADER
    if (batch.bytes.length <= most) this.#writer.add(batch)
    else {
      this.#counts['events.too_large'] += batch.count
      this.#options.log.warn(
        `queue.disk: an event of ${batch.bytes.length} bytes is larger than queue.disk.max_size, and lost`,
      )
    }
  }

  take(): FillingBatch | undefined {
    const batch = this.#returned.shift() ?? this.#outgoing.make()
    this.#ahead.read()
    return batch
  }

  giveBack(batch: FillingBatch): void {
    this.#returned.unshift(batch)
  }

  remove(batch: FillingBatch): void {
    this.#outgoing.remove(batch)
  }

  async more(): Promise<boolean> {
    for (;;) {
      const { ready, behind } = this.#ahead
      const { waiting, canSteal, isStuck } = this.#writer
      if (this.#returned.length > 0 || this.#outgoing.hasRest || ready.length > 0) return true
      if (!behind && canSteal) return true
      if (!behind && (waiting.length === 0 || isStuck)) return false
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  async settle(): Promise<void> {
    if (this.filling.count > 0) this.moveOn()
    // Those that the disk failed to take, and the output too.
    for (const batch of this.#outgoing.unwrittenParts()) this.#writer.add(batch)
    await this.#writer.flush()
  }

  clear(): void {
    this.filling.clear()
    this.#writer.forget()
    this.#outgoing.forgetUnwritten()
  }

  async close(): Promise<void> {
    await this.#ahead.close()
    await this.#writer.flush()
    await this.#segments.close()
  }

  /** What is in the filling batch, as a batch to be stored; the filling batch is empty then. */
  #detach(): StoredBatch {
    const { filling } = this
    const { count, length, bytes } = filling
    // A few events need no area of their own.
    const small = length * 2 < bytes.length
    const batch = small
      ? storedBatch(count, Buffer.from(bytes.subarray(0, length)), filling.ends.slice(0, count))
      : storedBatch(count, bytes.subarray(0, length), filling.ends)
    if (!small) {
      filling.bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#area)
      filling.ends = []
    }
    filling.clear()
    return batch
  }

  #written(batch: StoredBatch): void {
    // It was handed over before the disk could take it.
    if (this.#outgoing.holds(batch)) return
    if (!this.#ahead.written(batch)) this.#reuse(batch)
  }

  /** Its text is needed no more; a whole area serves another batch. */
  #reuse({ bytes: { buffer } }: StoredBatch): void {
    if (buffer.byteLength === this.#area && this.#spare.length < SPARE) this.#spare.push(Buffer.from(buffer))
  }

  #changed(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
    this.#on.ready()
  }

  #tellFound(): void {
    const { path, log } = this.#options
    const { 'events.recovered': recovered, 'damaged.torn_bytes': torn, 'damaged.acks': acks } = this.#counts
    if (recovered > 0) log.info(`queue.disk: ${recovered} events of an earlier run in ${path} are sent first`)
    if (torn > 0)
      log.warn(
        `queue.disk: ${torn} bytes at the end of files in ${path} were not written to their end and are cut off`,
      )
    if (acks > 0)
      log.warn(
        `queue.disk: ${acks} entries in ${path} on what was acknowledged are damaged; those events are sent again`,
      )
  }
}
