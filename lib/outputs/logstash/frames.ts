import type { EventBatch } from '../../pipeline/batch.js'

// Lumberjack v2, as the Beats input of Logstash and elastic/go-lumber speak it. A window `2W` says how many events
// follow; each is a frame `2J`, or all of them are in one frame `2C`, deflated; `2A` acknowledges up to a number.
const VERSION = 0x32
const WINDOW = 0x57
const JSON_DATA = 0x4a
const COMPRESSED = 0x43
const ACK = 0x41

/** Bytes of `2W`, `2C` and `2A`: two signs and a number of 32 bits, big endian. */
export const HEADER = 6
/** Bytes before the text of an event: two signs, its number in the window, its length. */
export const DATA_HEADER = 10

function header(type: number, number: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER)
  bytes[0] = VERSION
  bytes[1] = type
  bytes.writeUInt32BE(number, 2)
  return bytes
}

/** Announces that many events. */
export const windowHeader = (events: number): Buffer => header(WINDOW, events)

/** Before that many bytes of deflated data frames. */
export const compressedHeader = (bytes: number): Buffer => header(COMPRESSED, bytes)

/** What is to be another in the texts of events. Both begin with the sign that all texts begin with. */
export interface Opening {
  /** What texts begin with. */
  is: Buffer
  /** What they are to begin with. */
  becomes: Buffer
}

/** Bytes that `writeFrames` needs at most. */
export function framesLength(batch: EventBatch, first: number, last: number, opening?: Opening): number {
  const start = first === 0 ? 0 : (batch.ends[first - 1] as number)
  const end = batch.ends[last - 1] as number
  const longer = opening === undefined ? 0 : Math.max(0, opening.becomes.length - opening.is.length)
  return end - start + (last - first) * (DATA_HEADER + longer)
}

/**
 * Writes the events from `first` to `last` (exclusive) into `target` as data frames with the numbers 1, 2, …; returns
 * the length. A text that does not begin as `opening.is` stays as it is.
 */
export function writeFrames(
  target: Buffer,
  { bytes, ends }: EventBatch,
  first: number,
  last: number,
  opening?: Opening,
): number {
  let at = 0
  let start = first === 0 ? 0 : (ends[first - 1] as number)
  for (let index = first; index < last; index++) {
    const end = ends[index] as number
    const opened =
      opening !== undefined &&
      bytes.compare(opening.is, 0, opening.is.length, start, Math.min(start + opening.is.length, end)) === 0
    const from = opened ? start + opening.is.length : start
    const before = opened ? opening.becomes.length : 0
    // Without the line's end.
    const length = before + end - 1 - from
    target[at] = VERSION
    target[at + 1] = JSON_DATA
    target.writeUInt32BE(index - first + 1, at + 2)
    target.writeUInt32BE(length, at + 6)
    at += DATA_HEADER
    if (opened) opening.becomes.copy(target, at)
    bytes.copy(target, at + before, from, end - 1)
    at += length
    start = end
  }
  return at
}

/** Reads acknowledgements, however TCP cuts them. Holds less than one of them. */
export class AckReader {
  readonly #frame = Buffer.alloc(HEADER)
  #filled = 0

  /**
   * Calls `acked` with the number of each acknowledgement that ends in these bytes.
   * @throws {Error} when they are something else.
   */
  read(bytes: Buffer, acked: (sequence: number) => void): void {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.copy(this.#frame, this.#filled, at)
      at += taken
      this.#filled += taken
      const [version, type] = this.#frame
      if (version !== VERSION || (this.#filled > 1 && type !== ACK))
        throw new Error(
          'its answer is not Lumberjack version 2; output.logstash needs a Beats input of Logstash',
        )
      if (this.#filled < HEADER) return
      this.#filled = 0
      acked(this.#frame.readUInt32BE(2))
    }
  }
}
