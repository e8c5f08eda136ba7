import { inflateSync } from 'node:zlib'

/** What a client of Lumberjack 2 sent. */
export interface Received {
  /** Of each window that was announced. */
  windows: number[]
  /** Numbers and texts of events. */
  events: { sequence: number; text: string }[]
  /** Bytes of compressed frames. */
  compressed: number
}

/** Reads what a client sends, written after the specification of the frames rather than after the output. */
export class LumberjackReader {
  readonly received: Received = { windows: [], events: [], compressed: 0 }
  #held: Buffer = Buffer.alloc(0)

  read(bytes: Buffer): void {
    this.#held = this.#frames(Buffer.concat([this.#held, bytes]))
  }

  /** Reads whole frames; returns what is left. */
  #frames(bytes: Buffer): Buffer {
    const { windows, events } = this.received
    let at = 0
    for (;;) {
      const type = bytes.toString('latin1', at, at + 2)
      const number = () => bytes.readUInt32BE(at + 2)
      if (bytes.length < at + 6) return bytes.subarray(at)
      if (type === '2W') {
        windows.push(number())
        at += 6
      } else if (type === '2J') {
        if (bytes.length < at + 10) return bytes.subarray(at)
        const length = bytes.readUInt32BE(at + 6)
        if (bytes.length < at + 10 + length) return bytes.subarray(at)
        events.push({ sequence: number(), text: bytes.toString('utf8', at + 10, at + 10 + length) })
        at += 10 + length
      } else if (type === '2C') {
        if (bytes.length < at + 6 + number()) return bytes.subarray(at)
        const inner = inflateSync(bytes.subarray(at + 6, at + 6 + number()))
        this.received.compressed += number()
        if (this.#frames(inner).length > 0)
          throw new Error('a compressed frame ends in the middle of another')
        at += 6 + number()
      } else throw new Error(`not a frame: ${JSON.stringify(type)}`)
    }
  }
}

/** An acknowledgement. */
export function ack(sequence: number): Buffer {
  const bytes = Buffer.from('2A\0\0\0\0', 'latin1')
  bytes.writeUInt32BE(sequence, 2)
  return bytes
}
