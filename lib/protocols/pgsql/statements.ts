import { type Statement, Statements } from '../../transactions/statements.js'
import type { Context } from '../protocol.js'
import type { Column } from './rows.js'
import type { PgsqlTransaction } from './transaction.js'

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

// What they take beside their texts, roughly.
const OVERHEAD = 128
const COLUMN_OVERHEAD = 64

/** The prepared statements of a connection, by name; the unnamed one is called ''. */
export class PreparedStatements {
  readonly #table: Statements<string, Prepared>

  constructor({ memory, count }: Pick<Context<PgsqlTransaction>, 'memory' | 'count'>) {
    this.#table = new Statements(memory, () => count('forgotten_statements'))
  }

  get(name: string): Prepared | undefined {
    return this.#table.get(name)
  }

  /** Remembers what a request parses, and with it what had that name before. */
  parse(request: PgsqlTransaction, name: string, prepared: Prepared): void {
    prepared.held = OVERHEAD + 2 * (prepared.sql.length + name.length) + 8 * prepared.types.length
    request.name = name
    request.statement = prepared
    request.before = this.#table.get(name)
    this.#table.set(name, prepared)
  }

  close(name: string): void {
    this.#table.delete(name)
  }

  /** A Parse failed or was not run: its name means what it meant before. */
  undo({ name = '', statement, before, error }: PgsqlTransaction): void {
    if (this.#table.get(name) !== statement) return
    this.#table.delete(name)
    // An unnamed statement is dropped as soon as the next one is parsed, well or not; a named one is never replaced.
    if (before !== undefined && (name !== '' || error === undefined)) this.#table.set(name, before)
  }

  /** A RowDescription tells of the statement of a request. `columns`: when rows are wanted. */
  described(
    { name = '', statement }: PgsqlTransaction,
    fields: number,
    columns: readonly Column[] | undefined,
  ): void {
    if (statement === undefined) return
    statement.fields = fields
    if (columns === undefined || this.#table.get(name) !== statement) return
    const more = weightOf(columns) - weightOf(statement.columns ?? [])
    if (this.#table.grow(statement, more)) statement.columns = columns
  }

  /** A ParameterDescription tells of the statement of a request. */
  typed({ name = '', statement }: PgsqlTransaction, types: readonly number[]): void {
    if (statement === undefined || this.#table.get(name) !== statement) return
    if (this.#table.grow(statement, 8 * (types.length - statement.types.length))) statement.types = types
  }

  clear(): void {
    this.#table.clear()
  }
}

const weightOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, { name }) => sum + COLUMN_OVERHEAD + 2 * name.length, 0)
