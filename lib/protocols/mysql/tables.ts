import type { Cursor } from '../../wire/cursor.js'
import { text } from './encoding.js'

// Tables that are in use at one time; past that the list begins anew.
const REMEMBERED = 4096

// A statement joins at most 61 tables.
const MAX_TABLES = 64

const LONG = 0xfb

/**
 * The tables that columns belong to. A result says it with each of its columns, and results come again and again: so
 * those bytes are looked up, and read only once.
 */
export class Tables {
  readonly #known = new Map<string, string>()

  /** `path` and the table of a column, if it is another one. */
  with(path: string, cursor: Cursor): string {
    const table = this.#table(cursor)
    if (table === path || path === '') return table
    const tables = path.split(', ')
    return tables.includes(table) || tables.length >= MAX_TABLES ? path : `${path}, ${table}`
  }

  /** Of a column definition: catalog, schema, table and original table stand first. */
  #table(cursor: Cursor): string {
    const { bytes, at: start, left } = cursor
    const stop = start + left
    let at = start
    for (let part = 0; part < 4; part++) {
      const length = bytes[at] as number
      if (length >= LONG) return tableOf(cursor)
      at += 1 + length
      if (at >= stop) throw cursor.malformed('a column that ends too early')
    }
    const key = bytes.latin1Slice(start, at)
    let table = this.#known.get(key)
    if (table === undefined) {
      table = tableOf(cursor)
      if (this.#known.size >= REMEMBERED) this.#known.clear()
      this.#known.set(key, table)
    }
    return table
  }
}

/** As database.table: the table's own name, or that it goes by in the statement when it has none. */
function tableOf(cursor: Cursor): string {
  text(cursor)
  const schema = text(cursor)
  const alias = text(cursor)
  const table = text(cursor)
  return `${schema}.${table === '' ? alias : table}`
}
