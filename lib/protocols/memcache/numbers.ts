/** A whole number as memcached counts: up to 2^64 - 1, so a bigint where a double would not be exact. */
export type Whole = number | bigint

const ZERO = 0x30
const MINUS = 0x2d
// That many digits always fit a double.
const SAFE_DIGITS = 15
// Elasticsearch's `long` ends here, and a document with a greater number is refused as a whole.
const LARGEST = 2n ** 63n - 1n

/** The number that a text of decimal digits stands for; undefined when it is anything else. */
export function whole(text: string): Whole | undefined {
  const { length } = text
  if (length === 0 || length > 20) return undefined
  const negative = text.charCodeAt(0) === MINUS
  let value = 0
  let at = negative ? 1 : 0
  if (at === length) return undefined
  for (; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  if (length <= SAFE_DIGITS) return negative ? -value : value
  return smallest(BigInt(text))
}

/** A number as a double where that is exact. */
export const smallest = (value: bigint): Whole =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value

/** A count of bytes: `whole` when it is not negative and small enough to be one. */
export function length(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : whole(text)
  return typeof value === 'number' && value >= 0 && value <= MAX_VALUE ? value : undefined
}

// memcached refuses more (INT_MAX - 2), and then reads no value.
const MAX_VALUE = 2 ** 31 - 3

/** A number beyond 2^53: all its digits in JSON text, the nearest double for whoever looks into a document. */
class Exact extends Number {
  readonly digits: string
  constructor(value: bigint) {
    const least = value > LARGEST ? LARGEST : value
    super(least)
    this.digits = String(least)
  }
}

/** A number as an event shows it. */
export const shown = (value: Whole | undefined): number | Exact | undefined =>
  typeof value === 'bigint' ? new Exact(value) : value

export const shownJson = (value: number | Exact): string =>
  typeof value === 'number' ? String(value) : value.digits
