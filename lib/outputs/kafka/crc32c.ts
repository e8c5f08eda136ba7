// Castagnoli's polynomial, its bits reversed (RFC 3720 §12.1).
const POLYNOMIAL = 0x82f63b78
// Table `k`, 256 entries from `k * 256` on: what a byte does to the sum when `k` more bytes follow it.
const tables = new Int32Array(8 * 256)

for (let byte = 0; byte < 256; byte++) {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) !== 0 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1
  tables[byte] = sum
}
for (let index = 256; index < tables.length; index++) {
  const before = tables[index - 256] as number
  tables[index] = (before >>> 8) ^ (tables[before & 0xff] as number)
}

/** CRC-32C of the bytes from `start` to `end`, unsigned. Eight bytes at a time, for events are many. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const table = tables
  let sum = -1
  let at = start
  for (const last = end - 8; at <= last; at += 8) {
    const low =
      sum ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24))
    sum =
      (table[1792 + (low & 0xff)] as number) ^
      (table[1536 + ((low >>> 8) & 0xff)] as number) ^
      (table[1280 + ((low >>> 16) & 0xff)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (bytes[at + 4] as number)] as number) ^
      (table[512 + (bytes[at + 5] as number)] as number) ^
      (table[256 + (bytes[at + 6] as number)] as number) ^
      (table[bytes[at + 7] as number] as number)
  }
  for (; at < end; at++) sum = (sum >>> 8) ^ (table[(sum ^ (bytes[at] as number)) & 0xff] as number)
  return ~sum >>> 0
}
