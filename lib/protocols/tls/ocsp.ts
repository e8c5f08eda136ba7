import { Malformed } from '../../wire/cursor.js'
import { ENUMERATED, element, expect, SEQUENCE } from './der.js'
import { ocspStatuses, unknown } from './names.js'

/** Status of the OCSP response in a CertificateStatus, RFC 6066 §8, RFC 6960 §4.2.1; undefined: there is none. */
export function ocspStatus(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start < 4 || bytes[start] !== 1) return undefined
  try {
    const response = expect(element(bytes, start + 4, end), SEQUENCE)
    const status = expect(element(bytes, response.start, response.end), ENUMERATED)
    const code = bytes[status.start] ?? 0
    return ocspStatuses.get(code) ?? unknown(code, 2)
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}
