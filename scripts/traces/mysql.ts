import { join } from 'node:path'
import { DATABASE, mysql, PASSWORD, USER } from '../../test/live/support/mysql.js'
import type { Network } from '../../test/live/support/network.js'
import type { Talk } from '../../test/live/support/record.js'

const client = join(import.meta.dirname, '../../test/live/clients/mysql2.ts')

const serve = async (network: Network): Promise<void> => void (await mysql(network))

/** What the driver does, by the scenarios of its script. */
const driven = (...scenarios: string[]): Talk => ({
  port: 3306,
  serve,
  run: async (network) => {
    const said = await network.ask([
      process.execPath,
      '--import',
      'tsx',
      client,
      network.ip4,
      scenarios.join(),
    ])
    return (JSON.parse(said) as unknown[]).length
  },
})

const statements = ['select 1, null', 'show databases', 'selec', 'select user()']

export const talks: Record<string, Talk> = {
  'mysql2-mariadb': driven('little', 'refused'),
  'mysql2-compressed': driven('littleCompressed'),
  'mariadb-mariadb': {
    port: 3306,
    serve,
    run: async (network) => {
      const at = ['-h', network.ip6, `-u${USER}`, `-p${PASSWORD}`, '--skip-ssl', '--force']
      await network
        .ask(['mariadb', '--no-defaults', ...at, DATABASE], `${statements.join(';')};`)
        .catch(() => {})
      // The login, and what the client asks by itself.
      return statements.length + 2
    },
  },
}
