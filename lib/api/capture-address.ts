import { ipv4Text, ipv6Text } from '../net/address-text.js'

// Packets of a few hosts come in turns. Direct-mapped: an address that takes the place of another costs one text.
const PLACES = 1024
// An odd constant near 2^32 divided by the golden ratio spreads what differs in its last bits only.
const SPREAD = 0x9e3779b1
const SHIFT = 22

const known4 = new Int32Array(PLACES)
const texts4 = new Array<string>(PLACES).fill('')
const known6 = new Int32Array(PLACES * 4)
const texts6 = new Array<string>(PLACES).fill('')

// Signed: V8 compiles what it has seen, and from half of all addresses on would have to do so again.
const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number)

/** The IPv4 address at `at` as text, remembered. */
export function ipv4(bytes: Uint8Array, at: number): string {
  const address = word(bytes, at)
  const place = Math.imul(address, SPREAD) >>> SHIFT
  if (known4[place] === address && texts4[place] !== '') return texts4[place] as string
  known4[place] = address
  const text = ipv4Text(bytes, at)
  texts4[place] = text
  return text
}

/** The IPv6 address at `at` as text, remembered. */
export function ipv6(bytes: Uint8Array, at: number): string {
  const [a, b, c, d] = [word(bytes, at), word(bytes, at + 4), word(bytes, at + 8), word(bytes, at + 12)]
  const place = Math.imul(a ^ Math.imul(b, 31) ^ Math.imul(c, 961) ^ d, SPREAD) >>> SHIFT
  const key = place * 4
  if (
    texts6[place] !== '' &&
    known6[key] === a &&
    known6[key + 1] === b &&
    known6[key + 2] === c &&
    known6[key + 3] === d
  )
    return texts6[place] as string
  known6[key] = a
  known6[key + 1] = b
  known6[key + 2] = c
  known6[key + 3] = d
  const text = ipv6Text(bytes, at)
  texts6[place] = text
  return text
}
