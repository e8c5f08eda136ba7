// Does what a scenario says with the official driver, and prints what the driver itself told of every command (its
// command monitoring events), as relaxed Extended JSON. For the live tests, and to record traces.
//
//   node --import tsx test/live/clients/mongodb.ts HOST SCENARIO [PORT] [COMPRESSOR]
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Binary,
  BSON,
  type Collection,
  type Db,
  Long,
  MongoClient,
  MongoServerError,
  ObjectId,
  UUID,
} from 'mongodb'

/** A command as the driver saw it, in the order it was sent. */
export interface Told {
  command: string
  database: string
  /** What was sent, and what was answered. */
  sent: Record<string, unknown>
  reply?: Record<string, unknown>
  /** Why it failed. */
  failure?: string
}

const [host = '', scenario = '', port = '27017', compressor] = process.argv.slice(2)
const client = new MongoClient(`mongodb://${host.includes(':') ? `[${host}]` : host}:${port}/`, {
  directConnection: true,
  monitorCommands: true,
  appName: 'live-test',
  maxPoolSize: scenario === 'load' ? 4 : 1,
  // The driver's monitor asks as seldom as it can.
  heartbeatFrequencyMS: 600_000,
  ...(compressor === undefined ? {} : { compressors: [compressor as 'zlib'] }),
})
const told: Told[] = []
const open = new Map<number, Told>()
client.on('commandStarted', ({ requestId, commandName, databaseName, command }) => {
  const one = { command: commandName, database: databaseName, sent: copy(command) }
  told.push(one)
  open.set(requestId, one)
})
client.on('commandSucceeded', ({ requestId, reply }) => {
  const one = open.get(requestId)
  if (one !== undefined) one.reply = copy(reply as object)
})
client.on('commandFailed', ({ requestId, failure }) => {
  const one = open.get(requestId)
  if (one === undefined) return
  one.failure = failure.message
  if (failure instanceof MongoServerError) one.reply = copy(failure.errorResponse)
})

const copy = (document: object) => JSON.parse(BSON.EJSON.stringify(document, { relaxed: true }))

/** Waits for what must fail. */
async function refused(what: Promise<unknown>): Promise<void> {
  const failed = await what.then(
    () => false,
    () => true,
  )
  if (!failed) throw new Error('that should have been refused')
}

interface Item {
  _id: number | string | ObjectId
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test wants to see on the wire.
  [name: string]: any
}

/** All that an application does in a day. */
async function day(db: Db): Promise<void> {
  const items = db.collection<Item>('items')
  await items.insertOne({ _id: 1, name: 'one “quoted” \\ line\nbreak', price: 1.5 })
  await items.insertMany(Array.from({ length: 250 }, (_, i) => ({ _id: i + 2, name: `item ${i}`, n: i % 7 })))
  await items.findOne({ _id: 1 })
  await items
    .find({ n: { $lt: 5 } }, { batchSize: 50 })
    .sort({ _id: -1 })
    .toArray()
  await items.find({}, { projection: { name: 1 }, skip: 10, limit: 5 }).toArray()
  await items.updateOne({ _id: 1 }, { $set: { price: 2 }, $inc: { times: 1 } })
  await items.updateMany({ n: 3 }, { $set: { three: true } })
  await items.replaceOne({ _id: 2 }, { name: 'another' })
  await items.updateOne({ _id: 1000 }, { $set: { late: true } }, { upsert: true })
  await items.findOneAndUpdate({ _id: 3 }, { $set: { found: 1 } }, { returnDocument: 'after' })
  await items.deleteOne({ _id: 4 })
  await items.deleteMany({ n: 6 })
  await items.bulkWrite([
    { insertOne: { document: { _id: 2000 } } },
    { updateOne: { filter: { _id: 2000 }, update: { $set: { a: 1 } } } },
    { deleteOne: { filter: { _id: 2000 } } },
  ])
  await items.countDocuments({ n: 1 })
  await items.estimatedDocumentCount()
  await items.distinct('n')
  await items.aggregate([{ $match: { n: 2 } }, { $group: { _id: '$n', sum: { $sum: 1 } } }]).toArray()
  await items.createIndex({ name: 1 })
  await items.listIndexes().toArray()
  await db.listCollections().toArray()
  await db.command({ ping: 1 })
  await db.admin().command({ buildInfo: 1 })
  // What goes wrong.
  await refused(items.insertOne({ _id: 1 }))
  await refused(items.insertMany([{ _id: 5000 }, { _id: 1 }, { _id: 2 }], { ordered: false }))
  await refused(db.command({ noSuchCommand: 1 }))
  await refused(items.aggregate([{ $noSuchStage: {} }]).toArray())
  await unanswered(items)
  // Every type, and a document of some hundred kilobytes.
  await items.insertOne({
    _id: new ObjectId('507f1f77bcf86cd799439011'),
    date: new Date('2024-02-29T12:00:00.123Z'),
    old: new Date('1815-12-10T00:00:00Z'),
    long: Long.fromString('9007199254740993'),
    uuid: new UUID('00112233-4455-6677-8899-aabbccddeeff'),
    binary: new Binary(Buffer.from([0, 255, 16])),
    pattern: /^a.*/i,
    nested: { list: [1, 'two', [null, true]], empty: {} },
  })
  await items.insertOne({ _id: 'long', text: 'long text '.repeat(30_000) })
  await items.find({ _id: 'long' }).toArray()
  await items.drop()
}

/** What the server need not answer. The one of these tests hangs up then, so that the driver must connect again. */
async function unanswered(items: Collection<Item>): Promise<void> {
  await items.insertOne({ _id: 3000 }, { writeConcern: { w: 0 } })
  await sleep(500)
}

/** Little of everything, for a trace. */
async function few(db: Db): Promise<void> {
  const items = db.collection<Item>('items')
  await items.insertMany(Array.from({ length: 5 }, (_, i) => ({ _id: i, name: `item ${i}` })))
  await items.find({ _id: { $gte: 1 } }, { batchSize: 2 }).toArray()
  await items.updateOne({ _id: 1 }, { $set: { price: 2 } })
  await refused(items.insertOne({ _id: 1 }))
  await unanswered(items)
  await refused(db.command({ noSuchCommand: 1 }))
  await items.aggregate([{ $group: { _id: null, sum: { $sum: '$_id' } } }]).toArray()
  await items.deleteMany({})
}

/** Thousands of small operations on some connections at once. */
async function load(db: Db): Promise<void> {
  const items = db.collection<{ _id: number; value: string }>('load')
  await Promise.all(
    [0, 1, 2, 3].map(async (worker) => {
      for (let i = 0; i < 500; i++) {
        const _id = worker * 1000 + i
        await items.insertOne({ _id, value: `value ${_id}` })
        await items.findOne({ _id })
        await items.updateOne({ _id }, { $set: { value: 'x'.repeat(i % 100) } })
      }
    }),
  )
  await items.drop()
}

const scenarios: Record<string, (db: Db) => Promise<void>> = { day, few, load }
await client.connect()
await (scenarios[scenario] as (db: Db) => Promise<void>)(client.db('shop'))
// To close the client would end its sessions without waiting for the answer, which then came or not.
process.stdout.write(JSON.stringify(told), () => process.exit())
