import { defineFields, filled, type Transaction } from '../../events/fields.js'
import { quotedList, rememberedQuoted } from '../../events/json.js'
import type { ResultText } from '../../sql/result-text.js'
import type { Ordered } from '../../transactions/in-order.js'
import type { Command } from './commands.js'
import type { Identity } from './session.js'

/** A command, or a login, and what came of it. */
export interface MysqlTransaction extends Transaction, Ordered {
  command: Command
  method: string
  query: string
  /** `query` as it was sent, with the white space around it. */
  sql: string
  params: string[] | undefined
  /** Of a login, or of a statement. */
  attributes: string[] | undefined
  identity: Identity
  affectedRows: number
  insertId: number | string
  numFields: number
  numRows: number
  /** 0: no error. */
  errorCode: number
  errorMessage: string
  /** Tables of the result's columns. */
  path: string
  /** What is kept of the rows. */
  rows: ResultText | undefined
  plugin: string | undefined
  tls: boolean
  withRequest: boolean
  withResponse: boolean
}

// Parts of a transaction, for the fields that are of nothing else: an answer's numbers, which logins and commands without
// an answer do not have; a failure; a login.
const numbers = (transaction: MysqlTransaction): MysqlTransaction | undefined =>
  transaction.end !== undefined && transaction.command.answered !== 'login' ? transaction : undefined
const failure = (transaction: MysqlTransaction): MysqlTransaction | undefined =>
  transaction.errorCode === 0 ? undefined : transaction
const login = (transaction: MysqlTransaction): MysqlTransaction | undefined =>
  transaction.command.answered === 'login' ? transaction : undefined

/** Prints a list that is mostly the same as the last time. */
function rememberedList(): (texts: readonly string[]) => string {
  let last: readonly string[] = []
  let json = '[]'
  return (texts) => {
    if (texts !== last) {
      last = texts
      json = quotedList(texts)
    }
    return json
  }
}

const user = ({ identity }: MysqlTransaction): string | undefined => filled(identity.user)

export const fields = defineFields<MysqlTransaction>({
  method: {
    type: 'keyword',
    description:
      'The first word of the SQL in upper case; PREPARE for a statement that is prepared; LOGIN; of other commands the name, such as PING.',
    value: ({ method }) => method,
    json: rememberedQuoted(),
  },
  query: {
    type: 'keyword',
    description:
      'The SQL, also where a prepared statement is executed; of other commands the name and what they are about.',
    value: ({ query }) => query,
  },
  params: {
    type: 'text',
    list: true,
    description:
      'Parameters of a prepared statement, each as text, NULL as TYPE_NULL; of a bulk those of each row, one after the other.',
    value: ({ params }) => filled(params),
    json: quotedList,
  },
  path: {
    type: 'keyword',
    description: 'Tables whose columns are in the result, as database.table, separated by commas.',
    value: ({ path }) => filled(path),
    json: rememberedQuoted(),
  },
  'mysql.affected_rows': {
    type: 'long',
    description: 'Rows that the statement changed.',
    of: numbers,
    value: ({ affectedRows }) => affectedRows,
  },
  'mysql.insert_id': {
    type: 'long',
    orText: true,
    description: 'The value that the statement generated for an AUTO_INCREMENT column.',
    of: numbers,
    value: ({ insertId }) => insertId,
    json: (id: number | string) => (typeof id === 'number' ? String(id) : `"${id}"`),
  },
  'mysql.num_fields': {
    type: 'long',
    description: 'Columns of the result, of the first one where there are several.',
    of: numbers,
    value: ({ numFields }) => numFields,
  },
  'mysql.num_rows': {
    type: 'long',
    description: 'Rows of the result, of all of them where there are several.',
    of: numbers,
    value: ({ numRows }) => numRows,
  },
  'mysql.error_code': {
    type: 'long',
    description: 'The error that the server answered with.',
    of: failure,
    value: ({ errorCode }) => errorCode,
  },
  'mysql.error_message': {
    type: 'keyword',
    description: 'Its SQLSTATE and text.',
    of: failure,
    value: ({ errorMessage }) => errorMessage,
  },
  'mysql.database': {
    type: 'keyword',
    description: 'The database that was chosen when the command was sent, if it was seen to be chosen.',
    value: ({ identity }) => filled(identity.database),
    json: rememberedQuoted(),
  },
  'mysql.server_version': {
    type: 'keyword',
    description: 'What the server calls its version, in its greeting: of logins.',
    of: login,
    value: ({ identity }) => filled(identity.version),
  },
  'mysql.attributes': {
    type: 'keyword',
    list: true,
    description: 'What the client says of itself at login, or of a statement, as name=value.',
    value: ({ attributes }) => attributes,
  },
  'mysql.auth_plugin': {
    type: 'keyword',
    description: 'The authentication plugin of a login, the last one that the server asked for.',
    of: login,
    value: ({ plugin }) => plugin,
  },
  'mysql.tls': {
    type: 'boolean',
    description: 'True for a login that goes on encrypted, so that nothing more is seen of its connection.',
    of: login,
    value: ({ tls }) => (tls ? true : undefined),
  },
  'user.name': {
    type: 'keyword',
    description: 'The user who logged in, if that was captured.',
    value: user,
    json: rememberedQuoted(),
  },
  'related.user': {
    type: 'keyword',
    list: true,
    description: 'Likewise.',
    value: ({ identity }) => identity.users,
    json: rememberedList(),
  },
  request: {
    type: 'text',
    description: 'The SQL as it was sent, with send_request.',
    value: ({ withRequest, sql }) => (withRequest ? sql : undefined),
  },
  response: {
    type: 'text',
    description:
      'The first rows as comma-separated values below the names of their columns, with send_response.',
    value: ({ withResponse, rows, end }) =>
      withResponse && end !== undefined ? (rows?.text ?? '') : undefined,
  },
})
