const SECRET = /^(.*_)?(password|passphrase|secret|secret_token|token|api_key|auth|authorization)$/i

/** True for the names of settings whose value nobody should see. */
export const isSecretName = (name: string): boolean => SECRET.test(name)

export const MASK = 'xxxxx'

/** A text without the password of a URL or a private key that may be in it. */
export const withoutSecrets = (text: string): string =>
  text.includes('PRIVATE KEY-----') ? MASK : text.replace(/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${MASK}@`)
