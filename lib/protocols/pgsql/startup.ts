import type { Message } from './parser.js'

/** What a startup packet asks for. PostgreSQL 17 documentation, §55.2.1, §55.2.10, §55.2.11. */
export type Startup =
  | { kind: 'login'; parameters: Map<string, string> }
  | { kind: 'ssl' | 'gssenc' }
  /** `process`: the server process whose work is to be cancelled. */
  | { kind: 'cancel'; process: number }

const CANCEL = 80_877_102
const SSL = 80_877_103
const GSSENC = 80_877_104

// A packet has at most 10,000 bytes; drivers send five parameters.
const MAX_PARAMETERS = 100

/** @throws {Malformed} also for version 2, which PostgreSQL gave up in 2021 (version 14) */
export function startup(message: Message): Startup {
  const code = message.u32()
  if (code === SSL) return { kind: 'ssl' }
  if (code === GSSENC) return { kind: 'gssenc' }
  // The key that follows is a secret.
  if (code === CANCEL) return { kind: 'cancel', process: message.u32() }
  if (code >>> 16 !== 3) throw message.malformed(`protocol version ${code >>> 16}.${code & 0xffff}`)
  const parameters = new Map<string, string>()
  for (let name = message.text(); name !== ''; name = message.text()) {
    if (parameters.size >= MAX_PARAMETERS) throw message.malformed('too many parameters')
    parameters.set(name, message.text())
  }
  return { kind: 'login', parameters }
}

/** By the number in an Authentication message: what the server wants to see, as pg_hba.conf names it. §55.7. */
export function authentication(message: Message): { done: boolean; method: string | undefined } {
  const code = message.i32()
  switch (code) {
    case 0:
      return { done: true, method: undefined }
    case 2:
      return { done: false, method: 'kerberos' }
    case 3:
      return { done: false, method: 'password' }
    case 5:
      return { done: false, method: 'md5' }
    case 7:
      return { done: false, method: 'gss' }
    case 9:
      return { done: false, method: 'sspi' }
    case 10:
      // The names of the mechanisms, the server's favourite first.
      return { done: false, method: message.text().toLowerCase() }
    default: // 8, 11, 12: another step of the same
      return { done: false, method: undefined }
  }
}
