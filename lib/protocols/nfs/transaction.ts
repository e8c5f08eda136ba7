import type { Transaction } from '../../events/fields.js'
import type { Credential } from './credential.js'

/** A call and its reply. */
export interface NfsTransaction extends Transaction {
  /** The xid. */
  id: number
  program: number
  version: number
  procedure: number
  flavor: number
  credential: Credential | undefined
  /** `rpc.status`; undefined: there was no reply. */
  rpcStatus: string | undefined
  /** Why a call was refused. */
  authError: string | undefined
  /** `nfsstat3` or `nfsstat4`, of MOUNT `mountstat3`; undefined: not told. */
  code: number | undefined
  /** The procedure, or what a compound is for. */
  opcode: string
  /** Times the call was sent again while it waited. */
  retransmissions: number

  // Of compounds.
  tag: string | undefined
  minorVersion: number | undefined
  /** Names of the operations, in their order. */
  operations: string[] | undefined
  /** Which of them `opcode` is; -1: none. */
  main: number
  /** Operation that failed, when it is not the main one. */
  failedAt: string | undefined
  /** What the operations GETFH ask for the handles of, in their order. */
  asked: (string | undefined)[] | undefined

  // What the main operation is about.
  /** File handle, each byte as the character of its number. */
  handle: string | undefined
  path: string | undefined
  target: string | undefined
  offset: number | undefined
  /** Bytes asked for. */
  length: number | undefined
  /** Bytes moved. */
  count: number | undefined
  eof: boolean | undefined
  entries: number | undefined
}
