import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve } from './network.js'

export interface Redis {
  /** How often each command was called since the last call, by the server's own count. */
  counted(): Promise<Record<string, number>>
}

export async function redis(network: Network): Promise<Redis> {
  // What is said over this socket no capture sees.
  const socket = join(folder(), 'redis')
  const options = ['--save', '', '--appendonly', 'no', '--protected-mode', 'no', '--unixsocket', socket]
  await serve(network, ['redis-server', '--port', '6379', ...options], 6379)
  const counted = async () => {
    const said = await network.ask(['redis-cli', '-s', socket, 'INFO', 'commandstats'])
    await network.ask(['redis-cli', '-s', socket, 'CONFIG', 'RESETSTAT'])
    const calls = said.matchAll(/^cmdstat_(\S+?):calls=(\d+),.*?rejected_calls=(\d+)/gm)
    return Object.fromEntries(
      [...calls]
        .map(
          ([, name, done, rejected]) =>
            [String(name).replace('|', ' '), Number(done) + Number(rejected)] as const,
        )
        // Our own, from the call before.
        .filter(([name]) => name !== 'config resetstat')
        .sort(),
    )
  }
  return { counted }
}
