// What a client of NFSv4.2 with a session did, as JSON:
//
//   nfs41.ts HOST     /x is exported
import { PORT } from '../support/nfs.js'
import { opaque, Rpc, u32, u64, type Xdr } from './nfs-rpc.js'
import { compound, getattr, lookup, OP, operation, read, write } from './nfs4.js'

/** One compound and its answer, as an event should tell of them. */
export interface Told {
  /** Eight hexadecimal digits. */
  xid: string
  /** By name, also those behind one that failed. */
  operations: string[]
  /** The file that it is about. */
  path?: string
  /** nfsstat4 */
  status: number
}

const NAMES = Object.fromEntries(Object.entries(OP).map(([name, number]) => [number, name]))
const MINOR = 2
const FILE = '/x/session.txt'
const MISSING = '/x/nobody.txt'
const told: Told[] = []

const [host = ''] = process.argv.slice(2)
const rpc = await Rpc.tcp(host, PORT, 0x0b000000)

/** Calls the operations and notes it; answers the results, behind the first one's status. */
async function call(operations: readonly Buffer[], path?: string): Promise<Xdr> {
  const { xid, results } = await rpc.call(compound(MINOR, operations, 'sessions'))
  const status = results.u32()
  results.opaque()
  results.skip(12)
  told.push({
    xid: xid.toString(16).padStart(8, '0'),
    operations: operations.map((bytes) => NAMES[bytes.readUInt32BE(0)] ?? ''),
    status,
    ...(path === undefined ? {} : { path }),
  })
  return results
}

async function exchanged(): Promise<{ client: Buffer; sequence: number }> {
  const owner = [Buffer.from('verifier'), opaque('live test')]
  const results = await call([operation(OP.EXCHANGE_ID, ...owner, u32(0), u32(0), u32(0))])
  return { client: results.bytes(8), sequence: results.u32() }
}

async function session(client: Buffer, sequence: number): Promise<Buffer> {
  const channel = [0, 1 << 20, 1 << 20, 4096, 16, 4, 0].map(u32)
  const args = [client, u32(sequence), u32(0), ...channel, ...channel, u32(0x40000000), u32(1), u32(0)]
  const results = await call([operation(OP.CREATE_SESSION, ...args)])
  return results.bytes(16)
}

const { client, sequence } = await exchanged()
const id = await session(client, sequence)
let number = 0
/** A compound in the session's only slot; answers the results behind those of SEQUENCE. */
async function inSession(path: string | undefined, ...operations: Buffer[]): Promise<Xdr> {
  const first = operation(OP.SEQUENCE, id, u32(++number), u32(0), u32(0), u32(0))
  const results = await call([first, ...operations], path)
  results.skip(36)
  return results
}

const inX = [operation(OP.PUTROOTFH), lookup('x')]

function open(name: string, create: boolean): Buffer {
  const how = create ? [1, 0, 0, 0] : [0]
  const owner = [client, opaque('owner')]
  return operation(OP.OPEN, u32(0), u32(3), u32(0), ...owner, ...how.map(u32), u32(0), opaque(name))
}

await inSession(undefined, operation(OP.RECLAIM_COMPLETE, u32(0)))
const results = await inSession(FILE, ...inX, open('session.txt', true), operation(OP.GETFH))
results.skip(8 * 3)
const stateid = results.bytes(16)
results.skip(24)
results.skip(4 * results.u32())
results.skip(4 + 8)
const put = operation(OP.PUTFH, opaque(results.opaque()))
await inSession(FILE, put, operation(OP.ACCESS, u32(0x3f)), getattr)
await inSession(FILE, put, write(0, Buffer.from('written in a session\n'), stateid), getattr)
await inSession(FILE, put, write(21, Buffer.alloc(3000, 'x'), stateid))
await inSession(FILE, put, read(0, 8192, stateid))
await inSession(FILE, put, operation(OP.SEEK, stateid, u64(0), u32(1)))
await inSession(FILE, put, operation(OP.CLOSE, u32(0), stateid))
await inSession(MISSING, ...inX, open('nobody.txt', false), operation(OP.GETFH))
await inSession(MISSING, ...inX, lookup('nobody.txt'), operation(OP.GETFH), getattr)
await inSession(FILE, ...inX, operation(OP.REMOVE, opaque('session.txt')))
await inSession(FILE, put, getattr)
await call([operation(OP.DESTROY_SESSION, id)])
await call([operation(OP.DESTROY_CLIENTID, client)])
rpc.close()
console.log(JSON.stringify(told))
