import { UserError } from '../errors.js'
import type { CaptureBatch, Reader } from './capture-batch.js'
import { type FlowReport, flowReader } from './capture-flow.js'
import type { CaptureOptions, CaptureRead } from './capture-options.js'
import { type Packet, packetReader } from './capture-packet.js'
import { Reading } from './capture-reading.js'
import { type Checked, checkCaptureOptions, nativeOptions } from './capture-settings.js'
import { type Datagram, datagramReader, segmentReader, type TcpSegment } from './capture-stream.js'

/** What a batch has, by what is read. */
export interface CaptureRows {
  packets: Packet
  segments: TcpSegment
  datagrams: Datagram
  flows: FlowReport
}

/** What a capture has counted so far; all of it stays when it is over. */
export interface CaptureStatistics {
  /** Packets read from the device or file. */
  received: number
  /** Bytes they had on the wire. */
  receivedBytes: number
  /** Packets lost because the kernel's buffer was full: the reader was too slow, or the buffer too small. */
  droppedByKernel: number
  /** What the capture itself lost or cut, by the counter's name; empty when nothing was. */
  droppedByUs: Record<string, number>
  /** Every counter by the name that docs/metrics.md explains; empty before the source is open. */
  counters: Record<string, number>
}

/**
 * A device or file that is read in batches, once: by one `for await`, or by one iterator.
 *
 * The source is opened when the first batch is asked for, and given back when the iteration ends, however it does: at
 * the end of a file, by `break`, by `stop`, by an error, by the signal, whose reason is then thrown. What could not be opened, or breaks on the way, is what
 * the iteration throws, after all batches that were read before it: an `Error` with a `code` 'ERR_CAPTURE_…'.
 */
export interface Capture<Row> extends AsyncIterable<CaptureBatch<Row>> {
  /** @throws {UserError} 'ERR_ITERATED' when it was called before. */
  [Symbol.asyncIterator](): CaptureIterator<Row>
  /** Ends it as the end of a file does: the source is given back at once, and what was read until then still comes. */
  stop(): void
  /** At any time. */
  statistics(): CaptureStatistics
}

/** What `for await` uses; for those who ask for batches by themselves. */
export interface CaptureIterator<Row> extends AsyncIterableIterator<CaptureBatch<Row>> {
  next(): Promise<IteratorResult<CaptureBatch<Row>, void>>
  /** Gives the source back at once, also while a `next` waits; resolves when that has happened. */
  return(): Promise<IteratorResult<CaptureBatch<Row>, void>>
}

/**
 * Reads packets, TCP segments in order, datagrams or flow reports of a device or a file:
 *
 * ```ts
 * for await (const batch of capture({ device: 'eth0', read: 'packets', filter: 'tcp port 80' }))
 *   for (const packet of batch) console.log(packet.sourceIp, packet.wireLength)
 * ```
 *
 * **Batches and rows are on loan** until the next batch is asked for, and all rows of a batch are one object; see
 * `CaptureBatch`. What is to stay has to be taken out, copied by `copy()`, or captured with `copy: true`. A reader that takes
 * its time lets a file wait; a device fills the kernel's buffer meanwhile, and then `statistics().droppedByKernel`
 * counts what it drops.
 *
 * @throws {UserError} 'ERR_OPTIONS' with everything that is wrong with the options.
 */
export function capture<R extends CaptureRead>(options: CaptureOptions<R>): Capture<CaptureRows[R]> {
  return new Once(checkCaptureOptions(options), readers[options.read]() as Reader<CaptureRows[R]>)
}

const readers: { [R in CaptureRead]: () => Reader<CaptureRows[R]> } = {
  packets: packetReader,
  segments: segmentReader,
  datagrams: datagramReader,
  flows: () => flowReader,
}

class Once<Row> implements Capture<Row> {
  readonly #options: Checked
  readonly #reader: Reader<Row>
  #iterated = false
  #stopped = false
  #reading: Reading<Row> | undefined

  constructor(options: Checked, reader: Reader<Row>) {
    this.#options = options
    this.#reader = reader
  }

  [Symbol.asyncIterator](): CaptureIterator<Row> {
    if (this.#iterated)
      throw new UserError(
        'ERR_ITERATED',
        'A capture is read once, by one reader; call capture() again for another.',
      )
    this.#iterated = true
    const batches = this.#batches()
    return {
      next: () => batches.next(),
      return: () => {
        this.#reading?.abandon()
        return batches.return()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  stop(): void {
    this.#stopped = true
    this.#reading?.stop()
  }

  statistics(): CaptureStatistics {
    const counters = this.#reading?.counters() ?? {}
    const count = (name: string) => counters[name] ?? 0
    return {
      received: count('capture.packets'),
      receivedBytes: count('capture.bytes'),
      droppedByKernel: count('capture.kernel_dropped'),
      droppedByUs: Object.fromEntries(
        lost.map((name) => [name, count(name)] as const).filter(([, number]) => number > 0),
      ),
      counters,
    }
  }

  async *#batches(): AsyncGenerator<CaptureBatch<Row>, void, undefined> {
    const { file, copy, signal } = this.#options
    signal?.throwIfAborted()
    if (this.#stopped) return
    const native = nativeOptions(this.#options)
    const reading = new Reading({ native, file, copy, signal, reader: this.#reader })
    this.#reading = reading
    try {
      for (let batch = await reading.next(); batch !== undefined; batch = await reading.next()) yield batch
    } finally {
      await reading.close()
    }
  }
}

// Those that docs/metrics.md says are lost on this side of the kernel.
const lost = [
  'file.unsupported',
  'capture.cut',
  'fragments.expired',
  'fragments.evicted',
  'tcp.shed_bytes',
  'conversations.evicted',
]
