import { cassandra, node, python } from '../../test/live/support/cassandra.js'
import type { Talk } from '../../test/live/support/record.js'

const server = { port: 9042, serve: cassandra }

/** By name: DataStax's drivers for Node, with a login that is refused, and for Python in three ways to frame. */
export const talks: Record<string, Talk> = {
  'node-driver': {
    ...server,
    async run(network) {
      const { length } = await node(network, 'short')
      return length + (await node(network, 'denied')).length
    },
  },
  'python-driver': {
    ...server,
    async run(network) {
      let transactions = 0
      for (const how of ['4 lz4', '5 none', '5 lz4'])
        transactions += (await python(network, ...(how.split(' ') as [string, string]), 'small')).length
      return transactions
    },
  },
}
