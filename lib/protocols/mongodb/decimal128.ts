// Spec: IEEE 754-2008, decimal128 with a binary integer for its coefficient; how it is written: the BSON specifications'
// "BSON Decimal128", section "To String Representation".

const BIAS = 6176
// What a coefficient of 34 digits may be; a greater one stands for 0.
const MOST = 10n ** 34n - 1n

/** A Decimal128 of 16 bytes, the lowest first, as people write it: 1.50, 1E+3, NaN. */
export function decimal128(bytes: Buffer, at: number): string {
  const high = bytes.readBigUInt64LE(at + 8)
  const low = bytes.readBigUInt64LE(at)
  const sign = high >> 63n === 1n ? '-' : ''
  const combination = Number((high >> 58n) & 0x1fn)
  if (combination === 0x1f) return 'NaN'
  if (combination === 0x1e) return `${sign}Infinity`
  // Two bits that are set say that the exponent stands further down, for coefficients too large to be valid.
  const large = combination >= 0x18
  const exponent = Number((large ? high >> 47n : high >> 49n) & 0x3fffn) - BIAS
  const coefficient = large ? 0n : ((high & 0x1ffffffffffffn) << 64n) | low
  return sign + written((coefficient > MOST ? 0n : coefficient).toString(), exponent)
}

function written(digits: string, exponent: number): string {
  const scientific = exponent + digits.length - 1
  if (exponent > 0 || scientific < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${digits[0]}${fraction}E${scientific < 0 ? '' : '+'}${scientific}`
  }
  if (exponent === 0) return digits
  const padded = digits.padStart(1 - exponent, '0')
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`
}
