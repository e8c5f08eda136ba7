import { inside, type Names } from './names.js'
import { type Procedure, version2, version3 } from './procedures.js'
import { clear, scratch } from './scratch.js'
import type { NfsTransaction } from './transaction.js'
import type { Xdr } from './xdr.js'

const procedureOf = ({ version, procedure }: NfsTransaction): Procedure | undefined =>
  (version === 3 ? version3 : version === 2 ? version2 : undefined)?.[procedure]

/**
 * Reads the arguments of a procedure of version 2 or 3.
 *
 * @throws {Unreadable} after what could be read is in the transaction.
 */
export function readArguments(xdr: Xdr, transaction: NfsTransaction, names: Names): void {
  clear()
  try {
    procedureOf(transaction)?.args(xdr)
  } finally {
    const { handle, otherHandle, name, otherName } = scratch
    transaction.handle = handle
    if (handle !== undefined) {
      const path = names.path(handle)
      transaction.path = name === undefined ? path : inside(path, name)
    }
    if (otherName !== undefined)
      transaction.target = otherHandle === undefined ? otherName : inside(names.path(otherHandle), otherName)
    transaction.offset = scratch.offset
    transaction.length = scratch.count
  }
}

/**
 * Reads the results of a procedure of version 2 or 3.
 *
 * @throws {Unreadable} after what could be read is in the transaction.
 */
export function readResult(xdr: Xdr, transaction: NfsTransaction, names: Names): void {
  const procedure = procedureOf(transaction)
  if (procedure === undefined || transaction.procedure === 0) return
  transaction.code = xdr.u32()
  if (transaction.code !== 0) return
  clear()
  const { path } = transaction
  scratch.listed = procedure.name === 'READDIRPLUS' ? names.lister(path) : undefined
  try {
    procedure.result(xdr)
  } finally {
    scratch.listed = undefined
    transaction.count = scratch.count
    transaction.eof = scratch.eof
    transaction.entries = scratch.entries
    transaction.target ??= scratch.otherName
    // What was looked up or made.
    if (scratch.handle !== undefined && path !== undefined) names.learn(scratch.handle, path)
    if (procedure.name === 'RENAME' && path !== undefined && transaction.target !== undefined)
      names.renamed(path, transaction.target)
  }
}
