import { types } from './codes.js'
import type { Message } from './message.js'

/** BOOTP has no types: its requests and replies have this one. */
const BOOTP = 0

/** By the type of an answer, the types of what it may answer, the usual one first; nobody asked for the others. */
const askedBy: Readonly<Record<number, readonly number[]>> = {
  [BOOTP]: [BOOTP],
  [types.OFFER]: [types.DISCOVER],
  // With rapid commit the ack follows a discover at once: RFC 4039.
  [types.ACK]: [types.REQUEST, types.INFORM, types.DISCOVER],
  [types.NAK]: [types.REQUEST],
  [types.LEASEUNASSIGNED]: [types.LEASEQUERY],
  [types.LEASEUNKNOWN]: [types.LEASEQUERY],
  [types.LEASEACTIVE]: [types.LEASEQUERY],
}

const answered = new Set(Object.values(askedBy).flat())

/** Whether somebody should answer it. Release and decline are told, not asked: RFC 2131 §4.4.4 and §4.4.6. */
export const isAsked = ({ isReply, type }: Message): boolean => !isReply && answered.has(type)

/** The types of requests that it may answer; undefined: it is no answer. */
export const requestTypes = ({ isReply, type }: Message): readonly number[] | undefined =>
  isReply ? askedBy[type] : undefined

/**
 * What a request and its answers have in common: RFC 2131 §4.1. `type`: of the request. `relayed`: it is what a relay agent
 * and a server say, of which they and a client say the same once more.
 */
export const idOf = ({ transactionId, clientMac }: Message, type: number, relayed: boolean): string =>
  `${type}${relayed ? 'r' : 'c'}${transactionId}/${clientMac}`
