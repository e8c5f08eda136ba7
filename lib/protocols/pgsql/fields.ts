import { defineFields, filled } from '../../events/fields.js'
import { rememberedQuoted } from '../../events/json.js'
import type { PgsqlTransaction } from './transaction.js'

/** What a result is asked of: not a login, nor what came unasked. */
const isQuery = ({ kind }: PgsqlTransaction): boolean => kind !== 'login' && kind !== 'message'

/** Rows that the command tag tells of, but for those that were sent. §55.7, CommandComplete. */
function affected({ tag, rows }: PgsqlTransaction): number | undefined {
  if (tag === undefined) return undefined
  let value = 0
  let weight = 1
  for (let at = tag.length - 1; at > 0; at--) {
    const digit = tag.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) break
    value += digit * weight
    weight *= 10
  }
  if (value === 0 || (value === rows && /^(?:SELECT|FETCH)/.test(tag))) return undefined
  return value
}

const states: Readonly<Record<string, string>> = { I: 'idle', T: 'active', E: 'failed' }
const stateByByte = Array.from({ length: 256 }, (_, byte) => states[String.fromCharCode(byte)])

export const fields = defineFields<PgsqlTransaction>({
  method: {
    type: 'keyword',
    description:
      'The first word of the SQL in upper case. PREPARE for a statement that is parsed and not executed at once, EMPTY for one without a word; LOGIN, CANCEL, SSL, GSSENC, FUNCTION, NOTIFICATION and DISCONNECT for what is no SQL.',
    value: ({ method }) => method,
  },
  query: {
    type: 'keyword',
    description: 'The SQL. The statements of one Query message are events of their own.',
    value: ({ sql }) => filled(sql),
    json: rememberedQuoted() as (value: never) => string,
  },
  params: {
    type: 'keyword',
    list: true,
    description: 'Parameters of an execution, as PostgreSQL writes their values.',
    value: ({ params }) => params,
  },
  resource: {
    type: 'keyword',
    description: 'The channel of a notification.',
    value: ({ channel }) => channel,
  },
  'pgsql.num_rows': {
    type: 'long',
    description: 'Rows that the server sent.',
    value: (transaction) => (isQuery(transaction) ? transaction.rows : undefined),
  },
  'pgsql.num_fields': {
    type: 'long',
    description: 'Columns of the rows.',
    value: (transaction) => (isQuery(transaction) ? transaction.fields : undefined),
  },
  'pgsql.affected_rows': {
    type: 'long',
    description: 'Rows that were inserted, updated, deleted, merged, moved over or copied.',
    value: affected,
  },
  'pgsql.command_tag': {
    type: 'keyword',
    description: 'What the server says it did: INSERT 0 1, or ROLLBACK in answer to a COMMIT.',
    value: ({ tag }) => tag,
  },
  'pgsql.transaction_status': {
    type: 'keyword',
    plain: true,
    description: 'How the transaction stands afterwards: idle (there is none), active, or failed.',
    value: ({ state }) => stateByByte[state],
  },
  'pgsql.statement': {
    type: 'keyword',
    description: 'The name of the prepared statement, if it has one.',
    value: ({ name }) => filled(name),
  },
  'pgsql.error_severity': {
    type: 'keyword',
    description: 'ERROR, FATAL or PANIC, in the language of the server.',
    value: ({ error }) => error?.severity,
  },
  'pgsql.error_code': {
    type: 'keyword',
    description: 'SQLSTATE, such as 42P01.',
    value: ({ error }) => error?.code,
  },
  'pgsql.error_message': {
    type: 'keyword',
    description: 'The error in one line.',
    value: ({ error }) => error?.message,
  },
  'pgsql.error_detail': {
    type: 'text',
    description: 'What else the server says about the error; it may quote values.',
    value: ({ error }) => error?.detail,
  },
  'pgsql.error_hint': {
    type: 'text',
    description: 'What the server suggests.',
    value: ({ error }) => error?.hint,
  },
  'pgsql.error_table': {
    type: 'keyword',
    description: 'The table that the error is about.',
    value: ({ error }) => error?.table,
  },
  'pgsql.error_column': {
    type: 'keyword',
    description: 'The column that the error is about.',
    value: ({ error }) => error?.column,
  },
  'pgsql.error_constraint': {
    type: 'keyword',
    description: 'The constraint that is violated.',
    value: ({ error }) => error?.constraint,
  },
  'pgsql.notices': {
    type: 'keyword',
    list: true,
    description: 'Warnings and notices of the server, at most ten, each with its severity.',
    value: ({ notices }) => notices,
  },
  'pgsql.database': {
    type: 'keyword',
    description: 'The database; unknown when the capture began after the login.',
    value: ({ session }) => session.database,
  },
  'pgsql.application_name': {
    type: 'keyword',
    description: 'What the client calls itself.',
    value: ({ session }) => session.application,
  },
  'pgsql.auth_method': {
    type: 'keyword',
    description:
      'Of a login, what the server wanted to see: scram-sha-256, md5, password, gss, sspi; or none.',
    value: ({ authentication }) => authentication,
  },
  'pgsql.server_version': {
    type: 'keyword',
    description: 'Of a login, the version of the server.',
    value: ({ kind, session }) => (kind === 'login' ? session.serverVersion : undefined),
  },
  'pgsql.process_id': {
    type: 'long',
    description:
      'The process of the server: of a login, its own; of a cancel request, whose work is to be cancelled.',
    value: ({ process }) => process,
  },
  'user.name': {
    type: 'keyword',
    description: 'Who logged in; unknown when the capture began after that.',
    value: ({ session }) => session.user,
  },
  'related.user': {
    type: 'keyword',
    list: true,
    description: 'All users of the event.',
    value: ({ session }) => session.users,
  },
  request: {
    type: 'text',
    description: 'The SQL, with send_request.',
    value: ({ session, sql }) => (session.options.send_request ? sql : undefined),
  },
  response: {
    type: 'text',
    description:
      'The rows as comma-separated values under the names of their columns, with send_response; of a notification its payload.',
    value: (transaction) => {
      if (!transaction.session.options.send_response) return undefined
      return transaction.payload ?? (isQuery(transaction) ? (transaction.text?.text ?? '') : undefined)
    },
  },
})
