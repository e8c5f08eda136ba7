// What a server sends beside its answers. PostgreSQL 17 documentation, §55.2.7 "Asynchronous Operations".
import { type ServerMessage, serverMessage } from './errors.js'
import type { Pairing } from './pairing.js'
import type { Message } from './parser.js'
import { PgsqlTransaction } from './transaction.js'

// Notices that an event has at most, and characters of one; a function may raise thousands.
const MAX_NOTICES = 10
const NOTICE_LENGTH = 1024

/** A NoticeResponse: it belongs to the request that is answered now. */
export function notice(message: Message, pairing: Pairing): void {
  const request = pairing.head()
  if (request === undefined) return
  request.destinationBytes += message.length
  if ((request.notices?.length ?? 0) >= MAX_NOTICES) {
    pairing.context.count('dropped_notices')
    return
  }
  const { severity, message: text } = serverMessage(message)
  request.notices ??= []
  request.notices.push(`${severity}: ${text}`.slice(0, NOTICE_LENGTH))
}

/** A NotificationResponse, which LISTEN asked for: an event of its own. */
export function notification(message: Message, time: number, pairing: Pairing): void {
  const event = unasked('NOTIFICATION', message, time, pairing)
  event.process = message.i32()
  event.channel = message.text()
  event.payload = message.text()
  pairing.report(event)
}

/** An ErrorResponse that answers nothing: an event when it ends the session. */
export function error(said: ServerMessage, message: Message, time: number, pairing: Pairing): void {
  if (!said.fatal) {
    pairing.context.count('unmatched_responses')
    return
  }
  const event = unasked('DISCONNECT', message, time, pairing)
  event.error = said
  pairing.report(event)
}

function unasked(verb: string, { length }: Message, time: number, pairing: Pairing): PgsqlTransaction {
  const event = new PgsqlTransaction(pairing, 'message', verb, undefined, time, 0, 0)
  event.destinationBytes = length
  return event
}
