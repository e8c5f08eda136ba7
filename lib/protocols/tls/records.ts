import { Malformed } from '../../wire/cursor.js'

/** Content types of records. RFC 8446 §5.1. */
export const CHANGE_CIPHER_SPEC = 20
export const ALERT = 21
export const HANDSHAKE = 22
export const APPLICATION_DATA = 23
const HEARTBEAT = 24
/** Ours: a ClientHello in the framing of SSL 2.0. RFC 5246 Appendix E.2. */
export const SSL2_HELLO = 0x80

// 2^14 bytes, and what compression and encryption may add (RFC 5246 §6.2.3).
const MAX_LENGTH = (1 << 14) + 2048

/** Takes what a side sends, record by record, as it comes. */
export interface Sink {
  /** A record began. `length`: bytes of its content. True: its content is wanted. */
  record(type: number, length: number): boolean
  /** Content of a record that is wanted, in pieces as TCP cut it; on loan during the call. */
  content(type: number, bytes: Buffer, start: number, end: number): void
  /** True when nothing that follows is of interest. */
  readonly done: boolean
}

/** Cuts one direction of a connection into records. It holds nothing: a record is handed on in the pieces it comes in. */
export class Records {
  /** Bytes of the head that are there; 5, of SSL 2.0 2, make a record begin. */
  #head = 0
  #type = 0
  #length = 0
  /** Bytes of the record still to come. */
  #left = 0
  #wanted = false
  /** Only the very first record may be one of SSL 2.0. */
  #first = true

  /** @throws {Malformed} */
  feed(bytes: Buffer, start: number, end: number, sink: Sink): void {
    for (let at = start; at < end && !sink.done; ) {
      if (this.#left === 0) {
        this.#readHead(bytes[at++] as number, sink)
        continue
      }
      const stop = Math.min(end, at + this.#left)
      this.#left -= stop - at
      if (this.#wanted) sink.content(this.#type, bytes, at, stop)
      at = stop
    }
  }

  /** Bytes were lost. True when they were all of a record's content that nobody wants, so that nothing is. */
  gap(bytes: number): boolean {
    if (this.#wanted || bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  #readHead(byte: number, sink: Sink): void {
    switch (this.#head++) {
      case 0:
        this.#type = this.#first && byte >= 0x80 ? SSL2_HELLO : byte
        if (this.#type === SSL2_HELLO) this.#length = byte & 0x7f
        else if (byte < CHANGE_CIPHER_SPEC || byte > HEARTBEAT)
          throw new Malformed(`a record of type ${byte}`, 0)
        return
      case 1:
        if (this.#type === SSL2_HELLO) this.#begin((this.#length << 8) | byte, sink)
        else if (byte !== 3) throw new Malformed('a record that is not of TLS', 1)
        return
      case 2: // the minor version says nothing
        return
      case 3:
        this.#length = byte << 8
        return
      case 4:
        this.#begin(this.#length | byte, sink)
    }
  }

  #begin(length: number, sink: Sink): void {
    if (length > MAX_LENGTH) throw new Malformed(`a record of ${length} bytes`, 3)
    this.#head = 0
    this.#first = false
    this.#left = length
    this.#wanted = sink.record(this.#type, length)
  }
}
