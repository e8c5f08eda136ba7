import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP server on a free port, unless it is told one, which does with each connection as it is told. */
export class FakeServer {
  readonly sockets: Socket[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** `connected` is told the number of the connection, from 0 on. */
  static async start(connected: (socket: Socket, number: number) => void, port = 0): Promise<FakeServer> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      connected(socket, fake.sockets.push(socket) - 1)
    })
    const fake = new FakeServer(server)
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return fake
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get host(): string {
    return `127.0.0.1:${this.port}`
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** What a relay does to one of its connections. */
export interface Cut {
  /** Whose bytes are counted: those of the client, or those of the server. */
  of: 'client' | 'server'
  /** Bytes that get through before both sides are reset. */
  after: number
}

/** A relay before a real server, which resets its first connections as `cuts` says, one each; the others last. */
export const cuttingRelay = (target: number, cuts: readonly Cut[], port = 0): Promise<FakeServer> =>
  FakeServer.start((client, number) => {
    const server = connect(target, '127.0.0.1')
    const reset = () => {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    const cut = cuts[number]
    server.on('error', reset).on('close', () => client.destroy())
    client.on('close', () => server.destroy())
    pass(client, server, cut?.of === 'client' ? cut.after : Number.POSITIVE_INFINITY, reset)
    pass(server, client, cut?.of === 'server' ? cut.after : Number.POSITIVE_INFINITY, reset)
  }, port)

function pass(from: Socket, to: Socket, bytes: number, reset: () => void): void {
  let left = bytes
  from.on('data', (piece: Buffer) => {
    const through = piece.subarray(0, left)
    left -= through.length
    // The reset comes when these bytes are on their way, so that the other side has them.
    to.write(through, () => {
      if (left === 0) setTimeout(reset, 5)
    })
    if (left === 0) from.pause()
  })
}
