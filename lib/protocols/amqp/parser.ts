import { Cursor, Incomplete } from '../../wire/cursor.js'
import { newArguments, u64 } from './arguments.js'
import {
  BODY,
  END,
  FOREIGN,
  type Frame,
  HEAD,
  HEADER,
  HEARTBEAT,
  METHOD,
  NOTHING,
  newFrame,
  PASSED,
  PROTOCOL,
} from './frame.js'
import { methodOf } from './methods.js'
import { properties } from './properties.js'
import { isForeign, nextFrame } from './recognise.js'
import type { Tables } from './table.js'

// RabbitMQ and all others negotiate frames of 128 KiB (frame_max); a method or header that fills one is rare.
const MAX_FRAME = 1024 * 1024

/** How tables are read in methods and in content headers. */
export interface Reading {
  arguments: Tables
  headers: Tables
}

// What is within a frame must not go on past it: parsing is synchronous and never nested.
const inner = new Cursor()

/** Reads what one side says: frames. Spec: AMQP 0-9-1 §4.2.3. */
export class Frames {
  readonly frame: Frame = newFrame()
  readonly #fromServer: boolean
  readonly #reading: Reading
  /** Nothing was read yet. */
  #first = true
  /** Where in the stream the next byte belongs is not known. */
  #lost = false
  /** Bytes of a body frame to come, its end included. */
  #rest = 0
  /** What follows is of another protocol. */
  foreign = false

  constructor(fromServer: boolean, reading: Reading) {
    this.#fromServer = fromServer
    this.#reading = reading
  }

  readonly parse = (cursor: Cursor): Frame => {
    const { frame } = this
    if (this.foreign) return this.#skip(cursor, cursor.left, FOREIGN)
    if (this.#rest > 0) return this.#body(cursor)
    if (this.#first) return this.#begin(cursor)
    if (this.#lost) {
      const passed = nextFrame(cursor, this.#fromServer)
      if (passed > 0) return this.#skip(cursor, passed, PASSED)
      this.#lost = false
    }
    cursor.want(HEAD)
    const { bytes, at } = cursor
    const kind = bytes[at] as number
    const size = bytes.readUInt32BE(at + 3)
    frame.kind = kind
    frame.channel = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
    switch (kind) {
      case METHOD:
      case HEADER:
      case HEARTBEAT: {
        if (size > MAX_FRAME) throw cursor.malformed(`a frame of ${size} bytes`)
        cursor.want(HEAD + size + 1)
        if (bytes[at + HEAD + size] !== END) throw cursor.malformed('a frame without its end')
        if (kind === METHOD) this.#within(cursor, size, this.#method)
        else if (kind === HEADER) this.#within(cursor, size, this.#header)
        cursor.skip(HEAD + size + 1)
        return frame
      }
      case BODY:
        cursor.skip(HEAD)
        this.#rest = size + 1
        frame.start = frame.end = 0
        return cursor.left > 0 ? this.#body(cursor) : frame
      case PROTOCOL:
        return this.#begin(cursor)
      default:
        throw cursor.malformed(`a frame of type ${kind}`)
    }
  }

  /** Bytes are missing. True when they are all of a body's, so that it is known how it goes on. */
  bridge(bytes: number): boolean {
    if (bytes >= this.#rest) return false
    this.#rest -= bytes
    return true
  }

  /** Where it goes on is not known. */
  lose(): void {
    this.#rest = 0
    this.#first = false
    this.#lost = true
  }

  /** Lets go of the bytes on loan. */
  release(): void {
    this.frame.bytes = NOTHING
  }

  /** The header of the protocol, or a connection older than the capture, or something else. */
  #begin(cursor: Cursor): Frame {
    const first = this.#first
    if (cursor.peek() === PROTOCOL) {
      cursor.want(4)
      if (cursor.bytes.latin1Slice(cursor.at, cursor.at + 4) === 'AMQP') {
        cursor.want(8)
        this.#first = false
        return this.#skip(cursor, 8, PROTOCOL)
      }
    }
    if (!first) throw cursor.malformed('neither a frame nor a header')
    this.foreign = isForeign(cursor)
    this.#first = false
    this.#lost = true
    return this.parse(cursor)
  }

  #skip(cursor: Cursor, length: number, kind: number): Frame {
    const { frame } = this
    frame.kind = kind
    frame.bytes = cursor.bytes
    frame.start = cursor.at
    cursor.skip(length)
    frame.end = cursor.at
    return frame
  }

  #body(cursor: Cursor): Frame {
    const { frame } = this
    const length = Math.min(cursor.left, this.#rest)
    this.#skip(cursor, length, BODY)
    this.#rest -= length
    if (this.#rest === 0 && cursor.bytes[--frame.end] !== END)
      throw cursor.malformed('a body without its end')
    return frame
  }

  #within({ bytes, at }: Cursor, size: number, read: (cursor: Cursor) => void): void {
    inner.reset(bytes, at + HEAD, at + HEAD + size)
    try {
      read(inner)
    } catch (error) {
      if (error === Incomplete.signal) throw inner.malformed('more than its frame has')
      throw error
    }
  }

  readonly #method = (cursor: Cursor): void => {
    const { frame } = this
    const method = methodOf(cursor.u16(), cursor.u16())
    frame.method = method
    if (method === undefined) return
    const into = newArguments()
    const tables = this.#reading.arguments
    tables.begin()
    for (const read of method.read) read(cursor, into, tables)
    frame.arguments = into
  }

  readonly #header = (cursor: Cursor): void => {
    const { frame } = this
    const tables = this.#reading.headers
    tables.begin()
    cursor.skip(4) // its class, and a weight that is not used
    frame.bodySize = u64(cursor)
    frame.properties = properties(cursor, tables)
  }
}
