import type { DnsWire } from '../../wire/dns.js'
import { type Kind, several } from './kinds.js'

/** RFC 3442: a prefix length, as many bytes of the network as it needs, and a router. */
function classless(wire: DnsWire): string {
  const length = wire.u8()
  if (length > 32) throw wire.malformed(`a prefix of ${length} bits`)
  const network = [0, 0, 0, 0]
  for (let at = 0; at < Math.ceil(length / 8); at++) network[at] = wire.u8()
  return `${network.join('.')}/${length} via ${wire.ipv4()}`
}

/** As `10.0.0.0/8 via 192.0.2.1`. */
export const classlessRoutes: Kind = {
  type: 'keyword',
  list: true,
  read: (wire) => several(wire, classless),
}

/** RFC 2132 §5.8: the mask is that of the address's class. As `10.0.0.0 via 192.0.2.1`. */
export const staticRoutes: Kind = {
  type: 'keyword',
  list: true,
  size: 8,
  read: (wire) => several(wire, (inner) => `${inner.ipv4()} via ${inner.ipv4()}`),
}

/** RFC 2132 §4.3: as `10.0.0.0 mask 255.0.0.0`. */
export const policyFilters: Kind = {
  type: 'keyword',
  list: true,
  size: 8,
  read: (wire) => several(wire, (inner) => `${inner.ipv4()} mask ${inner.ipv4()}`),
}
