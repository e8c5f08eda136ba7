import '../../wire/buffer.js'

const NON_ASCII = /[\x80-\xff]/

/** Text whose characters are bytes, as UTF-8; what is none becomes U+FFFD. */
export function utf8(bytes: string): string {
  if (!NON_ASCII.test(bytes)) return bytes
  const buffer = Buffer.from(bytes, 'latin1')
  return buffer.utf8Slice(0, buffer.length)
}

/** The items of a comma-separated header, in lower case. */
export const items = (list: string): string[] =>
  list
    .toLowerCase()
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
