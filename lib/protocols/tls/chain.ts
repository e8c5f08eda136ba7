import type { Certificate } from './certificate.js'
import { Reader } from './reader.js'
import type { Shared } from './shared.js'

// Chains have three or four; OpenSSL verifies no more than ten by default.
const MAX_CERTIFICATES = 16

const reader = new Reader()

/** The chain in a Certificate message of TLS 1.2 or older, RFC 5246 §7.4.2; undefined: it is empty. @throws {Malformed} */
export function chain(
  bytes: Buffer,
  start: number,
  end: number,
  { certificates, context }: Shared,
): Certificate[] | undefined {
  reader.reset(bytes, start, end)
  const stop = reader.u24() + reader.at
  const found: Certificate[] = []
  while (reader.at < stop) {
    const length = reader.u24()
    const at = reader.skip(length)
    if (found.length === MAX_CERTIFICATES) {
      context.count('left_out_certificates')
      continue
    }
    const certificate = certificates.read(bytes, at, at + length)
    if (certificate.x509 === undefined) context.count('unreadable_certificates')
    found.push(certificate)
  }
  return found.length > 0 ? found : undefined
}
