import { filled } from '../../events/fields.js'
import type { DnsWire } from '../../wire/dns.js'
import { textOf } from './kinds.js'
import { type Option, optionOf, shown } from './option.js'

interface Fqdn {
  name: string
  flags: string[]
}

const flags = [
  ['S', 1],
  ['O', 2],
  ['E', 4],
  ['N', 8],
] as const

const IN_WIRE_FORMAT = 4

/** RFC 4702 §2: flags, two bytes that are out of use, and a name, which may lack its end. */
function fqdn(wire: DnsWire): Fqdn {
  const set = wire.u8()
  wire.skip(2)
  const name = set & IN_WIRE_FORMAT ? labels(wire) : textOf(wire)
  return { name, flags: flags.filter(([, bit]) => set & bit).map(([letter]) => letter) }
}

/** A name without its root is one that the server shall complete (§2.3.1). */
function labels(wire: DnsWire): string {
  const found: string[] = []
  while (wire.left > 0) {
    const length = wire.u8()
    if (length === 0) break
    if (length > 63) throw wire.malformed(`a label of ${length} bytes`)
    found.push(wire.utf8(length))
  }
  return found.join('.')
}

/** The name a client wants in the DNS, and who enters it there. */
export const clientFqdn: Option = optionOf<Fqdn>(81, fqdn, {
  'fqdn.name': [shown.keyword, 'The name the client has or wants in the DNS.', ({ name }) => filled(name)],
  'fqdn.flags': [
    shown.keywords,
    'Who enters it: S, the server its address; O, the server decides otherwise; N, nobody. E: written as in DNS.',
    ({ flags }) => filled(flags),
  ],
})
