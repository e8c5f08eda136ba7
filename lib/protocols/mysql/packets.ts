import { Malformed } from '../../wire/cursor.js'
import type { Memory } from '../../wire/memory.js'

/** Whom packets are read for. A message of 16 MB or more, which takes several packets, is one for them. */
export interface Reader {
  /**
   * How many of a payload's first bytes are needed, of a packet that goes on past what is at hand; the others are skipped as
   * they come. `first`: the first byte; less than 0: it is not at hand either. Less than 0: the rest of what is at hand is
   * not read at all.
   */
  wanted(length: number, sequence: number, first: number): number
  /**
   * A packet: its payload, or what was wanted of it, is `bytes` from `start` to `end`, on loan. `size`: its bytes on the
   * wire, headers included. `sequence`: of the last one, where it takes several. `time`: of its first byte. False: the rest of what is at hand is not read.
   */
  packet(bytes: Buffer, start: number, end: number, size: number, sequence: number, time: number): boolean
}

// A payload of that many bytes goes on in the next packet.
const CONTINUED = 0xffffff
const HEADER = 4

// Bytes set aside for a packet that has hardly begun: not much on the mere word of a peer.
const GENEROUS = 16_384

/** The sequence that a message of that many bytes began with. */
export const firstSequence = (last: number, size: number): number =>
  (last - Math.floor(size / (HEADER + CONTINUED))) & 0xff

/**
 * Cuts one direction into packets: three bytes of length, one of sequence, and the payload. Reads in place; copies only
 * what goes on past a segment, and of that only what is wanted, so that a result of megabytes costs no memory.
 * Spec: MySQL Source Code Documentation, "MySQL Packets".
 */
export class Packets {
  readonly #memory: Memory
  /** Bytes read of a header that is not whole, the lowest first. */
  #header = 0
  #headerBytes = 0
  /** The first byte of the payload; less than 0: it has none, or it is kept. */
  #first = -1
  /** Payload to come; -1: between packets, or in a header. */
  #left = -1
  /** Bytes of it that are to be kept. */
  #keep = 0
  #held = NOTHING
  #length = 0
  #size = 0
  #sequence = 0
  #time = 0
  #continued = false

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** Reads from `at` to `end`. Returns where it was told to stop. @throws {Malformed} what the reader throws */
  feed(bytes: Buffer, at: number, end: number, time: number, reader: Reader): number {
    while (at < end) {
      if (this.#left < 0 && this.#headerBytes === 0 && !this.#continued) {
        if (end - at >= HEADER) {
          const length =
            (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)
          const stop = at + HEADER + length
          if (stop <= end && length < CONTINUED) {
            const sequence = bytes[at + 3] as number
            if (!reader.packet(bytes, at + HEADER, stop, HEADER + length, sequence, time)) return stop
            at = stop
            continue
          }
        }
        this.#time = time
        this.#size = 0
      }
      at = this.#left < 0 ? this.#readHeader(bytes, at, end, reader) : this.#readPayload(bytes, at, end)
      if (at < 0) return end
      if (this.#left === 0 && !this.#finish(reader)) return at
    }
    return end
  }

  /** What was kept so far of a packet that is not whole. */
  get begun(): Buffer | undefined {
    return this.#length > 0 ? this.#held.subarray(0, this.#length) : undefined
  }

  /** Forgets a packet that has begun. */
  discard(): void {
    this.#memory.give(this.#held.length)
    this.#held = NOTHING
    this.#length = 0
    this.#headerBytes = 0
    this.#header = 0
    this.#left = -1
    this.#continued = false
  }

  /** Answers where it goes on; -1: the reader wants none of it. */
  #readHeader(bytes: Buffer, start: number, end: number, reader: Reader): number {
    let at = start
    while (this.#headerBytes < HEADER && at < end)
      this.#header |= (bytes[at++] as number) << (8 * this.#headerBytes++)
    if (this.#headerBytes < HEADER) return at
    const length = this.#header & 0xffffff
    const sequence = this.#header >>> 24
    this.#header = 0
    this.#headerBytes = 0
    this.#size += HEADER + length
    this.#left = length
    if (this.#continued) {
      if (sequence !== ((this.#sequence + 1) & 0xff))
        throw new Malformed(`a packet with sequence ${sequence}`, 3)
      this.#keep = 0
    } else {
      this.#first = at < end && length > 0 ? (bytes[at] as number) : -1
      const wanted = reader.wanted(length, sequence, this.#first)
      if (wanted < 0) {
        this.discard()
        return -1
      }
      this.#keep = wanted === 1 && this.#first >= 0 ? 0 : Math.min(wanted, length)
    }
    this.#sequence = sequence
    this.#continued = length === CONTINUED
    return at
  }

  #readPayload(bytes: Buffer, at: number, end: number): number {
    const taken = Math.min(this.#left, end - at)
    const kept = Math.min(this.#keep, taken)
    if (kept > 0) {
      this.#reserve(kept)
      bytes.copy(this.#held, this.#length, at, at + kept)
      this.#length += kept
      this.#keep -= kept
    }
    this.#left -= taken
    return at + taken
  }

  /** Room for that many more, and for what is still wanted of a packet that is not long. */
  #reserve(more: number): void {
    const length = this.#length + more
    const capacity = this.#held.length
    if (length <= capacity) return
    const wanted = Math.min(this.#length + this.#keep, Math.max(GENEROUS, 4 * length))
    const grown = Math.max(length, wanted, Math.min(2 * capacity, this.#length + this.#keep))
    if (!this.#memory.take(grown - capacity)) throw new Malformed('no memory left to hold a packet', length)
    const buffer = Buffer.allocUnsafe(grown)
    this.#held.copy(buffer, 0, 0, this.#length)
    this.#held = buffer
  }

  #finish(reader: Reader): boolean {
    this.#left = -1
    if (this.#continued) return true
    const held = this.#held
    const length = this.#length
    this.discard()
    if (length === 0 && this.#first >= 0) {
      ONE[0] = this.#first
      return reader.packet(ONE, 0, 1, this.#size, this.#sequence, this.#time)
    }
    return reader.packet(held, 0, length, this.#size, this.#sequence, this.#time)
  }
}

const NOTHING = Buffer.alloc(0)

// What is handed over of a packet of which its first byte is enough: most rows that a segment cuts.
const ONE = Buffer.alloc(1)
