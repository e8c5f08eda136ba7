import '../../wire/buffer.js'

const NON_ASCII = /[\x80-\xff]/

/** Text whose characters are bytes, as UTF-8. */
export const utf8 = (bytes: string): string =>
  NON_ASCII.test(bytes) ? utf8Text(Buffer.from(bytes, 'latin1')) : bytes

/** Bytes as UTF-8; each that belongs to no character becomes U+FFFD, as upstream has it. */
export function utf8Text(bytes: Buffer): string {
  const text = bytes.utf8Slice(0, bytes.length)
  if (!text.includes('\ufffd')) return text
  const clean = Buffer.allocUnsafe(3 * bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; ) {
    const size = character(bytes, at)
    if (size === 0) {
      length += clean.utf8Write('\ufffd', length)
      at++
    } else for (let last = at + size; at < last; ) clean[length++] = bytes[at++] as number
  }
  return clean.utf8Slice(0, length)
}

/** Bytes of the character that begins at `at`; 0: none does. Unicode, table 3-7. */
function character(bytes: Buffer, at: number): number {
  const first = bytes[at] as number
  if (first < 0x80) return 1
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let more = at + 2; more < at + size; more++) if (((bytes[more] ?? 0) & 0xc0) !== 0x80) return 0
  return size
}

/** The items of a comma-separated header, in lower case. */
export const items = (list: string): string[] =>
  list
    .toLowerCase()
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
