import { randomInt } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { Asked, Count, Exchange } from './exchange.js'
import { answerTo } from './message.js'
import type { Server } from './servers.js'

// Milliseconds after which a connection with unanswered questions is taken for dead.
const SILENT = 2000

/** Questions over one TCP or TLS connection, each with its length before it (RFC 1035 §4.2.2, RFC 7858). */
export class StreamExchange implements Exchange {
  readonly #server: Server
  readonly #tls: ConnectionOptions | undefined
  readonly #count: Count
  readonly #waiting = new Map<number, Asked>()
  #socket: Socket | undefined
  #received: Buffer = Buffer.alloc(0)
  #heard = 0

  /** `tls`: how the connection is encrypted, if it is. */
  constructor(server: Server, tls: ConnectionOptions | undefined, count: Count) {
    this.#server = server
    this.#tls = tls
    this.#count = count
  }

  ask(asked: Asked): void {
    let id = asked.bytes.readUInt16BE(0)
    while (this.#waiting.has(id)) id = randomInt(65536)
    asked.bytes.writeUInt16BE(id, 0)
    this.#waiting.set(id, asked)
    this.#socket ??= this.#connect()
    const length = Buffer.alloc(2)
    length.writeUInt16BE(asked.bytes.length)
    this.#socket.write(Buffer.concat([length, asked.bytes]))
  }

  /** The connection repeats what is lost. */
  again(): void {}

  forget(asked: Asked): void {
    const id = asked.bytes.readUInt16BE(0)
    if (this.#waiting.get(id) !== asked) return
    this.#waiting.delete(id)
    if (performance.now() - this.#heard > SILENT) this.#lost('the connection is silent')
  }

  close(): void {
    this.#lost('the way was closed')
  }

  #connect(): Socket {
    const { host, port } = this.#server
    // Node takes as long to load TLS as all of this program's processors: only who needs it waits.
    const socket: Socket =
      this.#tls === undefined
        ? connectTcp({ host, port })
        : process.getBuiltinModule('node:tls').connect({ ...this.#tls, host, port })
    this.#heard = performance.now()
    socket.unref()
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#data(bytes))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#ended(socket, error.code ?? error.message))
    socket.on('close', () => this.#ended(socket, 'the connection was closed'))
    return socket
  }

  #data(bytes: Buffer): void {
    this.#heard = performance.now()
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
    while (this.#received.length >= 2) {
      const end = 2 + this.#received.readUInt16BE(0)
      if (this.#received.length < end) return
      this.#message(this.#received.subarray(2, end))
      this.#received = this.#received.subarray(end)
    }
  }

  #message(bytes: Buffer): void {
    const asked = bytes.length < 2 ? undefined : this.#waiting.get(bytes.readUInt16BE(0))
    if (asked === undefined) {
      this.#count('unexpected')
      return
    }
    try {
      const answer = answerTo(asked.bytes, bytes, asked.type)
      if (answer === undefined) this.#count('unexpected')
      else asked.done(answer === 'truncated' ? { failure: 'half an answer', final: false } : answer)
    } catch {
      this.#count('malformed')
    }
  }

  #ended(socket: Socket, why: string): void {
    if (socket === this.#socket) this.#lost(why)
  }

  #lost(why: string): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#received = Buffer.alloc(0)
    socket?.destroy()
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const asked of waiting) asked.done({ failure: why, final: false, lost: true })
  }
}
