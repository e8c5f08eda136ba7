// A load of prepared inserts and selects of small rows: `cassandra-load.ts HOST OPERATIONS`. It speaks the protocol itself,
// version 4, since a driver would take longer than the server. Prints how many requests were answered.
import { createConnection, type Socket } from 'node:net'
import {
  bytes,
  execute,
  i32,
  prepare,
  query,
  request,
  stringMap,
} from '../../protocols/cassandra/builders.js'

const [, , host = '', wanted = '0'] = process.argv
const CONNECTIONS = 8
// Requests under way on each.
const AHEAD = 24

let answered = 0
let asked = 0

/** Waits for one response; answers its body. */
type Ask = (frame: Buffer) => Promise<Buffer>

class Connection {
  readonly #socket: Socket
  readonly #waiting = new Map<number, (body: Buffer) => void>()
  #held: Buffer = Buffer.alloc(0)

  constructor() {
    this.#socket = createConnection(9042, host)
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (piece) => this.#read(piece))
    // The server may end a connection as it likes once all is answered.
    this.#socket.on('error', (error) => {
      if (this.#waiting.size > 0) throw error
    })
  }

  #read(piece: Buffer): void {
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece])
    let at = 0
    while (this.#held.length - at >= 9) {
      const length = this.#held.readInt32BE(at + 5)
      if (this.#held.length - at < 9 + length) break
      if (this.#held[at + 4] === 0) throw new Error(this.#held.toString('latin1', at + 15, at + 9 + length))
      const stream = this.#held.readInt16BE(at + 2)
      const done = this.#waiting.get(stream)
      this.#waiting.delete(stream)
      answered++
      done?.(this.#held.subarray(at + 9, at + 9 + length))
      at += 9 + length
    }
    this.#held = this.#held.subarray(at)
  }

  readonly ask: Ask = (frame) =>
    new Promise((resolve) => {
      this.#waiting.set(frame.readInt16BE(2), resolve)
      this.#socket.write(frame)
    })

  end(): void {
    this.#socket.end()
  }
}

async function open(): Promise<Connection> {
  const connection = new Connection()
  await connection.ask(request('STARTUP', stringMap({ CQL_VERSION: '3.0.0' })))
  await connection.ask(request('AUTH_RESPONSE', bytes('\0cassandra\0cassandra')))
  return connection
}

/** The id that a prepared statement got. */
const id = (body: Buffer): Buffer => body.subarray(6, 6 + body.readUInt16BE(4))

const connections = await Promise.all(Array.from({ length: CONNECTIONS }, open))
const [first] = connections as [Connection]
await first.ask(
  query("CREATE KEYSPACE load WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"),
)
await first.ask(query('CREATE TABLE load.orders (id int PRIMARY KEY, customer text, amount double)'))

async function work({ ask }: Connection): Promise<void> {
  const insert = id(await ask(prepare('INSERT INTO load.orders (id, customer, amount) VALUES (?, ?, ?)')))
  const select = id(await ask(prepare('SELECT id, customer, amount FROM load.orders WHERE id = ?')))
  const one = async (stream: number) => {
    while (asked < Number(wanted)) {
      const order = asked++
      if (order % 2 === 0) {
        const amount = Buffer.alloc(8)
        amount.writeDoubleBE(order / 4)
        await ask(execute(insert, [i32(order), `customer ${order % 1000}`, amount], { stream }))
      } else await ask(execute(select, [i32(order - 1)], { stream }))
    }
  }
  await Promise.all(Array.from({ length: AHEAD }, (_, stream) => one(stream)))
}

await Promise.all(connections.map(work))
for (const connection of connections) connection.end()
console.log(answered)
