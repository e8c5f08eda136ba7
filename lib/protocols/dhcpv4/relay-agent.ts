import type { Value } from '../../events/fields.js'
import type { DnsWire } from '../../wire/dns.js'
import { duid } from './identifiers.js'
import * as kinds from './kinds.js'
import { fits, type Kind } from './kinds.js'
import { type Option, optionOf, type Part, shown } from './option.js'

/** RFC 6607 §4: a virtual subnet by its name or, in hexadecimal, its VPN identifier. */
export const virtualSubnet: Kind = {
  type: 'keyword',
  read(wire) {
    switch (wire.u8()) {
      case 0:
        return kinds.readable(wire)
      case 1:
        return wire.hex(wire.left)
      case 255:
        return 'global'
      default:
        throw wire.malformed('an unknown type of virtual subnet')
    }
  },
}

const opaque: Kind = { type: 'keyword', read: kinds.readable }
const relayId: Kind = { type: 'keyword', read: (wire) => duid(wire).id }
const casting: Kind = {
  type: 'keyword',
  size: 1,
  read: (wire) => (wire.u8() & 0x80 ? 'unicast' : 'broadcast'),
}

/** IANA, "DHCP Relay Agent Sub-Option Codes". */
const subOptions: readonly (readonly [code: number, name: string, kind: Kind, description: string])[] = [
  [1, 'circuit_id', opaque, 'The port or circuit the client is at; in hexadecimal unless it is text.'],
  [
    2,
    'remote_id',
    opaque,
    'The other end of that circuit, such as a modem; in hexadecimal unless it is text.',
  ],
  [4, 'device_class', kinds.number, 'DOCSIS device class.'], // RFC 3256
  [5, 'link_selection', kinds.address, 'A subnet the client is on, where it is not that of the relay agent.'], // RFC 3527
  [6, 'subscriber_id', opaque, 'Whose client it is; in hexadecimal unless it is text.'], // RFC 3993
  [10, 'flags', casting, 'How the message came to the relay agent: unicast or broadcast.'], // RFC 5010
  [
    11,
    'server_identifier_override',
    kinds.address,
    'What the client shall take for the address of its server.',
  ], // RFC 5107
  [12, 'relay_id', relayId, 'DUID of the relay agent.'], // RFC 6925
  [19, 'source_port', kinds.word, 'Port of the relay agent, where it is not 67.'], // RFC 8357
  [151, 'vss', virtualSubnet, 'Virtual subnet (VPN) of the client.'], // RFC 6607
]

const byCode = new Map(subOptions.map((each) => [each[0], each]))

/** By the names of the sub-options. */
type RelayAgent = Record<string, Value> & { other?: string[] }

/** RFC 3046 §2.0. */
function relayAgent(wire: DnsWire): RelayAgent {
  const agent: RelayAgent = {}
  const rest: string[] = []
  while (wire.left > 0) {
    const code = wire.u8()
    const length = wire.u8()
    const [, name, kind] = byCode.get(code) ?? []
    if (name !== undefined && kind !== undefined && fits(kind, length))
      agent[name] = wire.within(length, kind.read)
    else rest.push(`${code}:0x${wire.hex(length)}`)
  }
  if (rest.length > 0) agent.other = rest
  return agent
}

const part = ([, name, kind, description]: (typeof subOptions)[number]) => {
  const shows: Part<RelayAgent> = [kind, description, (agent) => agent[name]]
  return [`relay_agent.${name}`, shows] as const
}

/** What a relay agent knows of where the client is. */
export const relayAgentInformation: Option = optionOf<RelayAgent>(82, relayAgent, {
  ...Object.fromEntries(subOptions.map(part)),
  'relay_agent.other': [
    shown.keywords,
    'Sub-options without a field of their own: code and bytes.',
    ({ other }) => other,
  ],
})
