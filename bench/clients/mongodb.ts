// Asks a MongoDB server what applications ask most, on some connections, each of which waits for its reply: half of it
// finds of one document, the rest inserts, updates and deletes. Messages as today's drivers send them.
//
//   node --import tsx bench/clients/mongodb.ts HOST PORT COUNT
import { connect } from 'node:net'
import { Binary, BSON, type Document } from 'mongodb'

const [host = '', port, count] = process.argv.slice(2)
const CONNECTIONS = 8
const OP_MSG = 2013

let id = 0

function message(document: Document): Buffer {
  const body = BSON.serialize({ ...document, $db: 'shop' })
  const bytes = Buffer.alloc(21 + body.length)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(++id, 4)
  bytes.writeInt32LE(OP_MSG, 12)
  bytes.set(body, 21)
  return bytes
}

/** The command number `i` of a connection. */
function command(connection: number, i: number, lsid: Document): Document {
  const _id = connection * 1_000_000 + Math.floor(i / 10)
  switch (i % 10) {
    case 0:
      return {
        insert: 'items',
        documents: [{ _id, name: `item ${_id}`, price: 1.5, stock: 7 }],
        ordered: true,
        lsid,
      }
    case 1:
    case 4:
    case 7:
      return { update: 'items', updates: [{ q: { _id }, u: { $set: { stock: i } } }], ordered: true, lsid }
    case 9:
      return { delete: 'items', deletes: [{ q: { _id }, limit: 1 }], ordered: true, lsid }
    default:
      return { find: 'items', filter: { _id }, limit: 1, singleBatch: true, lsid }
  }
}

/** Sends so many commands, each when the one before was answered. */
function talk(connection: number, commands: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host).setNoDelay().on('error', reject)
    const lsid = { id: new Binary(Buffer.alloc(16, connection + 1), Binary.SUBTYPE_UUID) }
    let sent = 0
    let held: Buffer = Buffer.alloc(0)
    const next = () => {
      if (sent === commands) socket.end(resolve)
      else socket.write(message(command(connection, sent++, lsid)))
    }
    socket.on('data', (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      if (held.length < 4 || held.length < held.readInt32LE(0)) return
      held = Buffer.alloc(0)
      next()
    })
    next()
  })
}

const each = Math.floor(Number(count) / CONNECTIONS)
await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => talk(connection, each)))
