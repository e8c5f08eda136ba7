import type { Cursor } from '../../wire/cursor.js'
import { Body, Short } from './body.js'
import { ALL_FLAGS, COMPRESSED, isRequest, isResponse } from './codes.js'
import { decompress } from './decompress.js'
import { headerBytes, isVersion } from './version.js'

/** What a frame begins with. Spec: native_protocol_v4.spec §2; version 5 calls it an envelope. */
export interface Header {
  version: number
  flags: number
  stream: number
  opcode: number
  /** Bytes of the body. */
  length: number
}

/** Makes messages of one side's frames. */
export interface Reader<Message extends { unread: string | undefined }> {
  /** A message without its body. */
  create(header: Header): Message
  /** Reads what is wanted of the body. */
  read(body: Body, message: Message): void
}

/** What is said of a frame whose body was not read, or not all of it. */
export const UNDECODED = 'The frame could not be decompressed'
export const CUT = 'The frame is too long to be read whole'

// The longest that servers have ever taken (native_transport_max_frame_size before 4.1).
const LONGEST = 256 * 1024 * 1024
// A body is looked at when that much of it is there; more only if that will not do. Of rows the columns suffice.
const FIRST = 4096
// What is read of one body: statements are shorter, but for the blobs in some, and rows are not read at all.
const MOST = 1024 * 1024

/** Bytes there must be to tell whether a frame begins there. */
export const HEADER = 8

/** Whether a frame of that side may begin at `at`, `HEADER` bytes being there. */
export function isFrame(bytes: Buffer, at: number, fromServer: boolean): boolean {
  const first = bytes[at] as number
  const version = first & 0x7f
  if (!isVersion(version) || first >= 0x80 !== fromServer) return false
  const long = headerBytes(version) - HEADER
  const opcode = bytes[at + 3 + long] as number
  return (
    (bytes[at + 1] as number) <= ALL_FLAGS &&
    (fromServer ? isResponse(opcode) : isRequest(opcode)) &&
    (bytes[at + 4 + long] as number) < LONGEST >>> 24
  )
}

const body = new Body()

/** Reads one side's frames: of long ones the begin, and then past the rest as it comes. */
export class Frames<Message extends { unread: string | undefined }> {
  /** Bytes of the last frame that are still to come, and are not read. */
  rest = 0
  readonly #fromServer: boolean
  readonly #reader: Reader<Message>
  readonly #header: Header = { version: 0, flags: 0, stream: 0, opcode: 0, length: 0 }

  constructor(fromServer: boolean, reader: Reader<Message>) {
    this.#fromServer = fromServer
    this.#reader = reader
  }

  /** undefined: it was the rest of a frame, or a part of it. */
  readonly parse = (cursor: Cursor): Message | undefined => {
    if (this.rest > 0) {
      const passed = Math.min(this.rest, cursor.left)
      cursor.skip(passed)
      this.rest -= passed
      return undefined
    }
    this.#readHeader(cursor)
    const message = this.#header.flags & COMPRESSED ? this.#compressed(cursor) : this.#plain(cursor)
    const here = Math.min(this.#header.length, cursor.left)
    this.rest = this.#header.length - here
    cursor.skip(here)
    return message
  }

  #readHeader(cursor: Cursor): void {
    const header = this.#header
    cursor.want(HEADER)
    if (!isFrame(cursor.bytes, cursor.at, this.#fromServer)) throw cursor.malformed('no header of a frame')
    header.version = cursor.u8() & 0x7f
    header.flags = cursor.u8()
    header.stream = header.version < 3 ? (cursor.u8() << 24) >> 24 : cursor.i16()
    header.opcode = cursor.u8()
    header.length = cursor.u32()
  }

  #plain(cursor: Cursor): Message {
    const { length } = this.#header
    const { at, bytes } = cursor
    let window = Math.min(length, (cursor.progress as number | undefined) ?? FIRST)
    for (;;) {
      cursor.progress = window
      cursor.want(window)
      const message = this.#reader.create(this.#header)
      const seen = Math.min(length, cursor.left, MOST)
      body.reset(bytes, at, at + seen, seen === length)
      try {
        this.#reader.read(body, message)
        return message
      } catch (error) {
        if (error !== Short.signal) throw error
        if (seen >= MOST) {
          message.unread = CUT
          return message
        }
        // Twice as much each time: so that no byte is read more than twice on the average.
        window = Math.min(length, 2 * seen, MOST)
      }
    }
  }

  #compressed(cursor: Cursor): Message {
    const { length } = this.#header
    const message = this.#reader.create(this.#header)
    if (length === 0) return message
    if (length > MOST) {
      message.unread = UNDECODED
      return message
    }
    cursor.want(length)
    const decoded = decompress(cursor.bytes.subarray(cursor.at, cursor.at + length))
    if (decoded === undefined) {
      message.unread = UNDECODED
      return message
    }
    body.reset(decoded, 0, Math.min(decoded.length, MOST), decoded.length <= MOST)
    try {
      this.#reader.read(body, message)
    } catch (error) {
      if (error !== Short.signal) throw error
      message.unread = CUT
    }
    return message
  }
}
