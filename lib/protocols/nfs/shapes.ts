import { scratch } from './scratch.js'
import { Unreadable, type Xdr } from './xdr.js'

/** Reads a value of an XDR type: what is of interest goes to `scratch`, the rest is skipped. */
export type Shape = (xdr: Xdr) => void

/** Of any handle there is: NFSv4 allows 128 bytes, the older versions less (RFC 8881 §3.1, NFS4_FHSIZE). */
export const HANDLE_LIMIT = 128
// Names may have 255 bytes in all file systems that are exported; link texts are paths.
const NAME_LIMIT = 4096

export const nothing: Shape = () => {}

export const bytes =
  (length: number): Shape =>
  (xdr) =>
    xdr.skip(length)

export const word = bytes(4)
export const long = bytes(8)
/** `stateid4`, `sessionid4` and `deviceid4` all have sixteen bytes. */
export const sixteen = bytes(16)
export const opaque: Shape = (xdr) => xdr.skipOpaque()

export const all =
  (...shapes: readonly Shape[]): Shape =>
  (xdr) => {
    for (const shape of shapes) shape(xdr)
  }

/** A truth value, and the shape when it is true. */
export const optional =
  (shape: Shape): Shape =>
  (xdr) => {
    if (xdr.u32() !== 0) shape(xdr)
  }

/** A count, and that many. Each takes four bytes at least: more than there is room for is not begun. */
export const many =
  (shape: Shape): Shape =>
  (xdr) => {
    const count = xdr.u32()
    if (count * 4 > xdr.left) throw Unreadable.signal
    for (let index = 0; index < count; index++) shape(xdr)
  }

/** Values of a fixed size. */
export const table =
  (size: number): Shape =>
  (xdr) =>
    xdr.skip(xdr.u32() * size)

/** A discriminant, and the shape that it says. */
export const choice =
  (shapes: Readonly<Record<number, Shape>>, otherwise: Shape = nothing): Shape =>
  (xdr) =>
    (shapes[xdr.u32()] ?? otherwise)(xdr)

export const impossible: Shape = () => {
  throw Unreadable.signal
}

/** The highest number there is stands for the end of the file. */
const countable = (value: number): number | undefined => (value > Number.MAX_SAFE_INTEGER ? undefined : value)

export const handle: Shape = (xdr) => {
  scratch.handle = xdr.latin1(HANDLE_LIMIT)
}
export const otherHandle: Shape = (xdr) => {
  scratch.otherHandle = xdr.latin1(HANDLE_LIMIT)
}
export const name: Shape = (xdr) => {
  scratch.name = xdr.text(NAME_LIMIT)
}
export const otherName: Shape = (xdr) => {
  scratch.otherName = xdr.text(NAME_LIMIT)
}
export const offset: Shape = (xdr) => {
  scratch.offset = countable(xdr.u64())
}
export const count: Shape = (xdr) => {
  scratch.count = xdr.u32()
}
export const longCount: Shape = (xdr) => {
  scratch.count = countable(xdr.u64())
}
export const eof: Shape = (xdr) => {
  scratch.eof = xdr.u32() !== 0
}
/** Data that are moved: only how much it is. */
export const payload: Shape = (xdr) => {
  const length = xdr.u32()
  scratch.count = (scratch.count ?? 0) + length
  xdr.skipPayload(length)
}

/** A listing: entries, each after a true, then whether it is the last of them. */
export const listing = (entry: Shape): Shape => {
  return (xdr) => {
    let entries = 0
    while (xdr.u32() !== 0) {
      entry(xdr)
      entries++
    }
    scratch.entries = entries
    eof(xdr)
  }
}

/** A handle that belongs to the name before it. */
export const listed: Shape = (xdr) => {
  const found = xdr.latin1(HANDLE_LIMIT)
  if (scratch.name !== undefined) scratch.listed?.(found, scratch.name)
}
