// Compounds of NFS version 4 (RFC 7530, RFC 8881).
import { type Call, opaque, type Rpc, u32, u64, type Xdr } from './nfs-rpc.js'

/** Numbers of operations that these clients and those of libnfs ask for. */
export const OP = {
  ACCESS: 3,
  CLOSE: 4,
  COMMIT: 5,
  GETATTR: 9,
  GETFH: 10,
  LOOKUP: 15,
  OPEN: 18,
  OPEN_CONFIRM: 20,
  PUTFH: 22,
  PUTROOTFH: 24,
  READ: 25,
  READDIR: 26,
  REMOVE: 28,
  SETATTR: 34,
  SETCLIENTID: 35,
  SETCLIENTID_CONFIRM: 36,
  WRITE: 38,
  EXCHANGE_ID: 42,
  CREATE_SESSION: 43,
  DESTROY_SESSION: 44,
  SEQUENCE: 53,
  DESTROY_CLIENTID: 57,
  RECLAIM_COMPLETE: 58,
  SEEK: 69,
} as const

/** The stateid of who has opened nothing. */
export const ANONYMOUS = Buffer.alloc(16)

export const operation = (number: number, ...args: readonly Buffer[]): Buffer =>
  Buffer.concat([u32(number), ...args])

export const lookup = (name: string): Buffer => operation(OP.LOOKUP, opaque(name))

/** Type, size and change of the current file. */
export const getattr = operation(OP.GETATTR, u32(1), u32(0x1a))

export const read = (offset: number, count: number, stateid: Buffer = ANONYMOUS): Buffer =>
  operation(OP.READ, stateid, u64(offset), u32(count))

export const write = (offset: number, data: Buffer, stateid: Buffer = ANONYMOUS): Buffer =>
  operation(OP.WRITE, stateid, u64(offset), u32(0), opaque(data))

export const compound = (minor: number, operations: readonly Buffer[], tag = ''): Call => ({
  program: 100003,
  version: 4,
  procedure: 1,
  args: [opaque(tag), u32(minor), u32(operations.length), ...operations],
})

/** Calls a compound; `results` are those of its operations. @throws {Error} when one failed */
export async function called(rpc: Rpc, call: Call): Promise<Xdr> {
  const { status, results } = await rpc.call(call)
  const compoundStatus = status === 0 ? results.u32() : -1
  if (compoundStatus !== 0) throw new Error(`accept_stat ${status}, nfsstat4 ${compoundStatus}`)
  results.opaque()
  results.skip(4)
  return results
}

/** The file handle that these names lead to. */
export async function handle(rpc: Rpc, names: readonly string[]): Promise<Buffer> {
  const path = [operation(OP.PUTROOTFH), ...names.map(lookup), operation(OP.GETFH)]
  const results = await called(rpc, compound(0, path))
  results.skip(8 * path.length)
  return results.opaque()
}
