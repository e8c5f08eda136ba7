// What a server says until a session has begun. PostgreSQL 17 documentation, §55.2.1, §55.2.10, §55.2.11.
import { ENCRYPTED } from './notes.js'
import type { Pairing } from './pairing.js'
import { letter, type Message } from './parser.js'
import { authentication } from './startup.js'

/** The one byte that answers SSLRequest and GSSENCRequest. True: all that follows is encrypted. */
export function encryption(message: Message, time: number, pairing: Pairing): boolean {
  const login = pairing.head()
  if (login?.kind !== 'login') return false
  login.destinationBytes += message.length
  login.expects = 0
  if (message.type === REFUSES) return false
  login.end = time
  login.answered = true
  login.remark = ENCRYPTED
  pairing.done()
  return true
}

/** Authentication, ParameterStatus, BackendKeyData, NegotiateProtocolVersion; ParameterStatus also later. */
export function greeting(message: Message, time: number, pairing: Pairing): void {
  const login = pairing.head()
  if (message.type === PARAMETER) pairing.session.parameter(message.text(), message.text())
  if (login?.kind !== 'login') return
  login.destinationBytes += message.length
  if (message.type === BACKEND_KEY) login.process = message.i32()
  if (message.type !== AUTHENTICATION) return
  const { done, method } = authentication(message)
  login.authentication ??= method
  if (!done) return
  login.authentication ??= 'none'
  login.end = time
  login.answered = true
}

const REFUSES = letter('N')
const PARAMETER = letter('S')
const BACKEND_KEY = letter('K')
const AUTHENTICATION = letter('R')
