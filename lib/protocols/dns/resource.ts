import { Malformed } from '../../wire/cursor.js'
import type { DnsWire } from '../../wire/dns.js'
import { algorithmName, className, digestName, typeName, types } from './codes.js'
import { presentations, typeBits } from './presentation.js'

/** A resource record as events show it. Some types have fields beside `data`; numbers that upstream writes as texts are texts. */
export interface Resource {
  name: string
  type: string
  class: string
  /** Seconds; upstream writes a text. */
  ttl: string
  data: string
  [extra: string]: string | number
}

/** RFC 1035 §3.2.1. `name`: its owner, already read. Bytes that are not what its type says are shown as they are. */
export function resource(wire: DnsWire, name: string): Resource {
  const type = wire.u16()
  const record: Resource = {
    name,
    type: typeName(type),
    class: className(wire.u16()),
    ttl: String(wire.u32()),
    data: '',
  }
  const length = wire.u16()
  if (length > wire.left) throw wire.malformed(`a record of ${length} bytes`)
  if (length === 0) return record // so is every record of some updates (RFC 2136 §2.5)
  const start = wire.at
  const end = start + length
  if (!reads(wire, record, type, end)) {
    wire.at = start
    return { name, type: record.type, class: record.class, ttl: record.ttl, data: raw(wire, length) }
  }
  return record
}

/** False: the data are not those of the type, or of another length. */
function reads(wire: DnsWire, record: Resource, type: number, end: number): boolean {
  try {
    data(wire, record, type, end)
  } catch (error) {
    if (error instanceof Malformed) return false
    throw error
  }
  return wire.at === end
}

function data(wire: DnsWire, record: Resource, type: number, end: number): void {
  switch (type) {
    case types.A:
      record.data = wire.ipv4()
      return
    case types.AAAA:
      record.data = wire.ipv6()
      return
    case types.CNAME:
    case types.NS:
    case types.PTR:
      record.data = wire.name()
      return
    case types.MX:
      record.preference = wire.u16()
      record.data = wire.name()
      return
    case types.TXT:
    case types.SPF:
    case types.AVC:
      record.data = texts(wire, end)
      return
    case types.SOA:
      record.data = wire.name()
      record.rname = wire.name()
      record.serial = wire.u32()
      record.refresh = wire.u32()
      record.retry = wire.u32()
      record.expire = wire.u32()
      record.minimum = wire.u32()
      return
    case types.SRV: // RFC 2782
      record.priority = wire.u16()
      record.weight = wire.u16()
      record.port = wire.u16()
      record.data = wire.name()
      return
    case types.DS: // RFC 4034 §5.1
    case types.CDS:
    case types.DLV:
      record.key_tag = String(wire.u16())
      record.algorithm = algorithmName(wire.u8())
      record.digest_type = digestName(wire.u8())
      record.data = wire.hex(end - wire.at).toUpperCase()
      return
    case types.DNSKEY: // RFC 4034 §2.1
    case types.CDNSKEY:
      record.flags = String(wire.u16())
      record.protocol = String(wire.u8())
      record.algorithm = algorithmName(wire.u8())
      record.data = wire.base64(end - wire.at)
      return
    case types.RRSIG:
      signature(wire, record, end)
      return
    case types.NSEC: // RFC 4034 §4.1
      record.data = wire.name()
      record.type_bits = typeBits(wire, end)
      return
    case types.NSEC3: // RFC 5155 §3.2
      nsec3(wire, record)
      record.salt = wire.hex(wire.u8()).toUpperCase()
      record.data = base32hex(wire, wire.u8())
      record.type_bits = typeBits(wire, end)
      return
    case types.NSEC3PARAM: // RFC 5155 §4.2
      nsec3(wire, record)
      record.data = wire.hex(wire.u8()).toUpperCase()
      return
  }
  record.data = presentations.get(type)?.(wire, end) ?? raw(wire, end - wire.at)
}

/** RFC 4034 §3.1. */
function signature(wire: DnsWire, record: Resource, end: number): void {
  record.type_covered = typeName(wire.u16())
  record.algorithm = algorithmName(wire.u8())
  record.labels = String(wire.u8())
  record.original_ttl = String(wire.u32())
  record.expiration = date(wire.u32())
  record.inception = date(wire.u32())
  record.key_tag = String(wire.u16())
  record.signer_name = wire.name()
  record.data = wire.base64(end - wire.at)
}

/** YYYYMMDDHHmmSS, RFC 4034 §3.2. */
const date = (seconds: number): string =>
  new Date(seconds * 1e3)
    .toISOString()
    .slice(0, 19)
    .replace(/[^0-9]/g, '')

function nsec3(wire: DnsWire, record: Resource): void {
  record.hash = digestName(wire.u8())
  record.flags = String(wire.u8())
  record.iterations = String(wire.u16())
}

function texts(wire: DnsWire, end: number): string {
  let text = wire.text()
  while (wire.at < end) text += ` ${wire.text()}`
  return text
}

// RFC 4648 §7
const BASE32HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV'

function base32hex(wire: DnsWire, length: number): string {
  let text = ''
  let bits = 0
  let value = 0
  for (let left = length; left > 0; left--) {
    value = (value << 8) | wire.u8()
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32HEX[(value >>> (bits - 5)) & 31]
    value &= 31
  }
  return bits > 0 ? text + BASE32HEX[(value << (5 - bits)) & 31] : text
}

const letters: Readonly<Record<string, string>> = { '\\009': '\\t', '\\010': '\\n', '\\013': '\\r' }

/** Bytes of an unknown type, as upstream shows them. */
const raw = (wire: DnsWire, length: number): string =>
  wire.characters(length).replace(/\\(?:009|010|013|\\)/g, (escaped) => letters[escaped] ?? escaped)
