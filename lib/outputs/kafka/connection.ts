import type { Socket } from 'node:net'
import { authority } from '../hosts.js'
import { type Address, connected, type DialSettings } from './dial.js'
import { NO_ERROR, told } from './errors.js'
import {
  apiVersions,
  type Call,
  SASL_AUTHENTICATE,
  saslAuthenticate,
  saslHandshake,
  spoken,
  type Versions,
} from './requests.js'
import { authenticate, type Sasl } from './sasl.js'
import { MalformedAnswer, RequestWriter, ResponseReader } from './wire.js'

/** How brokers are connected to. */
export interface ConnectionSettings extends DialSettings {
  clientId: string
  sasl: Sasl | undefined
  /** Milliseconds; 0: as the system has it. */
  keepAlive: number
}

interface Waiting {
  done(answer: ResponseReader): void
  failed(error: Error): void
  timer: NodeJS.Timeout
}

// Far more than brokers answer to what is asked here.
const LONGEST_ANSWER = 16 * 1024 * 1024
// Milliseconds for what was written to leave.
const LONGEST_END = 2000
// A session is renewed when that share of its lifetime is over.
const RENEW = 0.8

/** A connection to a broker, logged in. Answers come in the order of the requests. */
export class Connection {
  readonly name: string
  /** Resolves when it is of no use any more. */
  readonly ended: Promise<void>
  #tellEnd = (): void => undefined
  readonly #socket: Socket
  readonly #settings: ConnectionSettings
  readonly #waiting = new Map<number, Waiting>()
  #versions: Versions = new Map()
  #correlation = 0
  #input: Buffer[] = []
  #inputLength = 0
  #needed = 4
  #failure: Error | undefined
  /** By `performance.now()`. */
  #expires = Number.POSITIVE_INFINITY

  private constructor(address: Address, socket: Socket, settings: ConnectionSettings, aborted?: AbortSignal) {
    this.name = authority(address)
    this.#socket = socket
    this.#settings = settings
    if (settings.keepAlive > 0) socket.setKeepAlive(true, settings.keepAlive)
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', (error) => this.fail(error))
    socket.on('close', () => this.fail(new Error('the broker closed the connection')))
    const abort = () => this.fail(aborted?.reason as Error)
    aborted?.addEventListener('abort', abort)
    this.ended = new Promise((resolve) => (this.#tellEnd = resolve))
    void this.ended.then(() => aborted?.removeEventListener('abort', abort))
  }

  /** Connects, agrees on versions and logs in. Rejects with one sentence; `aborted` ends it at whatever point it is. */
  static async open(
    address: Address,
    settings: ConnectionSettings,
    aborted?: AbortSignal,
  ): Promise<Connection> {
    const socket = await connected(address, settings, aborted)
    const connection = new Connection(address, socket, settings, aborted)
    try {
      const { error, versions } = await connection.call(apiVersions())
      if (error !== NO_ERROR) throw new Error(told(error))
      connection.#versions = versions
      for (const key of spoken.keys()) connection.version(key)
      if (settings.sasl !== undefined) await connection.#logIn(settings.sasl)
      return connection
    } catch (error) {
      connection.fail(error as Error)
      throw error
    }
  }

  /** True: another request may be sent. */
  get usable(): boolean {
    return this.#failure === undefined && performance.now() < this.#expires
  }

  /** The newest version of a request that both sides speak. */
  version(key: number): number {
    const ours = spoken.get(key) ?? { min: 0, max: 0 }
    const theirs = this.#versions.get(key)
    const version = Math.min(ours.max, theirs?.max ?? -1)
    if (version < Math.max(ours.min, theirs?.min ?? 0)) throw new Error(told(35))
    return version
  }

  /** Sends a request and resolves with its answer; a broker that does not give one in time is given up. */
  call<Answer>(call: Call<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { timeout } = this.#settings
      const timer = setTimeout(
        () => this.fail(new Error(`the broker did not answer within ${timeout / 1000} s`)),
        timeout,
      )
      const done = (answer: ResponseReader) => {
        clearTimeout(timer)
        try {
          resolve(call.read(answer))
        } catch (error) {
          this.fail(error as Error)
          reject(this.#failure as Error)
        }
      }
      const failed = (error: Error) => {
        clearTimeout(timer)
        reject(error)
      }
      if (this.#failure !== undefined) {
        failed(this.#failure)
        return
      }
      this.#waiting.set(this.#correlation, { done, failed, timer })
      this.#write(call)
    })
  }

  /** Sends a request that has no answer; resolves when the system has taken it. */
  tell(call: Call<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure)
        return
      }
      const { timeout } = this.#settings
      const timer = setTimeout(
        () => this.fail(new Error(`the broker took nothing for ${timeout / 1000} s`)),
        timeout,
      )
      this.#write(call, (error) => {
        clearTimeout(timer)
        if (error === undefined || error === null) resolve()
        else reject(this.#failure ?? error)
      })
    })
  }

  /** Ends it when its last answer is there. */
  retire(): void {
    this.#expires = 0
    if (this.#waiting.size === 0) this.fail(new Error('the session has to be renewed'))
  }

  /** Ends it when what was written is on its way: what needs no answer would be lost otherwise. */
  end(): void {
    if (this.#failure !== undefined) return
    const socket = this.#socket
    const timer = setTimeout(() => socket.destroy(), LONGEST_END)
    socket.once('close', () => clearTimeout(timer))
    socket.destroySoon()
  }

  /** Ends it; whoever waits for an answer is told why. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return
    this.#failure = new Error(`${this.name}: ${error.message}`, { cause: error })
    this.#socket.destroy()
    this.#tellEnd()
    for (const { failed } of this.#waiting.values()) failed(this.#failure)
    this.#waiting.clear()
    this.#input = []
  }

  #write({ key, version, body }: Call<unknown>, written?: (error?: Error | null) => void): void {
    const head = new RequestWriter().int16(key).int16(version).int32(this.#correlation)
    this.#correlation = (this.#correlation + 1) & 0x7fffffff
    const parts = [...head.string(this.#settings.clientId).parts(), ...body.parts()]
    const size = Buffer.allocUnsafe(4)
    size.writeInt32BE(parts.reduce((sum, part) => sum + part.length, 0))
    const socket = this.#socket
    socket.cork()
    socket.write(size)
    const last = parts.findLastIndex(({ length }) => length > 0)
    for (const part of parts.slice(0, last)) if (part.length > 0) socket.write(part)
    socket.write(parts[last] as Buffer, written)
    socket.uncork()
  }

  #read(bytes: Buffer): void {
    this.#input.push(bytes)
    this.#inputLength += bytes.length
    while (this.#inputLength >= this.#needed) {
      const input = this.#input.length === 1 ? (this.#input[0] as Buffer) : Buffer.concat(this.#input)
      const size = input.readInt32BE(0)
      if (size < 4 || size > LONGEST_ANSWER) {
        this.fail(new MalformedAnswer())
        return
      }
      this.#needed = 4 + size
      const whole = input.length >= this.#needed
      const rest = whole ? input.subarray(this.#needed) : input
      this.#input = rest.length > 0 ? [rest] : []
      this.#inputLength = rest.length
      if (!whole) return
      this.#needed = 4
      this.#answer(new ResponseReader(input.subarray(4, 4 + size)))
    }
  }

  #answer(answer: ResponseReader): void {
    const correlation = answer.int32()
    const waiting = this.#waiting.get(correlation)
    if (waiting === undefined) {
      this.fail(new MalformedAnswer())
      return
    }
    this.#waiting.delete(correlation)
    waiting.done(answer)
    if (this.#expires === 0) this.retire()
  }

  async #logIn(sasl: Sasl): Promise<void> {
    const { error, mechanisms } = await this.call(saslHandshake(sasl.mechanism))
    if (error !== NO_ERROR) throw new Error(`${told(error)} (it knows ${mechanisms.join(', ')})`)
    const version = Math.min(1, this.#versions.get(SASL_AUTHENTICATE)?.max ?? 0)
    const start = performance.now()
    await authenticate(sasl, async (message) => {
      const answer = await this.call(saslAuthenticate(message, version))
      if (answer.error !== NO_ERROR)
        throw new Error(
          answer.message === null ? told(answer.error) : `${told(answer.error)} (${answer.message})`,
        )
      if (answer.lifetime > 0) this.#expires = start + answer.lifetime * RENEW
      return answer.bytes
    })
  }
}
