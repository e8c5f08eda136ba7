import { join } from 'node:path'
import { cassandra } from '../../test/live/support/cassandra.js'
import { root } from '../../test/live/support/needs.js'
import type { Network } from '../../test/live/support/network.js'
import { start } from '../../test/live/support/processes.js'
import type { Talk } from '../../test/live/support/record.js'

const OPERATIONS = 150_000

/** Inserts and selects of small rows, prepared, from eight connections with two dozen requests under way on each. */
export const load: Talk = {
  port: 9042,
  serve: cassandra,
  async run(network: Network) {
    const script = join(root, 'test/live/clients/cassandra-load.ts')
    // It takes longer than what a test asks.
    const client = start(network.client, [
      process.execPath,
      ...['--import', 'tsx', script, network.ip4, String(OPERATIONS)],
    ])
    if ((await client.ended) !== 0) throw new Error(client.stderr())
    return Number(client.stdout())
  },
}
