// As little of a broker as a producer needs: it says what it speaks, leads every partition, and takes records.
import { createServer, type Socket } from 'node:net'

const PRODUCE = 0
const METADATA = 3
const API_VERSIONS = 18

export interface Received {
  topic: string
  partition: number
  /** The record batch. */
  records: Buffer
}

export interface FakeKafkaOptions {
  partitions?: number
  /** The error for what is sent to a partition; none: it is taken. */
  refuse?(received: Received): number
  /** The error that a topic is described with. */
  describe?(topic: string): number
  /** What goes out instead of the answer to a request of that number, whatever it is; undefined: the answer. */
  spoil?(key: number, answer: Buffer | undefined): Buffer | undefined
  /** Versions of Produce. */
  produce?: [number, number]
}

export interface FakeKafka {
  port: number
  /** What was taken, in its order. */
  received: Received[]
  close(): Promise<void>
}

export function fakeKafka(options: FakeKafkaOptions = {}): Promise<FakeKafka> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let pieces: Buffer[] = []
    let length = 0
    let needed = 4
    socket.on('data', (bytes) => {
      pieces.push(bytes)
      length += bytes.length
      if (length < needed) return
      let held = Buffer.concat(pieces)
      const next = () => (held.length < 4 ? 4 : 4 + held.readInt32BE(0))
      for (needed = next(); held.length >= needed; needed = next()) {
        const reply = answer(held.subarray(4, needed))
        held = held.subarray(needed)
        if (reply !== undefined) socket.write(reply)
      }
      pieces = [held]
      length = held.length
    })
  })
  const port = () => (server.address() as { port: number }).port

  function answer(request: Buffer): Buffer | undefined {
    const key = request.readInt16BE(0)
    const body = request.subarray(10 + request.readInt16BE(8))
    const correlation = request.subarray(4, 8)
    const parts =
      key === PRODUCE
        ? produced(body, request.readInt16BE(2))
        : key === METADATA
          ? described(body)
          : versions()
    const whole = parts && Buffer.concat([correlation, ...parts])
    const reply = whole && Buffer.concat([int32(whole.length), whole])
    return options.spoil?.(key, reply) ?? reply
  }

  function versions(): Buffer[] {
    const known = [
      [PRODUCE, ...(options.produce ?? [3, 7])],
      [METADATA, 0, 8],
      [API_VERSIONS, 0, 0],
    ]
    return [int16(0), int32(known.length), ...known.flat().map((value) => int16(value as number))]
  }

  function described(body: Buffer): Buffer[] {
    const count = body.readInt32BE(0)
    const topics: Buffer[] = []
    for (let index = 0, at = 4; index < count; index++) {
      const name = body.subarray(at, at + 2 + body.readInt16BE(at))
      at += name.length
      const partitions = Array.from({ length: options.partitions ?? 1 }, (_, partition) =>
        Buffer.concat([int16(0), int32(partition), int32(7), int32(1), int32(7), int32(1), int32(7)]),
      )
      const error = options.describe?.(name.subarray(2).toString()) ?? 0
      topics.push(int16(error), name, Buffer.of(0), int32(partitions.length), ...partitions)
    }
    const broker = [int32(7), text('127.0.0.1'), int32(port()), int16(-1)]
    return [int32(0), int32(1), ...broker, int16(-1), int32(7), int32(count), ...topics]
  }

  function produced(body: Buffer, version: number): Buffer[] | undefined {
    const acks = body.readInt16BE(2)
    const parts: Buffer[] = [body.subarray(8, 12)]
    for (let topics = body.readInt32BE(8), at = 12; topics > 0; topics--) {
      const name = body.subarray(at, at + 2 + body.readInt16BE(at))
      at += name.length
      const count = body.readInt32BE(at)
      parts.push(name, int32(count))
      at += 4
      for (let index = 0; index < count; index++) {
        const partition = body.readInt32BE(at)
        const end = at + 8 + body.readInt32BE(at + 4)
        const part = { topic: name.subarray(2).toString(), partition, records: body.subarray(at + 8, end) }
        const error = options.refuse?.(part) ?? 0
        if (error === 0) received.push(part)
        parts.push(int32(partition), int16(error), Buffer.alloc(version >= 5 ? 24 : 16))
        at = end
      }
    }
    return acks === 0 ? undefined : [...parts, int32(0)]
  }

  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: port(),
        received,
        close: () => {
          for (const socket of sockets) socket.destroy()
          return new Promise((done) => server.close(() => done()))
        },
      }),
    )
  })
}

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
