import { isIPv4, parseAddress } from '../../net/address.js'
import { DnsWire } from '../../wire/dns.js'

export const types = { A: 1, PTR: 12, TXT: 16, AAAA: 28 } as const

export type Type = keyof typeof types

/** What a name server says, or why it says nothing. */
export type Answer = { values: string[]; ttl: number } | Failure | 'truncated'

export interface Failure {
  failure: string
  /** Every server would say the same. */
  final: boolean
  /** The way to the server was lost: it may be worth another try. */
  lost?: boolean
}

const INTERNET = 1
const CNAME = 5
const HEADER = 12
const MAX_NAME = 255
// Aliases of aliases; more of them are a loop.
const MAX_ALIASES = 16

// RFC 1035 §4.1.1, RFC 6895 §2.3. The first two are the same wherever one asks.
const codes: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
}

/** The name that has the PTR record of an address (RFC 1035 §3.5, RFC 3596 §2.5); undefined: it is none. */
export function reverseName(ip: string): string | undefined {
  const address = parseAddress(ip)
  if (address === undefined) return undefined
  if (isIPv4(address)) {
    const word = address[3]
    return `${word & 255}.${(word >>> 8) & 255}.${(word >>> 16) & 255}.${word >>> 24}.in-addr.arpa`
  }
  const digits = address.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  return `${[...digits].reverse().join('.')}.ip6.arpa`
}

/** A question for one type of a name; undefined: no name that can be asked for. */
export function question(id: number, name: string, type: Type): Buffer | undefined {
  const labels = labelsOf(name)
  if (labels === undefined) return undefined
  const header = Buffer.from([id >> 8, id & 255, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([header, labels, Buffer.from([0, types[type], 0, INTERNET])])
}

/** Labels with their lengths, of a name in which dots and others may stand behind a backslash (RFC 4343 §2.1). */
function labelsOf(name: string): Buffer | undefined {
  const parts = name.replace(/\.$/, '').match(/(?:\\\d{3}|\\.|[^\\.])+|\./gsu) ?? []
  const labels = parts.filter((part) => part !== '.')
  // Dots and labels take turns; anything else has an empty label or half an escape.
  if (labels.length === 0 || parts.length !== 2 * labels.length - 1) return undefined
  if (parts.join('').length !== name.replace(/\.$/, '').length) return undefined
  const bytes = labels.map((label) => {
    const plain = label.replace(/\\(\d{3}|.)/gsu, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number(escaped) & 255) : escaped,
    )
    const content = Buffer.from(plain, label === plain ? 'utf8' : 'latin1')
    return Buffer.concat([Buffer.from([content.length]), content])
  })
  const all = Buffer.concat([...bytes, Buffer.alloc(1)])
  return bytes.some(({ length }) => length > 64) || all.length > MAX_NAME ? undefined : all
}

const wire = new DnsWire()

/**
 * Reads the answer to `asked`, made by `question`. undefined: it answers something else, as a forged one may.
 * @throws {Malformed}
 */
export function answerTo(asked: Buffer, bytes: Buffer, type: Type): Answer | undefined {
  if (bytes.length < HEADER || bytes.readUInt16BE(0) !== asked.readUInt16BE(0)) return undefined
  const flags = bytes.readUInt16BE(2)
  const isAnswer = (flags & 0x8000) !== 0 && (flags & 0x7800) === 0
  if (!isAnswer || bytes.readUInt16BE(4) !== 1) return undefined
  wire.reset(asked, 0, asked.length).skip(HEADER)
  const name = wire.name().toLowerCase()
  wire.reset(bytes, 0, bytes.length).skip(HEADER)
  if (wire.name().toLowerCase() !== name || wire.u16() !== types[type] || wire.u16() !== INTERNET)
    return undefined
  if ((flags & 0x0200) !== 0) return 'truncated'
  const code = flags & 15
  if (code !== 0) return { failure: codes[code] ?? `response code ${code}`, final: code === 3 }
  return valuesOf(name, bytes.readUInt16BE(6), type)
}

function valuesOf(name: string, count: number, type: Type): Answer {
  const aliases = new Map<string, { to: string; ttl: number }>()
  const records: { name: string; value: string[]; ttl: number }[] = []
  for (let index = 0; index < count; index++) {
    const owner = wire.name().toLowerCase()
    const kind = wire.u16()
    const group = wire.u16()
    const ttl = wire.u32()
    const length = wire.u16()
    wire.within(length, () => {
      if (group !== INTERNET) return
      if (kind === CNAME) aliases.set(owner, { to: wire.name().toLowerCase(), ttl })
      else if (kind === types[type]) records.push({ name: owner, value: value(type), ttl })
    })
  }
  let at = name
  let ttl = Number.POSITIVE_INFINITY
  for (let step = 0; step < MAX_ALIASES; step++) {
    const found = records.filter(({ name }) => name === at)
    if (found.length > 0)
      return {
        values: found.flatMap(({ value }) => value),
        ttl: Math.min(ttl, ...found.map(({ ttl }) => ttl)),
      }
    const alias = aliases.get(at)
    if (alias === undefined) break
    at = alias.to
    ttl = Math.min(ttl, alias.ttl)
  }
  return { failure: `no ${type} record`, final: true }
}

function value(type: Type): string[] {
  switch (type) {
    case 'A':
      return [wire.ipv4()]
    case 'AAAA':
      return [wire.ipv6()]
    case 'PTR':
      return [wire.name()]
    case 'TXT': {
      const texts: string[] = []
      while (wire.left > 0) texts.push(wire.text())
      return texts
    }
  }
}
