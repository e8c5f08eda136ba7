import { connect, createServer, type Server, type Socket } from 'node:net'
import { undone } from './cleanup.js'

/** A relay that can be told to misbehave. */
export interface Unreliable {
  /** Resets the next connections, each in the midst of what the client says: after that many bytes more. */
  cuts: number[]
  /** Milliseconds that the server's answers are held back. */
  delay: number
  /** Connections so far. */
  connections: number
  close(): Promise<void>
}

/** Listens on `port` of this machine and hands everything on to `server`, as far as it is told to. */
export function unreliable(port: number, server: string): Promise<Unreliable> {
  const [host, to] = server.split(':')
  const sockets = new Set<Socket>()
  const relay: Unreliable = { cuts: [], delay: 0, connections: 0, close: () => closed(listener, sockets) }
  const listener = createServer((client) => {
    relay.connections++
    const upstream = connect({ host, port: Number(to) })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let seen = 0
    client.on('data', (bytes) => {
      const cut = relay.cuts[0]
      if (cut === undefined || seen + bytes.length < cut) {
        seen += bytes.length
        upstream.write(bytes)
        return
      }
      relay.cuts.shift()
      upstream.write(bytes.subarray(0, cut - seen), () => {
        client.resetAndDestroy()
        upstream.destroy()
      })
    })
    upstream.on('data', (bytes) => {
      if (relay.delay === 0) client.write(bytes)
      else setTimeout(() => client.writable && client.write(bytes), relay.delay)
    })
  })
  const forget = undone(() => listener.close())
  listener.once('close', forget)
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, '127.0.0.1', () => resolve(relay))
  })
}

function closed(listener: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  return new Promise((resolve) => listener.close(() => resolve()))
}
