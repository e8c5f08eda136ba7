/** An address as four words of 32 bits, the first the highest. IPv4 addresses are those of `::ffff:0:0/96`. */
export type Address = readonly [number, number, number, number]

// RFC 4291 §2.5.5.2
const MAPPED = 0xffff

/** Reads an IPv4 or IPv6 address, a zone (`%eth0`) aside. undefined: it is none. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const word = parseIPv4(text)
    return word === undefined ? undefined : [0, 0, MAPPED, word]
  }
  const zone = text.indexOf('%')
  return parseIPv6(zone < 0 ? text : text.slice(0, zone))
}

export const isIPv4 = ([first, second, third]: Address): boolean =>
  first === 0 && second === 0 && third === MAPPED

function parseIPv4(text: string): number | undefined {
  let word = 0
  let octet = -1
  let octets = 0
  for (let at = 0; at <= text.length; at++) {
    const sign = at < text.length ? text.charCodeAt(at) : 46
    if (sign === 46) {
      if (octet < 0 || ++octets > 4) return undefined
      word = word * 256 + octet
      octet = -1
    } else {
      const digit = sign - 48
      // No leading zeros: to some programs they mean octal.
      if (digit < 0 || digit > 9 || octet === 0) return undefined
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return undefined
    }
  }
  return octets === 4 ? word : undefined
}

function parseIPv6(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0] as string, halves.length === 1)
  const tail = halves[1] === undefined ? [] : groups(halves[1], true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail]
  const word = (index: number) => (all[index] as number) * 65536 + (all[index + 1] as number)
  return [word(0), word(2), word(4), word(6)]
}

/** The 16-bit groups of a part without `::`; at the end of the address, two may be written as IPv4. */
function groups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const result: number[] = []
  for (const [index, part] of parts.entries()) {
    if (atEnd && part.includes('.') && index === parts.length - 1) {
      const word = parseIPv4(part)
      if (word === undefined) return undefined
      result.push(word >>> 16, word & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) result.push(Number.parseInt(part, 16))
    else return undefined
  }
  return result
}
