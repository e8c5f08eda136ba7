import { basicPublish, login } from './methods.js'
import type { AmqpTransaction } from './transaction.js'

// What `request` and `response` show.

/** A message's body, or a method with what it is about. */
export function requestText({ method, arguments: given, body, session }: AmqpTransaction): string {
  if (method === basicPublish) return body ?? ''
  if (method.kind === 'message') return ''
  if (method === login) return words(method.name, session.user, session.virtualHost)
  const { queue, exchange, more } = given
  return words(method.name, queue, exchange, more?.destination, more?.source)
}

/** The body of what was delivered, or how the call was answered; empty when it was not. */
export function responseText({ method, body, outcome }: AmqpTransaction): string {
  if (method === basicPublish) return outcome ?? ''
  return body ?? outcome ?? ''
}

const words = (...all: unknown[]): string => all.filter((word) => word !== undefined && word !== '').join(' ')
