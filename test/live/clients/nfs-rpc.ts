// ONC RPC (RFC 5531) with its XDR (RFC 4506), as much of it as a client of NFS needs.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createConnection } from 'node:net'

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** A string or bytes, with their length before them and filled to a multiple of four. */
export const opaque = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([u32(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

/** Reads XDR from front to end. */
export class Xdr {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  u32(): number {
    this.#at += 4
    return this.#bytes.readUInt32BE(this.#at - 4)
  }

  /** So many bytes, as they are. */
  bytes(count: number): Buffer {
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  opaque(): Buffer {
    const length = this.u32()
    const start = this.#at
    this.#at += Math.ceil(length / 4) * 4
    return this.#bytes.subarray(start, start + length)
  }

  skip(count: number): void {
    this.#at += count
  }
}

/** Who calls, by AUTH_SYS. */
export interface Caller {
  machine: string
  uid: number
  gid: number
}

export const ROOT: Caller = { machine: 'client.example', uid: 0, gid: 0 }

export interface Call {
  program: number
  version: number
  procedure: number
  args?: readonly Buffer[]
  caller?: Caller
  /** Default: 2. */
  rpcVersion?: number
  /** A credential of another flavour than AUTH_SYS. */
  credential?: readonly Buffer[]
  /** How often it is sent at once, as a client does whose timer ended too early. */
  times?: number
  /** Over TCP: no fragment of the record carries more bytes. */
  fragment?: number
}

export interface Reply {
  xid: number
  /** MSG_ACCEPTED or MSG_DENIED. */
  denied: boolean
  /** accept_stat or reject_stat. */
  status: number
  results: Xdr
}

/** A connection to a server, or a UDP socket that knows one. Calls may overtake each other. */
export class Rpc {
  readonly transport: 'tcp' | 'udp'
  readonly send: (message: Buffer, fragment?: number) => void
  readonly close: () => void
  readonly #waiting = new Map<number, (reply: Buffer) => void>()
  #xid: number

  private constructor(
    transport: Rpc['transport'],
    xid: number,
    attach: (take: (message: Buffer) => void) => { send: Rpc['send']; close: Rpc['close'] },
  ) {
    this.transport = transport
    this.#xid = xid
    const { send, close } = attach((message) => this.#take(message))
    this.send = send
    this.close = close
  }

  /** `xid` is the number of the first call; each after it has the next one. */
  static async tcp(host: string, port: number, xid: number): Promise<Rpc> {
    const socket = createConnection({ host, port, noDelay: true })
    await once(socket, 'connect')
    return new Rpc('tcp', xid, (take) => {
      socket.on('data', records(take))
      return {
        send: (message, fragment) => void socket.write(marked(message, fragment)),
        close: () => void socket.end(),
      }
    })
  }

  static async udp(host: string, port: number, xid: number): Promise<Rpc> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.connect(port, host)
    await once(socket, 'connect')
    return new Rpc('udp', xid, (take) => {
      socket.on('message', take)
      return { send: (message) => socket.send(message), close: () => void socket.close() }
    })
  }

  call(call: Call): Promise<Reply> {
    const xid = this.#xid++
    const message = encoded(xid, call)
    return new Promise((resolve) => {
      this.#waiting.set(xid, (reply) => resolve(decoded(xid, reply)))
      for (let times = call.times ?? 1; times > 0; times--) this.send(message, call.fragment)
    })
  }

  // What is answered once more, because it was asked once more, nobody waits for.
  #take(message: Buffer): void {
    const xid = message.readUInt32BE(0)
    const resolve = this.#waiting.get(xid)
    this.#waiting.delete(xid)
    resolve?.(message)
  }
}

const AUTH_NONE = Buffer.alloc(8)

const authSys = ({ machine, uid, gid }: Caller): Buffer[] => {
  const body = Buffer.concat([u32(0x1234), opaque(machine), u32(uid), u32(gid), u32(1), u32(gid)])
  return [u32(1), opaque(body)]
}

/** A call's message, without the mark of a record. */
function encoded(xid: number, call: Call): Buffer {
  const { program, version, procedure, args = [], caller = ROOT, rpcVersion = 2 } = call
  const head = [xid, 0, rpcVersion, program, version, procedure].map(u32)
  return Buffer.concat([...head, ...(call.credential ?? authSys(caller)), AUTH_NONE, ...args])
}

function decoded(xid: number, message: Buffer): Reply {
  const results = new Xdr(message)
  results.skip(8)
  const denied = results.u32() === 1
  if (!denied) {
    results.skip(4)
    results.opaque()
  }
  return { xid, denied, status: results.u32(), results }
}

/** A message as a record of fragments (section 11). */
function marked(message: Buffer, fragment = message.length): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < message.length; at += fragment) {
    const piece = message.subarray(at, at + fragment)
    const last = at + fragment >= message.length ? 0x80000000 : 0
    pieces.push(u32(last + piece.length), piece)
  }
  return Buffer.concat(pieces)
}

/** Joins what arrives to the messages of its records. */
function records(take: (message: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  const fragments: Buffer[] = []
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let at = 0
    while (rest.length - at >= 4) {
      const mark = rest.readUInt32BE(at)
      const end = at + 4 + (mark & 0x7fffffff)
      if (rest.length < end) break
      fragments.push(rest.subarray(at + 4, end))
      at = end
      if (mark < 0x80000000) continue
      take(Buffer.concat(fragments))
      fragments.length = 0
    }
    rest = rest.subarray(at)
  }
}
