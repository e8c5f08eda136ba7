import type { ClientHello, ServerHello } from './hello.js'

// TLS 1.3 encrypts the end of its handshake: what can be told is told by the sizes of records (RFC 8446 §5.2). Nobody pads
// these messages: a record is its content, a byte for its type, and the tag of the cipher.

const ALERT = 2
const HEAD = 4
const TYPE = 1

const AES_256_GCM_SHA384 = 0x1302
const AES_128_CCM_8_SHA256 = 0x1305

/** What the protected records of a TLS 1.3 handshake mean. */
export class ProtectedHandshake {
  /** Bytes of a record that is an alert. */
  readonly #alert: number
  /** Bytes of a record that is a Finished message. */
  readonly #finished: number
  /** Early data look like anything: only a record of just the right size is taken for Finished. */
  readonly #early: boolean
  #serverSpoke = false
  #serverFinished = false
  /** The server has answered early data: an alert after that closes the connection, and refuses nothing. */
  #serverAnswered = false
  /** The client has ended its part. */
  clientFinished = false
  /** The client sent an alert after that: it closes the connection, and so will the server. */
  #clientClosed = false

  constructor({ suite }: ServerHello, client: ClientHello | undefined, retried: boolean) {
    const tag = suite === AES_128_CCM_8_SHA256 ? 8 : 16
    this.#alert = ALERT + TYPE + tag
    this.#finished = HEAD + (suite === AES_256_GCM_SHA384 ? 48 : 32) + TYPE + tag
    this.#early = client?.earlyData === true && !retried
  }

  /** A record of the server's of that many bytes. */
  server(length: number): 'established' | 'refused' | undefined {
    const isAlert = length === this.#alert
    if (this.clientFinished)
      return isAlert && !this.#clientClosed && !this.#serverAnswered ? 'refused' : 'established'
    // EncryptedExtensions come first, and are longer.
    const refused = !this.#serverSpoke && isAlert
    this.#serverSpoke = true
    // With a ticket there are no certificates, so that nothing else has this length by chance.
    if (this.#early && this.#serverFinished && !isAlert) this.#serverAnswered = true
    this.#serverFinished ||= length === this.#finished
    return refused ? 'refused' : undefined
  }

  client(length: number): 'finished' | 'refused' | undefined {
    if (!this.#serverSpoke) return undefined // early data
    if (this.clientFinished) {
      if (length === this.#alert) this.#clientClosed = true
      return undefined
    }
    if (this.#early ? length !== this.#finished : length < this.#finished)
      return length === this.#alert && !this.#early ? 'refused' : undefined
    this.clientFinished = true
    return 'finished'
  }
}
