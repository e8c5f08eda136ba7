import type { Memory } from '../../wire/memory.js'
import { Messages } from '../../wire/messages.js'
import type { Direction, Segment } from '../protocol.js'
import { compressedPacket, LONGEST } from './compressed.js'
import { Packets, type Reader } from './packets.js'

/** Whom one direction is read for. */
export interface Side extends Reader {
  /** False: nothing is expected of it, and what it says is not read. */
  expects(): boolean
}

const DIRECTIONS = [0, 1] as const

/** The bytes of both directions as packets, which from some point on are carried in compressed ones. */
export class Transport {
  readonly #memory: Memory
  readonly #sides: readonly [Side, Side]
  readonly #packets: readonly [Packets, Packets]
  #frames: readonly [Messages<Buffer>, Messages<Buffer>] | undefined

  constructor(memory: Memory, sides: readonly [Side, Side]) {
    this.#memory = memory
    this.#sides = sides
    this.#packets = [new Packets(memory), new Packets(memory)]
  }

  get isCompressed(): boolean {
    return this.#frames !== undefined
  }

  /** @throws {Malformed | Incomplete} */
  feed(segment: Segment): void {
    const { direction, bytes, start, end, time } = segment
    const side = this.#sides[direction]
    if (!side.expects()) return
    let at = start
    if (this.#frames === undefined) at = this.#packets[direction].feed(bytes, start, end, time, side)
    if (this.#frames === undefined || at === end) return
    // With a login's last packet the others begin to be compressed.
    this.#frames[direction].feed({ ...segment, start: at }, (piece, begun) => {
      if (side.expects()) this.#packets[direction].feed(piece, 0, piece.length, begun, side)
    })
  }

  /** What comes from now on is compressed. */
  compress(): void {
    // A packet that has begun before its sender could know is none of a client's.
    this.discardAll()
    const frames = () => new Messages(compressedPacket, this.#memory, LONGEST)
    this.#frames = [frames(), frames()]
  }

  /** What was kept so far of a packet that is not whole. */
  begun(direction: Direction): Buffer | undefined {
    return this.#packets[direction].begun
  }

  /** Forgets what has begun in that direction. */
  discard(direction: Direction): void {
    this.#packets[direction].discard()
    this.#frames?.[direction].discard()
  }

  discardAll(): void {
    for (const direction of DIRECTIONS) this.discard(direction)
  }
}
