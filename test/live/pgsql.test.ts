import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Capture, type Engine, type Event } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import { type Network, write } from './support/network.js'
import { type Pgsql, pgsql } from './support/pgsql.js'

const client = join(import.meta.dirname, 'clients/pgsql.ts')
const protocols = [{ type: 'pgsql' }]

/** What a client did in these scenarios, by its own account. */
const asked = async (network: Network, host: string, ...scenarios: string[]) =>
  JSON.parse(await network.ask([process.execPath, '--import', 'tsx', client, host, ...scenarios])) as Event[]

/** An event in the client's words. */
function seen({ method, query, params, resource, response, pgsql }: Event) {
  const words: Record<string, string> = {
    LOGIN: 'LOGIN',
    CANCEL: `CANCEL ${pgsql.process_id}`,
    NOTIFICATION: `NOTIFICATION ${resource} ${response}`,
  }
  return {
    query: words[method] ?? query,
    params: params ?? null,
    rows: pgsql.num_rows ?? 0,
    affected: pgsql.affected_rows ?? 0,
    error: pgsql.error_code ?? null,
  }
}

const wellLoggedIn = ({ method, status }: Event) => method === 'LOGIN' && status === 'OK'

everywhere('PostgreSQL', ['postgres', 'pgbench', 'psql', 'setpriv'], pgsql, (engine, place) => {
  test('what a driver did is what the events say: statements, parameters, rows and errors', async () => {
    const { network } = place()
    const settings = { engine, protocols: [{ type: 'pgsql', send_response: true }] }
    const did: Event[] = []
    const result = await Capture.during(network, settings, async () => {
      did.push(...(await asked(network, network.ip4, 'queries', 'binary', 'cursor', 'copy')))
      did.push(...(await asked(network, network.ip6, 'refused', 'notified', 'cancelled')))
    })
    const inOrder = (events: Event[]) => events.map((event) => JSON.stringify(event)).sort()
    const { events } = result
    deepEqual(inOrder(events.filter((event) => !wellLoggedIn(event)).map(seen)), inOrder(did))
    equal(events.filter(wellLoggedIn).length, 7)
    for (const { method, pgsql, user } of events)
      if (method !== 'CANCEL')
        deepEqual([user.name, pgsql.database, pgsql.application_name], ['shop', 'shop', 'live'])
    deepEqual(
      events.filter(({ method }) => method === 'DO').map(({ pgsql }) => pgsql.notices),
      [['WARNING: careful; now']],
    )
    const answers = events.filter(({ query }) => /as b, |n::int8/.test(query)).map(({ response }) => response)
    const numbers = Array.from({ length: 10 }, (_, n) => `${n + 1}\n`).join('')
    deepEqual(answers, ['i,t,b,f\n-7,tëxt,t,2.5\n', `n\n${numbers}`], 'binary values, as text')
    wentWell(result)
  })

  test('every transaction of pgbench is there, in all modes', async () => {
    const { network, server } = place()
    const modes = ['simple', 'extended', 'prepared'].map((mode) => ['-S', '-M', mode, '-c', '4', '-t', '100'])
    const { counted, result } = await bench(network, server, engine, modes)
    const selects = result.events.filter(({ query }) => /^SELECT abalance/.test(query))
    const executed = selects.filter(({ method }) => method === 'SELECT')
    equal(executed.length, counted)
    equal(selects.length - executed.length, 4, 'each client in prepared mode parses once')
    for (const { pgsql, query, params, status } of executed) {
      deepEqual([status, pgsql.num_rows, pgsql.num_fields], ['OK', 1, 1])
      ok(/aid = \d+$/.test(query) ? params === undefined : /aid = \$1$/.test(query) && params.length === 1)
    }
    equal(executed.filter(({ params }) => params).length, (2 * counted) / 3)
    equal(executed.filter(({ pgsql: { statement } }) => statement).length, counted / 3)
    wentWell(result)
  })

  test('in a pipeline each statement has its own answer', async () => {
    const { network, server } = place()
    const lines = [
      '\\set n random(1, 50)',
      '\\startpipeline',
      'begin;',
      'select :n as n;',
      'select n from generate_series(1, :n) n;',
      'select n from generate_series(1, 3) n;',
      'end;',
      '\\endpipeline',
    ]
    const script = write(join(folder(), 'script'), `${lines.join('\n')}\n`)
    const modes = ['extended', 'prepared'].map((mode) => ['-f', script, '-M', mode, '-c', '2', '-t', '50'])
    const { counted, result } = await bench(network, server, engine, modes)
    const executed = result.events.filter(({ method }) => ['BEGIN', 'SELECT', 'END'].includes(method))
    const pipelined = executed.filter(({ query }) => !/pgbench|pg_catalog/.test(query))
    equal(pipelined.length, 5 * counted)
    for (const { query, params, pgsql } of pipelined)
      if (query === 'select n from generate_series(1, $1) n') equal(pgsql.num_rows, Number(params[0]))
      else if (/^select/.test(query)) equal(pgsql.num_rows, /3/.test(query) ? 3 : 1)
      else equal(pgsql.num_rows, 0)
    wentWell(result)
  })
})

/** How many transactions pgbench counted, and what was captured of them. */
async function bench(network: Network, server: Pgsql, engine: Engine, runs: string[][]) {
  const tables = await server.ask("select count(*) from pg_class where relname = 'pgbench_accounts'")
  const pgbench = (...words: string[]) =>
    network.ask([
      'env',
      `PGPASSWORD=${server.password}`,
      'pgbench',
      '-h',
      network.ip4,
      '-U',
      'shop',
      ...words,
      'shop',
    ])
  if (tables.trim() === '0') await pgbench('-i', '-q')
  let counted = 0
  const result = await Capture.during(network, { engine, protocols }, async () => {
    for (const options of runs) {
      const said = await pgbench('-n', ...options)
      counted += Number(/actually processed: (\d+)/.exec(said)?.[1])
    }
  })
  return { counted, result }
}
