import { readCompound, readResults } from './compound.js'
import { AUTH_TLS, type Credentials, openGss, skipVerifier, verifier } from './credential.js'
import type { Names } from './names.js'
import { readArguments, readResult } from './procedure.js'
import { isCallback, isMount, NFS, procedureName } from './programs.js'
import { acceptStatuses, authErrors } from './statuses.js'
import type { NfsTransaction } from './transaction.js'
import { Unreadable, type Xdr } from './xdr.js'

// RFC 5531 §9.
export const CALL = 0
export const REPLY = 1
export const RPC_VERSION = 2
const ACCEPTED = 0
const RPC_MISMATCH = 0

const COMPOUND = 1
const PATH_LIMIT = 1024

/** What an answer to a request for TLS says when it may begin, RFC 9289 §4.1. */
const STARTTLS = 'STARTTLS'

const isCompound = ({ program, version, procedure }: NfsTransaction): boolean =>
  procedure === COMPOUND && ((program === NFS && version === 4) || isCallback(program))

/**
 * Reads a call (RFC 5531 §9) after its xid, type and RPC version.
 *
 * @throws {Unreadable} when not even its header can be read.
 */
export function readHeader(xdr: Xdr, transaction: NfsTransaction, credentials: Credentials): void {
  transaction.program = xdr.u32()
  transaction.version = xdr.u32()
  transaction.procedure = xdr.u32()
  transaction.flavor = xdr.u32()
  transaction.credential = credentials.read(xdr, transaction.flavor)
  skipVerifier(xdr)
  const { program, version, procedure } = transaction
  transaction.opcode = procedureName(program, version, procedure)
}

/** Reads the arguments. False: not all of them could be read. */
export function readBody(xdr: Xdr, transaction: NfsTransaction, names: Names): boolean {
  try {
    if (!openGss(xdr, transaction.credential?.gss)) return true
    const { program, procedure } = transaction
    if (isCompound(transaction)) readCompound(xdr, transaction, names, program !== NFS)
    else if (program === NFS) readArguments(xdr, transaction, names)
    else if (isMount(program, procedure)) transaction.path = xdr.text(PATH_LIMIT)
    return true
  } catch (error) {
    if (error !== Unreadable.signal) throw error
    return false
  }
}

/**
 * Reads a reply after its xid and type. False: not all of it could be read. `startsTls`: it lets TLS begin.
 */
export function readReply(
  xdr: Xdr,
  transaction: NfsTransaction,
  names: Names,
): { whole: boolean; startsTls: boolean } {
  try {
    if (xdr.u32() !== ACCEPTED) {
      denied(xdr, transaction)
      return WHOLE
    }
    const startsTls = transaction.flavor === AUTH_TLS && verifier(xdr) === STARTTLS
    if (transaction.flavor !== AUTH_TLS) skipVerifier(xdr)
    const status = xdr.u32()
    transaction.rpcStatus = acceptStatuses[status] ?? `unknown (${status})`
    if (status !== 0) return WHOLE
    if (startsTls) return STARTS_TLS
    if (openGss(xdr, transaction.credential?.gss)) results(xdr, transaction, names)
    return WHOLE
  } catch (error) {
    if (error !== Unreadable.signal) throw error
    return IN_PART
  }
}

const WHOLE = { whole: true, startsTls: false }
const STARTS_TLS = { whole: true, startsTls: true }
const IN_PART = { whole: false, startsTls: false }

function results(xdr: Xdr, transaction: NfsTransaction, names: Names): void {
  const { program, procedure } = transaction
  if (isCompound(transaction)) readResults(xdr, transaction, names, program !== NFS)
  else if (program === NFS) readResult(xdr, transaction, names)
  else if (isMount(program, procedure) && procedure === 1) transaction.code = xdr.u32()
}

function denied(xdr: Xdr, transaction: NfsTransaction): void {
  if (xdr.u32() === RPC_MISMATCH) {
    transaction.rpcStatus = 'rpc_mismatch'
    return
  }
  transaction.rpcStatus = 'auth_error'
  const why = xdr.u32()
  transaction.authError = authErrors[why] ?? `unknown (${why})`
}
