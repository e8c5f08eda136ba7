// RFC 4291 §2.2
const GROUPS = 8

const groups = new Uint16Array(GROUPS)

/** The IPv4 address in the four bytes from `at` on. */
export const ipv4Text = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`

/** The IPv6 address in the 16 bytes from `at` on, as RFC 5952 has it; an IPv4-mapped one as the IPv4 address it is. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  let start = -1
  let longest = 1 // a single group of zeros is written
  let run = 0
  for (let group = 0; group < GROUPS; group++) {
    const value = ((bytes[at + 2 * group] as number) << 8) | (bytes[at + 2 * group + 1] as number)
    groups[group] = value
    run = value === 0 ? run + 1 : 0
    if (run > longest) {
      longest = run
      start = group - run + 1
    }
  }
  if (start === 0 && longest === 5 && groups[5] === 0xffff) return ipv4Text(bytes, at + 12)
  let text = ''
  for (let group = 0; group < GROUPS; group++) {
    if (group === start) {
      text += '::'
      group += longest - 1
    } else {
      if (group > 0 && group !== start + longest) text += ':'
      text += (groups[group] as number).toString(16)
    }
  }
  return text
}
