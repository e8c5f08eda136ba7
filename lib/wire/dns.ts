import { ipv4Text, ipv6Text } from '../net/address-text.js'
import './buffer.js'
import { Malformed } from './cursor.js'

// RFC 1035 §3.1: a name has at most 255 bytes, its root included.
const MAX_NAME = 255
const BACKSLASH = 0x5c
const DOT = 0x2e

// How a byte of a label is shown (RFC 4343 §2.1): 0 as \DDD, 1 as it is, 2 behind a backslash.
const labelByte = new Uint8Array(256)
labelByte.fill(1, 0x21, 0x7f)
for (const special of `. '@;()"\\`) labelByte[special.charCodeAt(0)] = 2
// The same for a text.
const textByte = new Uint8Array(256)
textByte.fill(1, 0x20, 0x7f)
for (const special of '"\\') textByte[special.charCodeAt(0)] = 2

// What is being spelled: a name, or a text of 255 bytes; each byte takes four at most.
const spelled = Buffer.alloc(4 * 256)

function spell(byte: number, shown: number, to: number): number {
  spelled[to++] = BACKSLASH
  if (shown === 0) {
    spelled[to++] = 0x30 + Math.floor(byte / 100)
    spelled[to++] = 0x30 + (Math.floor(byte / 10) % 10)
    spelled[to++] = 0x30 + (byte % 10)
  } else spelled[to++] = byte
  return to
}

/**
 * Reads what is all there and may have DNS names in it, by byte indices: a message of DNS, an option of DHCP. Unlike a
 * `Cursor` it has all of it, because names point back into it. One is reused for all: what it returns are copies.
 */
export class DnsWire {
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0
  /** Where the next read starts, an index of the bytes. */
  at = 0

  reset(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes
    this.#start = start
    this.at = start
    this.#end = end
    return this
  }

  /** Bytes at hand. */
  get left(): number {
    return this.#end - this.at
  }

  /** Where the message ends. */
  get end(): number {
    return this.#end
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number
  }

  u16(): number {
    const at = this.#take(2)
    return ((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number)
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4))
  }

  skip(length: number): void {
    this.#take(length)
  }

  /** What `read` makes of the next bytes: it sees no others, and what it leaves of them is passed over. */
  within<V>(length: number, read: (wire: DnsWire) => V): V {
    const end = this.#end
    const stop = this.#take(length) + length
    this.at = stop - length
    this.#end = stop
    try {
      return read(this)
    } finally {
      this.at = stop
      this.#end = end
    }
  }

  /**
   * A domain name without the dot at its end; the root is a dot. RFC 1035 §4.1.4. A pointer must lead to a place before
   * the name, so that following them ends.
   */
  name(): string {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.at
    let first = at
    let after = -1
    let to = 0
    let total = 1
    for (;;) {
      if (at >= end) throw this.malformed('a name without its end')
      const size = bytes[at++] as number
      if (size === 0) break
      if (size >= 0xc0) {
        if (at >= end) throw this.malformed('half a pointer')
        const target = this.#start + (((size & 0x3f) << 8) | (bytes[at] as number))
        if (after < 0) after = at + 1
        if (target >= first) throw this.malformed('a pointer to no earlier name')
        first = at = target
        continue
      }
      total += size + 1
      if (size > 63 || total > MAX_NAME || at + size > end) throw this.malformed(`a label of ${size} bytes`)
      if (to > 0) spelled[to++] = DOT
      for (const stop = at + size; at < stop; at++) {
        const byte = bytes[at] as number
        const shown = labelByte[byte] as number
        if (shown === 1) spelled[to++] = byte
        else to = spell(byte, shown, to)
      }
    }
    this.at = after < 0 ? at : after
    return to === 0 ? '.' : spelled.latin1Slice(0, to)
  }

  /** Reads past a name, and follows no pointer. */
  skipName(): void {
    const bytes = this.#bytes
    for (let at = this.at; at < this.#end; ) {
      const size = bytes[at++] as number
      if (size === 0 || size >= 0xc0) {
        this.at = size === 0 ? at : at + 1
        if (this.at > this.#end) break
        return
      }
      if (size > 63) break
      at += size
    }
    throw this.malformed('a name without its end')
  }

  /** Where the pointer leads that begins here, counted from the message's start; -1: there is none. */
  pointer(): number {
    if (this.at + 2 > this.#end) return -1
    const high = this.#bytes[this.at] as number
    return high < 0xc0 ? -1 : ((high & 0x3f) << 8) | (this.#bytes[this.at + 1] as number)
  }

  /** A <character-string>: a length and that many bytes (RFC 1035 §3.3), shown as in a zone file. */
  text(): string {
    return this.characters(this.u8())
  }

  /** That many bytes, shown as in a zone file. */
  characters(length: number): string {
    let text = ''
    for (let left = length; left > 0; left -= 255) text += this.#characters(Math.min(left, 255))
    return text
  }

  #characters(length: number): string {
    const start = this.#take(length)
    const bytes = this.#bytes
    let to = 0
    for (let at = start; at < start + length; at++) {
      const byte = bytes[at] as number
      const shown = textByte[byte] as number
      if (shown === 1) spelled[to++] = byte
      else to = spell(byte, shown, to)
    }
    return spelled.latin1Slice(0, to)
  }

  ipv4(): string {
    return ipv4Text(this.#bytes, this.#take(4))
  }

  /** An IPv4-mapped address is the IPv4 address it is, as upstream has it. */
  ipv6(): string {
    return ipv6Text(this.#bytes, this.#take(16))
  }

  hex(length: number): string {
    const at = this.#take(length)
    return this.#bytes.toString('hex', at, at + length)
  }

  base64(length: number): string {
    const at = this.#take(length)
    return this.#bytes.toString('base64', at, at + length)
  }

  utf8(length: number): string {
    const at = this.#take(length)
    return this.#bytes.utf8Slice(at, at + length)
  }

  malformed(what: string): Malformed {
    return new Malformed(what, this.at - this.#start)
  }

  #take(length: number): number {
    const { at } = this
    if (length < 0 || at + length > this.#end) throw this.malformed(`${length} bytes that are not there`)
    this.at = at + length
    return at
  }
}
