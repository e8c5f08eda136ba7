import { after, before, describe } from 'node:test'
import type { Engine } from './capture.js'
import { lacking } from './needs.js'
import { type Link, Network } from './network.js'

export const engines: readonly Engine[] = ['af_packet', 'pcap']
const links: readonly Link[] = ['lo', 'veth']

/** Where the tests are made, and the server that is there. */
export interface Place<S> {
  network: Network
  server: S
}

/**
 * Describes tests for each engine on each link. `prepare` starts the servers, once a link. `tests` may ask for the place
 * only when its tests run.
 */
export function everywhere<S>(
  what: string,
  tools: readonly string[],
  prepare: (network: Network) => Promise<S>,
  tests: (engine: Engine, place: () => Place<S>, link: Link) => void,
): void {
  const skip = lacking(...tools)
  for (const link of links)
    describe(`${what} on ${link}`, { skip }, () => {
      let place: Place<S> | undefined
      before(async () => {
        const network = new Network(link)
        place = { network, server: await prepare(network) }
      })
      after(() => place?.network.remove())
      for (const engine of engines)
        describe(`by ${engine}`, () =>
          tests(
            engine,
            () => {
              if (place === undefined) throw new Error('the servers did not start')
              return place
            },
            link,
          ))
    })
}
