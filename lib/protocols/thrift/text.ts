import { isUtf8 } from 'node:buffer'

// What JSON, and we with it, would write with a backslash.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
const SPECIAL = /["\\\u0000-\u001f\u007f]/

/** A text of that many bytes at `at` in quotes, cut after `max` bytes; in hexadecimal, when it is not UTF-8. */
export function quotedText(bytes: Buffer, at: number, length: number, max: number): string {
  if (length === 0) return '""'
  const end = length > max ? wholeCharacters(bytes, at, at + max) : at + length
  const text = bytes.utf8Slice(at, end)
  const more = length > max ? '...' : ''
  // U+FFFD is what anything else becomes; it may also have been sent.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(at, end)))
    return bytes.hexSlice(at, Math.min(at + length, at + max)) + more
  return SPECIAL.test(text) ? `${JSON.stringify(text).slice(0, -1)}${more}"` : `"${text}${more}"`
}

/** Where to cut at `end`, so that no character is cut in two. */
function wholeCharacters(bytes: Buffer, start: number, end: number): number {
  let cut = end
  while (cut > start && end - cut < 3 && isContinuation(bytes[cut])) cut--
  return isContinuation(bytes[cut]) ? end : cut
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** 16 bytes as a UUID is written. */
export function uuidText(bytes: Buffer, at: number): string {
  const hex = bytes.hexSlice(at, at + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
