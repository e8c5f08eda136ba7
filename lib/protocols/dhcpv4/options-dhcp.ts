import { filled } from '../../events/fields.js'
import type { DnsWire } from '../../wire/dns.js'
import { overloadName, stateName, statusName, typeName } from './codes.js'
import { clientFqdn } from './fqdn.js'
import { identifiers } from './identifiers.js'
import * as kinds from './kinds.js'
import { several, textOf } from './kinds.js'
import { type Option, option, optionOf, shown } from './option.js'
import { optionName } from './option-names.js'
import { relayAgentInformation, virtualSubnet } from './relay-agent.js'
import { vendorOptions } from './vendor.js'

/** RFC 3118 §2; what follows may be a password (§4) and is never shown. */
function proof(wire: DnsWire): { protocol: number; algorithm: number } {
  const read = { protocol: wire.u8(), algorithm: wire.u8() }
  wire.skip(wire.left)
  return read
}

const authentication = optionOf(90, proof, {
  'authentication.protocol': [
    shown.long,
    'How the message proves who sent it: 0 by a token, 1 delayed, 3 by a key for reconfiguration.',
    ({ protocol }) => protocol,
  ],
  'authentication.algorithm': [
    shown.long,
    'Algorithm of the proof; 1: HMAC-MD5.',
    ({ algorithm }) => algorithm,
  ],
})

/** RFC 6926 §6.2.2. */
const status = optionOf(151, (wire) => ({ code: statusName(wire.u8()), message: textOf(wire) }), {
  status_code: [shown.keyword, 'What came of a lease query.', ({ code }) => code],
  status_message: [shown.keyword, 'The same in the server’s words.', ({ message }) => filled(message)],
})

/** RFC 2132 §9.8; the numbers in their order are what fingerprint databases such as Fingerbank's have. */
const parameters = optionOf(55, (wire) => several(wire, (inner) => inner.u8()), {
  parameter_request_list: [
    // None of the names needs escapes.
    { ...shown.keywords, json: (names: readonly string[]) => `["${names.join('","')}"]` },
    'Names of the options the client asks for, in its order.',
    (codes) => codes.map(optionName),
  ],
  fingerprint: [
    { ...shown.keyword, plain: true },
    'Their numbers, separated by commas: what system the client is can be told from them.',
    (codes) => codes.join(','),
  ],
})

/** What DHCP itself is told with, leases, and who the client is: RFC 2132 §9 and its extensions. */
export const dhcpOptions: readonly Option[] = [
  option(50, 'requested_ip_address', kinds.address, 'Address the client would like to have.'),
  option(51, 'ip_address_lease_time_sec', kinds.number, 'Seconds the client may use its address.'),
  option(
    52,
    'overload',
    kinds.named(overloadName),
    'Fields that carry options: file, sname, file and sname.',
  ),
  option(
    53,
    'message_type',
    kinds.named(typeName),
    'discover, offer, request, decline, ack, nak, release ...',
  ),
  option(54, 'server_identifier', kinds.address, 'Address of the server that answers, or is meant.'),
  parameters,
  option(56, 'message', kinds.prose, 'What a server says in a nak, or a client in a decline.'),
  option(57, 'max_dhcp_message_size', kinds.word, 'Bytes of the longest message the client can take.'),
  option(58, 'renewal_time_sec', kinds.number, 'Seconds until it asks the same server for more time (T1).'),
  option(59, 'rebinding_time_sec', kinds.number, 'Seconds until it asks any server (T2).'),
  option(60, 'class_identifier', kinds.text, 'Vendor and kind of the client.'),
  ...identifiers,
  ...vendorOptions,
  option(80, 'rapid_commit', kinds.present, 'An ack may follow a discover at once (RFC 4039).'),
  clientFqdn,
  relayAgentInformation,
  authentication,
  option(108, 'ipv6_only_preferred_sec', kinds.number, 'Seconds to do without IPv4 (RFC 8925).'),
  option(116, 'auto_configure', kinds.flag, 'The client may choose a link-local address (RFC 2563).'),
  option(118, 'subnet_selection', kinds.address, 'Subnet to take the address from (RFC 3011).'),
  option(
    145,
    'forcerenew_nonce_capable',
    kinds.present,
    'The client takes forcerenew with a nonce (RFC 6704).',
  ),
  option(161, 'mud_url', kinds.text, 'Manufacturer usage description (RFC 8520).'),
  option(221, 'virtual_subnet', virtualSubnet, 'Virtual subnet (VPN) of the address (RFC 6607).'),
  // Lease queries: RFC 4388 §6.1, RFC 6926 §6.2.
  option(
    91,
    'client_last_transaction_time_sec',
    kinds.number,
    'Seconds since the server last heard the client.',
  ),
  option(92, 'associated_ips', kinds.addresses, 'Addresses that the client has leased.'),
  status,
  option(152, 'base_time', kinds.number, 'When the server answered, in seconds since 1970.'),
  option(153, 'state_age_sec', kinds.number, 'Seconds the lease has been in its state.'),
  option(154, 'query_start_time', kinds.number, 'Leases changed since then, in seconds since 1970.'),
  option(155, 'query_end_time', kinds.number, 'Leases changed until then, in seconds since 1970.'),
  option(156, 'lease_state', kinds.named(stateName), 'AVAILABLE, ACTIVE, EXPIRED, RELEASED ...'),
]
