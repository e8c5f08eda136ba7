import { bits, dotted, type Element, element, expect, inside, OBJECT_IDENTIFIER, SEQUENCE } from './der.js'

/** Signature algorithms by OID, with the names that Packetbeat gives them; of PSS the hash decides. */
const signatures: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2-RSA',
  '1.2.840.113549.1.1.4': 'MD5-RSA',
  '1.2.840.113549.1.1.5': 'SHA1-RSA',
  '1.3.14.3.2.29': 'SHA1-RSA',
  '1.2.840.113549.1.1.11': 'SHA256-RSA',
  '1.2.840.113549.1.1.12': 'SHA384-RSA',
  '1.2.840.113549.1.1.13': 'SHA512-RSA',
  '1.2.840.10040.4.3': 'DSA-SHA1',
  '2.16.840.1.101.3.4.3.2': 'DSA-SHA256',
  '1.2.840.10045.4.1': 'ECDSA-SHA1',
  '1.2.840.10045.4.3.2': 'ECDSA-SHA256',
  '1.2.840.10045.4.3.3': 'ECDSA-SHA384',
  '1.2.840.10045.4.3.4': 'ECDSA-SHA512',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
}

const PSS = '1.2.840.113549.1.1.10'
const pssHashes: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'SHA256-RSAPSS',
  '2.16.840.1.101.3.4.2.2': 'SHA384-RSAPSS',
  '2.16.840.1.101.3.4.2.3': 'SHA512-RSAPSS',
}

/** The name of an AlgorithmIdentifier, RFC 5280 §4.1.1.2; its OID where it has none. */
export function signatureAlgorithm(bytes: Buffer, identifier: Element): string {
  const [oid, parameters] = inside(bytes, identifier)
  const number = dotted(bytes, expect(oid, OBJECT_IDENTIFIER))
  if (number !== PSS || parameters === undefined) return signatures[number] ?? number
  // RSASSA-PSS-params (RFC 4055 §3.1): the hash is the first of them, in [0].
  const first = inside(bytes, parameters)[0]
  if (first?.tag !== 0xa0) return number
  const hash = inside(bytes, element(bytes, first.start, first.end))[0]
  return pssHashes[dotted(bytes, expect(hash, OBJECT_IDENTIFIER))] ?? number
}

export interface PublicKey {
  algorithm: string
  /** Bits: of an RSA modulus, a DSA prime, an elliptic curve. */
  size?: number
}

/** Bits of elliptic curves by OID. RFC 5480 §2.1.1.1. */
const curves: Readonly<Record<string, number>> = {
  '1.3.132.0.33': 224,
  '1.2.840.10045.3.1.7': 256,
  '1.3.132.0.10': 256,
  '1.3.132.0.34': 384,
  '1.3.132.0.35': 521,
  '1.3.36.3.3.2.8.1.1.7': 256,
  '1.3.36.3.3.2.8.1.1.11': 384,
  '1.3.36.3.3.2.8.1.1.13': 512,
  '1.2.156.10197.1.301': 256,
}

/** A SubjectPublicKeyInfo, RFC 5280 §4.1.2.7. */
export function publicKey(bytes: Buffer, info: Element): PublicKey {
  const [identifier, key] = inside(bytes, info)
  const [oid, parameters] = inside(bytes, expect(identifier, SEQUENCE))
  const number = dotted(bytes, expect(oid, OBJECT_IDENTIFIER))
  switch (number) {
    case '1.2.840.113549.1.1.1':
    case PSS: {
      // After the number of unused bits the BIT STRING is an RSAPublicKey, whose modulus stands first.
      if (key === undefined) return { algorithm: 'RSA' }
      const modulus = inside(bytes, element(bytes, key.start + 1, key.end))[0]
      return modulus === undefined ? { algorithm: 'RSA' } : { algorithm: 'RSA', size: bits(bytes, modulus) }
    }
    case '1.2.840.10040.4.1': {
      const prime = parameters?.tag === SEQUENCE ? inside(bytes, parameters)[0] : undefined
      return prime === undefined ? { algorithm: 'DSA' } : { algorithm: 'DSA', size: bits(bytes, prime) }
    }
    case '1.2.840.10045.2.1': {
      const size = parameters?.tag === OBJECT_IDENTIFIER ? curves[dotted(bytes, parameters)] : undefined
      return size === undefined ? { algorithm: 'ECDSA' } : { algorithm: 'ECDSA', size }
    }
    default:
      return { algorithm: signatures[number] ?? number }
  }
}
