import { defineFields, type Field, type Fields, filled, type Value } from '../../events/fields.js'
import { quoted, quotedList } from '../../events/json.js'
import { method } from '../../sql/method.js'
import * as code from './codes.js'
import type { ErrorDetails } from './error.js'
import type { Metadata } from './metadata.js'
import { path } from './path.js'
import type { QueryParameters, Request } from './request.js'
import type { Pushed, Response, SchemaChange } from './response.js'
import type { CassandraTransaction } from './transaction.js'

type Kind = Omit<Field<CassandraTransaction>, 'value' | 'description'>

const keyword: Kind = { type: 'keyword' }
/** A word that JSON writes as it is. */
const word: Kind = { type: 'keyword', plain: true }
const long: Kind = { type: 'long' }
const truth: Kind = { type: 'boolean' }
/** One word or several. */
const words: Kind = {
  type: 'keyword',
  list: 'or one',
  json: (value: string | string[]) => (typeof value === 'string' ? `"${value}"` : quotedList(value)),
}
const texts: Kind = { type: 'keyword', list: true }

/** Fields of one part of a transaction, which most transactions do not have. */
type Part<P> = Readonly<Record<string, readonly [Kind, string, (part: P) => Value]>>

/** `of`: the part; undefined where there is none. */
function part<P>(
  prefix: string,
  of: (transaction: CassandraTransaction) => P | undefined,
  fields: Part<P>,
): Fields<CassandraTransaction> {
  const entries = Object.entries(fields).map(([name, [kind, description, value]]) => {
    // It is asked of the part, which the type of a field does not tell.
    const field: Field<CassandraTransaction> = { ...kind, description, of, value: value as never }
    return [`${prefix}.${name}`, field] as const
  })
  return Object.fromEntries(entries)
}

const requestShown = (transaction: CassandraTransaction): Request | undefined =>
  transaction.withRequest ? transaction.request : undefined
const responseShown = (transaction: CassandraTransaction): Response | undefined =>
  transaction.withResponse ? transaction.response : undefined

const header: Part<Request | Response> = {
  version: [
    word,
    'Version of the protocol; 65 and 66 are those of DataStax Enterprise.',
    ({ version }) => String(version),
  ],
  flags: [
    words,
    'Default, or Compress, Tracing, CustomPayload, Warning, UseBeta; a list when there are more.',
    ({ flags }) => code.headerFlagNames(flags),
  ],
  stream: [long, 'Stream id: what a response and its request have in common.', ({ stream }) => stream],
  op: [word, 'Operation, such as QUERY, EXECUTE, RESULT or ERROR.', ({ opcode }) => code.operations[opcode]],
  length: [long, 'Bytes of the body, as they were sent.', ({ length }) => length],
}

const schemaChange: Part<SchemaChange> = {
  change: [keyword, 'CREATED, UPDATED or DROPPED.', ({ change }) => change],
  target: [keyword, 'KEYSPACE, TABLE, TYPE, FUNCTION or AGGREGATE.', ({ target }) => target],
  keyspace: [
    keyword,
    'The keyspace that was changed, or that has what was changed.',
    ({ keyspace }) => keyspace,
  ],
  object: [
    keyword,
    'The table or type that was changed.',
    ({ name, arguments: types }) => (types === undefined ? name : undefined),
  ],
  name: [
    keyword,
    'The function or aggregate that was changed.',
    ({ name, arguments: types }) => (types === undefined ? undefined : name),
  ],
  args: [texts, 'Types of the arguments of the function or aggregate.', ({ arguments: types }) => types],
}

const metadata: Part<Metadata> = {
  keyspace: [keyword, 'Keyspace of all columns.', ({ keyspace }) => keyspace],
  table: [keyword, 'Table of all columns.', ({ table }) => table],
  flags: [
    words,
    'Default, or GlobalTableSpec, HasMorePages, NoMetaData, MetadataChanged; a list when there are more.',
    ({ flags }) => code.metadataFlagNames(flags),
  ],
  col_count: [long, 'Columns of the result, or values to be bound.', ({ columns }) => columns],
  pkey_columns: [
    { type: 'long', list: true },
    'Places of the bound values that make up the partition key.',
    ({ partitionKey }) => partitionKey,
  ],
  paging_state: [
    keyword,
    'Where the next page begins, in hexadecimal; there are more rows.',
    ({ pagingState }) => pagingState,
  ],
}

const prepared = (transaction: CassandraTransaction): Response | undefined =>
  responseShown(transaction)?.preparedId === undefined ? undefined : transaction.response

const query = ({ request }: CassandraTransaction): string | undefined =>
  request?.cql === undefined ? undefined : filled(request.cql)

/** Operations whose statement's first word says what is done. */
const hasVerb = (opcode: number): boolean => opcode === code.QUERY || opcode === code.EXECUTE

export const fields = defineFields<CassandraTransaction>({
  method: {
    type: 'keyword',
    description:
      'The first word of the statement in upper case; of other requests their operation, such as PREPARE or BATCH.',
    value: ({ request, response }) => {
      if (request === undefined) return code.operations[response?.opcode ?? code.EVENT]
      const { cql, opcode } = request
      return cql !== undefined && hasVerb(opcode) ? filled(method(cql)) : code.operations[opcode]
    },
  },
  path: {
    type: 'keyword',
    description: 'The table that is read or changed, after its keyspace and a dot where that is known.',
    value: path,
  },
  query: {
    type: 'keyword',
    description:
      'CQL as the client sent or prepared it, of a batch all statements; passwords of roles that are made or changed are ***.',
    value: query,
  },
  params: {
    type: 'text',
    list: true,
    description: 'Bound values as cqlsh shows them, with send_request; long ones end with ….',
    value: ({ request, withRequest }) => (withRequest ? request?.values : undefined),
    json: quotedList,
  },
  'user.name': {
    type: 'keyword',
    description: 'Who is logged in, or tries to, as SASL PLAIN says.',
    value: ({ user }) => filled(user),
  },
  'cassandra.no_request': {
    type: 'boolean',
    description: 'True: the server sent this unasked.',
    value: ({ request }) => (request === undefined ? true : undefined),
  },

  ...part('cassandra.request.headers', (t) => (t.withRequestHeader ? t.request : undefined), header),
  'cassandra.request.query': {
    type: 'keyword',
    description: 'The same as query, with send_request.',
    value: (transaction) => (transaction.withRequest ? query(transaction) : undefined),
    json: quoted,
  },
  'cassandra.request.keyspace': {
    type: 'keyword',
    description: 'The keyspace that the request names, or that its connection uses.',
    value: ({ request, keyspace, withRequest }) =>
      withRequest && request !== undefined
        ? filled(request.parameters?.keyspace ?? (keyspace || request.keyspace))
        : undefined,
  },
  ...part<Request>('cassandra.request', requestShown, {
    prepared_id: [word, 'Id of the prepared statement, in hexadecimal.', ({ preparedId }) => preparedId],
    options: [
      { type: 'object' },
      'What the client wants of the connection (STARTUP).',
      ({ options }) => options,
    ],
    events: [texts, 'What the client wants to be told (REGISTER).', ({ events }) => events],
    custom_payload: [texts, 'Names in the custom payload.', ({ payload }) => payload],
  }),
  ...part<QueryParameters>('cassandra.request', (t) => requestShown(t)?.parameters, {
    consistency: [word, 'Consistency level: ONE, LOCAL_QUORUM, …', ({ consistency }) => consistency],
    serial_consistency: [
      word,
      'Consistency level of the condition of a conditional update.',
      ({ serialConsistency }) => serialConsistency,
    ],
    page_size: [long, 'Rows that a page may have.', ({ pageSize }) => pageSize],
    paging_state: [
      word,
      'Where the wanted page begins, in hexadecimal; without it, the first.',
      ({ pagingState }) => pagingState,
    ],
    timestamp: [word, 'What writes are dated, microseconds since 1970.', ({ timestamp }) => timestamp],
    now_in_seconds: [long, 'What the server takes for now, seconds since 1970.', ({ now }) => now],
  }),
  ...part('cassandra.request.batch', (t) => requestShown(t)?.batch, {
    type: [keyword, 'LOGGED, UNLOGGED or COUNTER.', ({ type }) => type],
    size: [long, 'Statements in the batch.', ({ size }) => size],
  }),

  ...part('cassandra.response.headers', (t) => (t.withResponseHeader ? t.response : undefined), header),
  ...part<Response>('cassandra.response', responseShown, {
    'result.type': [word, 'void, rows, set_keyspace, prepared or schemaChanged.', ({ result }) => result],
    'result.keyspace': [keyword, 'The keyspace that is used from now on.', ({ keyspace }) => keyspace],
    'result.rows.num_rows': [long, 'Rows in this page of the result.', ({ rows }) => rows],
    supported: [{ type: 'object' }, 'What the server supports, a list each.', ({ supported }) => supported],
    'authentication.class': [
      keyword,
      'How the server wants clients to log in, a Java class.',
      ({ authenticator }) => authenticator,
    ],
    tracing_id: [
      word,
      'Where system_traces keeps how the request was carried out.',
      ({ tracingId }) => tracingId,
    ],
    warnings: [texts, 'Warnings of the server.', ({ warnings }) => warnings],
    custom_payload: [texts, 'Names in the custom payload.', ({ payload }) => payload],
  }),
  ...part(
    'cassandra.response.result.rows.meta',
    (t) => (responseShown(t)?.rows === undefined ? undefined : t.response?.metadata),
    metadata,
  ),
  ...part('cassandra.response.result.schema_change', (t) => responseShown(t)?.schema, schemaChange),
  ...part('cassandra.response.result.prepared', prepared, {
    prepared_id: [
      word,
      'Id of the statement that was prepared, in hexadecimal.',
      ({ preparedId }: Response) => preparedId,
    ],
  }),
  ...part('cassandra.response.result.prepared.req_meta', (t) => prepared(t)?.bound, metadata),
  ...part('cassandra.response.result.prepared.resp_meta', (t) => prepared(t)?.metadata, metadata),
  ...part<Pushed>('cassandra.response.event', (t) => responseShown(t)?.pushed, {
    type: [keyword, 'TOPOLOGY_CHANGE, STATUS_CHANGE or SCHEMA_CHANGE.', ({ type }) => type],
    change: [keyword, 'NEW_NODE, REMOVED_NODE, UP or DOWN.', ({ change }) => change],
    host: [keyword, 'Address of the node.', ({ host }) => host],
    port: [long, 'Port of the node.', ({ port }) => port],
  }),
  ...part('cassandra.response.event.schema_change', (t) => responseShown(t)?.pushed?.schema, schemaChange),
  ...part('cassandra.response.error', (t) => responseShown(t)?.error, {
    code: [long, 'Code of the error.', ({ code }) => code],
    type: [
      keyword,
      'What the code means: errInvalid, errUnavailable, …',
      ({ code: number }) => code.errorName(number),
    ],
    msg: [keyword, 'What the server says about it.', ({ message }) => message],
  }),
  ...part<ErrorDetails>('cassandra.response.error.details', (t) => responseShown(t)?.error?.details, {
    read_consistency: [keyword, 'Consistency level of the request.', ({ consistency }) => consistency],
    required: [long, 'Replicas that must be alive.', ({ required }) => required],
    alive: [long, 'Replicas that are alive.', ({ alive }) => alive],
    received: [long, 'Replicas that answered.', ({ received }) => received],
    blockfor: [long, 'Replicas that must answer.', ({ blockFor }) => blockFor],
    num_failures: [long, 'Replicas that failed.', ({ failures }) => failures],
    write_type: [keyword, 'What was written: SIMPLE, BATCH, COUNTER, CAS, …', ({ writeType }) => writeType],
    data_present: [
      truth,
      'Whether the replica that was asked for data answered.',
      ({ dataPresent }) => dataPresent,
    ],
    contentions: [long, 'Times a conditional update lost against others.', ({ contentions }) => contentions],
    keyspace: [keyword, 'Keyspace of what there is already, or of the function.', ({ keyspace }) => keyspace],
    table: [keyword, 'The table that there is already.', ({ table }) => table],
    function: [keyword, 'The function that failed.', ({ function: name }) => name],
    arg_types: [texts, 'Types of its arguments.', ({ arguments: types }) => types],
    stmt_id: [
      keyword,
      'Id of the statement that the server does not know, in hexadecimal.',
      ({ statement }) => statement,
    ],
  }),
})
