import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { timeLimit } from '../../lib/net/time-limit.js'
import { type Lane, type Leftover, NOTHING_LEFT, type Output } from '../../lib/outputs/output.js'
import type { EventBatch } from '../../lib/pipeline/batch.js'

// A protocol of two lines, for tests of what stands before every output: `<events> <bytes>`, the events, one JSON
// document a line; the answer is `ok`, when the server has them.

/** What the server is to do with a batch that it has read: answer, answer later, close the connection, stay silent. */
export type Manner = 'answer' | number | 'close' | 'silent'

export class TcpServer {
  /** Of each batch in the order they came: its ids, and whether it was answered. */
  readonly batches: { ids: number[]; answered: boolean }[] = []
  manner: (ids: readonly number[], socket: Socket) => Manner = () => 'answer'
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  port = 0

  /** Listens, on the same port as before. */
  async start(): Promise<this> {
    this.#server = createServer((socket) => this.#serve(socket))
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Closes its port and every connection. */
  async stop(): Promise<void> {
    const closed = once(this.#server as Server, 'close')
    this.#server?.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  get ids(): number[] {
    return this.batches.flatMap(({ ids }) => ids)
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined)
    let held = Buffer.alloc(0)
    socket.on('data', (data) => {
      held = Buffer.concat([held, data])
      for (;;) {
        const line = held.indexOf('\n')
        if (line < 0) return
        const [, bytes = 0] = held.subarray(0, line).toString().split(' ').map(Number)
        if (held.length < line + 1 + bytes) return
        const text = held.subarray(line + 1, line + 1 + bytes).toString()
        held = held.subarray(line + 1 + bytes)
        this.#batch(text.split('\n').slice(0, -1), socket)
      }
    })
  }

  #batch(lines: string[], socket: Socket): void {
    const batch = { ids: lines.map((line) => (JSON.parse(line) as { id: number }).id), answered: false }
    this.batches.push(batch)
    const manner = this.manner(batch.ids, socket)
    const answer = () => {
      batch.answered = true
      socket.write('ok\n')
    }
    if (manner === 'answer') answer()
    else if (manner === 'close') socket.destroy()
    else if (manner !== 'silent') setTimeout(answer, manner)
  }
}

/** `lanes` connections to the server; `timeout`: milliseconds that each waits for an answer. */
export class TcpOutput implements Output {
  readonly lanes: readonly Lane[]
  readonly #sockets = new Map<number, Socket>()
  /** Called with the ids of a batch that was answered. */
  acknowledged: (batch: EventBatch) => void = () => undefined

  constructor(port: number, lanes: number, timeout = 1000) {
    this.lanes = Array.from({ length: lanes }, (_, lane) => ({
      name: `127.0.0.1:${port}`,
      send: async (batch, signal) => {
        const limit = timeLimit(timeout, signal)
        try {
          return await this.#send(lane, port, batch, limit.signal)
        } finally {
          limit.end()
        }
      },
    }))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy()
  }

  async #send(lane: number, port: number, batch: EventBatch, signal: AbortSignal): Promise<Leftover> {
    let socket = this.#sockets.get(lane)
    try {
      if (socket === undefined || socket.destroyed) {
        // What is written in two pieces would wait for an acknowledgement in between.
        socket = connect({ port, host: '127.0.0.1', noDelay: true })
        this.#sockets.set(lane, socket)
        await once(socket, 'connect', { signal })
      }
      const answer = answerOf(socket, signal)
      socket.write(`${batch.count} ${batch.length}\n`)
      socket.write(batch.bytes.subarray(0, batch.length))
      await answer
    } catch (error) {
      socket?.destroy()
      throw error
    }
    this.acknowledged(batch)
    return NOTHING_LEFT
  }
}

function answerOf(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => {
      socket.off('data', data).off('close', closed).off('error', done)
      signal.removeEventListener('abort', timedOut)
      if (error === undefined) resolve()
      else reject(error)
    }
    const data = () => done()
    const closed = () => done(new Error('the connection was closed'))
    const timedOut = () => done(new Error('no answer'))
    socket.on('data', data).on('close', closed).on('error', done)
    signal.addEventListener('abort', timedOut)
    if (signal.aborted) timedOut()
  })
}
