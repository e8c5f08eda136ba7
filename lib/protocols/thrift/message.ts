import type { Method } from './shapes.js'

/** A message, as far as an event tells of it. */
export interface Message {
  type: number
  seqid: number
  /** Without the service. */
  name: string
  /** The service that was named with the method (TMultiplexedProtocol), else the one that interface files say. */
  service: string | undefined
  method: Method | undefined
  /** Of a call its arguments, of a reply what is returned; empty when that is nothing. */
  text: string
  /** Of a reply. */
  exceptions: string | undefined
  /** A reply that is an exception. */
  hasFailed: boolean
  /** Its own bytes, without the length of its frame. */
  bytes: number
  /** Not all was shown: `MAX_TEXT`. */
  isCut: boolean
}

/** A step of a login (TSaslTransport), before there are messages. */
export interface Step {
  status: number
  /** The mechanism that a client begins with, or what the server says is wrong. */
  text: string
  /** Who logs in, where that is sent as it is (PLAIN). */
  user: string | undefined
  bytes: number
}

/** What is no message, and so are all bytes after it. */
export type Foreign = 'tls' | 'json' | 'http' | 'header'

/** `empty`: a frame that has nothing in it. */
export type Piece = Message | Step | Foreign | 'empty'

export const isForeign = (piece: Piece): piece is Foreign => typeof piece === 'string' && piece !== 'empty'
export const isStep = (piece: Message | Step): piece is Step => 'status' in piece
