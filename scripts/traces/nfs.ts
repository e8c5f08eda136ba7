import { join } from 'node:path'
import { folder } from '../../test/live/support/folder.js'
import { type Network, write } from '../../test/live/support/network.js'
import { type Nfs, nfs, PORT, tool } from '../../test/live/support/nfs.js'
import type { Talk } from '../../test/live/support/record.js'

/** What clients say; the number of their transactions does not matter here. */
const talk = (say: (network: Network, server: Nfs) => Promise<unknown>): Talk => {
  let server: Nfs
  return {
    port: PORT,
    serve: async (network) => {
      server = await nfs(network)
    },
    run: async (network) => {
      await say(network, server)
      return 0
    },
  }
}

const script = (network: Network, name: string, ...words: string[]): Promise<string> => {
  const file = join(import.meta.dirname, '../../test/live/clients', `${name}.ts`)
  return network.ask([process.execPath, '--import', 'tsx', file, network.ip4, ...words])
}

const v3 = (scenario: string): Talk =>
  talk((network, { exported }) => script(network, 'nfs', exported, String(0x0a000000), scenario))

export const talks: Readonly<Record<string, Talk>> = {
  'v3-tcp': v3('tcp:day'),
  'v3-udp': v3('udp:twice'),
  'v3-refused': v3('tcp:refused'),
  'v42-session': talk((network) => script(network, 'nfs41')),
  'libnfs-v4': talk(async (network, server) => {
    const [list, copy, show] = ['nfs-ls', 'nfs-cp', 'nfs-cat'].map((name) => tool(network, server, name, 4))
    const file = write(join(folder(), 'letter'), 'Dear Ann,\n')
    await copy?.(file, 'letter')
    await list?.('')
    await show?.('letter')
  }),
}
