import { join } from 'node:path'
import { mongodb, PORT } from '../../test/live/support/mongodb.js'
import { start } from '../../test/live/support/processes.js'
import type { Talk } from '../../test/live/support/record.js'

const TRANSACTIONS = 150_000

/** Small documents, most of them found by their id. */
export const load: Talk = {
  port: PORT,
  serve: mongodb,
  run: async (network) => {
    const client = join(import.meta.dirname, '../clients/mongodb.ts')
    const words = [network.ip4, String(PORT), String(TRANSACTIONS)]
    const running = start(network.client, [process.execPath, '--import', 'tsx', client, ...words])
    if ((await running.ended) !== 0) throw new Error(running.stderr())
    return TRANSACTIONS
  },
}
