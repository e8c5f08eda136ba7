import type { CassandraTransaction } from './transaction.js'

// What a statement is about, by the word before it; before a table's name may stand words that are none.
const TABLE =
  /^\s*(?:select\b[\s\S]*?\bfrom|insert\s+into|update|delete\b[\s\S]*?\bfrom|truncate(?:\s+(?:table|columnfamily))?)\s+(?:("(?:[^"]|"")*"|\w+)\s*\.\s*)?("(?:[^"]|"")*"|\w+)/i

// A name stands near the begin of a statement: past that, nobody looks.
const LONGEST = 4096

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()

const joined = (keyspace: string, table: string): string => (keyspace === '' ? table : `${keyspace}.${table}`)

/** The table that a transaction is about, with its keyspace where that is known; undefined: it is about none. */
export function path({ request, response, keyspace = '' }: CassandraTransaction): string | undefined {
  const schema = response?.schema
  if (schema !== undefined) return joined(schema.keyspace, schema.name ?? '').replace(/\.$/, '')
  const metadata = response?.bound?.table === undefined ? response?.metadata : response.bound
  if (metadata?.table !== undefined) return joined(metadata.keyspace ?? '', metadata.table)
  if (request === undefined) return undefined
  if (request.table !== '') return joined(request.keyspace, request.table)
  if (request.cql === undefined) return undefined
  const found = TABLE.exec(request.cql.length > LONGEST ? request.cql.slice(0, LONGEST) : request.cql)
  if (found === null) return undefined
  const [, own, table = ''] = found
  const session = request.parameters?.keyspace ?? (request.keyspace || keyspace)
  return joined(own === undefined ? session : unquoted(own), unquoted(table))
}
