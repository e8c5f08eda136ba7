import { join } from 'node:path'
import { PORT, rabbitmq } from '../../test/live/support/amqp.js'
import { root } from '../../test/live/support/needs.js'
import { start } from '../../test/live/support/processes.js'
import type { Talk } from '../../test/live/support/record.js'

const CONNECTIONS = '20'
const MESSAGES = '150000'

/** Messages of 100 bytes, published, delivered and acknowledged, on 20 connections: three transactions each. */
export const load: Talk = {
  port: PORT,
  serve: rabbitmq,
  async run(network) {
    const script = join(root, 'test/live/clients/amqp-load.ts')
    // It takes longer than what a test asks.
    const client = start(network.client, [
      process.execPath,
      ...['--import', 'tsx', script, network.ip4, CONNECTIONS, MESSAGES],
    ])
    if ((await client.ended) !== 0) throw new Error(client.stderr())
    return Number(client.stdout())
  },
}
