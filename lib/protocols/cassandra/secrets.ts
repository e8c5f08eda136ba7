import type { Body } from './body.js'

/** The user of a SASL PLAIN message: RFC 4616 §2; undefined when it is of another mechanism. */
export function plainUser(body: Body): string | undefined {
  const length = body.i32()
  if (length <= 0) return undefined
  const at = body.take(length)
  const parts = body.bytes.utf8Slice(at, at + length).split('\0')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the tokens of other mechanisms are full of them.
  return parts.length === 3 && !/[\x01-\x1f\ufffd]/.test(parts[1] as string) ? parts[1] : undefined
}

// CREATE and ALTER of ROLE and USER say it: PASSWORD = 'text', or without the equals sign; HASHED PASSWORD likewise. A
// text may also stand between two dollar signs and two others.
const PASSWORD = /(\bpassword\s*(?:=\s*)?)(?:'(?:[^']|'')*'?|\$\$[\s\S]*?(?:\$\$|$))/gi
const ROLES = /\b(?:create|alter)\s+(?:role|user)\b/i
const HIDDEN = "'***'"

/** CQL without the passwords of those that are made or changed by it. */
export const withoutSecrets = (cql: string): string =>
  ROLES.test(cql) ? cql.replace(PASSWORD, `$1${HIDDEN}`) : cql

/** What a server says of CQL that a password was taken out of, without what it quotes of it. */
export const withoutQuotes = (message: string, cql: string | undefined): string =>
  cql?.includes(HIDDEN) ? message.replace(/'[\s\S]*'/, HIDDEN) : message
