// What the traces of test/traces/pgsql are made of: today's driver and pgbench, and PostgreSQL.
import { join } from 'node:path'
import { folder } from '../../test/live/support/folder.js'
import { type Network, write } from '../../test/live/support/network.js'
import { pgsql } from '../../test/live/support/pgsql.js'
import type { Talk } from '../../test/live/support/record.js'

const client = join(import.meta.dirname, '../../test/live/clients/pgsql.ts')
const port = 5432

const serve = async (network: Network) => void (await pgsql(network))

/** A scenario of the live tests' client. */
const driver = (scenario: string): Talk => ({
  port,
  serve,
  run: async (network) => {
    const did = await network.ask([process.execPath, '--import', 'tsx', client, network.ip4, scenario])
    return JSON.parse(did).length
  },
})

const lines = [
  '\\set n random(1, 5)',
  '\\startpipeline',
  'begin;',
  'select n from generate_series(1, :n) n;',
  'select :n / 0;',
  'end;',
  '\\endpipeline',
]

export const talks: Record<string, Talk> = {
  'node-postgres-small': driver('small'),
  'node-postgres-notified': driver('notified'),
  'node-postgres-cancelled': driver('cancelled'),
  'node-postgres-refused': driver('refused'),
  'pgbench-pipeline': {
    port,
    serve,
    run: async (network) => {
      const script = write(join(folder(), 'script'), `${lines.join('\n')}\n`)
      const options = ['-h', network.ip4, '-U', 'shop', '-n', '-M', 'prepared', '-t', '2', '-f', script]
      // The division fails, which ends pgbench.
      await network.ask(['env', 'PGPASSWORD=secret', 'pgbench', ...options, 'shop']).catch(() => undefined)
      return 4
    },
  },
}
