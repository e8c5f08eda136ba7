import type { WaitingRoom } from '../../transactions/waiting.js'
import type { CommonOptions, Context } from '../protocol.js'
import type { MysqlTransaction } from './fields.js'
import type { Pending } from './pending.js'
import type { Tables } from './tables.js'

export interface Options extends CommonOptions {
  max_rows: number
  max_row_length: number
  statement_timeout: number
}

/** What all conversations of one configured entry have in common. */
export interface Shared {
  options: Options
  context: Context<MysqlTransaction>
  room: WaitingRoom<Pending>
  tables: Tables
}
