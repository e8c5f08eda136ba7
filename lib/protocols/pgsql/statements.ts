import type { Statement } from '../../transactions/statements.js'
import type { Column } from './rows.js'

/** A prepared statement. */
export interface Prepared extends Statement {
  sql: string
  method: string
  /** Numbers of the types of its parameters: given in Parse, or told by ParameterDescription; 0: unknown. */
  types: readonly number[]
  /** Of its result, as RowDescription told; -1: never described. */
  fields: number
  /** Kept with `send_response` only. */
  columns: readonly Column[] | undefined
  /** The query is longer than what is kept of it. */
  cut: boolean
}
