import { type Statement, Statements } from '../../transactions/statements.js'
import { Memory } from '../../wire/memory.js'
import type { Type } from './types.js'

/** A prepared statement, by the id that the server gave it. */
export interface Prepared extends Statement {
  cql: string
  /** What it reads or changes, when the server told; else empty. */
  keyspace: string
  table: string
  /** Of the values that are bound to it. */
  types: readonly Type[]
}

/**
 * Statements of all connections of a capture. Their ids are MD5 sums of keyspace and CQL (Cassandra's QueryProcessor), so
 * they are the same on all connections and all nodes, and drivers prepare on one what they execute on the others.
 */
export type PreparedStatements = Statements<string, Prepared>

// Applications have some hundreds. A server's own cache of them is bounded by memory, at least 10 MiB
// (prepared_statements_cache_size).
const STATEMENTS = 16_384
const BYTES = 16 * 1024 * 1024
/** Characters of CQL that are remembered: a few bytes that execute a statement are an event with all of it. */
export const LONGEST = 16_384

export const preparedStatements = (forgot: () => void): PreparedStatements =>
  new Statements(new Memory(BYTES), forgot, STATEMENTS)
