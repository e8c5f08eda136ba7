import { type Arguments, newArguments } from './arguments.js'
import type { Method } from './methods.js'
import type { Properties } from './properties.js'

// Types of frames, and what stands around them. Spec: AMQP 0-9-1 §4.2.3.
export const METHOD = 1
export const HEADER = 2
export const BODY = 3
export const HEARTBEAT = 8

// What is no frame: the header of the protocol, bytes that were passed over, another protocol.
export const PROTOCOL = 0x41
export const PASSED = 0
export const FOREIGN = -1

/** Bytes of type, channel and size. */
export const HEAD = 7
export const END = 0xce

/** What was read last, until the next is: a whole method or header, or a piece of a body. */
export interface Frame {
  kind: number
  channel: number
  /** Of a method; undefined: nobody knows it. */
  method: Method | undefined
  arguments: Arguments
  /** Of a content header: bytes of the body. */
  bodySize: number
  properties: Properties | undefined
  /** Of a body and of what is no frame: where its bytes are, on loan. */
  bytes: Buffer
  start: number
  end: number
}

export const NOTHING: Buffer = Buffer.alloc(0)

export const newFrame = (): Frame => ({
  kind: PASSED,
  channel: 0,
  method: undefined,
  arguments: newArguments(),
  bodySize: 0,
  properties: undefined,
  bytes: NOTHING,
  start: 0,
  end: 0,
})
