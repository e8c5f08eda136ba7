// Stands between a driver and a server that does not compress: announces compression in the answer to hello, and from then
// on speaks OP_COMPRESSED with the driver, in whatever way the driver does.
//
//   node --import tsx test/live/servers/mongodb/relay.ts PORT SERVER_PORT
import { connect, createServer, type Socket } from 'node:net'
import { deflateSync, inflateSync } from 'node:zlib'
import { BSON } from 'mongodb'
import { compressSync, uncompressSync } from 'snappy'

const [port, server] = process.argv.slice(2).map(Number) as [number, number]
const OP_REPLY = 1
const OP_COMPRESSED = 2012
const HEADER = 16

const compress: Record<number, (body: Buffer) => Buffer> = { 1: compressSync, 2: (body) => deflateSync(body) }
const expand: Record<number, (body: Buffer) => Buffer> = {
  1: (body) => uncompressSync(body) as Buffer,
  2: (body) => inflateSync(body),
}

/** Hands whole messages on, as `change` makes them. */
function relay(from: Socket, to: Socket, change: (message: Buffer) => Buffer): void {
  let held = Buffer.alloc(0)
  from.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= HEADER && held.length >= held.readInt32LE(0)) {
      const length = held.readInt32LE(0)
      to.write(change(held.subarray(0, length)))
      held = held.subarray(length)
    }
  })
  from.on('close', () => to.destroy())
  from.on('error', () => to.destroy())
}

/** The same message with another operation and body. */
function message(like: Buffer, operation: number, body: Buffer): Buffer {
  const header = Buffer.from(like.subarray(0, HEADER))
  header.writeInt32LE(HEADER + body.length, 0)
  header.writeInt32LE(operation, 12)
  return Buffer.concat([header, body])
}

function compressed(plain: Buffer, compressor: number): Buffer {
  const body = plain.subarray(HEADER)
  const head = Buffer.alloc(9)
  head.writeInt32LE(plain.readInt32LE(12), 0)
  head.writeInt32LE(body.length, 4)
  head[8] = compressor
  return message(
    plain,
    OP_COMPRESSED,
    Buffer.concat([head, (compress[compressor] as typeof deflateSync)(body)]),
  )
}

/** The answer to hello, which comes as OP_REPLY. */
function announced(reply: Buffer): Buffer {
  const start = HEADER + 20
  const document = BSON.deserialize(reply.subarray(start))
  if (!('maxWireVersion' in document)) return reply
  const body = Buffer.from(BSON.serialize({ ...document, compression: ['snappy', 'zlib'] }))
  return message(reply, OP_REPLY, Buffer.concat([reply.subarray(HEADER, start), body]))
}

createServer((client) => {
  const upstream = connect(server, '127.0.0.1')
  let compressor = 0
  relay(client, upstream, (request) => {
    if (request.readInt32LE(12) !== OP_COMPRESSED) return request
    compressor = request[HEADER + 8] as number
    const body = (expand[compressor] as (body: Buffer) => Buffer)(request.subarray(HEADER + 9))
    return message(request, request.readInt32LE(HEADER), body)
  })
  relay(upstream, client, (reply) => {
    if (reply.readInt32LE(12) === OP_REPLY) return announced(reply)
    return compressor === 0 ? reply : compressed(reply, compressor)
  })
}).listen(port, '::')
