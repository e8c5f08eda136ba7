import { join } from 'node:path'
import type { Cut } from '../../outputs/support/fake-server.js'
import { root } from './needs.js'
import { type Network, serve } from './network.js'

/** Starts a relay on `port` before a server on `target`, which resets its first connections as `cuts` says. */
export const relay = (
  network: Network,
  port: number,
  target: number,
  cuts: readonly Cut[],
): Promise<void> => {
  const script = join(root, 'test/live/servers/cutting-relay.ts')
  const words = [String(port), String(target), JSON.stringify(cuts)]
  return serve(network, [process.execPath, '--import', 'tsx', script, ...words], port)
}
