// What test/traces/thrift is recorded of: Apache Thrift's own library for Node, in all that it can speak, and that for Python with headers.
import { join } from 'node:path'
import type { Network } from '../../test/live/support/network.js'
import type { Talk } from '../../test/live/support/record.js'
import { generated, thrift, withHeaders } from '../../test/live/support/thrift.js'

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

function headed(): Talk {
  let ask: Awaited<ReturnType<typeof withHeaders>> | undefined
  return {
    port: PORT,
    serve: async (network) => {
      ask = await withHeaders(network, PORT)
    },
    run: async () => (await ask?.('compact', 'zlib'))?.length ?? 0,
  }
}

export const talks: Readonly<Record<string, Talk>> = {
  'buffered-binary': talk('buffered', 'binary'),
  'framed-binary': talk('framed', 'binary'),
  'buffered-compact': talk('buffered', 'compact'),
  'framed-compact': talk('framed', 'compact'),
  'header-compact-zlib': headed(),
  multiplexed: talk('framed', 'multiplexed'),
  json: talk('buffered', 'json'),
}
