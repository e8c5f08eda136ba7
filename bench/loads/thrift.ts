import { join } from 'node:path'
import { serve } from '../../test/live/support/network.js'
import { start } from '../../test/live/support/processes.js'
import type { Talk } from '../../test/live/support/record.js'

const PORT = 9090
const CONNECTIONS = 20
const CALLS = 150_000

const program = [process.execPath, '--import', 'tsx', join(import.meta.dirname, '../clients/thrift.ts')]

/** Small structures, half of them in frames. */
export const load: Talk = {
  port: PORT,
  serve: (network) => serve(network, [...program, 'serve', String(PORT)], PORT),
  run: async (network) => {
    const words = [network.ip4, String(PORT), String(CONNECTIONS), String(CALLS)]
    const running = start(network.client, [...program, ...words])
    if ((await running.ended) !== 0) throw new Error(running.stderr())
    return CALLS
  },
}
