// What amqplib does not do: transactions, a protocol that the server does not speak, a client that leaves without a word.
import { createConnection, type Socket } from 'node:net'
import * as wire from '../../protocols/amqp/builders.js'
import type { Done } from './amqp.js'

type Note = (method: string, about?: Omit<Done, 'method'>) => void

/** A connection that sends frames and waits for as many as answer them. */
class Raw {
  readonly #socket: Socket
  #come = Buffer.alloc(0)
  #wake = () => {}
  readonly ended: Promise<void>

  constructor(host: string) {
    this.#socket = createConnection(5672, host)
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (piece) => {
      this.#come = Buffer.concat([this.#come, piece])
      this.#wake()
    })
    // A server that does not want to talk may end it as it likes.
    this.#socket.on('error', () => {})
    this.ended = new Promise((resolve) => {
      this.#socket.once('close', () => resolve())
    })
  }

  /** Sends, and waits for that many frames. */
  async ask(bytes: Buffer, frames = 1): Promise<void> {
    this.#socket.write(bytes)
    for (let left = frames; left > 0; ) {
      const length = this.#come.length < 7 ? Number.POSITIVE_INFINITY : 8 + this.#come.readUInt32BE(3)
      if (this.#come.length >= length) {
        this.#come = this.#come.subarray(length)
        left--
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  leave(bytes: Buffer): Promise<void> {
    this.#socket.end(bytes)
    return this.ended
  }
}

async function login(host: string): Promise<Raw> {
  const connection = new Raw(host)
  await connection.ask(wire.protocolHeader())
  // AMQPLAIN: the entries of a table.
  const response = wire.table({ LOGIN: 'guest', PASSWORD: 'guest' }).subarray(4)
  await connection.ask(wire.connection.startOk('AMQPLAIN', response))
  await connection.ask(wire.join(wire.connection.tuneOk(0), wire.connection.open('/')))
  await connection.ask(wire.channel.open(1))
  return connection
}

export async function raw(host: string, note: Note): Promise<void> {
  const connection = await login(host)
  note('LOGIN')
  await connection.ask(wire.queue.declare(1, 'live.tx'))
  note('queue.declare', { queue: 'live.tx', messages: 0 })
  const publish = () => wire.join(wire.basic.publish(1, '', 'live.tx'), wire.content(1, 'in tx'))
  await connection.ask(wire.tx.select(1))
  note('tx.select')
  for (const [name, frame] of [
    ['commit', wire.tx.commit(1)],
    ['rollback', wire.tx.rollback(1)],
  ] as const) {
    await connection.ask(wire.join(publish(), frame))
    note('basic.publish', { key: 'live.tx', bytes: 5 })
    note(`tx.${name}`)
  }
  // Calls that do not wait for one another.
  await connection.ask(wire.join(wire.queue.purge(1, 'live.tx'), wire.basic.get(1, 'live.tx')), 2)
  note('queue.purge', { queue: 'live.tx', messages: 1 })
  note('basic.get', { queue: 'live.tx' })
  await connection.ask(wire.connection.close(200, 'bye'))
  await connection.leave(Buffer.alloc(0))

  const old = new Raw(host)
  await old.leave(wire.protocolHeader(1, 1, 7, 0))
  note('LOGIN', { status: 'Error' })
}
