import { Malformed } from '../../wire/cursor.js'

/** Tags of ASN.1 types, ITU-T X.680 §8.6, as DER writes them. */
export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTET_STRING = 0x04
export const OBJECT_IDENTIFIER = 0x06
export const ENUMERATED = 0x0a
export const SEQUENCE = 0x30
export const SET = 0x31

/** A value in DER, ITU-T X.690: its head begins at `head`, its content goes from `start` to `end`. */
export interface Element {
  tag: number
  head: number
  start: number
  end: number
}

/** The value that begins at `at` and ends before `end` at the latest. @throws {Malformed} */
export function element(bytes: Buffer, at: number, end: number): Element {
  if (at + 2 > end) throw new Malformed('a value without a length', at)
  const tag = bytes[at] as number
  let length = bytes[at + 1] as number
  let start = at + 2
  if (length >= 0x80) {
    const digits = length & 0x7f
    // Three digits are 16 MB, more than any message has.
    if (digits === 0 || digits > 3 || start + digits > end) throw new Malformed('a length', at + 1)
    length = bytes.readUIntBE(start, digits)
    start += digits
  }
  if (start + length > end) throw new Malformed(`${length} bytes where ${end - start} are left`, at)
  return { tag, head: at, start, end: start + length }
}

/** The values in a value, such as a SEQUENCE's. Each takes two bytes at least, which bounds their number. */
export function inside(bytes: Buffer, { start, end }: Element): Element[] {
  const found: Element[] = []
  for (let at = start; at < end; ) {
    const each = element(bytes, at, end)
    found.push(each)
    at = each.end
  }
  return found
}

/** @throws {Malformed} when it is of another type, or absent. */
export function expect(found: Element | undefined, tag: number): Element {
  if (found?.tag !== tag) throw new Malformed(`no value of type ${tag}`, found?.head ?? 0)
  return found
}

/** `1.2.840.113549` of the content of an OBJECT IDENTIFIER. */
export function dotted(bytes: Buffer, { start, end }: Element): string {
  const arcs: number[] = []
  let arc = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    // Arcs beyond a double's 53 bits, as those made of UUIDs, lose their last digits: they are shown, never compared.
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40))
      arcs.push(first, arc - 40 * first)
    } else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

/** Of an INTEGER, as people write serial numbers: hexadecimal in upper case without zeros before it. */
export function serial(bytes: Buffer, { start, end }: Element): string {
  const digits = bytes.hexSlice(start, end).toUpperCase()
  if (((bytes[start] ?? 0) & 0x80) === 0) return digits.replace(/^0+(?=.)/, '')
  const negative = (1n << BigInt(8 * (end - start))) - BigInt(`0x${digits}`)
  return `-${negative.toString(16).toUpperCase()}`
}

/** Bits of the number in an INTEGER that is not negative. */
export function bits(bytes: Buffer, { start, end }: Element): number {
  let at = start
  while (at < end && bytes[at] === 0) at++
  return at === end ? 0 : 8 * (end - at) - Math.clz32(bytes[at] as number) + 24
}

const times: Readonly<Record<number, RegExp>> = {
  23: /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/,
  24: /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?Z$/,
}

/** UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5) in ISO 8601; undefined: it is neither. */
export function time(bytes: Buffer, { tag, start, end }: Element): string | undefined {
  const match = times[tag]?.exec(bytes.latin1Slice(start, Math.min(end, start + 32)))
  if (match == null) return undefined
  const [, year = '', month, day, hour, minute, second = '00'] = match
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19'
  const date = new Date(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** A string of any of the types that certificates have. */
export function text(bytes: Buffer, { tag, start, end }: Element): string | undefined {
  switch (tag) {
    case 0x0c: // UTF8String
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x16: // IA5String
    case 0x1a: // VisibleString
      return bytes.utf8Slice(start, end)
    case 0x14: // TeletexString, in practice Latin-1
      return bytes.latin1Slice(start, end)
    case 0x1e: // BMPString
      return Buffer.from(bytes.subarray(start, end - ((end - start) % 2)))
        .swap16()
        .toString('utf16le')
    default:
      return undefined
  }
}
