import { join } from 'node:path'
import { memcached } from '../../test/live/support/memcache.js'
import type { Talk } from '../../test/live/support/record.js'

const client = join(import.meta.dirname, '../../test/live/clients/memcache-load.ts')
const CONNECTIONS = '40'
const OPERATIONS = '300000'

const command = (host: string) => [process.execPath, '--import', 'tsx', client, host, CONNECTIONS, OPERATIONS]

/** Gets, sets, counters and gets of several keys, of values of 100 bytes, one after the other on 40 connections. */
export const load: Talk = {
  port: 11211,
  serve: async (network) => {
    await memcached(network)
    await network.ask([...command(network.ip4), 'fill'])
  },
  run: async (network) => Number(await network.ask(command(network.ip4))),
}
