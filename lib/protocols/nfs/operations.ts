// The operations of NFSv4.0 (RFC 7531), 4.1 (RFC 5662), 4.2 (RFC 7863) and extended attributes (RFC 8276): all of them must
// be read to find the one behind.
import { directoryEntry } from './attributes.js'
import {
  all,
  bytes,
  choice,
  count,
  eof,
  handle,
  impossible,
  listing,
  long,
  longCount,
  many,
  name,
  nothing,
  offset,
  opaque,
  optional,
  otherName,
  payload,
  type Shape,
  sixteen,
  table,
  word,
} from './shapes.js'

/** What a compound is for is its weightiest operation, the first of them. */
export const PLUMBING = 0
export const GETATTR_WEIGHT = 1
export const ACCESS_WEIGHT = 2
export const LOOKUP_WEIGHT = 3
const FIRST_CLASS = 4

export interface Operation {
  name: string
  weight: number
  args: Shape
  /** After a status of 0. */
  result: Shape
  /** What follows other statuses. */
  failed?: Readonly<Record<number, Shape>> | undefined
}

const op = (
  name: string,
  args: Shape,
  result: Shape = nothing,
  weight = FIRST_CLASS,
  failed?: Operation['failed'],
): Operation => ({ name, weight, args, result, failed })

const bitmap = table(4)
const attributes = all(bitmap, opaque)
const changeInfo = bytes(20)
const time = bytes(12)
const owner = all(long, opaque)
const address = all(opaque, opaque)
const denied = all(long, long, word, owner)
const typed = all(word, opaque)
const location = choice({ 3: address }, opaque)
const entry = all(word, word, word, opaque)
const readDelegation = all(sixteen, word, entry)
const writeDelegation = all(sixteen, word, bytes(12), entry)
const delegation = choice({
  1: readDelegation,
  2: writeDelegation,
  3: choice({ 1: word, 2: word }),
  4: readDelegation,
  5: writeDelegation,
})
const protectedOps = all(bitmap, bitmap)
const implementation = many(all(opaque, opaque, time))
const channel = all(bytes(24), table(4))
const callbackSecurity = many(
  choice(
    { 0: nothing, 1: all(word, opaque, word, word, table(4)), 6: all(word, opaque, opaque) },
    impossible,
  ),
)
const flavors = many(choice({ 6: all(opaque, word, word) }))
const written = all(table(16), longCount, word, long)
const create = choice({ 0: attributes, 1: attributes, 2: long, 3: all(long, attributes) }, impossible)
const claim = choice(
  { 0: name, 1: word, 2: all(sixteen, name), 3: name, 4: nothing, 5: sixteen, 6: nothing },
  impossible,
)

/** By number. */
export const operations: readonly (Operation | undefined)[] = [
  undefined,
  undefined,
  undefined,
  op('ACCESS', word, long, ACCESS_WEIGHT),
  op('CLOSE', all(word, sixteen), sixteen),
  op('COMMIT', all(offset, count), long),
  op('CREATE', all(choice({ 3: long, 4: long, 5: otherName }), name, attributes), all(changeInfo, bitmap)),
  op('DELEGPURGE', long),
  op('DELEGRETURN', sixteen),
  op('GETATTR', bitmap, attributes, GETATTR_WEIGHT),
  op('GETFH', nothing, handle, PLUMBING),
  op('LINK', otherName, changeInfo),
  op(
    'LOCK',
    all(
      word,
      word,
      offset,
      longCount,
      choice({ 0: all(sixteen, word), 1: all(word, sixteen, word, owner) }, impossible),
    ),
    sixteen,
    FIRST_CLASS,
    { 10010: denied },
  ),
  op('LOCKT', all(word, offset, longCount, owner), nothing, FIRST_CLASS, { 10010: denied }),
  op('LOCKU', all(word, word, sixteen, offset, longCount), sixteen),
  op('LOOKUP', name, nothing, LOOKUP_WEIGHT),
  op('LOOKUPP', nothing, nothing, LOOKUP_WEIGHT),
  op('NVERIFY', attributes, nothing, PLUMBING),
  op(
    'OPEN',
    all(word, word, word, owner, choice({ 1: create }), claim),
    all(sixteen, changeInfo, word, bitmap, delegation),
  ),
  op('OPENATTR', word),
  op('OPEN_CONFIRM', all(sixteen, word), sixteen),
  op('OPEN_DOWNGRADE', all(sixteen, word, word, word), sixteen),
  op('PUTFH', handle, nothing, PLUMBING),
  op('PUTPUBFH', nothing, nothing, PLUMBING),
  op('PUTROOTFH', nothing, nothing, PLUMBING),
  op('READ', all(sixteen, offset, count), all(eof, payload)),
  op('READDIR', all(long, long, word, word, bitmap), all(long, listing(directoryEntry))),
  op('READLINK', nothing, otherName),
  op('REMOVE', name, changeInfo),
  op('RENAME', all(name, otherName), all(changeInfo, changeInfo)),
  op('RENEW', long),
  op('RESTOREFH', nothing, nothing, PLUMBING),
  op('SAVEFH', nothing, nothing, PLUMBING),
  op('SECINFO', name, flavors),
  // The attributes that were set follow, whatever the status.
  op('SETATTR', all(sixteen, attributes), bitmap),
  op('SETCLIENTID', all(long, opaque, word, address, word), all(long, long), FIRST_CLASS, { 10017: address }),
  op('SETCLIENTID_CONFIRM', all(long, long)),
  op('VERIFY', attributes, nothing, PLUMBING),
  op('WRITE', all(sixteen, offset, word, payload), all(count, word, long)),
  op('RELEASE_LOCKOWNER', owner),
  op('BACKCHANNEL_CTL', all(word, callbackSecurity)),
  op('BIND_CONN_TO_SESSION', all(sixteen, word, word), all(sixteen, word, word)),
  op(
    'EXCHANGE_ID',
    all(
      long,
      opaque,
      word,
      choice(
        { 0: nothing, 1: protectedOps, 2: all(protectedOps, many(opaque), many(opaque), long) },
        impossible,
      ),
      implementation,
    ),
    all(
      long,
      word,
      word,
      choice({ 0: nothing, 1: protectedOps, 2: all(protectedOps, sixteen, many(opaque)) }, impossible),
      long,
      opaque,
      opaque,
      implementation,
    ),
  ),
  op(
    'CREATE_SESSION',
    all(long, word, word, channel, channel, word, callbackSecurity),
    all(sixteen, word, word, channel, channel),
  ),
  op('DESTROY_SESSION', sixteen),
  op('FREE_STATEID', sixteen),
  op(
    'GET_DIR_DELEGATION',
    all(word, bitmap, time, time, bitmap, bitmap),
    choice({ 0: all(long, sixteen, bitmap, bitmap, bitmap), 1: word }, impossible),
  ),
  op('GETDEVICEINFO', all(sixteen, word, word, bitmap), all(typed, bitmap), FIRST_CLASS, { 10005: word }),
  op('GETDEVICELIST', all(word, word, long, long), all(long, long, table(16), word)),
  op(
    'LAYOUTCOMMIT',
    all(offset, longCount, word, sixteen, optional(long), optional(time), typed),
    optional(long),
  ),
  op(
    'LAYOUTGET',
    all(word, word, word, offset, longCount, long, sixteen, word),
    all(word, sixteen, many(all(long, long, word, typed))),
    FIRST_CLASS,
    { 10058: word },
  ),
  op(
    'LAYOUTRETURN',
    all(word, word, word, choice({ 1: all(offset, longCount, sixteen, opaque) })),
    optional(sixteen),
  ),
  op('SECINFO_NO_NAME', word, flavors),
  op('SEQUENCE', bytes(32), bytes(36), PLUMBING),
  op('SET_SSV', all(opaque, opaque), opaque),
  op('TEST_STATEID', table(16), table(4)),
  op('WANT_DELEGATION', all(word, choice({ 1: word })), delegation),
  op('DESTROY_CLIENTID', long),
  op('RECLAIM_COMPLETE', word),
  op('ALLOCATE', all(sixteen, offset, longCount)),
  op(
    'COPY',
    all(sixteen, sixteen, offset, long, longCount, word, word, many(location)),
    all(written, word, word),
    FIRST_CLASS,
    { 10094: long },
  ),
  op('COPY_NOTIFY', all(sixteen, location), all(time, sixteen, many(location))),
  op('DEALLOCATE', all(sixteen, offset, longCount)),
  op('IO_ADVISE', all(sixteen, offset, longCount, bitmap), bitmap),
  op('LAYOUTERROR', all(offset, longCount, sixteen, table(24))),
  op('LAYOUTSTATS', all(offset, longCount, sixteen, sixteen, sixteen, sixteen, typed)),
  op('OFFLOAD_CANCEL', sixteen),
  op('OFFLOAD_STATUS', sixteen, all(longCount, table(4))),
  op(
    'READ_PLUS',
    all(sixteen, offset, count),
    all(eof, many(choice({ 0: all(long, payload), 1: all(long, long) }, impossible))),
  ),
  op('SEEK', all(sixteen, offset, word), all(eof, offset)),
  op('WRITE_SAME', all(sixteen, word, offset, long, long, long, word, long, opaque), written),
  op('CLONE', all(sixteen, sixteen, offset, long, longCount)),
  op('GETXATTR', opaque, opaque),
  op('SETXATTR', all(word, opaque, opaque), changeInfo),
  op('LISTXATTRS', all(long, word), all(long, many(opaque), word)),
  op('REMOVEXATTR', opaque, changeInfo),
]

/** What a server answers to an operation that it does not know. */
export const ILLEGAL = 10044

/** What a server calls a client for, by number. */
export const callbacks: readonly (Operation | undefined)[] = [
  undefined,
  undefined,
  undefined,
  op('CB_GETATTR', all(handle, bitmap), attributes),
  op('CB_RECALL', all(sixteen, word, handle)),
  op(
    'CB_LAYOUTRECALL',
    all(
      word,
      word,
      word,
      choice({ 1: all(handle, offset, longCount, sixteen), 2: sixteen, 3: nothing }, impossible),
    ),
  ),
  op('CB_NOTIFY', all(sixteen, handle, many(all(bitmap, opaque)))),
  op('CB_PUSH_DELEG', all(handle, delegation)),
  op('CB_RECALL_ANY', all(word, bitmap)),
  op('CB_RECALLABLE_OBJ_AVAIL', all(word, bitmap)),
  op('CB_RECALL_SLOT', word),
  op('CB_SEQUENCE', all(bytes(32), many(all(sixteen, table(8)))), bytes(32), PLUMBING),
  op('CB_WANTS_CANCELLED', long),
  op('CB_NOTIFY_LOCK', all(handle, owner)),
  op('CB_NOTIFY_DEVICEID', many(all(bitmap, opaque))),
  op('CB_OFFLOAD', all(handle, sixteen, choice({ 0: written }, longCount))),
]
