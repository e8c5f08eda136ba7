// Builds what clients and servers of ONC RPC say.

/** XDR: numbers are words, bigints two of them, texts and bytes opaque with their length; lists are what they hold. */
export type Item = number | bigint | string | Uint8Array | readonly Item[]

/** Bytes that stand without their length. */
export class Raw {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

export function xdr(...items: readonly (Item | Raw)[]): Buffer {
  return Buffer.concat(
    items.map((item) => {
      if (item instanceof Raw) return item.bytes
      if (typeof item === 'number') return word(item)
      if (typeof item === 'bigint') {
        const long = Buffer.alloc(8)
        long.writeBigUInt64BE(item)
        return long
      }
      if (Array.isArray(item)) return xdr(...item)
      const bytes = Buffer.from(item as string)
      return Buffer.concat([word(bytes.length), bytes, Buffer.alloc(-bytes.length & 3)])
    }),
  )
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

/** Zeros without a length, as an item of a list. */
export const fixed = (length: number): Item => Array.from({ length: length / 4 }, () => 0)

export const NFS = 100_003
export const MOUNT = 100_005
export const zeros = (length: number): Raw => new Raw(Buffer.alloc(length))

/** AUTH_SYS of user 1000 on the machine `desk`. */
export const unix = (stamp = 7): Buffer => xdr(1, xdr(stamp, 'desk', 1000, 100, 2, 4, 27))
export const none = xdr(0, '')

interface Call {
  xid?: number
  program?: number
  version?: number
  procedure: number
  credential?: Buffer
}

/** A call, without its record mark. */
export const call = (
  { xid = 1, program = NFS, version = 3, procedure, credential = unix() }: Call,
  ...args: (Item | Raw)[]
) => xdr(xid, 0, 2, program, version, procedure, new Raw(credential), new Raw(none), ...args)

/** A reply that was accepted, without its record mark. */
export const reply = (xid: number, ...results: (Item | Raw)[]): Buffer => accepted(xid, 0, ...results)

export const accepted = (xid: number, status: number, ...rest: (Item | Raw)[]): Buffer =>
  xdr(xid, 1, 0, new Raw(none), status, ...rest)

export const denied = (xid: number, ...why: number[]): Buffer => xdr(xid, 1, 1, ...why)

/** A message over TCP, as one fragment or as several of at most `most` bytes. */
export function record(message: Buffer, most = message.length): Buffer {
  const fragments: Buffer[] = []
  for (let at = 0; at < message.length; at += most) {
    const part = message.subarray(at, at + most)
    const last = at + most >= message.length ? 0x8000_0000 : 0
    fragments.push(xdr(last + part.length), part)
  }
  return Buffer.concat(fragments)
}

// Procedures of version 3.
export const GETATTR = 1
export const LOOKUP = 3
export const READ = 6
export const WRITE = 7
export const CREATE = 8
export const RENAME = 14
export const READDIRPLUS = 17

/** No attributes, no weak cache consistency data. */
export const noAttributes = 0
export const noWcc = [0, 0]

export const lookup = (xid: number, directory: string, name: string): Buffer =>
  call({ xid, procedure: LOOKUP }, directory, name)
export const found = (xid: number, handle: string): Buffer =>
  reply(xid, 0, handle, noAttributes, noAttributes)
export const getattr = (xid: number, handle: string): Buffer => call({ xid, procedure: GETATTR }, handle)
export const attributes = (xid: number): Buffer => reply(xid, 0, zeros(84))
export const write = (xid: number, handle: string, offset: number, data: Buffer): Buffer =>
  call({ xid, procedure: WRITE }, handle, BigInt(offset), data.length, 2, data)
export const wrote = (xid: number, count: number): Buffer => reply(xid, 0, noWcc, count, 2, 0n)
export const read = (xid: number, handle: string, offset: number, count: number): Buffer =>
  call({ xid, procedure: READ }, handle, BigInt(offset), count)
export const data = (xid: number, bytes: Buffer, eof = 0): Buffer =>
  reply(xid, 0, noAttributes, bytes.length, eof, bytes)

/** A compound of NFSv4, each operation as its number with its arguments. */
export const compound = (xid: number, ...operations: Item[][]): Buffer =>
  call({ xid, version: 4, procedure: 1 }, 'tag', 1, operations.length, operations)

/** Its answer, each operation as its number, its status and its results. */
export const results = (xid: number, status: number, ...operations: Item[][]): Buffer =>
  reply(xid, status, 'tag', operations.length, operations)
