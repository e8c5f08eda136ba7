// What a driver of today does with MySQL: node --import tsx mysql2.ts HOST SCENARIO,... prints what it did as JSON, a line
// for each transaction that a capture must show, in its order.
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise'
import { DATABASE, PASSWORD, USER } from '../support/mysql.js'

/** A transaction: only what is given here is compared. */
export interface Done {
  query: string
  method?: string
  params?: string[]
  rows?: number
  fields?: number
  affected?: number
  error?: number
  user?: string
  database?: string
}

const done: Done[] = []
const [, , host = '', names = ''] = process.argv

const LOGIN: Done = { method: 'LOGIN', query: `LOGIN ${USER}`, user: USER, database: DATABASE }

async function connect(options: ConnectionOptions = {}): Promise<Connection> {
  done.push(LOGIN)
  return createConnection({ host, user: USER, password: PASSWORD, database: DATABASE, ...options })
}

/** Runs SQL as text, and notes what the driver says came of it. */
async function query(connection: Connection, sql: string): Promise<unknown> {
  const [result, fields] = await connection.query<RowDataPacket[] | ResultSetHeader>(sql)
  done.push(
    Array.isArray(result)
      ? { query: sql, rows: result.length, fields: fields.length }
      : { query: sql, affected: result.affectedRows },
  )
  return result
}

async function failing(what: () => Promise<unknown>, entry: Done): Promise<void> {
  try {
    await what()
  } catch (error) {
    done.push({ ...entry, error: (error as { errno: number }).errno })
    return
  }
  throw new Error(`${entry.query} went well`)
}

/** Prepares once; `params` are what the event shows. */
async function execute(
  connection: Connection,
  sql: string,
  values: unknown[],
  params: string[],
  isNew = true,
): Promise<void> {
  if (isNew) done.push({ query: sql, method: 'PREPARE' })
  const [result] = await connection.execute<RowDataPacket[] | ResultSetHeader>(sql, values as never[])
  done.push({
    query: sql,
    params,
    ...(Array.isArray(result) ? { rows: result.length } : { affected: result.affectedRows }),
  })
}

const scenarios: Record<string, () => Promise<void>> = {
  async text() {
    const connection = await connect({ multipleStatements: true })
    await query(
      connection,
      'create or replace table item (id int primary key auto_increment, name varchar(50), price decimal(8,2))',
    )
    await query(
      connection,
      "insert into item (name, price) values ('nail', 1.25), ('screw', null), ('bölt', 3)",
    )
    await query(connection, 'select * from item')
    await query(connection, 'select * from item where id < 0')
    await query(connection, '/* why */ update item set price = 2 where id > 1')
    await query(connection, 'begin')
    await query(connection, 'delete from item where id = 1')
    await query(connection, 'rollback')
    await query(connection, `select ${Array.from({ length: 300 }, (_, i) => `${i} c${i}`).join(', ')}`)
    await query(connection, `select repeat('x', 70000), '${'y'.repeat(70_000)}'`)
    await failing(() => connection.query('select nothing'), { query: 'select nothing' })
    await failing(() => connection.query('selec 1'), { query: 'selec 1' })
    await connection.ping()
    done.push({ query: 'PING' })
    await connection.query('select 1; select 2 union select 3; set @a = 1')
    done.push({ query: 'select 1; select 2 union select 3; set @a = 1', rows: 3, fields: 1 })
    await query(
      connection,
      'create or replace procedure two(in a int, out b int) begin select a; select a + 1, 2; set b = 3; end',
    )
    await connection.query('call two(5, @b)')
    done.push({ query: 'call two(5, @b)', method: 'CALL', rows: 2, fields: 1 })
    await query(connection, 'use mysql')
    await connection.changeUser({ user: USER, password: PASSWORD, database: DATABASE })
    done.push({ query: `CHANGE_USER ${USER}`, user: USER, database: DATABASE })
    await query(connection, 'select database()')
    await connection.end()
  },

  async prepared() {
    const connection = await connect()
    const sql = 'select ? a, ? b, ? c, ? d, ? e'
    const date = new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 250))
    await execute(connection, sql, [1, 'two', null, 2.5, true], ['1', 'two', 'TYPE_NULL', '2.5', '1'])
    await execute(connection, sql, [null, null, null, null, null], new Array(5).fill('TYPE_NULL'), false)
    await execute(
      connection,
      sql,
      [-7, 'ü', Buffer.from('raw'), 1e300, ''],
      ['-7', 'ü', 'raw', '1e+300', ''],
      false,
    )
    const written = `2024/2/29 ${date.getHours()}:${date.getMinutes()}:15.250000`
    await execute(connection, 'select ?', [date], [written])
    await execute(connection, 'select ?', ['z'.repeat(20_000)], ['z'.repeat(20_000)], false)
    await execute(connection, 'set @a = ?', ['1'], ['1'])
    await connection.execute('select 1 where 1 = 0')
    done.push(
      { query: 'select 1 where 1 = 0', method: 'PREPARE' },
      { query: 'select 1 where 1 = 0', rows: 0 },
    )
    await failing(() => connection.execute('select ? from nowhere', [1]), {
      query: 'select ? from nowhere',
      method: 'PREPARE',
    })
    connection.unprepare(sql)
    await execute(connection, sql, [1, 2, 3, 4, 5], ['1', '2', '3', '4', '5'])
    await connection.end()
  },

  /** The same row by both protocols: the events' responses must be the same, too. */
  async types() {
    const connection = await connect()
    await query(
      connection,
      `create or replace table types (a tinyint, b tinyint unsigned, c smallint, d smallint unsigned, e mediumint, f int,
        g int unsigned, h bigint, i bigint unsigned, j float, k double, l decimal(20,5), m date, n datetime, o datetime(6),
        p timestamp null, q time, r time(6), s year, t char(5), u varchar(20), v text, w enum('x','y'), x set('p','q'),
        y json, z varchar(5))`,
    )
    await query(
      connection,
      `insert into types values (-128, 255, -32768, 65535, -8388608, -2147483648, 4294967295, -9223372036854775808,
        18446744073709551615, 0.1, -1.5, '-123456789.12345', '2024-02-29', '1999-12-31 23:59:59', '2000-01-01 00:00:00.000001',
        '2038-01-19 03:14:07', '-838:59:59', '01:02:03.000004', 2155, 'abc', 'dé, "f"', 'g', 'y', 'p,q', '{"a": 1}', null)`,
    )
    await query(connection, 'select * from types')
    await execute(connection, 'select * from types', [], undefined as never)
    await connection.end()
  },

  async compressed() {
    const connection = await connect({ compress: true })
    for (let i = 0; i < 20; i++) await query(connection, `select ${i}, repeat('abc', ${i * 100})`)
    await query(connection, 'select seq, repeat(seq, 20) from seq_1_to_20000')
    await query(connection, `select '${'q'.repeat(60_000)}', 1`)
    await execute(connection, 'select ? + 1', [41], ['41'])
    await failing(() => connection.query('select nothing'), { query: 'select nothing' })
    await connection.end()
  },

  async refused() {
    const wrong = { ...LOGIN }
    await failing(() => createConnection({ host, user: USER, password: 'wrong', database: DATABASE }), wrong)
    await failing(() => createConnection({ host, user: USER, password: PASSWORD, database: 'nowhere' }), {
      ...LOGIN,
      database: 'nowhere',
    })
    await failing(() => createConnection({ host, user: 'nobody', password: '' }), {
      query: 'LOGIN nobody',
      user: 'nobody',
    })
  },

  async infile() {
    const connection = await connect()
    await query(connection, 'create or replace table loaded (id int, name varchar(50))')
    const sql = "load data local infile 'made-up' into table loaded fields terminated by ','"
    const lines = Array.from({ length: 5000 }, (_, i) => `${i},name of ${i}\n`)
    const [result] = await connection.query<ResultSetHeader>({
      sql,
      infileStreamFactory: () => Readable.from(lines.map((line) => Buffer.from(line))),
    })
    done.push({ query: sql, affected: result.affectedRows })
    await query(connection, 'select count(*) from loaded')
    await connection.end()
  },

  /** Something of everything, little enough for a trace. */
  async little() {
    const connection = await connect({ multipleStatements: true })
    await query(
      connection,
      'create or replace table item (id int primary key auto_increment, name varchar(20), made datetime(3))',
    )
    await query(
      connection,
      "insert into item (name, made) values ('nail', '2024-02-29 12:00:00.5'), ('screw', null)",
    )
    await query(connection, 'select * from item')
    await failing(() => connection.query('select nothing'), { query: 'select nothing' })
    await execute(
      connection,
      'select name, made from item where id = ? and name like ?',
      [1, 'na%'],
      ['1', 'na%'],
    )
    await execute(
      connection,
      'select name, made from item where id = ? and name like ?',
      [null, ''],
      ['TYPE_NULL', ''],
      false,
    )
    await failing(() => connection.execute('select ? from nowhere', [1]), {
      query: 'select ? from nowhere',
      method: 'PREPARE',
    })
    await connection.query('select 1; set @a = 1; select 2, 3')
    done.push({ query: 'select 1; set @a = 1; select 2, 3', rows: 2 })
    const sql = "load data local infile 'made-up' into table item fields terminated by ','"
    await connection.query({
      sql,
      infileStreamFactory: () => Readable.from([Buffer.from('7,bolt,\\N\n8,nut,\\N\n')]),
    })
    done.push({ query: sql, affected: 2 })
    await query(connection, 'use mysql')
    await connection.changeUser({ user: USER, password: PASSWORD, database: DATABASE })
    done.push({ query: `CHANGE_USER ${USER}` })
    await connection.ping()
    done.push({ query: 'PING' })
    await connection.end()
  },

  async littleCompressed() {
    const connection = await connect({ compress: true })
    await query(connection, 'select 1')
    await query(connection, "select repeat('long', 5000), 2")
    await query(connection, `select '${'q'.repeat(9000)}'`)
    await execute(connection, 'select ? + 1', [41], ['41'])
    await connection.end()
  },

  /** Packets of 16 MB and more, in both directions. */
  async huge() {
    const connection = await connect()
    const sql = `select length('${'h'.repeat(17_000_000)}')`
    await connection.query(sql)
    done.push({ query: sql.slice(0, 1_048_575), rows: 1 })
    await query(connection, "select repeat('r', 17000000), 2")
    await connection.end()
  },

  /** Commands sent before those ahead of them are answered, as MariaDB's connectors do. */
  async pipelined() {
    const connection = await connect()
    const { stream } = (connection as unknown as { connection: { stream: NodeJS.ReadWriteStream } })
      .connection
    stream.removeAllListeners('data')
    let received = 0
    stream.on('data', (bytes: Buffer) => (received += bytes.length))
    const packets: Buffer[] = []
    const send = (code: number, body: Buffer | string) => {
      const payload = Buffer.concat([Buffer.of(code), Buffer.from(body as string)])
      packets.push(Buffer.of(payload.length & 0xff, payload.length >>> 8, 0, 0), payload)
    }
    for (let i = 0; i < 500; i++) {
      const sql = i % 50 === 7 ? `select nothing${i}` : `select ${i}, 'x' from seq_1_to_${1 + (i % 5)}`
      send(3, sql)
      done.push(i % 50 === 7 ? { query: sql, error: 1054 } : { query: sql, rows: 1 + (i % 5), fields: 2 })
    }
    // Id -1: the statement that was prepared last.
    send(0x16, 'select ? + 0 from seq_1_to_3')
    send(0x17, Buffer.of(255, 255, 255, 255, 0, 1, 0, 0, 0, 0, 1, 3, 0, 42, 0, 0, 0))
    send(0x0e, '')
    done.push(
      { query: 'select ? + 0 from seq_1_to_3', method: 'PREPARE' },
      { query: 'select ? + 0 from seq_1_to_3', params: ['42'], rows: 3 },
      { query: 'PING' },
    )
    stream.write(Buffer.concat(packets))
    for (let before = -1; received !== before; await sleep(300)) before = received
    stream.end()
    await once(stream, 'close')
  },
}

for (const name of names.split(',')) await scenarios[name]?.()
console.log(JSON.stringify(done))
