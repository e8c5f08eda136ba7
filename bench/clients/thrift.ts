// Serves a small service, or calls it on some connections, each of which waits for its reply; half of the connections
// carry their messages in frames. Messages as Thrift's libraries send them.
//
//   node --import tsx bench/clients/thrift.ts HOST PORT CONNECTIONS CALLS
//   node --import tsx bench/clients/thrift.ts serve PORT
import { connect, createServer, type Socket } from 'node:net'

const [CALL, REPLY] = [1, 2]
const [I32, I64, STRING, STRUCT, LIST] = [8, 10, 11, 12, 15]

const i16 = (value: number) => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
const i32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const text = (value: string) => Buffer.concat([i32(Buffer.byteLength(value)), Buffer.from(value)])
const i64 = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}
const field = (type: number, id: number, value: Uint8Array) =>
  Buffer.concat([Buffer.from([type]), i16(id), value])
const struct = (...fields: Uint8Array[]) => Buffer.concat([...fields, Buffer.from([0])])
const message = (type: number, name: string, seqid: number, body: Uint8Array) =>
  Buffer.concat([i32((0x80010000 | type) >> 0), text(name), i32(seqid), body])
const framed = (bytes: Buffer) => Buffer.concat([i32(bytes.length), bytes])

/** Somebody. */
const user = (id: number) =>
  struct(
    field(I64, 1, i64(id)),
    field(STRING, 2, text(`user ${id}`)),
    field(STRING, 3, text(`user${id}@example.org`)),
    field(I32, 4, i32(id % 90)),
    field(LIST, 5, Buffer.concat([Buffer.from([I32]), i32(3), i32(1), i32(2), i32(id)])),
  )

function call(seqid: number, id: number): Buffer {
  switch (id % 10) {
    case 0:
    case 1:
      return message(CALL, 'saveUser', seqid, struct(field(STRUCT, 1, user(id))))
    case 2:
      return message(CALL, 'ping', seqid, struct())
    default:
      return message(CALL, 'getUser', seqid, struct(field(I64, 1, i64(id))))
  }
}

function reply(name: string, seqid: number): Buffer {
  if (name === 'getUser') return message(REPLY, name, seqid, struct(field(STRUCT, 0, user(seqid))))
  return message(REPLY, name, seqid, name === 'ping' ? struct() : struct(field(I64, 0, i64(seqid))))
}

/** Each side waits for the other, so a chunk is a message. */
function answer(socket: Socket): void {
  socket.setNoDelay().on('error', () => {})
  socket.on('data', (chunk) => {
    const at = chunk[0] === 0x80 ? 0 : 4
    const length = chunk.readInt32BE(at + 4)
    const name = chunk.latin1Slice(at + 8, at + 8 + length)
    const bytes = reply(name, chunk.readInt32BE(at + 8 + length))
    socket.write(at === 0 ? bytes : framed(bytes))
  })
}

function talk(host: string, port: number, connection: number, calls: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host).setNoDelay().on('error', reject)
    let sent = 0
    const next = () => {
      if (sent === calls) {
        socket.end(resolve)
        return
      }
      const bytes = call(++sent, connection * 1_000_000 + sent)
      socket.write(connection % 2 === 0 ? bytes : framed(bytes))
    }
    socket.on('data', next)
    next()
  })
}

const [host = '', port = '', connections = '', calls = ''] = process.argv.slice(2)
if (host === 'serve') createServer(answer).listen(Number(port), '::')
else {
  const each = Math.floor(Number(calls) / Number(connections))
  await Promise.all(
    Array.from({ length: Number(connections) }, (_, connection) =>
      talk(host, Number(port), connection, each),
    ),
  )
}
