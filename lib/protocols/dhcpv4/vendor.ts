import type { DnsWire } from '../../wire/dns.js'
import { type Kind, readable, several } from './kinds.js'
import { type Option, option } from './option.js'

/** What one vendor says, by its enterprise number (IANA, "Private Enterprise Numbers"). */
interface OfVendor {
  id: number
  /** In hexadecimal. */
  data: string
}

/** RFC 3925 §3 and §4. */
const ofVendors: Kind = {
  type: 'object',
  list: true,
  read: (wire) => several(wire, (inner): OfVendor => ({ id: inner.u32(), data: inner.hex(inner.u8()) })),
}

/** RFC 3004 §4: texts with their lengths; but many send the text alone. */
function userClasses(wire: DnsWire): string[] {
  const { at } = wire
  let left = wire.left
  while (left > 0) {
    const length = wire.u8()
    left -= length + 1
    if (length === 0 || left < 0) {
      wire.at = at
      return [readable(wire)]
    }
    wire.skip(length)
  }
  wire.at = at
  return several(wire, (inner) => readable(inner, inner.u8()))
}

/** What kind of client it is, and what is for its kind alone. */
export const vendorOptions: readonly Option[] = [
  option(
    77,
    'user_class',
    { type: 'keyword', list: true, read: userClasses },
    'Kinds of user the client is of.',
  ),
  option(
    124,
    'vendor_identifying_options',
    ofVendors,
    'Vendor classes of the client (option 124): enterprise number as id, data in hexadecimal.',
  ),
  option(
    125,
    'vendor_specific_options',
    ofVendors,
    'Options of single vendors (option 125): enterprise number as id, data in hexadecimal.',
  ),
]
