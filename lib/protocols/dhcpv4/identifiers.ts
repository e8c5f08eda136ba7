import type { DnsWire } from '../../wire/dns.js'
import { duidTypeName, hardwareTypeName } from './codes.js'
import { isPrintable, textOf } from './kinds.js'
import { type Option, optionOf, shown } from './option.js'

/** Who a client says it is. */
interface ClientIdentifier {
  /** As people and servers write it: what its `type` says. */
  id: string
  /** A hardware type, the type of a DUID, `text` or `opaque`. */
  type: string
  /** Of a DUID: which interface of the client. */
  iaid: number | undefined
}

// A DHCP unique identifier with the interface it is for: RFC 4361 §6.1.
const WITH_DUID = 255
// A name or anything else: RFC 2132 §9.14.
const NO_HARDWARE = 0
// The registered hardware types are below; letters, with which a text without a type begins, are above.
const HARDWARE_TYPES = 38
// Bytes of a hardware address that is more than a type: InfiniBand has the longest in use.
const LONGEST_ADDRESS = 20

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'))

/** AB-CD-EF, as RFC 7042 §2.1 writes hardware addresses and as ECS wants them. */
export function hardwareAddress(wire: DnsWire, length: number): string {
  let text = ''
  for (let left = length; left > 0; left--)
    text += left === length ? pairs[wire.u8()] : `-${pairs[wire.u8()]}`
  return text
}

/** ab:cd:ef, as servers write identifiers into their logs and leases. */
export const withColons = (hex: string): string => hex.replace(/(..)(?!$)/g, '$1:')

/** RFC 2132 §9.14; RFC 4361 §6.1. */
function clientIdentifier(wire: DnsWire): ClientIdentifier {
  const { at } = wire
  const first = wire.u8()
  const { left } = wire
  if (first === WITH_DUID && left > 6) {
    const iaid = wire.u32()
    return { ...duid(wire), iaid }
  }
  if (first === 1 ? left === 6 : first > 1 && first <= HARDWARE_TYPES && left >= 6 && left <= LONGEST_ADDRESS)
    return { id: hardwareAddress(wire, left), type: hardwareTypeName(first), iaid: undefined }
  // Many send their text without the type before it.
  if (first !== NO_HARDWARE) wire.at = at
  const text = textOf(wire)
  if (isPrintable(text)) return { id: text, type: 'text', iaid: undefined }
  wire.at = at
  return { id: withColons(wire.hex(wire.left)), type: 'opaque', iaid: undefined }
}

/** RFC 8415 §11. */
export function duid(wire: DnsWire): { id: string; type: string } {
  const { at } = wire
  const type = duidTypeName(wire.u16())
  wire.at = at
  return { id: withColons(wire.hex(wire.left)), type }
}

/** RFC 4578 §2.3; the order of the bytes is that of SMBIOS, as firmware sends it and other tools show it. */
function machine(wire: DnsWire): string {
  if (wire.u8() !== 0 || wire.left !== 16) throw wire.malformed('no UUID')
  const reversed = (length: number) => (wire.hex(length).match(/../g) as string[]).reverse().join('')
  return `${reversed(4)}-${reversed(2)}-${reversed(2)}-${wire.hex(2)}-${wire.hex(6)}`
}

export const identifiers: readonly Option[] = [
  optionOf<ClientIdentifier>(61, clientIdentifier, {
    client_identifier: [
      shown.keyword,
      'Who the client says it is, written as its type is: AA-BB-CC for hardware, ff:00:01 for what is opaque, else text.',
      ({ id }) => id,
    ],
    client_identifier_type: [
      shown.keyword,
      'Ethernet or another kind of hardware address, DUID-LLT, DUID-EN, DUID-LL, DUID-UUID, text, or opaque.',
      ({ type }) => type,
    ],
    client_identifier_iaid: [
      shown.long,
      'Of a client with a DUID: which of its interfaces it is.',
      ({ iaid }) => iaid,
    ],
  }),
  optionOf(97, machine, {
    client_machine_identifier: [
      shown.keyword,
      'UUID of a machine that boots from the network.',
      (uuid) => uuid,
    ],
  }),
]
