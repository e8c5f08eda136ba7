import { loginOf } from './binary.js'
import { login } from './commands.js'
import type { Request, Response } from './message.js'

/** Bytes that are looked at of a value that may be a login over the text protocol. */
const LOGIN = 256

/**
 * Finds logins, so that no event shows a password. The binary protocol has requests of their own for them (SASL). In the
 * text protocol a login is the first `set` of a connection, and its value is user and password with a space between
 * (memcached, doc/protocol.txt, "Authentication"); only the server knows whether it wants one.
 */
export class Logins {
  /** The server has answered nothing yet, or nothing but that it wants a login. */
  #possible = true
  /** It has said so. */
  #wanted = false

  /** Has enough of the value kept. */
  expect(request: Request): void {
    if (!this.#possible || request.header !== undefined || request.command.name !== 'set') return
    request.secret = true
    request.keep = Math.max(request.keep, LOGIN)
  }

  /** Decides, with the value at hand. */
  look(request: Request): void {
    if (!request.secret) return
    if (request.header !== undefined) {
      loginOf(request)
      return
    }
    const { kept } = request
    const [, user] = /^(\S+) [^\r\n]+$/.exec(kept?.toString('utf8') ?? '') ?? []
    if (user === undefined) {
      request.secret = false
      return
    }
    request.user = user
    if (this.#wanted) request.command = login
  }

  answered({ error, header }: Response): void {
    if (!this.#possible) return
    const wanted = header === undefined && isWanted(error)
    this.#wanted ||= wanted
    this.#possible = wanted
  }
}

/** Whether the answer shows that the request was a login. */
export const isRefusedLogin = ({ secret, header }: Request, { error }: Response): boolean =>
  secret && header === undefined && isWanted(error)

/** What the server says to who has not logged in, or failed to. */
const isWanted = (error: string | undefined): boolean =>
  error === 'unauthenticated' || error === 'authentication failure'
