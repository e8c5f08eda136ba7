// What a client of Cassandra does: `cassandra.ts HOST SCENARIO`. Prints as JSON what it did, in its own order.
import { auth, Client, type ClientOptions, types } from 'cassandra-driver'

/** A request that was answered: what an event should say of it. */
export interface Done {
  operation: 'QUERY' | 'EXECUTE' | 'BATCH'
  query: string
  /** As cqlsh would show them. */
  params?: string[]
  rows?: number
  /** The server's code. */
  error?: number
}

const [, , host = '', scenario = ''] = process.argv
const done: Done[] = []

// The user that Cassandra makes when it starts for the first time.
const options = (user = 'cassandra', password = 'cassandra'): ClientOptions => ({
  contactPoints: [host],
  localDataCenter: 'datacenter1',
  authProvider: new auth.PlainTextAuthProvider(user, password),
})

type Asked = { prepare?: boolean; params?: readonly unknown[]; texts?: string[] } & Record<string, unknown>

async function ask(client: Client, query: string, asked: Asked = {}): Promise<types.ResultSet | undefined> {
  const { params, texts, ...how } = asked
  const entry: Done = { operation: how.prepare ? 'EXECUTE' : 'QUERY', query }
  if (params !== undefined) entry.params = texts ?? params.map(String)
  done.push(entry)
  try {
    const result = await client.execute(query, params as unknown[] | undefined, how)
    if (result.columns !== null) entry.rows = result.rows.length
    return result
  } catch (error) {
    // What the only node said, when the driver looks for another one that could do better.
    const { innerErrors = {} } = error as { innerErrors?: Record<string, Error> }
    const { code } = (Object.values(innerErrors)[0] ?? error) as { code?: number }
    if (typeof code !== 'number') throw error
    entry.error = code
    return undefined
  }
}

const keyspace = "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"

async function session(client: Client): Promise<void> {
  await ask(client, `CREATE KEYSPACE live ${keyspace}`)
  await ask(client, 'CREATE TABLE live.people (id int PRIMARY KEY, name text, born date)')
  await ask(client, 'CREATE TABLE live.visits (page text PRIMARY KEY, count counter)')
  await ask(client, 'CREATE TYPE live.place (street text, number int)')
  await ask(
    client,
    "CREATE FUNCTION live.fails(n int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'return 1 / (n - n);'",
  )
  await ask(client, 'USE live')
  await ask(client, "INSERT INTO live.people (id, name) VALUES (1, 'Ada')")
  await ask(client, 'INSERT INTO live.people (id, name) VALUES (?, ?)', {
    params: [2, "O'Neil, ü"],
    hints: ['int', 'text'],
    texts: ['0x00000002', "O'Neil, ü"],
  })
  for (let id = 3; id <= 40; id++)
    await ask(client, 'INSERT INTO live.people (id, name, born) VALUES (?, ?, ?)', {
      prepare: true,
      params: [id, `name ${id}`, types.LocalDate.fromString('1999-12-31')],
      texts: [String(id), `name ${id}`, '1999-12-31'],
    })
  await ask(client, 'UPDATE live.people SET name = ? WHERE id = ?', { prepare: true, params: [null, 3] })
  await ask(client, 'SELECT name FROM live.people WHERE id = ?', { prepare: true, params: [2] })
  await ask(client, 'SELECT name FROM live.people WHERE id = ?', { prepare: true, params: [4711] })
  let pageState: string | undefined
  do {
    const how = { fetchSize: 15, ...(pageState === undefined ? {} : { pageState }) }
    const page = await ask(client, 'SELECT * FROM live.people', how)
    pageState = page?.pageState ?? undefined
  } while (pageState !== undefined)
  await batches(client)
  await errors(client)
  await ask(client, 'DROP FUNCTION live.fails')
  await ask(client, 'DROP KEYSPACE live')
}

async function batches(client: Client): Promise<void> {
  const add = 'INSERT INTO live.people (id, name) VALUES (?, ?)'
  const remove = 'DELETE FROM live.people WHERE id = ?'
  const count = 'UPDATE live.visits SET count = count + 1 WHERE page = ?'
  const sent = async (statements: [string, unknown[], string[]][], how: Record<string, unknown>) => {
    const params = statements.flatMap(([, , texts]) => texts)
    done.push({
      operation: 'BATCH',
      query: statements.map(([query]) => query).join('; '),
      ...(params.length > 0 ? { params } : {}),
    })
    await client.batch(
      statements.map(([query, params]) => ({ query, params })),
      how,
    )
  }
  await sent(
    [
      [add, [100, 'a'], ['100', 'a']],
      [remove, [1], ['1']],
    ],
    { prepare: true },
  )
  // Larger than a server likes without a warning.
  await sent(
    [
      [add, [101, 'x'.repeat(2000)], ['101', `${'x'.repeat(1024)}…`]],
      [add, [103, 'c'], ['103', 'c']],
    ],
    { prepare: true, logged: false },
  )
  await sent([[count, ['index'], ['index']]], { prepare: true, counter: true })
  const literal = "INSERT INTO live.people (id, name) VALUES (102, 'b')"
  await sent(
    [
      [literal, [], []],
      [literal, [], []],
    ],
    { prepare: false },
  )
}

async function errors(client: Client): Promise<void> {
  await ask(client, 'SELEC 1')
  await ask(client, 'SELECT * FROM live.nothing')
  await ask(client, 'CREATE TABLE live.people (id int PRIMARY KEY)')
  await ask(client, 'DROP KEYSPACE nowhere')
  await ask(client, 'SELECT * FROM live.people', { consistency: types.consistencies.two })
  await ask(client, 'SELECT live.fails(id) FROM live.people WHERE id = 4')
}

/** A little of everything, for a trace. */
async function short(client: Client): Promise<void> {
  await ask(client, `CREATE KEYSPACE live ${keyspace}`)
  await ask(client, 'CREATE TABLE live.people (id int PRIMARY KEY, name text)')
  await ask(client, 'USE live')
  for (const id of [1, 2, 3])
    await ask(client, 'INSERT INTO people (id, name) VALUES (?, ?)', {
      prepare: true,
      params: [id, `name ${id}`],
    })
  await client.batch(
    [
      { query: 'DELETE FROM people WHERE id = ?', params: [3] },
      { query: 'UPDATE people SET name = ? WHERE id = ?', params: ['Ada', 1] },
    ],
    { prepare: true },
  )
  const page = await ask(client, 'SELECT * FROM people', { fetchSize: 1 })
  await ask(client, 'SELECT * FROM people', { fetchSize: 1, pageState: page?.pageState })
  await ask(client, 'SELECT * FROM nothing')
  await ask(client, "CREATE ROLE ada WITH PASSWORD = 'a secret'")
  await ask(client, 'DROP KEYSPACE live')
}

/** Of each type a value, and how cqlsh shows it. */
const values: readonly (readonly [type: string, value: unknown, text: string])[] = [
  ['ascii', 'plain', 'plain'],
  ['bigint', types.Long.fromString('-9223372036854775808'), '-9223372036854775808'],
  ['blob', Buffer.from('c0ffee', 'hex'), '0xc0ffee'],
  ['boolean', true, 'true'],
  ['date', types.LocalDate.fromString('1969-07-20'), '1969-07-20'],
  ['decimal', types.BigDecimal.fromString('-12345678901234567890.123'), '-12345678901234567890.123'],
  ['double', 1e100, '1e+100'],
  ['duration', types.Duration.fromString('1mo2d3ns'), '1mo2d3ns'],
  ['float', 0.1, '0.1'],
  ['inet', types.InetAddress.fromString('2001:db8::1'), '2001:db8::1'],
  ['int', -1, '-1'],
  ['smallint', -300, '-300'],
  ['text', 'größer 🙂', 'größer 🙂'],
  ['time', types.LocalTime.fromString('23:59:59.123456789'), '23:59:59.123456789'],
  ['timestamp', new Date(1_700_000_000_123), '2023-11-14T22:13:20.123Z'],
  [
    'timeuuid',
    types.TimeUuid.fromString('2c8e1b70-6c0a-11ee-8c99-0242ac120002'),
    '2c8e1b70-6c0a-11ee-8c99-0242ac120002',
  ],
  ['tinyint', -128, '-128'],
  [
    'uuid',
    types.Uuid.fromString('756716f7-2e54-4715-9f00-91dcbea6cf50'),
    '756716f7-2e54-4715-9f00-91dcbea6cf50',
  ],
  ['varint', types.Integer.fromString('-123456789012345678901234567890'), '-123456789012345678901234567890'],
  ['list<int>', [1, 2], '[1, 2]'],
  ['set<text>', ['a', "b's"], "{'a', 'b''s'}"],
  ['map<text, double>', { half: 0.5 }, "{'half': 0.5}"],
  ['tuple<int, text>', new types.Tuple(7, 'seven'), "(7, 'seven')"],
  ['frozen<types.place>', { street: 'Main', number: null }, "{street: 'Main', number: null}"],
  ['list<frozen<map<int, text>>>', [{ 1: 'one' }], "[{1: 'one'}]"],
]

async function allTypes(client: Client): Promise<void> {
  await ask(client, `CREATE KEYSPACE types ${keyspace}`)
  await ask(client, 'CREATE TYPE types.place (street text, number int)')
  const columns = values.map(([type], index) => `v${index} ${type}`)
  await ask(client, `CREATE TABLE types.t (id int PRIMARY KEY, ${columns.join(', ')})`)
  const names = values.map((_, index) => `v${index}`)
  await ask(
    client,
    `INSERT INTO types.t (id, ${names.join(', ')}) VALUES (?, ${names.map(() => '?').join(', ')})`,
    {
      prepare: true,
      params: [1, ...values.map(([, value]) => value)],
      texts: ['1', ...values.map(([, , text]) => text)],
    },
  )
  await ask(client, 'SELECT * FROM types.t')
  await ask(client, 'DROP KEYSPACE types')
}

async function load(client: Client): Promise<void> {
  await ask(client, `CREATE KEYSPACE load ${keyspace}`)
  await ask(client, 'CREATE TABLE load.t (id int PRIMARY KEY, value text)')
  const one = async (id: number) => {
    await ask(client, 'INSERT INTO load.t (id, value) VALUES (?, ?)', {
      prepare: true,
      params: [id, `value ${id}`],
    })
    await ask(client, 'SELECT value FROM load.t WHERE id = ?', { prepare: true, params: [id] })
  }
  let next = 0
  const worker = async () => {
    while (next < 2000) await one(next++)
  }
  await Promise.all(Array.from({ length: 64 }, worker))
  await ask(client, 'DROP KEYSPACE load')
}

const scenarios: Record<string, (client: Client) => Promise<void>> = { short, session, types: allTypes, load }

if (scenario === 'denied') {
  const client = new Client(options('nobody', 'a secret'))
  const reason = await client.connect().catch((error: Error) => error)
  await client.shutdown()
  if (reason === undefined) throw new Error('nobody was let in')
} else {
  const client = new Client(options())
  await client.connect()
  await (scenarios[scenario] as (client: Client) => Promise<void>)(client)
  await client.shutdown()
}
console.log(JSON.stringify(done))
