const SECRET = /^(.*_)?(password|passphrase|secret|secret_token|token|api_key|auth|authorization)$/i

/** True for the names of settings whose value nobody should see. */
export const isSecretName = (name: string): boolean => SECRET.test(name)

export const MASK = 'xxxxx'

// Shorter ones would make every text unreadable, and guard nothing.
const SHORTEST = 4

const known = new Set<string>()
let pattern: RegExp | undefined

/** From now on `withoutSecrets` masks this value: what a server or a parser quotes of it must not get into a log. */
export function rememberSecret(value: string): void {
  if (value.length < SHORTEST || known.has(value)) return
  known.add(value)
  known.add(encodeURIComponent(value))
  // Longest first, for one may begin with another. Within a longer word it is that word.
  const texts = [...known]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  pattern = new RegExp(`(?<![\\w-])(?:${texts.join('|')})(?![\\w-])`, 'g')
}

/** A text without known secrets, without the password of a URL or a private key that may be in it. */
export function withoutSecrets(text: string): string {
  if (text.includes('PRIVATE KEY-----')) return MASK
  const plain = pattern === undefined ? text : text.replace(pattern, MASK)
  return plain.replace(/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${MASK}@`)
}
