import type { Cursor } from '../../wire/cursor.js'
import { binaryRequest, binaryResponse, REQUEST, RESPONSE } from './binary.js'
import type { Request, Response } from './message.js'
import type { Shared } from './shared.js'
import { textRequest } from './text-request.js'
import { textResponse } from './text-response.js'

// memcached goes by a connection's first byte. Every message has one that tells, so a stream may be met in its middle.

/** Reads a request of either protocol, but for its value. */
export function requestHead({ keep, options }: Shared, cursor: Cursor): Request {
  if (cursor.peek() === REQUEST) return binaryRequest(cursor, keep)
  const made = textRequest(cursor, options.parseunknown)
  made.keep = keep
  return made
}

/** Reads an answer of either protocol, but for its value. */
export const responseHead = ({ keep }: Shared, cursor: Cursor): Response =>
  cursor.peek() === RESPONSE ? binaryResponse(cursor, keep) : textResponse(cursor, keep)
