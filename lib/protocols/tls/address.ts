/** An IPv4 or IPv6 address of 4 or 16 bytes as text; of any other length, hexadecimal. */
export function formatAddress(bytes: Buffer, start: number, end: number): string {
  if (end - start === 4) return bytes.subarray(start, end).join('.')
  const hex = bytes.hexSlice(start, end)
  if (end - start !== 16) return hex
  // URLs write addresses as RFC 5952 wants them.
  return new URL(`http://[${hex.match(/.{4}/g)?.join(':')}]`).hostname.slice(1, -1)
}
