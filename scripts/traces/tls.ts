import { join } from 'node:path'
import type { Network } from '../../test/live/support/network.js'
import type { Talk } from '../../test/live/support/record.js'
import { ports, type TlsServers, tls } from '../../test/live/support/tls.js'

const client = join(import.meta.dirname, '../../test/live/clients/tls.ts')

let servers: TlsServers | undefined

/** What Node’s client says to OpenSSL and nginx, by the scenarios of its script. */
const driven = (port: number, ...scenarios: string[]): Talk => ({
  port,
  serve: async (network: Network) => {
    servers = await tls(network)
  },
  run: async (network) => {
    const words = [network.ip4, servers?.home ?? '', scenarios.join()]
    const said = await network.ask([process.execPath, '--import', 'tsx', client, ...words])
    return (JSON.parse(said) as unknown[]).length
  },
})

export const talks: Record<string, Talk> = {
  'node-nginx': driven(ports.web, 'resumed12', 'resumed13', 'httpToTls'),
  'node-openssl-10': driven(ports.old, 'old10', 'noSharedCipher'),
  'node-openssl-retried': driven(ports.retry, 'retried', 'wrongVersion'),
  'node-openssl-mutual-12': driven(ports.mutual, 'mutual12', 'unknownClient12'),
  'node-openssl-mutual-13': driven(ports.mutual13, 'mutual13', 'unknownClient13'),
  'client-resets': driven(ports.silent, 'reset'),
  'early-data': driven(ports.web, 'early'),
}
