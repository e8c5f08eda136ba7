import { LOSS_IN_REQUEST, LOSS_IN_RESPONSE } from '../../transactions/notes.js'
import type { CloseReason } from '../protocol.js'

export const HOST_MISMATCH = 'Host header port number mismatch'

/** Bytes of such a message were lost. */
export const lossIn = (kind: 'request' | 'response'): string =>
  kind === 'request' ? LOSS_IN_REQUEST : LOSS_IN_RESPONSE

/**
 * Why a message ends before its end. `faulty`: its own direction is to blame for the reason. `short`: its body is known
 * to be longer; one without a length may well end with its connection, or the capture.
 */
export function cutOff(
  kind: 'request' | 'response',
  reason: CloseReason,
  faulty: boolean,
  short: boolean,
): string | undefined {
  if (reason === 'fin') return short ? `Connection closed before the ${kind} was complete` : undefined
  if (reason === 'end' && !short) return undefined
  if (reason === 'reset') return `Connection reset before the ${kind} was complete`
  if (reason === 'gap' && faulty) return lossIn(kind)
  if (reason === 'malformed' && faulty) return `Malformed ${kind}`
  return `The ${kind} was not captured to its end`
}

/** A head was not read to its end, for no other reason. */
export const incomplete = (kind: 'request' | 'response'): string => `Incomplete ${kind}`
