import type { Socket } from 'node:net'
import { reasonOf } from '../socket/dial.js'
import { AckReader } from './frames.js'

/** What became of a window. */
export interface Outcome {
  /** Events that were acknowledged, from the first on. */
  acked: number
  /** Why it was not all of them. */
  failure?: Error
}

interface Window {
  events: number
  acked: number
  settle(outcome: Outcome): void
}

/** A connection to a Beats input. Windows are acknowledged in the order they were sent. */
export class Connection {
  readonly #socket: Socket
  /** Milliseconds without a sign of life while windows wait for their acknowledgement. */
  readonly #timeout: number
  readonly #acks = new AckReader()
  readonly #windows: Window[] = []
  #over = false
  #ended: Error | undefined

  /** `closed` is called once, with why, unless it was `retire` that ended it. */
  constructor(socket: Socket, timeout: number, closed: (reason: Error) => void) {
    this.#socket = socket
    this.#timeout = timeout
    let cause: Error | undefined
    socket
      .on('data', (bytes: Buffer) => this.#read(bytes))
      .on('error', (error) => {
        cause ??= error
        // Node leaves it open when it was an alert of TLS.
        socket.destroy()
      })
      // Nothing can be acknowledged any more.
      .on('end', () => socket.destroy())
      .on('timeout', () => this.destroy(new Error(`no acknowledgement in ${timeout / 1000} s`)))
      .on('close', () => {
        this.#ended ??= new Error(
          cause === undefined ? 'the server closed the connection' : reasonOf(cause),
          { cause },
        )
        for (const { acked, settle } of this.#windows.splice(0)) settle({ acked, failure: this.#ended })
        if (!this.#over) closed(this.#ended)
      })
  }

  /** False: what is sent now would be lost. */
  get usable(): boolean {
    return this.#ended === undefined && !this.#over && this.#socket.writable
  }

  /** Sends a window. `written` is called when the chunks are not needed any more. Never rejects. */
  send(events: number, chunks: readonly Buffer[], written?: () => void): Promise<Outcome> {
    const socket = this.#socket
    if (this.#ended !== undefined) {
      written?.()
      return Promise.resolve({ acked: 0, failure: this.#ended })
    }
    if (this.#windows.length === 0) socket.setTimeout(this.#timeout)
    return new Promise((settle) => {
      this.#windows.push({ events, acked: 0, settle })
      // The server has closed it, and the reason is still on its way.
      if (!socket.writable) {
        written?.()
        socket.destroy()
        return
      }
      socket.cork()
      chunks.forEach((chunk, index) => {
        if (index === chunks.length - 1) socket.write(chunk, () => written?.())
        else socket.write(chunk)
      })
      socket.uncork()
    })
  }

  /** Ends it as soon as all that was sent is acknowledged. */
  retire(): void {
    this.#over = true
    if (this.#windows.length === 0) this.#socket.end()
  }

  destroy(reason: Error): void {
    this.#ended ??= reason
    this.#socket.destroy()
  }

  #read(bytes: Buffer): void {
    if (this.#ended !== undefined) return
    try {
      this.#acks.read(bytes, (sequence) => this.#acknowledge(sequence))
    } catch (error) {
      this.destroy(error as Error)
    }
  }

  #acknowledge(sequence: number): void {
    const [window] = this.#windows
    // A keep-alive: the server is still busy with what it has. The timeout begins anew with every byte that comes.
    if (sequence === 0 || sequence === window?.acked) return
    if (window === undefined)
      throw new Error(
        `the server acknowledged ${sequence} events while none were sent; the connection was closed`,
      )
    if (sequence > window.events || sequence < window.acked)
      throw new Error(
        `the server acknowledged event ${sequence} of a window of ${window.events}, after event ${window.acked}; the connection was closed`,
      )
    window.acked = sequence
    if (sequence < window.events) return
    this.#windows.shift()
    window.settle({ acked: sequence })
    if (this.#windows.length > 0) return
    this.#socket.setTimeout(0)
    if (this.#over) this.#socket.end()
  }
}
