import { above, inside, type Names } from './names.js'
import { callbacks, ILLEGAL, LOOKUP_WEIGHT, type Operation, operations } from './operations.js'
import { clear, scratch } from './scratch.js'
import type { NfsTransaction } from './transaction.js'
import { Unreadable, type Xdr } from './xdr.js'

// Clients send about ten and servers take some dozens (ca_maxoperations); past that it is a flood.
const OPERATIONS_LIMIT = 256
const TAG_LIMIT = 1024

/** The file that the operations of a compound are about, or the one that SAVEFH put aside. */
interface Current {
  handle: string | undefined
  path: string | undefined
}

/**
 * Reads the arguments of COMPOUND (RFC 8881 §16.2.1), or of CB_COMPOUND (§20.2): what is done, to which file.
 *
 * @throws {Unreadable} after what could be read is in the transaction.
 */
export function readCompound(xdr: Xdr, transaction: NfsTransaction, names: Names, isCallback: boolean): void {
  const known = isCallback ? callbacks : operations
  transaction.tag = xdr.text(TAG_LIMIT)
  transaction.minorVersion = xdr.u32()
  if (isCallback) xdr.skip(4)
  const count = xdr.u32()
  const list: string[] = []
  transaction.operations = list
  transaction.asked = undefined
  transaction.main = -1
  const current: Current = { handle: undefined, path: undefined }
  const saved: Current = { handle: undefined, path: undefined }
  let weight = -1
  for (let index = 0; index < count; index++) {
    if (index === OPERATIONS_LIMIT) throw Unreadable.signal
    const code = xdr.u32()
    const operation = known[code]
    if (operation === undefined) {
      // Where it ends only its inventor knows.
      list.push(code === ILLEGAL ? 'ILLEGAL' : `ILLEGAL (${code})`)
      if (weight < LOOKUP_WEIGHT) transaction.opcode = list[index] as string
      throw Unreadable.signal
    }
    list.push(operation.name)
    clear()
    let whole = false
    try {
      operation.args(xdr)
      whole = true
    } finally {
      const isMain =
        operation.weight > weight || (weight === LOOKUP_WEIGHT && operation.weight === LOOKUP_WEIGHT)
      if (isMain) {
        const from = fromSaved.has(operation.name) ? saved : current
        weight = operation.weight
        transaction.main = index
        transaction.opcode = operation.name
        transaction.path = pathOf(operation, from, names)
        transaction.handle = scratch.handle ?? from.handle
        transaction.target = targetOf(operation, current)
        transaction.offset = scratch.offset
        transaction.length = scratch.count
      }
      if (whole) move(operation.name, current, saved, transaction, names)
    }
  }
}

// Of two files they take the one that was put aside first.
const fromSaved = new Set(['RENAME', 'LINK', 'CLONE', 'COPY'])

function pathOf({ name }: Operation, from: Current, names: Names): string | undefined {
  if (scratch.handle !== undefined) return names.path(scratch.handle)
  if (name === 'LOOKUPP') return above(from.path)
  return scratch.name === undefined ? from.path : inside(from.path, scratch.name)
}

function targetOf({ name }: Operation, current: Current): string | undefined {
  switch (name) {
    case 'CLONE':
    case 'COPY':
      return current.path
    case 'RENAME':
    case 'LINK':
      return scratch.otherName === undefined ? undefined : inside(current.path, scratch.otherName)
    default:
      return scratch.otherName
  }
}

/** What an operation does to the current file. */
function move(
  name: string,
  current: Current,
  saved: Current,
  transaction: NfsTransaction,
  names: Names,
): void {
  switch (name) {
    case 'PUTFH':
      current.handle = scratch.handle
      current.path = scratch.handle === undefined ? undefined : names.path(scratch.handle)
      return
    case 'PUTROOTFH':
    case 'PUTPUBFH':
      current.handle = undefined
      current.path = '/'
      return
    case 'LOOKUP':
    case 'OPEN':
    case 'CREATE':
      if (scratch.name === undefined) return
      current.handle = undefined
      current.path = inside(current.path, scratch.name)
      return
    case 'LOOKUPP':
      current.handle = undefined
      current.path = above(current.path)
      return
    case 'SAVEFH':
      saved.handle = current.handle
      saved.path = current.path
      return
    case 'RESTOREFH':
      current.handle = saved.handle
      current.path = saved.path
      return
    case 'GETFH':
      transaction.asked ??= []
      transaction.asked.push(current.path)
      return
  }
}

/**
 * Reads the results of a compound (RFC 8881 §16.2.2).
 *
 * @throws {Unreadable} after what could be read is in the transaction.
 */
export function readResults(xdr: Xdr, transaction: NfsTransaction, names: Names, isCallback: boolean): void {
  const known = isCallback ? callbacks : operations
  transaction.code = xdr.u32()
  xdr.skipOpaque()
  const count = xdr.u32()
  let asked = 0
  for (let index = 0; index < count; index++) {
    if (index === OPERATIONS_LIMIT) throw Unreadable.signal
    const operation = known[xdr.u32()]
    const status = xdr.u32()
    if (operation === undefined) throw Unreadable.signal
    clear()
    if (status !== 0) {
      if (index !== transaction.main) transaction.failedAt = operation.name
      operation.failed?.[status]?.(xdr)
      // None is done after one that failed.
      return
    }
    scratch.listed = operation.name === 'READDIR' ? names.lister(transaction.path) : undefined
    try {
      operation.result(xdr)
    } finally {
      scratch.listed = undefined
      if (index === transaction.main) {
        transaction.count = scratch.count
        transaction.eof = scratch.eof
        transaction.entries = scratch.entries
        transaction.target ??= scratch.otherName
        if (operation.name === 'SEEK') transaction.offset = scratch.offset ?? transaction.offset
        if (operation.name === 'RENAME' && transaction.path !== undefined && transaction.target !== undefined)
          names.renamed(transaction.path, transaction.target)
      }
    }
    if (operation.name === 'GETFH' && scratch.handle !== undefined) {
      const path = transaction.asked?.[asked++]
      if (path !== undefined) names.learn(scratch.handle, path)
    }
  }
}
