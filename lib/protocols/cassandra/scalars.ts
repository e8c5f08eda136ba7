import '../../wire/buffer.js'

// A text or a blob is shown up to that: what was bound is told apart by less, and a photograph in an event helps nobody.
export const MAX_BYTES = 1024
/** What stands in the place of the rest. */
export const MORE = '…'

/** Bytes as CQL writes a blob. */
export function hex(bytes: Buffer, at: number, end: number): string {
  const stop = Math.min(end, at + MAX_BYTES)
  return `0x${bytes.hexSlice(at, stop)}${stop < end ? MORE : ''}`
}

export function bigint(bytes: Buffer, at: number): string {
  const high = bytes.readInt32BE(at)
  // What a double holds exactly needs no BigInt.
  return high >= -0x200000 && high < 0x200000
    ? String(high * 2 ** 32 + bytes.readUInt32BE(at + 4))
    : String(bytes.readBigInt64BE(at))
}

/** The shortest text that reads as the same float. */
export function float(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(value)
}

// Digits of a larger number take time that grows with their square; and nobody reads them.
const MAX_NUMBER = 64

function unscaled(bytes: Buffer, at: number, end: number): bigint | undefined {
  if (end === at || end - at > MAX_NUMBER) return undefined
  const value = BigInt(`0x${bytes.hexSlice(at, end)}`)
  return BigInt.asIntN(8 * (end - at), value)
}

export function varint(bytes: Buffer, at: number, end: number): string {
  return unscaled(bytes, at, end)?.toString() ?? hex(bytes, at, end)
}

// More zeros than that are written as an exponent, as Java's BigDecimal does.
const MAX_ZEROS = 40

export function decimal(bytes: Buffer, at: number, end: number): string {
  const value = end - at > 4 ? unscaled(bytes, at + 4, end) : undefined
  if (value === undefined) return hex(bytes, at, end)
  const scale = bytes.readInt32BE(at)
  const digits = String(value < 0n ? -value : value)
  const sign = value < 0n ? '-' : ''
  if (scale === 0) return sign + digits
  if (scale < 0 || scale > digits.length + MAX_ZEROS)
    return `${sign}${digits}E${scale < 0 ? '+' : ''}${-scale}`
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

export function timestamp(milliseconds: bigint): string {
  const value = new Date(Number(milliseconds))
  return Number.isNaN(value.getTime()) ? String(milliseconds) : value.toISOString()
}

export function date(days: number): string {
  const value = new Date(days * 86_400_000)
  return Number.isNaN(value.getTime()) ? `${days} days` : (value.toISOString().split('T')[0] as string)
}

const DAY = 86_400_000_000_000n

export function time(nanoseconds: bigint): string {
  if (nanoseconds < 0n || nanoseconds >= DAY) return String(nanoseconds)
  const seconds = Number(nanoseconds / 1_000_000_000n)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = String(nanoseconds % 1_000_000_000n).padStart(9, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`
}

/** An address as text: RFC 5952, but without `::`, for what is neither. */
export function inet(bytes: Buffer, at: number, end: number): string {
  if (end - at === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
  if (end - at !== 16) return hex(bytes, at, end)
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(at + 2 * i).toString(16)).join(':')
  const zeros = [...groups.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].map(([run]) => run)
  const longest = zeros.sort((one, other) => other.length - one.length)[0]
  if (longest === undefined) return groups
  const where = groups.search(new RegExp(`(?<![^:])${longest}(?![^:])`))
  return `${groups.slice(0, where).replace(/:$/, '')}::${groups.slice(where + longest.length).replace(/^:/, '')}`
}

/** Months, days and nanoseconds, each a [vint]: §3 and §6.7. */
export function duration(bytes: Buffer, at: number, end: number): string {
  const parts: bigint[] = []
  let next = at
  while (parts.length < 3 && next < end) {
    const extra = Math.clz32(~((bytes[next] as number) << 24))
    if (next + 1 + extra > end) break
    let value = extra > 7 ? 0n : BigInt((bytes[next] as number) & (0xff >> extra))
    for (let index = 1; index <= extra; index++) value = (value << 8n) | BigInt(bytes[next + index] as number)
    parts.push((value >> 1n) ^ -(value & 1n)) // zigzag
    next += 1 + extra
  }
  if (parts.length < 3 || next !== end) return hex(bytes, at, end)
  const [months, days, nanoseconds] = parts
  return `${months}mo${days}d${nanoseconds}ns`
}
