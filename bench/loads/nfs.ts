import { join } from 'node:path'
import { type Nfs, nfs, PORT } from '../../test/live/support/nfs.js'
import type { Talk } from '../../test/live/support/record.js'

const client = join(import.meta.dirname, '../../test/live/clients/nfs-load.ts')
const CONNECTIONS = '20'
const CALLS = '150000'

let server: Nfs

/** LOOKUP, WRITE and READ of 4096 bytes, and GETATTR, in turn; half of the connections speak NFSv3, half NFSv4.0. */
export const load: Talk = {
  port: PORT,
  serve: async (network) => {
    server = await nfs(network)
  },
  run: async (network) => {
    const words = [network.ip4, server.exported, CONNECTIONS, CALLS]
    return Number(await network.ask([process.execPath, '--import', 'tsx', client, ...words]))
  },
}
