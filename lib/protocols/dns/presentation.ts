import type { DnsWire } from '../../wire/dns.js'
import { algorithmName, certificateTypeName, serviceParameterName, typeName, types } from './codes.js'

/** Reads a record's data up to `end` and shows it as a zone file does, names without the dot at their end. */
type Presentation = (wire: DnsWire, end: number) => string

const quoted = (text: string): string => `"${text}"`
const rest = (wire: DnsWire, end: number): number => end - wire.at
const hex: Presentation = (wire, end) => wire.hex(rest(wire, end)).toUpperCase()
const base64: Presentation = (wire, end) => wire.base64(rest(wire, end))
const name: Presentation = (wire) => wire.name()
const numberAndName: Presentation = (wire) => `${wire.u16()} ${wire.name()}`
const twoNames: Presentation = (wire) => `${wire.name()} ${wire.name()}`
const pairs: Presentation = (wire, end) => (wire.hex(rest(wire, end)).match(/../g) ?? []).join('-')

/** The types of a bitmap, RFC 4034 §4.1.2. */
export function typeBits(wire: DnsWire, end: number): string {
  const names: string[] = []
  while (wire.at < end) {
    const window = wire.u8() << 8
    const length = wire.u8()
    if (length > 32) throw wire.malformed('a bitmap of more than 256 types')
    for (let byte = 0; byte < length; byte++) {
      const bits = wire.u8()
      for (let bit = 0; bit < 8; bit++)
        if (bits & (0x80 >> bit)) names.push(typeName(window | (byte << 3) | bit))
    }
  }
  return names.join(' ')
}

/** RFC 3403 §4.1. */
const naptr: Presentation = (wire) =>
  `${wire.u16()} ${wire.u16()} ${quoted(wire.text())} ${quoted(wire.text())} ${quoted(wire.text())} ${wire.name()}`

/** RFC 8659 §4.1. */
const caa: Presentation = (wire, end) =>
  `${wire.u8()} ${wire.text()} ${quoted(wire.characters(rest(wire, end)))}`

/** RFC 6698 §2.1. */
const tlsa: Presentation = (wire, end) => `${wire.u8()} ${wire.u8()} ${wire.u8()} ${hex(wire, end)}`

/** RFC 4255 §3.1. */
const sshfp: Presentation = (wire, end) => `${wire.u8()} ${wire.u8()} ${hex(wire, end)}`

/** RFC 4398 §2. */
const cert: Presentation = (wire, end) =>
  `${certificateTypeName(wire.u16())} ${wire.u16()} ${algorithmName(wire.u8())} ${base64(wire, end)}`

/** RFC 7553 §4.1. */
const uri: Presentation = (wire, end) =>
  `${wire.u16()} ${wire.u16()} ${quoted(wire.characters(rest(wire, end)))}`

/** RFC 8005 §5. */
const hip: Presentation = (wire, end) => {
  const tagLength = wire.u8()
  const algorithm = wire.u8()
  const keyLength = wire.u16()
  let text = `${algorithm} ${wire.hex(tagLength).toUpperCase()} ${wire.base64(keyLength)}`
  while (wire.at < end) text += ` ${wire.name()}`
  return text
}

/** RFC 4025 §2.1. */
const ipsecKey: Presentation = (wire, end) => {
  const precedence = wire.u8()
  const kind = wire.u8()
  const head = `${precedence} ${kind} ${wire.u8()}`
  const gateways = [() => '.', () => wire.ipv4(), () => wire.ipv6(), () => wire.name()]
  const gateway = gateways[kind]
  if (gateway === undefined) throw wire.malformed(`gateway type ${kind}`)
  const address = gateway()
  return wire.at < end ? `${head} ${address} ${base64(wire, end)}` : `${head} ${address}`
}

/** RFC 7477 §2.1. */
const csync: Presentation = (wire, end) => `${wire.u32()} ${wire.u16()} ${typeBits(wire, end)}`

/** RFC 8976 §2.2. */
const zoneMd: Presentation = (wire, end) => `${wire.u32()} ${wire.u8()} ${wire.u8()} ${hex(wire, end)}`

/** RFC 1876 §2 and §3. */
const loc: Presentation = (wire) => {
  if (wire.u8() !== 0) throw wire.malformed('an unknown version of LOC')
  const [size, horizontal, vertical] = [metres(wire.u8()), metres(wire.u8()), metres(wire.u8())]
  const latitude = degrees(wire.u32(), 'N', 'S')
  const longitude = degrees(wire.u32(), 'E', 'W')
  const altitude = ((wire.u32() - 10_000_000) / 100).toFixed(2)
  return `${latitude} ${longitude} ${altitude}m ${size} ${horizontal} ${vertical}`
}

/** A size: four bits of mantissa and four of exponent, in centimetres. */
const metres = (size: number): string => `${((size >>> 4) * 10 ** (size & 15)) / 100}m`

/** Thousandths of a second of arc from 2^31. */
function degrees(angle: number, after: string, before: string): string {
  const thousandths = Math.abs(angle - 2 ** 31)
  const seconds = ((thousandths % 60_000) / 1000).toFixed(3)
  const minutes = Math.floor(thousandths / 60_000)
  return `${Math.floor(minutes / 60)} ${minutes % 60} ${seconds} ${angle < 2 ** 31 ? before : after}`
}

/** RFC 9460 §2. */
const service: Presentation = (wire, end) => {
  let text = `${wire.u16()} ${wire.name()}`
  while (wire.at < end) {
    const key = wire.u16()
    const stop = wire.u16() + wire.at
    if (stop > end) throw wire.malformed('a service parameter without its end')
    const value = (serviceValues[key] ?? ((inner, to) => inner.characters(rest(inner, to))))(wire, stop)
    if (wire.at !== stop) throw wire.malformed('a service parameter of another length')
    text += ` ${serviceParameterName(key)}${value === '' ? '' : `=${value}`}`
  }
  return text
}

const list =
  (one: Presentation): Presentation =>
  (wire, end) => {
    const values: string[] = []
    while (wire.at < end) values.push(one(wire, end))
    return values.join(',')
  }

/** By the parameter's key, RFC 9460 §7. */
const serviceValues: readonly Presentation[] = [
  list((wire) => serviceParameterName(wire.u16())),
  list((wire) => wire.text()),
  () => '',
  (wire) => String(wire.u16()),
  list((wire) => wire.ipv4()),
  base64,
  list((wire) => wire.ipv6()),
]

/** By type. */
export const presentations: ReadonlyMap<number, Presentation> = new Map([
  [types.MD, name],
  [types.MF, name],
  [types.MB, name],
  [types.MG, name],
  [types.MR, name],
  [types.DNAME, name],
  [types.HINFO, (wire) => `${quoted(wire.text())} ${quoted(wire.text())}`],
  [types.MINFO, twoNames],
  [types.RP, twoNames],
  [types.AFSDB, numberAndName],
  [types.RT, numberAndName],
  [types.KX, numberAndName],
  [types.LOC, loc],
  [types.NAPTR, naptr],
  [types.CERT, cert],
  [types.SSHFP, sshfp],
  [types.IPSECKEY, ipsecKey],
  [types.DHCID, base64],
  [types.TLSA, tlsa],
  [types.SMIMEA, tlsa],
  [types.HIP, hip],
  [types.OPENPGPKEY, base64],
  [types.CSYNC, csync],
  [types.ZONEMD, zoneMd],
  [types.SVCB, service],
  [types.HTTPS, service],
  [types.EUI48, pairs],
  [types.EUI64, pairs],
  [types.URI, uri],
  [types.CAA, caa],
])
