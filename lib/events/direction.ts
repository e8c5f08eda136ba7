import { networkInterfaces } from 'node:os'
import { binding } from '../binding.js'
import { isLinkLocal, isLoopback, type NetworkMatcher } from '../net/networks.js'
import type { DirectionOf } from './common.js'

// Addresses come and go with DHCP, VPNs and containers. The system tells of it, and to ask it costs a system call.
const ASK_MILLISECONDS = 100
// Where it does not tell they are read anew that often.
const REFRESH_MILLISECONDS = 10_000

/**
 * Tells `network.direction`. This machine's addresses decide first, and are read anew while it runs; then `internal`,
 * where it is configured: `internal_networks`.
 */
export function directionOf(internal: NetworkMatcher | undefined): DirectionOf {
  let own = new Set<string>()
  let asked = Number.NEGATIVE_INFINITY
  let read = Number.NEGATIVE_INFINITY
  const isOurs = (ip: string): boolean => {
    const now = performance.now()
    if (now - asked > ASK_MILLISECONDS) {
      asked = now
      if (now - read > REFRESH_MILLISECONDS || (isTold && binding.addressesChanged())) {
        own = ownAddresses()
        read = now
      }
    }
    return isLoopback(ip) || isLinkLocal(ip) || own.has(ip)
  }
  return (source, destination) => {
    if (isOurs(destination)) return 'ingress'
    if (isOurs(source)) return 'egress'
    if (internal === undefined) return 'unknown'
    const from = internal(source)
    const to = internal(destination)
    return from ? (to ? 'internal' : 'outbound') : to ? 'inbound' : 'external'
  }
}

const isTold = process.platform === 'linux'

const ownAddresses = (): Set<string> =>
  new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address),
  )
