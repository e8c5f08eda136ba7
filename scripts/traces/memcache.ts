import { join } from 'node:path'
import { memcached } from '../../test/live/support/memcache.js'
import type { Talk } from '../../test/live/support/record.js'

const clients = join(import.meta.dirname, '../../test/live/clients')

/** A client's scenario; the number of its transactions does not matter here. */
const talk = (name: string, scenario: string): Talk => ({
  port: 11211,
  serve: async (network) => void (await memcached(network)),
  run: async (network) => {
    const script = join(clients, `${name}.ts`)
    await network.ask([process.execPath, '--import', 'tsx', script, network.ip4, scenario])
    return 0
  },
})

export const talks: Readonly<Record<string, Talk>> = {
  text: talk('memcache-sockets', 'tcp'),
  udp: talk('memcache-sockets', 'udp'),
  memjs: talk('memjs', 'commands'),
}
