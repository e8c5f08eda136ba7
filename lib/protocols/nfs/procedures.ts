// The procedures of NFS versions 2 (RFC 1094 §2.2) and 3 (RFC 1813 §3). Of arguments and results only as much is read as
// holds something of interest.
import { scratch } from './scratch.js'
import {
  all,
  bytes,
  count,
  eof,
  handle,
  listed,
  listing,
  long,
  name,
  nothing,
  offset,
  opaque,
  optional,
  otherHandle,
  otherName,
  payload,
  type Shape,
  word,
} from './shapes.js'

export interface Procedure {
  name: string
  args: Shape
  /** After a status of 0. */
  result: Shape
}

const procedure = (name: string, args: Shape = nothing, result: Shape = nothing): Procedure => ({
  name,
  args,
  result,
})

const OLD_HANDLE = 32
const oldHandle: Shape = (xdr) => {
  scratch.handle = xdr.fixed(OLD_HANDLE)
}
const otherOldHandle: Shape = (xdr) => {
  scratch.otherHandle = xdr.fixed(OLD_HANDLE)
}
const shortOffset: Shape = (xdr) => {
  scratch.offset = xdr.u32()
}
const oldAttributes = bytes(68)
const oldSetAttributes = bytes(32)
const inOldDirectory = all(oldHandle, name)

/** By number. */
export const version2: readonly Procedure[] = [
  procedure('NULL'),
  procedure('GETATTR', oldHandle),
  procedure('SETATTR', oldHandle),
  procedure('ROOT'),
  procedure('LOOKUP', inOldDirectory, oldHandle),
  procedure('READLINK', oldHandle, otherName),
  procedure('READ', all(oldHandle, shortOffset, count), all(oldAttributes, payload)),
  procedure('WRITECACHE'),
  procedure('WRITE', all(oldHandle, word, shortOffset, word, payload)),
  procedure('CREATE', inOldDirectory, oldHandle),
  procedure('REMOVE', inOldDirectory),
  procedure('RENAME', all(inOldDirectory, otherOldHandle, otherName)),
  procedure('LINK', all(oldHandle, otherOldHandle, otherName)),
  procedure('SYMLINK', all(inOldDirectory, otherName, oldSetAttributes)),
  procedure('MKDIR', inOldDirectory, oldHandle),
  procedure('RMDIR', inOldDirectory),
  procedure('READDIR', oldHandle, listing(all(word, opaque, word))),
  procedure('STATFS', oldHandle),
]

const attributes = optional(bytes(84))
const wcc = all(optional(bytes(24)), attributes)
const inDirectory = all(handle, name)
const range = all(handle, offset, count)
const made = optional(handle)

/** `sattr3`: six values, each of which may be left out. */
const setAttributes: Shape = (xdr) => {
  for (let index = 0; index < 3; index++) if (xdr.u32() !== 0) xdr.skip(4)
  if (xdr.u32() !== 0) xdr.skip(8)
  for (let index = 0; index < 2; index++) if (xdr.u32() === SET_TO_CLIENT_TIME) xdr.skip(8)
}
const SET_TO_CLIENT_TIME = 2

/** By number. */
export const version3: readonly Procedure[] = [
  procedure('NULL'),
  procedure('GETATTR', handle),
  procedure('SETATTR', handle),
  procedure('LOOKUP', inDirectory, handle),
  procedure('ACCESS', handle),
  procedure('READLINK', handle, all(attributes, otherName)),
  procedure('READ', range, all(attributes, word, eof, payload)),
  procedure('WRITE', all(handle, offset, word, word, payload), all(wcc, count)),
  procedure('CREATE', inDirectory, made),
  procedure('MKDIR', inDirectory, made),
  procedure('SYMLINK', all(inDirectory, setAttributes, otherName), made),
  procedure('MKNOD', inDirectory, made),
  procedure('REMOVE', inDirectory),
  procedure('RMDIR', inDirectory),
  procedure('RENAME', all(inDirectory, otherHandle, otherName)),
  procedure('LINK', all(handle, otherHandle, otherName)),
  procedure('READDIR', handle, all(attributes, long, listing(all(long, opaque, long)))),
  procedure(
    'READDIRPLUS',
    handle,
    all(attributes, long, listing(all(long, name, long, attributes, optional(listed)))),
  ),
  procedure('FSSTAT', handle),
  procedure('FSINFO', handle),
  procedure('PATHCONF', handle),
  procedure('COMMIT', range),
]
