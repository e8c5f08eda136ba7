import { filled } from '../../events/fields.js'
import type { DnsWire } from '../../wire/dns.js'
import * as kinds from './kinds.js'
import { type Kind, several, textOf } from './kinds.js'
import { type Option, option, optionOf, shown } from './option.js'
import { optionName } from './option-names.js'

/** RFC 3361 §3: names or addresses, as the first byte says. */
const sipServers: Kind = {
  type: 'keyword',
  list: true,
  read(wire) {
    switch (wire.u8()) {
      case 0:
        return several(wire, (inner) => inner.name())
      case 1:
        return several(wire, (inner) => inner.ipv4())
      default:
        throw wire.malformed('neither names nor addresses')
    }
  },
}

/** RFC 2610 §3: whether no others may be asked, and their addresses. */
const directoryAgents: Kind = {
  type: 'ip',
  list: true,
  read(wire) {
    wire.skip(1)
    return several(wire, (inner) => inner.ipv4())
  },
}

/** RFC 2610 §4. */
const serviceScope: Kind = {
  type: 'keyword',
  read(wire) {
    wire.skip(1)
    return textOf(wire)
  },
}

/** RFC 2937: what to look names up with, by the number of the option that names its servers; 0: local files. */
const nameServices = kinds.allNamed((code) => (code === 0 ? 'Local Files' : optionName(code)), 2)

/** RFC 7291 §4: lists of addresses, each list one server. */
const pcpServers: Kind = {
  type: 'ip',
  list: true,
  read: (wire) =>
    several(wire, (outer) =>
      outer.within(outer.u8(), (server) => several(server, (inner) => inner.ipv4())),
    ).flat(),
}

/** RFC 8572 §8.3: URIs, each behind its length. */
const redirects: Kind = {
  type: 'keyword',
  list: true,
  read: (wire) => several(wire, (inner) => inner.utf8(inner.u16())),
}

/** A DNS resolver that encrypts. */
interface Resolver {
  name: string
  addresses: string[]
}

/** RFC 9463 §5.1: priority, authentication domain name, addresses, and service parameters. */
const resolver = (wire: DnsWire): Resolver =>
  wire.within(wire.u16(), (instance) => {
    instance.skip(2)
    const name = instance.within(instance.u8(), (inner) => inner.name())
    const addresses =
      instance.left === 0
        ? []
        : instance.within(instance.u8(), (inner) => several(inner, (one) => one.ipv4()))
    return { name, addresses }
  })

/** Servers that are told in ways of their own. */
export const services: readonly Option[] = [
  option(78, 'slp_directory_agents', directoryAgents, 'Directory agents of the Service Location Protocol.'),
  option(79, 'slp_service_scope', serviceScope, 'Scopes a Service Location Protocol agent shall use.'),
  option(117, 'name_service_search', nameServices, 'In which order to ask the name services.'),
  option(120, 'sip_servers', sipServers, 'Outbound SIP proxies, names or addresses.'),
  option(143, 'sztp_redirects', redirects, 'Bootstrap servers for secure zero-touch provisioning.'),
  option(158, 'pcp_servers', pcpServers, 'Servers of the Port Control Protocol.'),
  optionOf<Resolver[]>(162, (wire) => several(wire, resolver), {
    encrypted_dns_names: [
      shown.keywords,
      'Names of DNS resolvers that encrypt.',
      (resolvers) => resolvers.map(({ name }) => name),
    ],
    encrypted_dns_servers: [
      shown.ips,
      'Their addresses.',
      (resolvers) => filled(resolvers.flatMap(({ addresses }) => addresses)),
    ],
  }),
]
