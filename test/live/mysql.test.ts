import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Done } from './clients/mysql2.js'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import { DATABASE, mysql, PASSWORD, USER } from './support/mysql.js'
import type { Network } from './support/network.js'

const protocols = [{ type: 'mysql', send_response: true }]
const client = join(import.meta.dirname, 'clients/mysql2.ts')

/** Runs scenarios of the driver, and answers what it did. */
async function drive(network: Network, host: string, ...scenarios: string[]): Promise<Done[]> {
  return JSON.parse(await network.ask([process.execPath, '--import', 'tsx', client, host, scenarios.join()]))
}

/** An event as the driver would tell it: with those properties alone that `done` has. */
function told(event: Event, done: Done): Done {
  const { mysql } = event
  const all: Done = {
    query: event.query,
    method: event.method,
    params: event.params,
    rows: mysql.num_rows,
    fields: mysql.num_fields,
    affected: mysql.affected_rows,
    error: mysql.error_code,
    user: event.user?.name,
    database: mysql.database,
  }
  return Object.fromEntries(Object.keys(done).map((key) => [key, all[key as keyof Done]])) as unknown as Done
}

/** That there is one event for each thing done, in its order, and that it says the same. */
function sameAs(events: readonly Event[], done: readonly Done[]): void {
  for (const [at, each] of done.entries()) deepEqual(told(events[at] ?? { mysql: {} }, each), each)
  equal(events.length, done.length)
  const failed = done.filter(({ error }) => error !== undefined).length
  equal(events.filter(({ status }) => status === 'Error').length, failed)
}

everywhere(
  'MySQL',
  ['mariadbd', 'mariadb-install-db', 'mariadb', 'mariadb-slap', 'sysbench'],
  mysql,
  (engine, place) => {
    const scenarios = [
      'text',
      'prepared',
      'compressed',
      'refused',
      'infile',
      'pipelined',
      'little',
      'littleCompressed',
    ]
    test('what a driver did is what the events say', async () => {
      const { network } = place()
      const done: Done[] = []
      const result = await Capture.during(network, { engine, protocols }, async () => {
        done.push(...(await drive(network, network.ip4, ...scenarios)))
        done.push(...(await drive(network, network.ip6, 'text')))
      })
      sameAs(result.events, done)
      const logins = result.events.filter(({ method }) => method === 'LOGIN')
      ok(logins.length > 0)
      for (const { mysql } of logins) ok(mysql.server_version.includes('MariaDB'))
      wentWell(result)
    })

    test('values of all types read the same in both protocols', async () => {
      const { network } = place()
      let done: Done[] = []
      const result = await Capture.during(network, { engine, protocols }, async () => {
        done = await drive(network, network.ip4, 'types')
      })
      sameAs(result.events, done)
      const [text, binary] = result.events.filter(
        ({ query, method }) => /types$/.test(query) && method === 'SELECT',
      )
      ok(text.response.includes('-9223372036854775808,18446744073709551615,0.1,'))
      equal(binary.response, text.response)
      wentWell(result)
    })

    test('a load tool’s statements: one event for each that the server counted', async () => {
      const { network, server } = place()
      await server.sql('create database if not exists load_test')
      const at = ['-h', network.ip4, `-u${USER}`, `-p${PASSWORD}`]
      const bench = [
        `--mysql-host=${network.ip4}`,
        `--mysql-user=${USER}`,
        `--mysql-password=${PASSWORD}`,
        '--mysql-db=load_test',
      ]
      const sysbench = (...words: string[]) =>
        network.ask([
          'sysbench',
          'oltp_read_write',
          ...bench,
          '--tables=1',
          '--table-size=100',
          '--threads=4',
          '--time=0',
          ...words,
        ])
      await server.counted()
      const result = await Capture.during(network, { engine, protocols }, async () => {
        await sysbench('prepare')
        await sysbench('--events=100', '--db-ps-mode=auto', 'run')
        await sysbench('--events=50', '--db-ps-mode=disable', 'run')
        const slap = [
          '--auto-generate-sql',
          '--concurrency=4',
          '--number-of-queries=400',
          '--create-schema=slap',
        ]
        await network.ask(['mariadb-slap', '--no-defaults', ...at, ...slap])
        await network
          .ask(['mariadb', '--no-defaults', ...at, DATABASE], 'select 1; select 2; selec 3')
          .catch(() => {})
      })
      const counted = await server.counted()
      const executed = result.events.filter(({ method }) => method !== 'PREPARE' && method !== 'LOGIN')
      for (const verb of ['select', 'insert', 'update', 'delete', 'begin', 'commit'])
        equal(count(executed, verb.toUpperCase()), counted[verb] ?? 0, verb)
      equal(count(result.events, 'PREPARE'), counted.stmt_prepare)
      equal(executed.filter(({ params }) => params !== undefined).length > 0, true)
      wentWell(result)
    })
  },
)

const count = (events: readonly Event[], wanted: string): number =>
  events.filter(({ method }) => method === wanted).length
