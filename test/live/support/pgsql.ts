import { execFileSync } from 'node:child_process'
import { appendFileSync, chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve } from './network.js'

export interface Pgsql {
  /** Of the user `shop` and the database `shop`. */
  password: string
  /** What the administrator asks, over a socket that no capture sees; answers the rows. */
  ask(sql: string): Promise<string>
}

// PostgreSQL refuses to be run by root.
const AS_POSTGRES = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups']

/** Starts PostgreSQL with a user and a database of the name `shop`. */
export async function pgsql(network: Network): Promise<Pgsql> {
  const home = folder()
  const [uid, gid] = idsOf('postgres')
  chownSync(home, uid, gid)
  const data = join(home, 'data')
  await network.ask([...AS_POSTGRES, 'initdb', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N', '-D', data])
  appendFileSync(join(data, 'pg_hba.conf'), 'host all all all scram-sha-256\n')
  const hba = join(data, 'pg_hba.conf')
  writeFileSync(hba, readFileSync(hba, 'utf8').replace(/^host(.*)trust$/gm, 'host$1scram-sha-256'))
  const settings = ['fsync=off', 'shared_buffers=16MB', 'listen_addresses=*', 'wal_level=logical']
  const options = settings.flatMap((setting) => ['-c', setting])
  await serve(network, [...AS_POSTGRES, 'postgres', '-D', data, '-k', home, ...options], 5432)
  const ask = (sql: string, database = 'postgres') =>
    network.ask(['psql', '-h', home, '-U', 'postgres', '-d', database, '-qAt', '-c', sql])
  const password = 'secret'
  await ask(`create role shop login replication password '${password}'`)
  await ask('create database shop owner shop')
  return { password, ask: (sql) => ask(sql, 'shop') }
}

const idsOf = (user: string): [number, number] => {
  const id = (option: string) => Number(execFileSync('id', [option, user], { encoding: 'utf8' }))
  return [id('-u'), id('-g')]
}
