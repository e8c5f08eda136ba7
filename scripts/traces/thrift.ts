// What test/traces/thrift is recorded of: Apache Thrift's own library for Node, in all that it can speak.
import { join } from 'node:path'
import type { Network } from '../../test/live/support/network.js'
import type { Talk } from '../../test/live/support/record.js'
import { generated, thrift } from '../../test/live/support/thrift.js'

const PORT = 9090
const client = join(import.meta.dirname, '../../test/live/clients/thrift.ts')

function talk(transport: string, protocol: string): Talk {
  let code = ''
  return {
    port: PORT,
    serve: async (network: Network) => {
      code = generated()
      await thrift(network, code, `${PORT}:${transport}:${protocol}`)
    },
    run: async (network) => {
      const words = [network.ip4, String(PORT), transport, protocol, code, 'short']
      return (
        JSON.parse(await network.ask([process.execPath, '--import', 'tsx', client, ...words])) as unknown[]
      ).length
    },
  }
}

export const talks: Readonly<Record<string, Talk>> = {
  'buffered-binary': talk('buffered', 'binary'),
  'framed-binary': talk('framed', 'binary'),
  'buffered-compact': talk('buffered', 'compact'),
  'framed-compact': talk('framed', 'compact'),
  multiplexed: talk('framed', 'multiplexed'),
  json: talk('buffered', 'json'),
}
