// A client of NFS version 3 (RFC 1813) that notes what it did.
import { type Call, type Caller, opaque, type Reply, Rpc, u32, u64, type Xdr } from './nfs-rpc.js'

const NFS = 100003
const MOUNT = 100005

/** By their numbers. */
export const PROCEDURES = (
  'NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK ' +
  'MKNOD REMOVE RMDIR RENAME LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT'
).split(' ')

export type Handle = Buffer

/** One call and its answer, as an event should tell of them. */
export interface Told {
  /** Eight hexadecimal digits. */
  xid: string
  version: number
  procedure: string
  /** accept_stat or reject_stat. */
  rpc: number
  denied: boolean
  /** nfsstat3; absent where the call was not carried out, and for NULL. */
  status?: number
  /** The file asked for. */
  name?: string
  offset?: number
  /** Bytes really read or written. */
  count?: number
  eof?: boolean
  /** Of a call sent more than once. */
  times?: number
}

interface Notes {
  name?: string
  offset?: number
}

export class Nfs3 {
  readonly rpc: Rpc
  readonly told: Told[] = []
  caller: Caller | undefined

  constructor(rpc: Rpc) {
    this.rpc = rpc
  }

  /** What any procedure answers, noted; `results` are behind the status. */
  async call(
    procedure: string,
    args: readonly Buffer[] = [],
    notes: Notes = {},
    other: Partial<Call> = {},
  ): Promise<{ told: Told; results: Xdr }> {
    const caller = this.caller === undefined ? {} : { caller: this.caller }
    const number = PROCEDURES.indexOf(procedure)
    const call: Call = { program: NFS, version: 3, procedure: number, args, ...caller, ...other }
    const reply: Reply = await this.rpc.call(call)
    const { xid, denied, status, results } = reply
    const carriedOut = !denied && status === 0 && procedure !== 'NULL'
    const told: Told = {
      xid: xid.toString(16).padStart(8, '0'),
      version: call.version,
      procedure,
      rpc: status,
      denied,
      ...(carriedOut ? { status: results.u32() } : {}),
      ...notes,
      ...(call.times === undefined ? {} : { times: call.times }),
    }
    this.told.push(told)
    return { told, results }
  }

  async lookup(folder: Handle, name: string): Promise<Handle | undefined> {
    const { told, results } = await this.call('LOOKUP', [opaque(folder), opaque(name)], { name })
    return told.status === 0 ? results.opaque() : undefined
  }

  async create(folder: Handle, name: string, mode = 0o644): Promise<Handle> {
    const args = [opaque(folder), opaque(name), u32(0), attributes(mode)]
    return made(await this.call('CREATE', args, { name }))
  }

  async mkdir(folder: Handle, name: string): Promise<Handle> {
    return made(await this.call('MKDIR', [opaque(folder), opaque(name), attributes(0o755)], { name }))
  }

  /** Names a thing in a folder that goes, or is made without anybody looking at it. */
  async name(procedure: string, folder: Handle, name: string, ...rest: Buffer[]): Promise<void> {
    await this.call(procedure, [opaque(folder), opaque(name), ...rest], { name })
  }

  async write(file: Handle, offset: number, data: Buffer, other: Partial<Call> = {}): Promise<void> {
    const args = [opaque(file), u64(offset), u32(data.length), u32(0), opaque(data)]
    const { told, results } = await this.call('WRITE', args, { offset }, other)
    if (told.status !== 0) return
    weak(results)
    told.count = results.u32()
  }

  async read(file: Handle, offset: number, count: number, other: Partial<Call> = {}): Promise<Buffer> {
    const args = [opaque(file), u64(offset), u32(count)]
    const { told, results } = await this.call('READ', args, { offset }, other)
    if (told.status !== 0) return Buffer.alloc(0)
    afterwards(results)
    told.count = results.u32()
    told.eof = results.u32() === 1
    return results.opaque()
  }
}

/** The first file handle of an export. @throws {Error} when the server does not mount it */
export async function mounted(host: string, port: number, path: string): Promise<Handle> {
  const rpc = await Rpc.tcp(host, port, 1)
  try {
    const { results } = await rpc.call({ program: MOUNT, version: 3, procedure: 1, args: [opaque(path)] })
    const status = results.u32()
    if (status !== 0) throw new Error(`${path} is not mounted: mountstat3 ${status}`)
    return results.opaque()
  } finally {
    rpc.close()
  }
}

/** sattr3: a mode; owner, size and times as the server likes. */
export const attributes = (mode: number): Buffer => Buffer.concat([1, mode, 0, 0, 0, 0, 0].map(u32))

// post_op_attr
function afterwards(results: Xdr): void {
  if (results.u32() === 1) results.skip(84)
}

// wcc_data
function weak(results: Xdr): void {
  if (results.u32() === 1) results.skip(24)
  afterwards(results)
}

function made({ told, results }: { told: Told; results: Xdr }): Handle {
  if (told.status !== 0 || results.u32() !== 1) throw new Error(`not made: ${JSON.stringify(told)}`)
  return results.opaque()
}
