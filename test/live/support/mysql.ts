import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { folder } from './folder.js'
import { path } from './needs.js'
import { type Network, serve } from './network.js'

export interface Mysql {
  /** Runs SQL over a socket that no capture sees; answers rows of values between tabs. */
  sql(text: string): Promise<string>
  /** How often each command was carried out since the last call, by the server's own count: `select`, `stmt_execute`... */
  counted(): Promise<Record<string, number>>
}

export const USER = 'tester'
export const PASSWORD = 'secret'
export const DATABASE = 'shop'

/** MariaDB with a database and a user who may do everything. */
export async function mysql(network: Network): Promise<Mysql> {
  const home = folder()
  const data = join(home, 'data')
  const socket = join(home, 'socket')
  const options = ['--no-defaults', '--user=root', `--datadir=${data}`, '--innodb-log-file-size=8M']
  execFileSync('mariadb-install-db', [...options, '--auth-root-authentication-method=normal'], {
    env: { ...process.env, PATH: path },
    stdio: 'pipe',
  })
  const listening = [
    `--socket=${socket}`,
    '--port=3306',
    '--bind-address=*',
    `--pid-file=${join(home, 'pid')}`,
  ]
  const quick = ['--innodb-buffer-pool-size=16M', '--innodb-flush-log-at-trx-commit=0', '--local-infile=1']
  await serve(network, ['mariadbd', ...options, ...listening, ...quick, '--max-allowed-packet=64M'], 3306)
  const sql = (text: string) => network.ask(['mariadb', '--no-defaults', '-N', '-B', '-S', socket], text)
  await sql(`create database ${DATABASE}; create user ${USER} identified by '${PASSWORD}';
    grant all on *.* to ${USER}; drop user ''@localhost; drop user ''@'${await hostname(network)}';`)
  let before: Record<string, number> = {}
  const status = async () =>
    Object.fromEntries(
      (await sql("show global status like 'Com\\_%'"))
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t'))
        .map(([name = '', count]) => [name.slice('Com_'.length), Number(count)]),
    )
  const counted = async () => {
    const now = await status()
    const changed = Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
    before = now
    // Our own, from the call before.
    return Object.fromEntries(changed.filter(([name, count]) => count > 0 && name !== 'show_status'))
  }
  return { sql, counted }
}

const hostname = async (network: Network): Promise<string> => (await network.ask(['hostname'])).trim()
