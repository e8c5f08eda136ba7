import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type Mechanism = (typeof mechanisms)[number]

export interface Sasl {
  mechanism: Mechanism
  username: string
  password: string
}

/** Sends what the client says next and resolves with what the broker answers. */
export type Exchange = (message: Buffer) => Promise<Buffer>

/** Proves who one is. Rejects when the broker does not prove that it knows the password, where the mechanism asks for that. */
export async function authenticate(sasl: Sasl, exchange: Exchange): Promise<void> {
  if (sasl.mechanism === 'PLAIN') {
    // RFC 4616 §2.
    await exchange(Buffer.from(`\0${sasl.username}\0${sasl.password}`))
    return
  }
  await scram(sasl, sasl.mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512', exchange)
}

// Fewer are forbidden (RFC 7677 §4); a broker that asks for more wants to keep this machine busy.
const FEWEST_ROUNDS = 4096
const MOST_ROUNDS = 1_000_000

const derive = promisify(pbkdf2)

/** RFC 5802 §3 and §5. */
async function scram({ username, password }: Sasl, hash: string, exchange: Exchange): Promise<void> {
  const nonce = randomBytes(18).toString('base64')
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C')
  const first = `n=${name},r=${nonce}`
  const challenge = (await exchange(Buffer.from(`n,,${first}`))).toString()
  const { r = '', s = '', i = '' } = attributes(challenge)
  const rounds = Number(i)
  if (!r.startsWith(nonce) || r === nonce || s === '')
    throw new Error('the broker broke off the SCRAM exchange: its challenge is not for this client')
  if (!(rounds >= FEWEST_ROUNDS && rounds <= MOST_ROUNDS))
    throw new Error(
      `the broker asks for ${i} rounds of SCRAM; ${FEWEST_ROUNDS} to ${MOST_ROUNDS} are allowed`,
    )
  const length = createHash(hash).digest().length
  const salted = await derive(password, Buffer.from(s, 'base64'), rounds, length, hash)
  const mac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
  const clientKey = mac(salted, 'Client Key')
  const stored = createHash(hash).update(clientKey).digest()
  // `biws` is `n,,` in base64: no channel binding.
  const last = `c=biws,r=${r}`
  const signed = `${first},${challenge},${last}`
  const signature = mac(stored, signed)
  const proof = clientKey.map((byte, index) => byte ^ (signature[index] as number))
  const answer = await exchange(Buffer.from(`${last},p=${Buffer.from(proof).toString('base64')}`))
  const { v = '', e } = attributes(answer.toString())
  if (e !== undefined) throw new Error(`the broker refuses the user or the password: ${e}`)
  const theirs = Buffer.from(v, 'base64')
  const expected = mac(mac(salted, 'Server Key'), signed)
  if (theirs.length !== expected.length || !timingSafeEqual(theirs, expected))
    throw new Error('the broker does not know the password: it is not the one it claims to be')
}

const attributes = (message: string): Record<string, string | undefined> =>
  Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
