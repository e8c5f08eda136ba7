import { scratch } from './scratch.js'
import { bytes, HANDLE_LIMIT, many, opaque, type Shape, table } from './shapes.js'
import { Unreadable, type Xdr } from './xdr.js'

const word = bytes(4)
const NAME_LIMIT = 4096

/** Number of the attribute `filehandle`. */
const FILEHANDLE = 19
/** The attributes before it, in the order of their numbers, RFC 8881 §5.8. */
const before: readonly Shape[] = [
  table(4), // supported_attrs
  word, // type
  word, // fh_expire_type
  bytes(8), // change
  bytes(8), // size
  word, // link_support
  word, // symlink_support
  word, // named_attr
  bytes(16), // fsid
  word, // unique_handles
  word, // lease_time
  word, // rdattr_error
  many((xdr) => {
    xdr.skip(12) // an entry of acl
    xdr.skipOpaque()
  }),
  word, // aclsupport
  word, // archive
  word, // cansettime
  word, // case_insensitive
  word, // case_preserving
  word, // chown_restricted
]

/** One name of a directory (`entry4`, RFC 8881 §18.23.2); its handle, where that was asked for, is listed. */
export const directoryEntry: Shape = (xdr) => {
  xdr.skip(8)
  const name = xdr.at
  opaque(xdr)
  const words = xdr.u32()
  if (words * 4 > xdr.left) throw Unreadable.signal
  const wanted = words === 0 ? 0 : xdr.u32()
  xdr.skip(Math.max(0, words - 1) * 4)
  const length = xdr.u32()
  if (length > xdr.left) throw Unreadable.signal
  const end = xdr.at + length + (-length & 3)
  if (wanted & (1 << FILEHANDLE) && scratch.listed !== undefined) list(xdr, wanted, name)
  xdr.skip(end - xdr.at)
}

function list(xdr: Xdr, wanted: number, name: number): void {
  for (let attribute = 0; attribute < FILEHANDLE; attribute++)
    if (wanted & (1 << attribute)) before[attribute]?.(xdr)
  const handle = xdr.latin1(HANDLE_LIMIT)
  const after = xdr.at
  xdr.at = name
  scratch.listed?.(handle, xdr.text(NAME_LIMIT))
  xdr.at = after
}
