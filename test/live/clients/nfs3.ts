// A client of NFS version 3 (RFC 1813) that notes what it did.
import { type Call, type Caller, opaque, ROOT, Rpc, u32, u64, type Xdr } from './nfs-rpc.js'

const NFS = 100003
const MOUNT = 100005
const AUTH_ERROR = 1

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
  transport: string
  /** How the caller calls itself. */
  machine: string
  /** accept_stat or reject_stat. */
  rpc: number
  denied: boolean
  /** auth_stat, of a call that was denied because of who calls. */
  authError?: number
  /** nfsstat3; absent where the call was not carried out, and for NULL. */
  status?: number
  /** The file that it is about, from the exported folder on; absent for that folder. */
  path?: string
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
  /** Paths of what was looked up or made, by file handle. */
  readonly #paths = new Map<string, string>()

  constructor(rpc: Rpc) {
    this.rpc = rpc
  }

  /** Calls a procedure for a file, or for `name` in a folder, and notes it; `results` are behind the status. */
  async call(
    procedure: string,
    file?: Handle,
    args: readonly Buffer[] = [],
    { name, ...notes }: Notes = {},
    other: Partial<Call> = {},
  ): Promise<{ told: Told; results: Xdr }> {
    const call: Call = {
      program: NFS,
      version: 3,
      procedure: PROCEDURES.indexOf(procedure),
      args: [
        ...(file === undefined ? [] : [opaque(file)]),
        ...(name === undefined ? [] : [opaque(name)]),
        ...args,
      ],
      ...(this.caller === undefined ? {} : { caller: this.caller }),
      ...other,
    }
    const { xid, denied, status, results } = await this.rpc.call(call)
    const path = this.#path(file, name)
    const told: Told = {
      xid: xid.toString(16).padStart(8, '0'),
      version: call.version,
      procedure,
      transport: this.rpc.transport,
      machine: (this.caller ?? ROOT).machine,
      rpc: status,
      denied,
      ...(denied && status === AUTH_ERROR ? { authError: results.u32() } : {}),
      ...(!denied && status === 0 && procedure !== 'NULL' ? { status: results.u32() } : {}),
      ...(path === undefined ? {} : { path }),
      ...notes,
      ...(call.times === undefined ? {} : { times: call.times }),
    }
    this.told.push(told)
    return { told, results }
  }

  async lookup(folder: Handle, name: string): Promise<Handle | undefined> {
    const { told, results } = await this.call('LOOKUP', folder, [], { name })
    return told.status === 0 ? this.#learn(told, results.opaque()) : undefined
  }

  async create(folder: Handle, name: string, mode = 0o644): Promise<Handle> {
    return this.#made(await this.call('CREATE', folder, [u32(0), attributes(mode)], { name }))
  }

  async mkdir(folder: Handle, name: string): Promise<Handle> {
    return this.#made(await this.call('MKDIR', folder, [attributes(0o755)], { name }))
  }

  async write(file: Handle, offset: number, data: Buffer, other: Partial<Call> = {}): Promise<void> {
    const args = [u64(offset), u32(data.length), u32(0), opaque(data)]
    const { told, results } = await this.call('WRITE', file, args, { offset }, other)
    if (told.status !== 0) return
    weak(results)
    told.count = results.u32()
  }

  async read(file: Handle, offset: number, count: number, other: Partial<Call> = {}): Promise<void> {
    const { told, results } = await this.call('READ', file, [u64(offset), u32(count)], { offset }, other)
    if (told.status !== 0) return
    afterwards(results)
    told.count = results.u32()
    told.eof = results.u32() === 1
  }

  #path(file: Handle | undefined, name: string | undefined): string | undefined {
    const folder = file === undefined ? undefined : this.#paths.get(file.toString('hex'))
    return folder === undefined || name === undefined ? (name ?? folder) : `${folder}/${name}`
  }

  #learn({ path = '' }: Told, file: Handle): Handle {
    this.#paths.set(file.toString('hex'), path)
    return file
  }

  #made({ told, results }: { told: Told; results: Xdr }): Handle {
    if (told.status !== 0 || results.u32() !== 1) throw new Error(`not made: ${JSON.stringify(told)}`)
    return this.#learn(told, results.opaque())
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
