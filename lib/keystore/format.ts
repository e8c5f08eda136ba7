import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'

// Upstream's file: "v1", then in base64 a salt, an initialization vector, and secrets encrypted by AES-256-GCM with the
// tag behind them. The key is derived from a password, which is empty: the file hides, it does not protect.
const VERSION = 'v1'
const SALT = 64
const VECTOR = 12
const TAG = 16
const ITERATIONS = 10_000
const KEY = 32

/** By name. */
export type Secrets = ReadonlyMap<string, string>

/** @throws {Error} that says what is wrong with the file. */
export function decode(file: Buffer): Secrets {
  const version = file.toString('latin1', 0, VERSION.length)
  if (version !== VERSION) throw new Error('it is no keystore of version v1')
  const bytes = Buffer.from(file.toString('latin1', VERSION.length), 'base64')
  if (bytes.length < SALT + VECTOR + TAG) throw new Error('it is cut short')
  const text = decrypt(bytes)
  if (text === undefined) throw new Error('it cannot be decrypted, so it is damaged or has a password')
  return secretsOf(text)
}

export function encode(secrets: Secrets): Buffer {
  const salt = randomBytes(SALT)
  const vector = randomBytes(VECTOR)
  const cipher = createCipheriv('aes-256-gcm', keyOf(salt), vector)
  const values = [...secrets].map(([name, value]) => [name, { value: Buffer.from(value).toString('base64') }])
  const text = JSON.stringify(Object.fromEntries(values))
  const bytes = Buffer.concat([salt, vector, cipher.update(text), cipher.final(), cipher.getAuthTag()])
  return Buffer.from(`${VERSION}${bytes.toString('base64')}`, 'latin1')
}

const keyOf = (salt: Buffer): Buffer => pbkdf2Sync('', salt, ITERATIONS, KEY, 'sha512')

function decrypt(bytes: Buffer): string | undefined {
  const vector = bytes.subarray(SALT, SALT + VECTOR)
  const decipher = createDecipheriv('aes-256-gcm', keyOf(bytes.subarray(0, SALT)), vector, {
    authTagLength: TAG,
  })
  decipher.setAuthTag(bytes.subarray(-TAG))
  try {
    const text = decipher.update(bytes.subarray(SALT + VECTOR, -TAG))
    return Buffer.concat([text, decipher.final()]).toString()
  } catch {
    return undefined
  }
}

function secretsOf(text: string): Secrets {
  const secrets = new Map<string, string>()
  for (const [name, secret] of Object.entries(JSON.parse(text) as Record<string, { value?: unknown }>)) {
    if (typeof secret?.value !== 'string') throw new Error('it has another content than a keystore')
    secrets.set(name, Buffer.from(secret.value, 'base64').toString())
  }
  return secrets
}
