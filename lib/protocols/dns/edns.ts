import { DnsWire } from '../../wire/dns.js'
import { algorithmName, digestName, extendedErrorName, rcodeName } from './codes.js'

const inner = new DnsWire()

/** What the OPT record says, RFC 6891 §6.1; the names are those of the events' fields. */
export interface Opt {
  do: boolean
  version: string
  udp_size: number
  ext_rcode: string
  /** The upper bits of the message's response code. */
  extended: number
  llq?: string
  ul?: string
  nsid?: string
  dau?: string
  dhu?: string
  n3u?: string
  subnet?: string
  expire?: number
  cookie?: string
  /** Milliseconds. */
  tcp_keepalive?: number
  /** Bytes. */
  padding?: number
  ede?: string[]
  local?: string
  other?: string[]
}

/** An OPT record behind its name and type. `rcode`: the four bits of the header. */
export function readOpt(wire: DnsWire, rcode: number): Opt {
  const size = wire.u16()
  const extended = wire.u8()
  const version = wire.u8()
  const flags = wire.u16()
  const opt: Opt = {
    do: (flags & 0x8000) !== 0,
    version: String(version),
    udp_size: size,
    ext_rcode: extended === 0 ? 'NOERROR' : rcodeName((extended << 4) | rcode),
    extended,
  }
  const end = wire.u16() + wire.at
  if (end > wire.end) throw wire.malformed('options without their end')
  while (wire.at < end) {
    const code = wire.u16()
    const length = wire.u16()
    const stop = wire.at + length
    if (stop > end) throw wire.malformed('an option without its end')
    option(wire, opt, code, length)
    // Whatever an option has beyond what it is known to have is not ours to judge.
    wire.at = stop
  }
  return opt
}

/** IANA, "DNS EDNS0 Option Codes (OPT)". */
function option(wire: DnsWire, opt: Opt, code: number, length: number): void {
  switch (code) {
    case 1: // RFC 8764 §3.2
      if (length >= 18)
        opt.llq = `${wire.u16()} ${wire.u16()} ${wire.u16()} ${BigInt(`0x${wire.hex(8)}`)} ${wire.u32()}`
      return
    case 2: // update lease, RFC 9664
      if (length >= 4) opt.ul = String(wire.u32())
      return
    case 3: // RFC 5001
      opt.nsid = wire.hex(length)
      return
    case 5: // RFC 6975: what the client understands
      opt.dau = codes(wire, length, algorithmName)
      return
    case 6:
      opt.dhu = codes(wire, length, digestName)
      return
    case 7:
      opt.n3u = codes(wire, length, digestName)
      return
    case 8:
      subnet(wire, opt, length)
      return
    case 9: // RFC 7314; empty in a query
      if (length >= 4) opt.expire = wire.u32()
      return
    case 10: // RFC 7873
      opt.cookie = wire.hex(length)
      return
    case 11: // RFC 7828; empty in a query
      if (length >= 2) opt.tcp_keepalive = wire.u16() * 100
      return
    case 12: // RFC 7830
      opt.padding = length
      return
    case 15: // RFC 8914
      if (length >= 2) opt.ede = [...(opt.ede ?? []), extendedError(wire, length)]
      return
  }
  const bytes = `${code}:0x${wire.hex(length)}`
  // RFC 6891 §9 leaves these to local use.
  if (code >= 65001) opt.local = opt.local === undefined ? bytes : `${opt.local} ${bytes}`
  else opt.other = [...(opt.other ?? []), bytes]
}

function codes(wire: DnsWire, length: number, nameOf: (code: number) => string): string {
  const names: string[] = []
  for (let left = length; left > 0; left--) names.push(nameOf(wire.u8()))
  return names.join(' ')
}

/** RFC 7871 §6: the address has no more bytes than its prefix needs. */
function subnet(wire: DnsWire, opt: Opt, length: number): void {
  if (length < 4) return
  const family = wire.u16()
  const source = wire.u8()
  const scope = wire.u8()
  const bytes = [...Buffer.from(wire.hex(length - 4), 'hex')]
  if (family === 1 && bytes.length <= 4) {
    const address = [...bytes, 0, 0, 0, 0].slice(0, 4).join('.')
    opt.subnet = `${address}/${source}/${scope}`
  } else if (family === 2 && bytes.length <= 16) {
    const full = Buffer.alloc(16)
    Buffer.from(bytes).copy(full)
    opt.subnet = `[${inner.reset(full, 0, 16).ipv6()}]/${source}/${scope}`
  }
}

/** As dig prints it: the code, its name, and the server's own words. */
function extendedError(wire: DnsWire, length: number): string {
  const code = wire.u16()
  const name = extendedErrorName(code)
  const text = wire.utf8(length - 2).replace(/\0+$/, '')
  return `${code}${name === undefined ? '' : ` (${name})`}${text === '' ? '' : `: ${text}`}`
}
