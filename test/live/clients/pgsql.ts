// What a client with today's driver does to a PostgreSQL server, by scenario:
//
//   node --import tsx test/live/clients/pgsql.ts HOST SCENARIO...
//
// Prints as JSON what it did: the statements in their order, with their parameters and what came of them.
import { once } from 'node:events'
import { connect } from 'node:net'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import Cursor from 'pg-cursor'

/** A statement and what came of it; `null` where there is none. */
interface Did {
  query: string
  params: string[] | null
  /** Rows that were sent, and rows that were changed. */
  rows: number
  affected: number
  error: string | null
}

const [host = '', ...wanted] = process.argv.slice(2)
const did: Did[] = []

const connection = (settings: pg.ClientConfig = {}) =>
  new pg.Client({
    host,
    user: 'shop',
    database: 'shop',
    password: 'secret',
    application_name: 'live',
    ...settings,
  })

const changes = new Set(['INSERT', 'UPDATE', 'DELETE', 'COPY'])

function note(query: string, params: string[] | null, { command, rows, rowCount }: pg.QueryResult): void {
  did.push({
    query,
    params,
    rows: rows.length,
    affected: changes.has(command) ? (rowCount ?? 0) : 0,
    error: null,
  })
}

/** Asks one thing; `sql`: its statements, when it has several. */
async function ask(
  client: pg.Client,
  text: string,
  values?: unknown[],
  name?: string,
  sql = [text],
): Promise<void> {
  const params = values?.map((value) => (value === null ? 'NULL' : String(value))) ?? null
  try {
    const result = await client.query(
      values === undefined ? text : { text, values, ...(name ? { name } : {}) },
    )
    const results = (Array.isArray(result) ? result : [result]) as pg.QueryResult[]
    for (const [index, each] of results.entries()) note(sql[index] as string, params, each)
  } catch (error) {
    did.push({ query: text, params, rows: 0, affected: 0, error: (error as pg.DatabaseError).code ?? '' })
  }
}

async function queries(): Promise<void> {
  const client = connection()
  await client.connect()
  await ask(client, 'drop table if exists item')
  await ask(client, 'create table item (id int primary key, name text, price numeric)')
  await ask(client, 'select 1 as one')
  const several = ['select 1', 'select \'a;b\' as "x;y"', 'insert into item values (100, $$it;s$$, 1)']
  await ask(client, `${several.join('; ')};`, undefined, undefined, several)
  for (let id = 0; id < 20; id++)
    await ask(client, 'insert into item values ($1, $2, $3)', [
      id,
      id % 7 === 0 ? null : `name ${id}`,
      id / 4,
    ])
  for (let id = 0; id < 10; id++) await ask(client, 'select * from item where id <= $1', [id], 'items up to')
  await ask(client, 'update item set price = price + 1 where id < $1', [7])
  await ask(client, 'select repeat($1, $2) as long from generate_series(1, 100)', ['é', 1000])
  await ask(client, 'insert into item values ($1, $2, $3)', [3, 'again', 0])
  await ask(client, 'select nothing from item')
  await ask(client, 'selct 1')
  await ask(client, 'select $1::int', ['x'])
  await ask(client, 'begin')
  await ask(client, 'delete from item where id >= $1', [15])
  await ask(client, 'rollback')
  await client.end()
}

/** A little of everything, for a trace. */
async function small(): Promise<void> {
  const client = connection({ binary: true } as pg.ClientConfig)
  await client.connect()
  await ask(client, 'create temp table item (id int primary key, name text); select 1; select 2')
  await ask(client, 'insert into item values ($1, $2)', [1, 'nail'], 'add')
  await ask(client, 'insert into item values ($1, $2)', [2, null], 'add')
  await ask(client, 'insert into item values ($1, $2)', [2, 'again'], 'add')
  await ask(client, 'select id, name, id / 2.0 as half, now() from item where id < $1', [9])
  const sql = 'select n from generate_series(1, 5) n'
  const open = client.query(new Cursor(sql))
  for (const rows of [2, 2, 1]) {
    await open.read(2)
    did.push({ query: sql, params: null, rows, affected: 0, error: null })
  }
  await open.close()
  await pipeline(['3\tscrew\n', '4\tbolt\n'], client.query(from('copy item from stdin')))
  await pipeline(client.query(to('copy item to stdout')), async (rows) => {
    for await (const _ of rows);
  })
  await client.end()
}

async function binary(): Promise<void> {
  const client = connection({ binary: true } as pg.ClientConfig)
  await client.connect()
  await ask(client, 'select $1::int4 as i, $2::text as t, $3::bool as b, $4::float8 as f', [
    -7,
    'tëxt',
    true,
    2.5,
  ])
  await ask(client, 'select n::int8 as n from generate_series(1, $1) n', [300])
  await client.end()
}

async function cursor(): Promise<void> {
  const client = connection()
  await client.connect()
  const sql = 'select n from generate_series(1, $1) n'
  const open = client.query(new Cursor(sql, [250]))
  for (;;) {
    const rows = await open.read(100)
    did.push({ query: sql, params: ['250'], rows: rows.length, affected: 0, error: null })
    if (rows.length < 100) break
  }
  await open.close()
  await ask(client, 'select 1')
  await client.end()
}

async function copy(): Promise<void> {
  const client = connection()
  await client.connect()
  await ask(client, 'create table copied (n int, text text)')
  const lines = Array.from({ length: 5000 }, (_, n) => `${n}\tline ${n}\n`)
  await pipeline(
    async function* () {
      yield* lines
    },
    client.query(from('copy copied from stdin')),
  )
  did.push({ query: 'copy copied from stdin', params: null, rows: 0, affected: 5000, error: null })
  let bytes = 0
  const out = client.query(to('copy copied to stdout'))
  for await (const chunk of out) bytes += (chunk as Buffer).length
  if (bytes !== lines.join('').length) throw new Error(`${bytes} bytes came back`)
  did.push({ query: 'copy copied to stdout', params: null, rows: 0, affected: 5000, error: null })
  await ask(client, 'drop table copied')
  await client.end()
}

async function refused(): Promise<void> {
  const client = connection({ password: 'wrong' })
  await client.connect().catch((error: pg.DatabaseError) => {
    did.push({ query: 'LOGIN', params: null, rows: 0, affected: 0, error: error.code ?? '' })
  })
}

async function notified(): Promise<void> {
  const [listener, speaker] = [connection(), connection()]
  await listener.connect()
  await ask(listener, 'listen news')
  await speaker.connect()
  for (let n = 0; n < 5; n++) {
    const heard = once(listener, 'notification')
    await ask(speaker, 'select pg_notify($1, $2)', ['news', `${n}`])
    const [message] = (await heard) as [pg.Notification]
    did.push({
      query: `NOTIFICATION ${message.channel} ${message.payload}`,
      params: null,
      rows: 0,
      affected: 0,
      error: null,
    })
  }
  await ask(listener, "do $$ begin raise warning 'careful; now'; end $$")
  await speaker.end()
  await listener.end()
}

async function cancelled(): Promise<void> {
  const client = connection() as pg.Client & { processID: number; secretKey: number }
  await client.connect()
  const slow = ask(client, 'select pg_sleep(20)')
  await cancel()
  await slow
  await client.end()

  /** CancelRequest, which drivers send on a connection of its own. */
  async function cancel(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 300))
    const request = Buffer.alloc(16)
    for (const [index, word] of [16, 80_877_102, client.processID, client.secretKey].entries())
      request.writeInt32BE(word, 4 * index)
    const socket = connect(5432, host)
    did.push({ query: `CANCEL ${client.processID}`, params: null, rows: 0, affected: 0, error: null })
    socket.end(request)
    await once(socket.resume(), 'close')
  }
}

const scenarios: Record<string, () => Promise<void>> = {
  queries,
  small,
  binary,
  cursor,
  copy,
  refused,
  notified,
  cancelled,
}
for (const scenario of wanted) await scenarios[scenario]?.()
console.log(JSON.stringify(did))
