import type { Memory } from '../wire/memory.js'

/** What is remembered of a prepared statement. */
export interface Statement {
  /** Bytes it takes, roughly. */
  held: number
  /** Owned by the table: it was executed since it was last looked at for its age. */
  used?: boolean
}

// Drivers keep some hundreds on a connection; all connections of a MySQL server together may have 16,382
// (max_prepared_stmt_count).
const LIMIT = 4096

/**
 * Statements that were prepared, by the id or name they are executed by. Bounded in number, and by the memory that all
 * conversations share. What was not used for long is forgotten first, and whom `forgot` tells counts it.
 */
export class Statements<Key, S extends Statement> {
  readonly #memory: Memory
  readonly #limit: number
  readonly #forgot: () => void
  /** Made by the first one: most connections prepare nothing. */
  #table: Map<Key, S> | undefined

  constructor(memory: Memory, forgot: () => void, limit = LIMIT) {
    this.#memory = memory
    this.#forgot = forgot
    this.#limit = limit
  }

  get size(): number {
    return this.#table?.size ?? 0
  }

  /** Remembers a statement in the place of an earlier one of that key. */
  set(key: Key, statement: S): void {
    const before = this.#table?.get(key)
    // A table that is taken from and added to all the time is made anew again and again, each time leaving garbage that
    // only a full collection takes away; so what has a place keeps it.
    if (before !== undefined && this.#memory.take(statement.held)) {
      this.#memory.give(before.held)
      this.#table?.set(key, statement)
      return
    }
    this.delete(key)
    while (this.size >= this.#limit) this.#forgetOne()
    while (!this.#memory.take(statement.held)) {
      if (this.size === 0) {
        this.#forgot()
        return
      }
      this.#forgetOne()
    }
    this.#table ??= new Map()
    this.#table.set(key, statement)
  }

  /** The statement that is used now. */
  get(key: Key): S | undefined {
    const statement = this.#table?.get(key)
    if (statement !== undefined) statement.used = true
    return statement
  }

  /** A statement in the table takes that many bytes more (or less). False: there is no room for them. */
  grow(statement: S, bytes: number): boolean {
    if (bytes < 0) this.#memory.give(-bytes)
    else if (!this.#memory.take(bytes)) return false
    statement.held += bytes
    return true
  }

  delete(key: Key): void {
    const statement = this.#table?.get(key)
    if (statement === undefined) return
    this.#table?.delete(key)
    this.#memory.give(statement.held)
  }

  clear(): void {
    for (const { held } of this.#table?.values() ?? []) this.#memory.give(held)
    this.#table = undefined
  }

  // A second chance for those that were used: cheaper than to keep all in the order of their last use.
  #forgetOne(): void {
    const table = this.#table
    if (table === undefined) return
    for (const [key, statement] of table) {
      if (statement.used) {
        statement.used = false
        table.delete(key)
        table.set(key, statement)
        continue
      }
      this.delete(key)
      this.#forgot()
      return
    }
  }
}
